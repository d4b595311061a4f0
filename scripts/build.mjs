// Builds dist/: the program (packages stay outside, so that Node loads only what it needs) and the query editor.
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { fingerprint, STAMP } from './freshness.mjs';

const stamp = await fingerprint();
await mkdir('dist/editor', { recursive: true });

const program = build({
  metafile: true,
  entryPoints: { cli: 'src/cli.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'linked',
  legalComments: 'none',
});

const browser = {
  metafile: true,
  outdir: 'dist/editor',
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.ttf': 'file' },
  logOverride: { 'ignored-bare-import': 'silent' },
};

const page = build({
  ...browser,
  entryPoints: { main: 'src/server/editor/main.tsx' },
  splitting: true,
  format: 'esm',
  chunkNames: 'chunks/[name]-[hash]',
  jsx: 'automatic',
});

const workers = build({
  ...browser,
  format: 'iife',
  entryPoints: {
    'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
    'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
    'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
  },
});

// esbuild has already said what is wrong.
const built = await Promise.all([program, page, workers]).catch(() => process.exit(1));
await cp('src/server/editor/index.html', 'dist/editor/index.html');

// What an earlier build left goes only now, so that a failed build breaks nothing that runs.
const kept = new Set(['dist/editor/index.html', ...built.flatMap(({ metafile }) => Object.keys(metafile.outputs))]);
const present = await readdir('dist', { recursive: true, withFileTypes: true });
const paths = present.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
await Promise.all(paths.filter((path) => !kept.has(path)).map((path) => rm(path, { force: true })));
await writeFile(STAMP, stamp);

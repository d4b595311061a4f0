// Builds dist/: the program (packages stay outside, so that Node loads only what it needs) and the query editor.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { fingerprint, STAMP } from './freshness.mjs';

const stamp = await fingerprint();
await rm('dist', { recursive: true, force: true });
await mkdir('dist/editor', { recursive: true });

const program = build({
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

await Promise.all([program, page, workers, cp('src/server/editor/index.html', 'dist/editor/index.html')]);
await writeFile(STAMP, stamp);

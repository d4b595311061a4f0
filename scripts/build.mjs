// Builds dist/: the program, the library and the query editor.
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { fingerprint, STAMP } from './freshness.mjs';

const stamp = await fingerprint();
await mkdir('dist/editor', { recursive: true });

const node = {
  metafile: true,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  legalComments: 'linked',
};

// The program brings its packages along: finding and reading a thousand small files would double the time to start.
const program = build({
  ...node,
  entryPoints: { cli: 'src/cli.ts' },
  // What exceljs could read archives from a cloud with; nothing here reads any.
  external: ['@aws-sdk/client-s3'],
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
    ].join('\n'),
  },
});

// The library shares its packages with the program that uses it: two copies of graphql refuse each other's schemas.
const entryPoints = { index: 'src/index.ts', sandbox: 'src/sandbox/index.ts' };
const library = build({ ...node, entryPoints, packages: 'external' });

// For browsers as well: nothing of Node, and graphql outside, so that an application has one copy of it.
const client = build({
  metafile: true,
  entryPoints: { client: 'src/client/index.ts', documents: 'src/generated/documents.ts' },
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
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
const built = await Promise.all([program, library, client, page, workers]).catch(() => process.exit(1));
await cp('src/server/editor/index.html', 'dist/editor/index.html');

// What an earlier build left goes only now, so that a failed build breaks nothing that runs.
const kept = new Set(['dist/editor/index.html', ...built.flatMap(({ metafile }) => Object.keys(metafile.outputs))]);
const present = await readdir('dist', { recursive: true, withFileTypes: true });
const paths = present.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
await Promise.all(paths.filter((path) => !kept.has(path)).map((path) => rm(path, { force: true })));
await writeFile(STAMP, stamp);

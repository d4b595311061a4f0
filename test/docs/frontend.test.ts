import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generate } from '@graphql-codegen/cli';
import { build, type Plugin } from 'esbuild';
import { prerenderToNodeStream } from 'react-dom/static';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compileScript, parse as parseComponent } from 'vue/compiler-sfc';
import { currentCode, SANDBOX_PASSWORD } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

/** `docs/frontend.md`, done step by step: its files are written, generated, type-checked and run against a server. */

const folder = resolve(`node_modules/.cache/frontend-${process.pid}`);
let graph: TestGraph;
let names: string[];

const pathOf = (file: string): string => join(folder, file);
const write = (file: string, text: string): void => {
  mkdirSync(dirname(pathOf(file)), { recursive: true });
  writeFileSync(pathOf(file), text);
};

beforeAll(async () => {
  graph = await startGraph();
  const { data } = await graph.query<{ assets: { nodes: { name: string }[] } }>(
    '{ assets(first: 20, search: "app") { nodes { name } } }',
  );
  names = data.assets.nodes.map(({ name }) => name);
  const text = readFileSync('docs/frontend.md', 'utf8').replaceAll('http://127.0.0.1:4000', graph.url);
  for (const [, file = '', body = ''] of text.matchAll(/```\w+ title="([^"]+)"\n([\s\S]*?)```/g)) write(file, body);
  await generateTypes();
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await graph.close();
});

/** What `npx graphql-codegen --config codegen.ts` does. */
async function generateTypes(): Promise<void> {
  const { default: config } = await import(/* @vite-ignore */ pathToFileURL(pathOf('codegen.ts')).href);
  await generate({ ...config, cwd: folder, silent: true }, true);
}

/** The package's own name, as an application sees it. */
const packages: Plugin = {
  name: 'packages',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^jumpgraph\/client$/ }, () => ({ path: resolve('src/client/index.ts') }));
    onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { descriptor } = parseComponent(readFileSync(path, 'utf8'));
      const { content } = compileScript(descriptor, {
        id: 'assets',
        inlineTemplate: true,
        templateOptions: { ssr: true },
      });
      return { contents: content, loader: 'ts' };
    });
  },
};

/** Bundles a file of the guide, as an application's build would, and loads it. */
async function load(file: string): Promise<Record<string, unknown>> {
  const outfile = pathOf(`${file}.mjs`);
  await build({
    entryPoints: [pathOf(file)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    external: ['react', 'react-dom', 'vue', 'graphql'],
    plugins: [packages],
    logLevel: 'silent',
  });
  return import(/* @vite-ignore */ pathToFileURL(outfile).href);
}

it('every file of the guide is typed', () => {
  const files = ['src/client.ts', 'src/script.ts', 'src/assets.tsx', 'src/sign-in.ts', 'codegen.ts'].map(pathOf);
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.asynciterable.d.ts'],
    jsx: ts.JsxEmit.ReactJSX,
    types: [],
    paths: { 'jumpgraph/client': [resolve('src/client/index.ts')] },
  });
  const faults = ts.getPreEmitDiagnostics(program).map(({ messageText, file }) => {
    return `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(faults).toEqual([]);
}, 60_000);

it('the script prints every asset', async () => {
  const { log } = console;
  const printed: string[] = [];
  console.log = (line: string) => void printed.push(line);
  await load('src/script.ts').finally(() => {
    console.log = log;
  });
  const lines = printed.join('\n').split('\n');
  expect(lines.slice(0, names.length).map((line) => line.split(' (')[0])).toEqual(names);
  expect(lines.length).toBeGreaterThan(names.length);
});

it('the React component shows a page of them', async () => {
  const { createElement } = await import('react');
  const { Assets } = await load('src/assets.tsx');
  const { prelude } = await prerenderToNodeStream(createElement(Assets as () => null));
  let html = '';
  for await (const chunk of prelude) html += String(chunk);
  expect([...html.matchAll(/<li>([^<]+)<!-- --> on /g)].map(([, name]) => name)).toEqual(names);
});

it('so does the Vue component', async () => {
  const { createSSRApp, h, Suspense } = await import('vue');
  const { renderToString } = await import('vue/server-renderer');
  const { default: Assets } = await load('src/Assets.vue');
  const html = await renderToString(
    createSSRApp({ render: () => h(Suspense, null, { default: () => h(Assets as object) }) }),
  );
  expect([...html.matchAll(/<li>([^<]+) on /g)].map(([, name]) => name)).toEqual(names);
});

it('signing in asks for a code where one is needed', async () => {
  const { signIn } = (await load('src/sign-in.ts')) as {
    signIn: (username: string, password: string, askForCode: () => Promise<string>) => Promise<string>;
  };
  const people = graph.sandbox.exportState().tables['users'] ?? [];
  const factored = people.filter((row) => typeof row['otp_secret'] === 'string' && row['is_active'] === true);
  const outcomes: string[] = [];
  let asked = 0;
  for (const person of factored) {
    const code = async () => {
      asked += 1;
      return currentCode(String(person['otp_secret']), Date.now());
    };
    if ((await signIn(String(person['username']), SANDBOX_PASSWORD, code)) === person['name']) outcomes.push('done');
  }
  expect(outcomes).toContain('done');
  expect(asked).toBeGreaterThanOrEqual(outcomes.length);
  expect(await signIn('admin', SANDBOX_PASSWORD, async () => '')).toBe('Administrator');
});

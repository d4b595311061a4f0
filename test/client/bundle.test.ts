import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const node = (...words: readonly string[]) => promisify(execFile)(process.execPath, words);

it('the client needs nothing of Node and weighs little in a browser', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ['src/client/index.ts'],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    treeShaking: true,
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.filter((input) => !/^(src\/(client|generated)|node_modules\/graphql)\//.test(input))).toEqual([]);
  expect(outputFiles[0]?.contents.byteLength).toBeLessThan(40_000);
});

it("is imported by the package's own name, and so are the documents", async () => {
  await node('scripts/start.mjs', 'cli', '--help'); // builds when the sources have changed
  const script = `const [client, documents] = await Promise.all([import('jumpgraph/client'), import('jumpgraph/documents')]);
    console.log(typeof client.createClient, documents.AssetListDocument.kind)`;
  const { stdout } = await node('--input-type=module', '--eval', script);
  expect(stdout).toBe('function Document\n');
}, 60_000);

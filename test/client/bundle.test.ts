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

it("is imported by the package's own name, and so are the documents, the sandbox and the server", async () => {
  await node('scripts/start.mjs', 'cli', '--help'); // builds when the sources have changed
  const script = `const [client, documents, { createSandbox }, { createServer }] = await Promise.all(
      ['jumpgraph/client', 'jumpgraph/documents', 'jumpgraph/sandbox', 'jumpgraph'].map((name) => import(name)));
    const headers = { authorization: 'Bearer sandbox-admin' };
    const profile = await createSandbox().fetch(new Request('http://any.origin/api/v1/users/profile/', { headers }));
    console.log(typeof client.createClient, documents.AssetListDocument.kind, profile.status, typeof createServer)`;
  const { stdout } = await node('--input-type=module', '--eval', script);
  expect(stdout).toBe('function Document 200 function\n');
}, 60_000);

import { build } from 'esbuild';
import { expect, it } from 'vitest';

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

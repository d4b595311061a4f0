import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const manifest = JSON.parse(read('package.json')) as Readonly<
  Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
>;
const [, shipped = '', tools = ''] = read('docs/dependencies.md').split(/^## (?:What ships|Tools|Overrides).*$/m);

/** The packages in the first column of a table. */
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );

it('docs/dependencies.md justifies each dependency, and no other', () => {
  expect([...namesIn(shipped)].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  expect([...namesIn(tools)].sort()).toEqual(Object.keys(manifest.devDependencies).sort());
  const bare = [...shipped.matchAll(/^\| `[^|]+\| (.{0,11}) \|$/gm)].map(([line]) => line);
  expect(bare).toEqual([]);
});

it('each package that ships is used', () => {
  const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => read(`src/${path}`))
    .join('\n');
  const unused = Object.keys(manifest.dependencies).filter(
    (name) => !new RegExp(`(from|import\\() ?'${name}(/[^']*)?'`).test(sources),
  );
  expect(unused).toEqual([]);
});

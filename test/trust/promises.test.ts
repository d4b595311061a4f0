import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const text = read('docs/security.md');
const rows = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (---|promise|what it asks)/.test(line));

/** A test file that a line names, with the titles that follow it. */
const NAMED = /`(test\/[\w./-]+)`((?:,? “[^”]+”)*)/g;

/** Straight and typographic quotes alike, so that a title may have either. */
const plain = (title: string): string => title.replaceAll(/[’‘]/g, "'").replaceAll("\\'", "'");

it('each promise of docs/security.md names a test, a script or a result', () => {
  expect(rows.length).toBeGreaterThan(50);
  const bare = rows.filter((row) => !/`test\/|`npm run /.test(row.split('|').at(-2) ?? ''));
  expect(bare).toEqual([]);
});

it('each test that it names is there, with that title', () => {
  const named = [...text.matchAll(NAMED)].map(([, path = '', titles = '']) => ({ path, titles }));
  expect(named.length).toBeGreaterThan(60);
  const missing = named.flatMap(({ path, titles }) => {
    if (!existsSync(`${root}${path}`)) return [path];
    const source = plain(read(path));
    return [...titles.matchAll(/“([^”]+)”/g)]
      .filter(([, title = '']) => !source.includes(plain(title)))
      .map(([, title]) => `${path}: ${title}`);
  });
  expect(missing).toEqual([]);
});

it('each link and script that it names is there', () => {
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => `docs/${link}`);
  expect(links.filter((link) => !existsSync(`${root}${link}`))).toEqual([]);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...text.matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

it('the committed results are of the size that they claim, and clean', () => {
  const soak = JSON.parse(read('docs/results/soak.json'));
  expect(soak.options).toMatchObject({ users: 64, faults: 0.02 });
  expect(soak.operations).toBeGreaterThanOrEqual(200_000);
  expect([soak.wrong, soak.writes.twice]).toEqual([[], 0]);
  const fuzz = JSON.parse(read('docs/results/fuzz.json'));
  expect(fuzz.operations).toBeGreaterThanOrEqual(20_000);
  expect(fuzz.requests).toBeGreaterThanOrEqual(5_000);
  expect(fuzz.faults).toEqual([]);
  const attack = JSON.parse(read('docs/results/attack.json'));
  expect(attack.clairvoyance.fieldsFound).toEqual([]);
  expect(attack.clairvoyance.fieldsFoundWithIntrospection).not.toEqual([]);
  expect([attack.schemathesis.masked, attack.schemathesis.codes.INTERNAL ?? 0]).toEqual([0, 0]);
  for (const { commit } of [soak, fuzz, attack]) expect(commit).toMatch(/^[0-9a-f]{40}$/);
});

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadSnapshot, versions } from '../support/recordings.ts';

const root = new URL('../../src/sandbox/', import.meta.url);

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(new URL(name, root), 'utf8') }));

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

test('no id stands in the sandbox but those that every server has', () => {
  const found = sources.flatMap(({ name, text }) => (text.match(uuids) ?? []).map((id) => `${name}: ${id}`));
  expect(found.filter((line) => !/: 00000000-0000-0000-0000-0000000000[0-9a-f]{2}$/.test(line))).toEqual([]);
});

test('no asset, permission or user of the recorded company stands in the sandbox', () => {
  const names = versions.flatMap((version) => {
    const { assets = [], users = [], 'asset-permissions': permissions = [] } = loadSnapshot(version);
    return [...assets, ...permissions, ...users].map(({ name }) => String(name));
  });
  const recorded = [...new Set(names)].filter((name) => /\d/.test(name));
  expect(recorded.length).toBeGreaterThan(200);
  const found = sources.flatMap(({ name, text }) =>
    recorded.filter((word) => text.includes(`'${word}'`)).map((word) => `${name}: ${word}`),
  );
  expect(found).toEqual([]);
});

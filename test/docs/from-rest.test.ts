import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';

const text = readFileSync('docs/from-rest.md', 'utf8');
const rows = [...text.matchAll(/^\| (.+?) \| (.+) \|$/gm)].map(([, call = '', query = '']) => [call, query] as const);
/** Rows whose second cell is a whole operation. */
const runnable = rows.flatMap(([call, cell]) => {
  const query = /^`((?:\{|mutation).+)`$/.exec(cell)?.[1];
  return query === undefined ? [] : [[call, query] as const];
});

let graph: TestGraph;
let ids: Readonly<Record<string, string>>;
beforeAll(async () => {
  graph = await startGraph();
  const { data } = await graph.query<Record<string, { nodes: { id: string }[] }>>(
    '{ user: users(first: 1) { nodes { id } } asset: assets(first: 1) { nodes { id } } node: assetNodes(first: 1) { nodes { id } } permission: permissions(first: 1) { nodes { id } } }',
  );
  ids = Object.fromEntries(Object.entries(data).map(([name, { nodes }]) => [name, nodes[0]?.id ?? '']));
});
afterAll(() => graph.close());

describe('each query of the table runs', () => {
  it.each(runnable)('%s', async (_, query) => {
    const { data, errors } = await graph.query<Record<string, { userErrors?: unknown[] } | null>>(
      query.replace(/<(\w+)>/g, (_whole, name: string) => ids[name] ?? ''),
    );
    expect(errors).toBeUndefined();
    for (const answer of Object.values(data)) {
      expect(answer).not.toBeNull();
      expect(answer?.userErrors ?? []).toEqual([]);
    }
  });
});

it('the table has the guide’s calls', () => {
  expect(runnable.length).toBeGreaterThanOrEqual(22);
});

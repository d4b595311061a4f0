import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';

/** The reference queries and the most calls that each may make; the first request of a principal may make two more. */
const QUERIES = {
  'Q1: 50 hosts with their accounts': {
    budget: 2,
    query:
      '{ assets(first: 50, filter: { category: HOST }) { nodes { name accounts { totalCount nodes { username } } } } }',
  },
  'Q2: 100 assets with platform, nodes, zone, accounts': {
    budget: 4,
    query: `{ assets(first: 100) { nodes { name platform { name category } nodes { path } zone { name } accounts { nodes { username } } } } }`,
  },
  'Q3: 30 permissions with users, groups, assets, nodes': {
    budget: 4,
    query: `{ permissions(first: 30) { nodes { name users { nodes { username email } } userGroups { nodes { name } }
      assets { nodes { name address } } nodes { nodes { path } } } } }`,
  },
  'Q4: 60 users with groups, their sizes, permissions': {
    budget: 3,
    query:
      '{ users(first: 60) { nodes { name groups { name users { totalCount } } permissions { nodes { name } } } } }',
  },
  'Q5: 100 newest sessions with user, asset, account': {
    budget: 4,
    query: `{ sessions(first: 100, orderBy: [{ field: STARTED_AT, direction: DESC }]) { nodes { startedAt
      user { username email } asset { name address platform { name } } account { username } } } }`,
  },
} as const;

describe('the reference queries keep their call budgets', () => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph();
    await graph.query('{ serverInfo { version } }');
  });
  afterAll(() => graph.close());

  it.each(Object.entries(QUERIES))('%s', async (_name, { budget, query }) => {
    const { data, errors, extensions } = await graph.query(query);
    expect(errors).toBeUndefined();
    expect(Object.values(data)[0]).toMatchObject({ nodes: expect.any(Array) });
    expect(extensions.upstream.calls).toBeLessThanOrEqual(budget);
  });
});

it('a principal’s very first request makes at most two calls more', async () => {
  const graph = await startGraph();
  const { extensions } = await graph.query(
    QUERIES['Q1: 50 hosts with their accounts'].query,
    {},
    { headers: { 'x-jms-org': 'Default' } },
  );
  expect(extensions.upstream.calls).toBeLessThanOrEqual(QUERIES['Q1: 50 hosts with their accounts'].budget + 2);
  await graph.close();
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boundsOfText } from '../support/bounds.ts';
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

describe('beyond one chunk', () => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ sandboxOptions: { assets: 260, sessions: 300, users: 120 } });
    await graph.query('{ serverInfo { version } }');
  });
  afterAll(() => graph.close());

  const ASSETS = (size: number) => `{ assets(first: ${size}) { nodes { accounts { nodes { username } } } } }`;
  const SESSIONS = (size: number) =>
    `{ sessions(first: ${size}) { nodes { user { email } asset { address } account { username } } } }`;

  it.each([
    ['100 parents in one call', ASSETS(100), 2],
    ['101 parents in two', ASSETS(101), 3],
    ['250 parents in three', ASSETS(250), 4],
    ['100 rows with three relations', SESSIONS(100), 4],
    ['250 rows with three relations, each of at most three calls', SESSIONS(250), 10],
    [
      '101 users by one reading of what points to them',
      '{ users(first: 101) { nodes { permissions { nodes { name } } } } }',
      2,
    ],
    [
      'a relation that is not included',
      ASSETS(250).replace('accounts', 'accounts @include(if: false)').replace('nodes {', 'nodes { name'),
      1,
    ],
  ])('%s', async (_name, query, budget) => {
    const { errors, extensions } = await graph.query(query);
    expect(errors).toBeUndefined();
    expect(extensions.upstream.calls).toBeLessThanOrEqual(budget);
  });

  it.each([
    ['a list', ['a: users(first: 7) { nodes { name } }', 'b: users(first: 7) { edges { node { email } } }'], 1],
    ['a list by a variable', ['a: users(first: $n) { nodes { name } }', 'b: users(first: $n) { nodes { email } }'], 1],
    ['a list and its size', ['a: users(first: 7) { nodes { name } }', 'b: users(first: 7) { totalCount }'], 1],
    ['two pages', ['a: users(first: 7) { nodes { name } }', 'b: users(first: 8) { nodes { email } }'], 2],
    [
      'rows of a parent',
      [
        'assets(first: 5) { nodes { a: accounts { nodes { username } } } }',
        'assets(first: 5) { nodes { b: accounts { totalCount nodes { name } } } }',
      ],
      2,
    ],
  ])('asked by several names is what each wants, in one call where it is the same: %s', async (_name, parts, budget) => {
    const ask = (selection: string) =>
      graph.query(`${selection.includes('$n') ? 'query ($n: Int = 7) ' : ''}{ ${selection} }`);
    const { data, errors, extensions } = await ask(parts.join(' '));
    expect(errors).toBeUndefined();
    expect(extensions.upstream.calls).toBe(budget);
    for (const part of parts) expect(data).toMatchObject((await ask(part)).data);
  });

  it('lists of different parents are asked for what each wants, and no more', async () => {
    graph.sandbox.clearLog();
    await graph.query(
      `{ hosts: assets(first: 2, filter: { category: HOST }) { nodes { accounts { nodes { username } } } }
         devices: assets(first: 2, filter: { category: DEVICE }) { nodes { accounts { nodes { name } } } } }`,
    );
    const fields = graph.sandbox.log.map(({ query }) => new URLSearchParams(query).get('fields'));
    expect(fields.sort()).toEqual(['asset,id,name', 'asset,id,username', 'id', 'id']);
  });

  it('a list that is kept in two places costs no more than its plan says', async () => {
    const query = '{ users(first: 30) { nodes { loginLogs(first: 1) { nodes { id } } } } }';
    const { extensions } = await graph.query(query);
    expect(extensions.upstream.calls).toBeLessThanOrEqual(boundsOfText(query).upper);
  });
});

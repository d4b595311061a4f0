import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/generated/catalogue.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

/** Relay's server specification: object identification, connections in both directions, refetch. */

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.close());

interface Connection {
  readonly edges: readonly {
    readonly cursor: string;
    readonly node: { readonly __typename: string; readonly id: string };
  }[];
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: number;
}

const PAGE = `totalCount nodes { id } edges { cursor node { __typename id } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;

async function page(root: string, args: Record<string, string | number>): Promise<Connection | null> {
  const text = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const { data, errors } = await graph.query<Record<string, Connection | null>>(
    `{ page: ${root}(${text}) { ${PAGE} } }`,
  );
  // What only some callers have (the own jobs, an edition's feature) is not seen by this one.
  const others = errors?.filter(({ extensions }) => !['UNSUPPORTED_BY_SERVER', 'FORBIDDEN'].includes(extensions.code));
  expect(others ?? []).toEqual([]);
  return data['page'] ?? null;
}

const roots = Object.entries(catalogue.roots).flatMap(([root, { list }]) => (list ? [root] : []));
const SIZE = 4;
const PAGES = 3;

describe('connections', () => {
  it.each(
    roots,
  )('%s: forwards and backwards the same rows, each once, with the flags that belong to them', async (root) => {
    const whole = await page(root, { first: SIZE * PAGES });
    if (!whole) return;
    expect(whole.nodes).toEqual(whole.edges.map(({ node }) => ({ id: node.id })));
    const ids = whole.nodes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(whole.pageInfo).toEqual({
      hasNextPage: whole.totalCount > ids.length,
      hasPreviousPage: false,
      startCursor: whole.edges[0]?.cursor ?? null,
      endCursor: whole.edges.at(-1)?.cursor ?? null,
    });
    const forwards: string[] = [];
    for (let after: string | null | undefined; ; ) {
      const part = await page(root, { first: SIZE, ...(after ? { after } : {}) });
      forwards.push(...(part?.nodes ?? []).map(({ id }) => id));
      after = part?.pageInfo.endCursor;
      if (!part?.pageInfo.hasNextPage || forwards.length >= ids.length) break;
    }
    expect(forwards).toEqual(ids);
    const last = whole.edges.at(-1)?.cursor;
    if (!last) return;
    const backwards: string[] = [];
    for (let before = last; ; ) {
      const part = await page(root, { last: SIZE, before });
      backwards.unshift(...(part?.nodes ?? []).map(({ id }) => id));
      before = part?.pageInfo.startCursor ?? '';
      if (!part?.pageInfo.hasPreviousPage) break;
    }
    expect(backwards).toEqual(ids.slice(0, -1));
  });

  it.each([
    ['first and last at once stand in each other’s way', { first: 1, last: 1 }],
    ['a negative number of rows', { first: -1 }],
    ['more than a thousand rows', { last: 1001 }],
    ['a cursor that is none', { first: 1, after: 'x' }],
  ])('%s: BAD_USER_INPUT', async (_, args) => {
    const text = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    const { errors } = await graph.query(`{ users(${text}) { totalCount nodes { id } } }`);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('object identification', () => {
  it.each(roots)('%s: what was listed is found again by node and nodes, with the same id and type', async (root) => {
    const listed = (await page(root, { first: 3 }))?.edges.map(({ node }) => node) ?? [];
    const { data, errors } = await graph.query<{ nodes: unknown[] }>(
      'query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
      { ids: listed.map(({ id }) => id) },
    );
    expect(errors).toBeUndefined();
    expect(data.nodes).toEqual(listed);
    const [first] = listed;
    if (!first) return;
    const again = await graph.query('query($id: ID!) { node(id: $id) { __typename id } }', { id: first.id });
    expect(again.data).toEqual({ node: first });
  });

  it('the schema says so: Node has a non-null id, and node takes one', async () => {
    const { data } = await graph.query(`{
      node: __type(name: "Node") { kind fields { name type { kind ofType { name kind } } } }
      query: __schema { queryType { fields { name type { name kind } args { name type { kind ofType { name kind } } } } } } }`);
    expect(data['node']).toEqual({
      kind: 'INTERFACE',
      fields: [{ name: 'id', type: { kind: 'NON_NULL', ofType: { name: 'ID', kind: 'SCALAR' } } }],
    });
    const { queryType } = data['query'] as { queryType: { fields: { name: string }[] } };
    expect(queryType.fields.find(({ name }) => name === 'node')).toEqual({
      name: 'node',
      type: { name: 'Node', kind: 'INTERFACE' },
      args: [{ name: 'id', type: { kind: 'NON_NULL', ofType: { name: 'ID', kind: 'SCALAR' } } }],
    });
  });

  it('an id of nothing is null; a text that is no id is BAD_USER_INPUT', async () => {
    const id = Buffer.from('User:00000000-0000-4000-8000-000000000001').toString('base64url');
    const { data, errors } = await graph.query('query($id: ID!) { node(id: $id) { id } }', { id });
    expect([data, errors]).toEqual([{ node: null }, undefined]);
    const wrong = await graph.query('{ node(id: "nonsense") { id } }');
    expect(wrong.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });
});

import { readFileSync } from 'node:fs';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { buildASTSchema, isObjectType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/generated/catalogue.ts';
import { AssetTableDocument, UserDetailDocument } from '../../src/generated/documents.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

/** A client of another make with a normalised cache, over the real server. */

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.close());

/** What the cache has to know: objects with an `id` are kept by it, all others belong to the object they stand on. */
const schema = buildASTSchema(parse(readFileSync('schema/schema.graphql', 'utf8')));
const keys = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .map(({ name }) => [name, (data: { id?: unknown }) => (typeof data.id === 'string' ? data.id : null)]),
);

interface Connected {
  readonly client: Client;
  /** Requests that left the client. */
  readonly requests: () => number;
  readonly warnings: readonly string[];
}

function connect(updates: Parameters<typeof cacheExchange>[0] = {}): Connected {
  let requests = 0;
  const warnings: string[] = [];
  const client = new Client({
    url: `${graph.url}/graphql`,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: 'Bearer sandbox-admin' } },
    fetch: (input, init) => {
      requests += 1;
      // urql aborts what it has read already, which Node reports as an error of nobody.
      return fetch(input, { ...init, signal: null });
    },
    exchanges: [
      cacheExchange({
        keys,
        logger: (severity, message) => {
          if (severity !== 'debug') warnings.push(message);
        },
        ...updates,
      }),
      fetchExchange,
    ],
  });
  return { client, requests: () => requests, warnings };
}

describe('a normalised cache', () => {
  it('no id collides: every row of every list is an object of its own', async () => {
    const roots = Object.entries(catalogue.roots).flatMap(([root, { list }]) => (list ? [root] : []));
    const owners = new Map<string, string>();
    for (const root of roots) {
      const { data } = await graph.query<Record<string, { nodes: { __typename: string; id: string }[] } | null>>(
        `{ list: ${root}(first: 50) { nodes { __typename id } } }`,
      );
      for (const { __typename, id } of data['list']?.nodes ?? []) {
        const key = `${__typename}:${root}`;
        const known = owners.get(id);
        if (known !== undefined && !known.startsWith(`${__typename}:`))
          throw new Error(`${id} is of ${known} and of ${key}`);
        owners.set(id, key);
      }
    }
    expect(owners.size).toBeGreaterThan(500);
  });

  it('objects of two queries are one: the second is answered by the cache where it can be', async () => {
    const { client, requests, warnings } = connect();
    const table = await client.query(AssetTableDocument, { first: 5 }).toPromise();
    const [first] = table.data?.assets?.nodes ?? [];
    expect(first?.id).toEqual(expect.any(String));
    const again = await client.query(AssetTableDocument, { first: 5 }).toPromise();
    expect(again.data).toEqual(table.data);
    expect(requests()).toBe(1);
    expect(warnings).toEqual([]);
  });

  it('a write’s answer changes the object in every list that shows it', async () => {
    const { client, requests } = connect();
    const list = '{ zones(first: 1) { nodes { id name comment } } }';
    const before = await client.query(list, {}).toPromise();
    const [zone] = before.data.zones.nodes;
    const written = await client
      .mutation(
        'mutation($input: UpdateZoneInput!) { updateZone(input: $input) { zone { id comment } userErrors { message } } }',
        {
          input: { id: zone.id, comment: 'changed by a test' },
        },
      )
      .toPromise();
    expect(written.error).toBeUndefined();
    const after = await client.query(list, {}, { requestPolicy: 'cache-only' }).toPromise();
    expect(after.data.zones.nodes[0]).toMatchObject({ id: zone.id, comment: 'changed by a test' });
    expect(requests()).toBe(2);
  });

  it('refetch: what another user changed is there after asking again', async () => {
    const { client } = connect();
    const variables = { username: 'admin' };
    const before = await client.query(UserDetailDocument, variables).toPromise();
    const state = graph.sandbox.exportState();
    const user = state.tables['users']?.find((row) => row['username'] === 'admin');
    Object.assign(user ?? {}, { name: 'Renamed Elsewhere' });
    graph.sandbox.load(state);
    const cached = await client.query(UserDetailDocument, variables).toPromise();
    const fresh = await client.query(UserDetailDocument, variables, { requestPolicy: 'network-only' }).toPromise();
    graph.sandbox.reset();
    expect(cached.data?.user?.name).toBe(before.data?.user?.name);
    expect(fresh.data?.user).toMatchObject({ id: before.data?.user?.id, name: 'Renamed Elsewhere' });
  });

  it('any object is read again by its id alone', async () => {
    const { client } = connect();
    const { data } = await client.query('{ permissions(first: 1) { nodes { id name } } }', {}).toPromise();
    const [permission] = data.permissions.nodes;
    const query = 'query($id: ID!) { node(id: $id) { __typename id ... on Permission { name actions } } }';
    const again = await client.query(query, { id: permission.id }).toPromise();
    expect(again.data.node).toMatchObject({ __typename: 'Permission', id: permission.id, name: permission.name });
  });

  it('pages become one list by the usual Relay resolver', async () => {
    const { client } = connect({ resolvers: { Query: { users: relayPagination() } } });
    const query =
      'query($after: String) { users(first: 20, after: $after) { edges { cursor node { id username } } pageInfo { hasNextPage endCursor hasPreviousPage startCursor } } }';
    const first = await client.query(query, {}).toPromise();
    await client.query(query, { after: first.data.users.pageInfo.endCursor }).toPromise();
    const whole = await client.query(query, {}, { requestPolicy: 'cache-only' }).toPromise();
    const names = whole.data.users.edges.map(({ node }: { node: { username: string } }) => node.username);
    expect(names).toHaveLength(40);
    expect(new Set(names).size).toBe(40);
  });
});

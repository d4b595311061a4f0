import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/generated/catalogue.ts';
import { chunksOfValues } from '../../src/graph/find.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

interface Known {
  readonly id: string;
  readonly uuid: string;
  readonly name: string;
  readonly address: string;
}

const ENTITIES = `query($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename ... on User { name email username } ... on Asset { name address } ... on AssetNode { path name } ... on Platform { name number }
  ... on Permission { name users { totalCount } } } }`;

const resolve = (graph: TestGraph, representations: readonly unknown[]) =>
  graph.query<{ _entities: unknown[] }>(ENTITIES, { representations });

const assetsOf = async (graph: TestGraph): Promise<readonly Known[]> => {
  const { data } = await graph.query<{ assets: { nodes: Known[] } }>(
    '{ assets(first: 100) { nodes { id uuid name address } } }',
  );
  return data.assets.nodes;
};

describe('references to a hundred objects of one type', () => {
  let graph: TestGraph;
  let assets: readonly Known[];
  beforeAll(async () => {
    graph = await startGraph();
    assets = await assetsOf(graph);
  });
  afterAll(() => graph.close());

  it.each(['id', 'uuid', 'name', 'address'] as const)('by %s are one upstream call', async (key) => {
    const { data, errors, extensions } = await resolve(
      graph,
      assets.map((asset) => ({ __typename: 'Asset', [key]: asset[key] })),
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual(assets.map(({ name, address }) => ({ __typename: 'Asset', name, address })));
    expect(extensions.upstream.calls).toBe(1);
  });

  it('by username, email and path are one upstream call each', async () => {
    const { data } = await graph.query<{
      users: { nodes: Record<string, string>[] };
      assetNodes: { nodes: Record<string, string>[] };
    }>('{ users(first: 60) { nodes { username email name } } assetNodes(first: 100) { nodes { path name } } }');
    for (const [type, key, nodes] of [
      ['User', 'username', data.users.nodes],
      ['User', 'email', data.users.nodes],
      ['AssetNode', 'path', data.assetNodes.nodes],
    ] as const) {
      const asked = nodes.map((node) => ({ __typename: type, [key]: node[key] }));
      const answer = await resolve(graph, asked);
      expect(answer.errors).toBeUndefined();
      expect(answer.data._entities).toEqual(nodes.map((node) => ({ __typename: type, ...node })));
      expect(answer.extensions.upstream.calls).toBe(1);
    }
  });

  it('share their relations’ calls', async () => {
    const query = `query($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Asset { name platform { name charset { value } } accounts { nodes { username } } } } }`;
    const representations = assets.map(({ uuid }) => ({ __typename: 'Asset', uuid }));
    const { errors, extensions } = await graph.query(query, { representations });
    expect(errors).toBeUndefined();
    expect(extensions.upstream.calls).toBeLessThanOrEqual(3);
  });
});

describe('a reference', () => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph();
  });
  afterAll(() => graph.close());

  it('to what does not exist is null, without an error', async () => {
    const { data, errors } = await resolve(graph, [
      { __typename: 'Asset', uuid: '00000000-0000-4000-8000-000000000001' },
      { __typename: 'Asset', uuid: 'not a uuid' },
      { __typename: 'Asset', id: 'VXNlcjoxMjM0' },
      { __typename: 'Asset', name: 'no such asset' },
      { __typename: 'User', email: '' },
      { __typename: 'Platform', number: 999999 },
    ]);
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([null, null, null, null, null, null]);
  });

  it('to a type with numbers takes its number', async () => {
    const { data } = await resolve(graph, [{ __typename: 'Platform', number: 1 }]);
    expect(data._entities).toEqual([{ __typename: 'Platform', name: 'Linux', number: 1 }]);
  });

  it('that names no entity, or none of its keys, is an error of its own', async () => {
    const { data, errors } = await resolve(graph, [
      { __typename: 'Platform', number: 1 },
      { __typename: 'PageInfo' },
      { __typename: 'Asset', comment: 'x' },
      'Asset',
    ]);
    expect(data._entities).toEqual([{ __typename: 'Platform', name: 'Linux', number: 1 }, null, null, null]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['_entities', 1], 'BAD_USER_INPUT'],
      [['_entities', 2], 'BAD_USER_INPUT'],
      [['_entities', 3], 'BAD_USER_INPUT'],
    ]);
  });

  it('is one of ten thousand at most, so that telling errors takes no minutes', async () => {
    const { errors, data } = await resolve(graph, Array(10_001).fill({}));
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ message: 'representations: expected at most 10000, got 10001.' }]);
  });

  it('by an address that several assets have is null, with CONFLICT and their number', async () => {
    const state = graph.sandbox.exportState();
    const [first, second, third] = state.tables['assets'] ?? [];
    for (const asset of [second, third]) Object.assign(asset ?? {}, { address: first?.['address'] });
    graph.sandbox.load(state);
    const { data, errors } = await resolve(graph, [
      { __typename: 'Asset', address: first?.['address'] },
      { __typename: 'Asset', name: first?.['name'] },
    ]);
    graph.sandbox.reset();
    expect(data._entities).toMatchObject([null, { name: first?.['name'] }]);
    expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'CONFLICT', count: 3 } }]);
  });

  it('that fails takes only those of its own kind with it', async () => {
    const known = await assetsOf(graph);
    const failing = await startGraph({
      fetch: async (request) =>
        request.url.includes('/users/users/') ? new Response('', { status: 403 }) : graph.sandbox.fetch(request),
    });
    const { data, errors } = await resolve(failing, [
      { __typename: 'User', username: 'somebody' },
      { __typename: 'Asset', uuid: known[0]?.uuid },
      { __typename: 'User', email: 'nobody@example.com' },
    ]);
    await failing.close();
    expect(data._entities).toMatchObject([null, { name: known[0]?.name }, null]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['_entities', 0], 'FORBIDDEN'],
      [['_entities', 2], 'FORBIDDEN'],
    ]);
  });

  it('is resolved in the organisation asked for', async () => {
    const { errors } = await graph.query(
      ENTITIES,
      { representations: [{ __typename: 'Asset', name: 'app-0000' }] },
      { headers: { 'x-jms-org': 'no such organisation' } },
    );
    expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: expect.any(String) } }]);
  });
});

describe.each(SANDBOX_VERSIONS)('on JumpServer %s', (version) => {
  it('every kind of key finds its row', async () => {
    const graph = await startGraph({ version });
    const { data } = await graph.query<Record<string, { nodes: Record<string, unknown>[] }>>(`{
      users(first: 2) { nodes { id uuid username email } } assets(first: 2) { nodes { id uuid name address } }
      assetNodes(first: 2) { nodes { id uuid path } } platforms(first: 2) { nodes { id number } } permissions(first: 2) { nodes { id uuid } } }`);
    const types = {
      users: 'User',
      assets: 'Asset',
      assetNodes: 'AssetNode',
      platforms: 'Platform',
      permissions: 'Permission',
    };
    const representations = Object.entries(types).flatMap(([root, __typename]) =>
      (data[root]?.nodes ?? []).flatMap((node) =>
        Object.entries(node).map(([key, value]) => ({ __typename, [key]: value })),
      ),
    );
    const answer = await resolve(graph, representations);
    await graph.close();
    expect(answer.errors).toBeUndefined();
    expect(answer.data._entities).toMatchObject(representations.map(({ __typename }) => ({ __typename })));
    expect(representations).toHaveLength(30);
  });
});

describe('every noun is an entity', () => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph();
  });
  afterAll(() => graph.close());

  const lists = Object.entries(catalogue.roots).filter(([, { list }]) => list);

  it.each(lists)('%s: by its global id and by JumpServer’s own', async (root, { noun }) => {
    const own = catalogue.nouns[noun]?.id === 'INT' ? 'number' : 'uuid';
    const { data } = await graph.query<Record<string, { nodes: Record<string, unknown>[] } | null>>(
      `{ ${root}(first: 3) { nodes { __typename id ${own} } } }`,
    );
    const nodes = data[root]?.nodes ?? [];
    const representations = ['id', own].flatMap((key) =>
      nodes.map((node) => ({ __typename: node['__typename'], [key]: node[key] })),
    );
    const answer = await graph.query<{ _entities: unknown[] }>(
      `query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Node { id } } }`,
      { r: representations },
    );
    expect(answer.errors).toBeUndefined();
    const expected = nodes.map(({ __typename, id }) => ({ __typename, id }));
    expect(answer.data._entities).toEqual([...expected, ...expected]);
  });

  it('has both keys in the schema', () => {
    const text = readFileSync('schema/schema.graphql', 'utf8');
    const lacking = Object.values(catalogue.nouns)
      .filter(({ variants }) => variants === undefined)
      .filter(({ name, id }) => {
        const [head = ''] = text.match(new RegExp(`^type ${name} implements [^{]*`, 'm')) ?? [];
        return !['id', id === 'INT' ? 'number' : 'uuid'].every((key) => head.includes(`@key(fields: "${key}")`));
      });
    expect(lacking.map(({ name }) => name)).toEqual([]);
  });
});

describe('the schema that the subgraph tells', () => {
  it('is told to those alone who may read the schema; references are answered to all', async () => {
    const graph = await startGraph({ config: { INTROSPECTION: 'off' } });
    const told = await graph.query('{ _service { sdl } }');
    const found = await resolve(graph, [{ __typename: 'User', username: 'admin' }]);
    await graph.close();
    expect(told.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    expect(found.data._entities).toMatchObject([{ username: 'admin' }]);
  });

  it('is the public one without what belongs to federation itself', async () => {
    const graph = await startGraph();
    const { data } = await graph.query<{ _service: { sdl: string } }>('{ _service { sdl } }');
    await graph.close();
    const names = parse(data._service.sdl).definitions.flatMap((node) =>
      'name' in node && node.name ? [node.name.value] : [],
    );
    expect(names).toContain('Asset');
    expect(names.filter((name) => /^_|__|^key$|^link$/.test(name))).toEqual([]);
    expect(data._service.sdl).toContain('type Platform implements Node @key(fields: "id") @key(fields: "number")');
    expect(data._service.sdl).toContain('https://specs.apollo.dev/federation/v2.');
    expect(data._service.sdl).not.toContain('_entities');
  });
});

describe('values of a natural key', () => {
  it('stand a hundred in a call, fewer when they are long', () => {
    expect(chunksOfValues(Array.from({ length: 150 }, (_, at) => `host-${at}`)).map(({ length }) => length)).toEqual([
      100, 50,
    ]);
    expect(chunksOfValues(Array.from({ length: 100 }, () => '主'.repeat(30))).map(({ length }) => length)).toEqual([
      48, 48, 4,
    ]);
    expect(chunksOfValues(['x'.repeat(9000), 'y'])).toEqual([['x'.repeat(9000)], ['y']]);
  });
});

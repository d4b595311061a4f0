import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

const USER = { headers: { authorization: 'Bearer sandbox-user' } };

describe.each(SANDBOX_VERSIONS)('small things of JumpServer %s', (version) => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ version });
    await graph.query('{ serverInfo { version } }');
    await graph.query('{ serverInfo { version } }', {}, USER);
  });
  afterAll(() => graph.close());

  it('its health, in one call, for everybody', async () => {
    const QUERY =
      '{ serverInfo { health { isHealthy isDatabaseHealthy databaseSeconds isCacheHealthy cacheSeconds } } }';
    const { data, errors, extensions } = await graph.query(QUERY, {}, USER);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      serverInfo: {
        health: {
          isHealthy: true,
          isDatabaseHealthy: true,
          databaseSeconds: expect.any(Number),
          isCacheHealthy: true,
          cacheSeconds: expect.any(Number),
        },
      },
    });
    expect(extensions.upstream.calls).toBe(1);
  });

  it('what its programs say, its clients and its ways to send texts, a call each', async () => {
    const QUERY = '{ translations(program: "luna") clientVersions smsBackends { name label } }';
    const { data, errors, extensions } = await graph.query(QUERY);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      translations: { luna: { Yes: 'Yes' } },
      clientVersions: ['4.0.0', '4.1.0'],
      smsBackends: [{ name: 'alibaba', label: 'Alibaba' }],
    });
    expect(extensions.upstream.calls).toBe(3);
  });

  it('all people of its directory, a thousand a call, for administrators', async () => {
    const QUERY = '{ ldapUsers { ldapId username email isExisting } }';
    const { data, errors, extensions } = await graph.query<{ ldapUsers: object[] }>(QUERY);
    expect(errors).toBeUndefined();
    expect(data.ldapUsers).toHaveLength(1005);
    expect(data.ldapUsers[0]).toEqual({
      ldapId: 'cn=admin',
      username: 'admin',
      email: 'admin@corp.example',
      isExisting: true,
    });
    expect(extensions.upstream.calls).toBe(2);
    const found = await graph.query('{ ldapUsers(search: "person1004") { username isExisting } }');
    expect(found.data).toEqual({ ldapUsers: [{ username: 'person1004', isExisting: false }] });
    const refused = await graph.query(QUERY, {}, USER);
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('the kinds of things that roles are about, in one call', async () => {
    const QUERY = '{ contentTypes(filter: { app: "assets" }) { totalCount nodes { number app model name } } }';
    const { data, errors, extensions } = await graph.query<{
      contentTypes: { totalCount: number; nodes: { number: number; app: string; model: string }[] };
    }>(QUERY);
    expect(errors).toBeUndefined();
    const { totalCount, nodes } = data.contentTypes;
    expect(nodes.length).toBe(totalCount);
    expect(new Set(nodes.map(({ app }) => app))).toEqual(new Set(['assets']));
    expect(nodes.map(({ model }) => model)).toContain('asset');
    expect(extensions.upstream.calls).toBe(1);
    const one = await graph.query('query($id: ID!) { contentType(id: $id) { model } }', { id: `${nodes[0]?.number}` });
    expect(one.data).toEqual({ contentType: { model: nodes[0]?.model } });
    const refused = await graph.query(QUERY, {}, USER);
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('where the assets of a group stand, in one call for a group', async () => {
    const GROUPS = '{ userGroups(first: 1) { nodes { nodes { name path } } } }';
    const { data, errors, extensions } = await graph.query<{
      userGroups: { nodes: { nodes: { path: string }[] }[] };
    }>(GROUPS);
    expect(errors).toBeUndefined();
    const [group] = data.userGroups.nodes;
    expect(group?.nodes.map(({ path }) => path)).toContain('/Default');
    expect(group?.nodes.length).toBeGreaterThan(1);
    expect(extensions.upstream.calls).toBe(2);
  });

  it('the caller’s own assets that are kept at hand, and those granted one by one, a call each', async () => {
    const own = await graph.query<{ viewer: { assets: { nodes: { id: string; name: string }[] } } }>(
      '{ viewer { assets(first: 1) { nodes { id name } } } }',
      {},
      USER,
    );
    const asset = own.data.viewer.assets.nodes[0];
    const MARK = 'mutation($asset: ID!) { favoriteAsset(input: { id: $asset }) { userErrors { code } } }';
    await graph.query(MARK, { asset: asset?.id }, USER);
    const { data, errors, extensions } = await graph.query(
      '{ viewer { favoriteAssets { totalCount nodes { id name } } ungroupedAssets { totalCount } } }',
      {},
      USER,
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      viewer: { favoriteAssets: { nodes: expect.arrayContaining([asset]) }, ungroupedAssets: { totalCount: 0 } },
    });
    expect(extensions.upstream.calls).toBe(2);
  });
});

it('a program’s name that is none is refused, and nothing is asked', async () => {
  const graph = await startGraph();
  const { errors, extensions } = await graph.query('{ translations(program: "../public") }');
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  expect(errors?.[0]?.message).toContain('program');
  expect(extensions.upstream.calls).toBe(0);
  await graph.close();
});

it('what fails in the server’s health stays with JumpServer', async () => {
  const graph = await startGraph();
  graph.sandbox.faults.add({
    path: '/api/v1/health/',
    fault: {
      kind: 'answer',
      respond: () => Response.json({ status: false, db_status: false, db_time: 'no route to 10.0.0.7' }),
    },
  });
  const { data } = await graph.query(
    '{ serverInfo { health { isHealthy isDatabaseHealthy databaseSeconds cacheSeconds } } }',
  );
  expect(data).toEqual({
    serverInfo: { health: { isHealthy: false, isDatabaseHealthy: false, databaseSeconds: null, cacheSeconds: null } },
  });
  await graph.close();
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph({ token: 'sandbox-user' });
  await graph.query('{ viewer { user { username } } }');
});
afterAll(() => graph.close());

describe('an ordinary user', () => {
  it('sees their own assets with platform and nodes in one call', async () => {
    const { data, errors, extensions } = await graph.query<{
      viewer: { assets: { totalCount: number; nodes: unknown[] } };
    }>(
      '{ viewer { assets(first: 50) { totalCount nodes { name address category platform { name } nodes { name } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.viewer.assets.totalCount).toBe(77);
    expect(data.viewer.assets.nodes[0]).toEqual({
      name: 'app-0004',
      address: '10.20.0.4',
      category: 'HOST',
      platform: { name: 'Linux' },
      nodes: [{ name: 'Data' }, { name: 'Network' }],
    });
    expect(extensions.upstream.calls).toBe(1);
  });

  it('filters and searches among them', async () => {
    const { data, errors } = await graph.query<{
      viewer: { found: { nodes: { name: string }[] }; databases: { nodes: { category: string }[] } };
    }>(
      '{ viewer { found: assets(search: "app-0004") { nodes { name } } databases: assets(first: 100, filter: { category: DATABASE }) { nodes { category } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.viewer.found).toEqual({ nodes: [{ name: 'app-0004' }] });
    expect(new Set(data.viewer.databases.nodes.map(({ category }) => category))).toEqual(new Set(['DATABASE']));
  });

  it('sees those below one node, and is told of filters that can not be asked here', async () => {
    const { data: tree } = await graph.query<{ viewer: { nodes: { id: string; path: string }[] } }>(
      '{ viewer { nodes { id path } } }',
    );
    const node = tree.viewer.nodes.find(({ path }) => path === '/Default/Trieste')?.id;
    const { data, errors } = await graph.query(
      `query ($node: ID!) { viewer {
        below: assets(first: 100, filter: { node: $node }) { totalCount }
        several: assets(filter: { nodeIn: [$node] }) { totalCount } } }`,
      { node },
    );
    expect(data['viewer']).toEqual({ below: { totalCount: 10 }, several: null });
    expect(errors?.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
      ['several', 'UNSUPPORTED_BY_SERVER'],
    ]);
  });

  it('sees the tree above them', async () => {
    const { data, errors, extensions } = await graph.query<{ viewer: { nodes: unknown[] } }>(
      '{ viewer { nodes { name path depth } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.viewer.nodes.slice(0, 3)).toEqual([
      { name: 'Default', path: '/Default', depth: 0 },
      { name: 'Rotterdam', path: '/Default/Rotterdam', depth: 1 },
      { name: 'Production', path: '/Default/Rotterdam/Production', depth: 2 },
    ]);
    expect(extensions.upstream.calls).toBe(1);
  });

  it('sees where in the tree their assets stand; nodes that are not theirs, and what theirs do not tell, stay refused', async () => {
    const { data, errors, extensions } = await graph.query<{ viewer: { assets: { nodes: unknown[] } } }>(
      '{ viewer { assets(first: 2) { nodes { name nodes { path key } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.viewer.assets.nodes[0]).toEqual({
      name: 'app-0004',
      nodes: [
        { path: '/Default/Rotterdam/Staging/Data', key: '1:0:1:1' },
        { path: '/Default/Trieste/Staging/Network', key: '1:1:1:2' },
      ],
    });
    // The assets, the nodes by id that are refused, their own ones.
    expect(extensions.upstream.calls).toBe(3);
    const headers = { authorization: 'Bearer sandbox-admin' };
    type Node = { id: string; path: string };
    const all = await graph.query<{ assetNodes: { nodes: Node[] } }>(
      '{ assetNodes(first: 100) { nodes { id path } } }',
      {},
      { headers },
    );
    const own = await graph.query<{ viewer: { nodes: Node[] } }>('{ viewer { nodes { id path } } }');
    const [mine] = own.data.viewer.nodes;
    const other = all.data.assetNodes.nodes.find(({ id }) => own.data.viewer.nodes.every((node) => node.id !== id));
    const one = 'query ($id: ID!) { assetNode(id: $id) { path } }';
    expect((await graph.query(one, { id: mine?.id })).data).toEqual({ assetNode: { path: mine?.path } });
    const untold = '{ viewer { assets(first: 1) { nodes { nodes { organization { name } } } } } }';
    for (const refused of [await graph.query(one, { id: other?.id }), await graph.query(untold)])
      expect(refused.errors?.map(({ extensions: { code } }) => code)).toEqual(['FORBIDDEN']);
  });

  it('sees their own sessions, with the assets that they still reach', async () => {
    const { data, errors } = await graph.query<{ viewer: { sessions: { totalCount: number; nodes: unknown[] } } }>(
      '{ viewer { sessions(first: 2) { totalCount nodes { assetText asset { name } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.viewer.sessions).toMatchObject({
      totalCount: 10,
      nodes: [{ assetText: 'app-0004(10.20.0.4)', asset: { name: 'app-0004' } }, { asset: { name: 'cluster-0102' } }],
    });
  });

  it('is the user of their own sessions and requests, though other users are not shown to them', async () => {
    const { data, errors, extensions } = await graph.query<{ viewer: Record<string, { nodes: unknown[] }> }>(
      `{ viewer {
        sessions(first: 5) { nodes { user { username groups { name } } } }
        loginLogs(first: 1) { nodes { user { username groups { name } } } }
        tickets(first: 1) { nodes { applicant { username } approvals { assignees { username } } } }
      } }`,
    );
    const groups = ['Harbour Operations', 'Network Crew', 'Platform Team'].map((name) => ({ name }));
    const user = { username: 'user', groups };
    expect(data.viewer['sessions']?.nodes).toEqual(Array.from({ length: 5 }, () => ({ user })));
    expect(data.viewer['loginLogs']?.nodes).toEqual([{ user }]);
    expect(data.viewer['tickets']?.nodes).toEqual([
      { applicant: { username: 'user' }, approvals: [{ assignees: null }] },
    ]);
    expect(errors?.map(({ path, extensions: { code } }) => [path?.at(-1), code])).toEqual([['assignees', 'FORBIDDEN']]);
    // The three lists; the users that are refused by id and by name, and the caller's own profile for them.
    expect(extensions.upstream.calls).toBeLessThanOrEqual(9);
  });

  it('sees their own logins, requests and messages', async () => {
    const { data, errors, extensions } = await graph.query(
      `{ viewer { loginLogs(first: 1) { totalCount nodes { username } } tickets { totalCount nodes { title } }
        messages { totalCount nodes { subject isRead } } unreadMessagesCount favorites { totalCount } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data['viewer']).toEqual({
      loginLogs: { totalCount: 22, nodes: [{ username: 'Sandbox User(user)' }] },
      tickets: { totalCount: 2, nodes: [{ title: 'Access to app-0000' }, { title: 'Access to orders-db-0012' }] },
      messages: { totalCount: 1, nodes: [{ subject: 'Maintenance on Sunday', isRead: false }] },
      unreadMessagesCount: 1,
      favorites: { totalCount: 3 },
    });
    expect(extensions.upstream.calls).toBe(5);
  });

  it('has favourites by the id of the asset', async () => {
    const { data, errors } = await graph.query<{ favoriteAssets: { nodes: { id: string; uuid: string }[] } }>(
      '{ favoriteAssets { nodes { id uuid } } }',
    );
    expect(errors).toBeUndefined();
    const [first] = data.favoriteAssets.nodes;
    const again = await graph.query('query ($id: ID!) { node(id: $id) { __typename ... on FavoriteAsset { uuid } } }', {
      id: first?.id,
    });
    expect(again.errors).toBeUndefined();
    expect(again.data['node']).toEqual({ __typename: 'FavoriteAsset', uuid: first?.uuid });
  });

  it('reads an asset of their own by its id, and nobody else’s', async () => {
    const { data } = await graph.query<{ viewer: { assets: { nodes: { uuid: string }[] } } }>(
      '{ viewer { assets(first: 1) { nodes { uuid } } } }',
    );
    const admin = { headers: { authorization: 'Bearer sandbox-admin' } };
    const { data: all } = await graph.query<{ assets: { nodes: { uuid: string }[] } }>(
      '{ assets(filter: { address: "10.20.0.1" }) { nodes { uuid } } }',
      {},
      admin,
    );
    const found = await graph.query(
      'query ($mine: ID!, $other: ID!) { mine: asset(id: $mine) { name } other: asset(id: $other) { name } }',
      { mine: data.viewer.assets.nodes[0]?.uuid, other: all.assets.nodes[0]?.uuid },
    );
    expect(found.errors).toBeUndefined();
    expect(found.data).toEqual({ mine: { name: 'app-0004' }, other: null });
  });

  it('learns with which accounts and protocols they may connect', async () => {
    const { data: found } = await graph.query<{ viewer: { assets: { nodes: { id: string }[] } } }>(
      '{ viewer { assets(first: 1) { nodes { id } } } }',
    );
    const { data, errors, extensions } = await graph.query(
      `query ($id: ID!) { viewer { asset(id: $id) { asset { name address }
        accounts { name username hasSecret secretType actions } protocols { name port isPublic } } } }`,
      { id: found.viewer.assets.nodes[0]?.id },
    );
    expect(errors).toBeUndefined();
    expect(data['viewer']).toEqual({
      asset: {
        asset: { name: 'app-0004', address: '10.20.0.4' },
        accounts: [
          { name: 'root', username: 'root', hasSecret: true, secretType: 'PASSWORD', actions: ['CONNECT'] },
          { name: 'deploy', username: 'deploy', hasSecret: false, secretType: 'PASSWORD', actions: ['CONNECT'] },
        ],
        protocols: [{ name: 'ssh', port: 22, isPublic: true }],
      },
    });
    expect(extensions.upstream.calls).toBe(1);
  });

  it('learns nothing of an asset that is not theirs', async () => {
    const { data, errors } = await graph.query(
      '{ viewer { asset(id: "00000000-0000-0000-0000-0000000000ff") { accounts { name } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data['viewer']).toEqual({ asset: null });
  });

  it('sees what can be asked for in a ticket', async () => {
    const { data, errors } = await graph.query(
      `{ viewer { requestableAssets(first: 1) { totalCount nodes { name address } }
        requestableNodes(first: 1) { totalCount nodes { path } } messageBackends } }`,
    );
    expect(errors).toBeUndefined();
    expect(data['viewer']).toEqual({
      requestableAssets: { totalCount: 212, nodes: [{ name: 'app-0000', address: '10.20.0.0' }] },
      requestableNodes: { totalCount: 41, nodes: [{ path: '/Default' }] },
      messageBackends: ['email', 'site_msg'],
    });
  });

  it('has keys and tokens of their own, without their secrets', async () => {
    const { data, errors, extensions } = await graph.query(
      '{ accessKeys { totalCount } tempTokens { totalCount } sshKeys { totalCount } connectionTokens { totalCount } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      accessKeys: { totalCount: 0 },
      tempTokens: { totalCount: 0 },
      sshKeys: { totalCount: 0 },
      connectionTokens: { totalCount: 0 },
    });
    expect(extensions.upstream.calls).toBe(4);
  });
});

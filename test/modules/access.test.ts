import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { list, mutate, type Named, NOBODY, refusals } from './support.ts';

let graph: TestGraph;
let users: Named[];
let assets: Named[];
let crew: Named;
let pier: Named;

/**
 * A company in which everything that is asked below is known: the crew is u1 and u2, the pier holds a3 and a4;
 * "by crew" gives the crew the pier, "by hand" gives u0 and u1 the assets a0 and a3, "long ago" gave u3 the asset a0.
 */
beforeAll(async () => {
  graph = await startGraph({ sandboxOptions: { users: 12, assets: 30, sessions: 1 } });
  const known = await list(graph, 'permissions(first: 200)', 'id');
  await mutate(graph, 'revokePermissions', { ids: known.map(({ id }) => id) }, 'deletedIds');
  users = await list(graph, 'users(first: 100)', 'id uuid name username');
  assets = await list(graph, 'assets(first: 100)', 'id uuid name');
  const members = { name: 'crew', users: [users[1]?.id, users[2]?.id] };
  crew = (await mutate(graph, 'createUserGroup', members, 'userGroup { id uuid name }')).userGroup as Named;
  pier = (await mutate(graph, 'createAssetNode', { name: 'pier' }, 'assetNode { id uuid }')).assetNode as Named;
  const held = { id: pier.id, assets: [assets[3]?.id, assets[4]?.id] };
  await mutate(graph, 'addAssetsToNode', held, 'assetNode { id }');
  await grant('by hand', {
    users: [users[0]?.id, users[1]?.id],
    assets: [assets[0]?.id, assets[3]?.id],
    accounts: ['root'],
    actions: ['CONNECT', 'UPLOAD'],
    expiresAt: '2035-01-01T00:00:00Z',
  });
  await grant('by crew', {
    userGroups: [crew.id],
    nodes: [pier.id],
    accounts: ['@ALL'],
    protocols: ['ssh'],
    actions: ['CONNECT', 'SHARE'],
    expiresAt: '2030-06-01T00:00:00Z',
  });
  await grant('long ago', {
    users: [users[3]?.id],
    assets: [assets[0]?.id],
    accounts: ['root'],
    actions: ['CONNECT'],
    expiresAt: '2020-01-01T00:00:00Z',
  });
});
afterAll(() => graph.close());
beforeEach(() => graph.sandbox.clearLog());

async function grant(name: string, input: object): Promise<void> {
  const { userErrors } = await mutate(
    graph,
    'grantPermission',
    { name, startsAt: '2018-01-01T00:00:00Z', ...input },
    'permission { id }',
  );
  expect(userErrors).toEqual([]);
}

/** Asks for a part of `access`. */
async function ask<T>(selection: string, variables: Record<string, unknown> = {}, declared = ''): Promise<T> {
  const { data, errors } = await graph.query<{ access: T }>(
    `query${declared && `(${declared})`} { access { ${selection} } }`,
    variables,
  );
  expect(errors).toBeUndefined();
  return data.access;
}

async function codesOf(selection: string, variables: Record<string, unknown> = {}, declared = '') {
  const { errors } = await graph.query(`query${declared && `(${declared})`} { access { ${selection} } }`, variables);
  return errors?.map(({ extensions: { code } }) => code);
}

const nameOf = (rows: readonly Named[], at: number) => rows[at]?.name ?? '';

describe('access.check', () => {
  const check = async (user: number, asset: number, more = '') => {
    const { check: decision } = await ask<{ check: Record<string, unknown> }>(
      `check(user: "${users[user]?.id}", asset: "${assets[asset]?.uuid}"${more}) { user { name } asset { name } allowed actions
        accounts protocols expiresAt blockedBy asOf
        paths { permission { name } viaGroup { name } viaNode { path } actions accounts expiresAt } }`,
    );
    return decision;
  };

  it('tells everything that all permissions of the pair give together, and every way', async () => {
    const { asOf, ...decision } = await check(1, 3);
    expect(decision).toEqual({
      user: { name: nameOf(users, 1) },
      asset: { name: nameOf(assets, 3) },
      allowed: true,
      actions: ['CONNECT', 'UPLOAD', 'SHARE'],
      accounts: ['@ALL', 'root'],
      protocols: ['ssh', 'all'],
      expiresAt: '2035-01-01T00:00:00Z',
      blockedBy: [],
      paths: [
        {
          permission: { name: 'by crew' },
          viaGroup: { name: 'crew' },
          viaNode: { path: '/Default/pier' },
          actions: ['CONNECT', 'SHARE'],
          accounts: ['@ALL'],
          expiresAt: '2030-06-01T00:00:00Z',
        },
        {
          permission: { name: 'by hand' },
          viaGroup: null,
          viaNode: null,
          actions: ['CONNECT', 'UPLOAD'],
          accounts: ['root'],
          expiresAt: '2035-01-01T00:00:00Z',
        },
      ],
    });
    expect(Math.abs(Date.parse(String(asOf)) - Date.now())).toBeLessThan(60_000);
  });

  it('decides at another instant', async () => {
    expect(await check(2, 4)).toMatchObject({ allowed: true, actions: ['CONNECT', 'SHARE'] });
    expect(await check(2, 4, ', at: "2031-01-01T00:00:00Z"')).toMatchObject({ allowed: false, actions: [], paths: [] });
    expect(await check(3, 0)).toMatchObject({ allowed: false });
    expect(await check(3, 0, ', at: "2019-01-01T00:00:00Z"')).toMatchObject({ allowed: true, actions: ['CONNECT'] });
  });

  it('grants switched-off users and assets as JumpServer does, and tells what stands in the way', async () => {
    const [user, asset] = [users[2]?.id, assets[4]?.id];
    await mutate(graph, 'updateUser', { id: user, isActive: false, expiresAt: '2020-01-01T00:00:00Z' }, 'user { id }');
    await mutate(graph, 'updateAsset', { id: asset, isActive: false }, 'asset { id }');
    expect(await check(2, 4)).toMatchObject({
      allowed: true,
      blockedBy: ['USER_INACTIVE', 'USER_EXPIRED', 'ASSET_INACTIVE'],
    });
    await mutate(graph, 'updateUser', { id: user, isActive: true, expiresAt: '2090-01-01T00:00:00Z' }, 'user { id }');
    await mutate(graph, 'updateAsset', { id: asset, isActive: true }, 'asset { id }');
    expect(await check(2, 4)).toMatchObject({ allowed: true, blockedBy: [] });
  });

  it.each([
    ['NOT_FOUND', NOBODY],
    ['BAD_USER_INPUT', 'nobody'],
  ])('answers %s for a user %s', async (code, user) => {
    expect(await codesOf(`check(user: "${user}", asset: "${assets[0]?.id}") { allowed }`)).toEqual([code]);
  });

  it('compares with JumpServer’s own tree when asked, and warns where that lags behind', async () => {
    const lagging = await startGraph({
      sandbox: graph.sandbox,
      fetch: async (request) => {
        const isTree = /\/perms\/users\/[^/]+\/assets\//.test(request.url);
        return isTree
          ? Response.json({ count: 0, next: null, previous: null, results: [] })
          : graph.sandbox.fetch(request);
      },
    });
    const question = `{ access { check(user: "${users[1]?.id}", asset: "${assets[3]?.id}", verify: true) { allowed } } }`;
    const [agreed, differed] = [await graph.query(question), await lagging.query(question)];
    await lagging.close();
    expect([agreed.data, agreed.extensions.warnings]).toEqual([{ access: { check: { allowed: true } } }, undefined]);
    expect(differed.data).toEqual({ access: { check: { allowed: true } } });
    expect(differed.extensions.warnings?.map(({ code }) => code)).toEqual(['ACCESS_DIFFERS']);
  });
});

describe('access.matrix', () => {
  const pairs = async (filter: object) => {
    const { matrix } = await ask<{ matrix: { totalCount: number; nodes: { user: Named; asset: Named }[] } }>(
      'matrix(filter: $filter) { totalCount nodes { user { uuid } asset { uuid } } }',
      { filter },
      '$filter: AccessMatrixFilter',
    );
    const place = (rows: Named[], row: Named) => rows.findIndex(({ uuid }) => uuid === row.uuid);
    expect(matrix.nodes).toHaveLength(matrix.totalCount);
    return matrix.nodes.map(({ user, asset }) => `u${place(users, user)} a${place(assets, asset)}`).sort();
  };

  it('gives every pair of valid permissions once', async () => {
    expect(await pairs({})).toEqual(['u0 a0', 'u0 a3', 'u1 a0', 'u1 a3', 'u1 a4', 'u2 a3', 'u2 a4']);
  });

  it.each<[string, () => object, string[]]>([
    ['a user', () => ({ user: users[2]?.id }), ['u2 a3', 'u2 a4']],
    ['users', () => ({ userIn: [users[0]?.uuid, users[3]?.id] }), ['u0 a0', 'u0 a3']],
    ['a group', () => ({ userGroup: crew.id }), ['u1 a0', 'u1 a3', 'u1 a4', 'u2 a3', 'u2 a4']],
    ['an asset', () => ({ asset: assets[0]?.id }), ['u0 a0', 'u1 a0']],
    ['assets', () => ({ assetIn: [assets[4]?.id] }), ['u1 a4', 'u2 a4']],
    ['a node', () => ({ node: pier.id }), ['u0 a3', 'u1 a3', 'u1 a4', 'u2 a3', 'u2 a4']],
    ['an action', () => ({ action: 'UPLOAD' }), ['u0 a0', 'u0 a3', 'u1 a0', 'u1 a3']],
    ['an account that is named or wildcard', () => ({ account: 'root', asset: assets[4]?.id }), ['u1 a4', 'u2 a4']],
    ['the wildcard itself', () => ({ account: '@ALL' }), ['u1 a3', 'u1 a4', 'u2 a3', 'u2 a4']],
    ['wildcards alone', () => ({ wildcardOnly: true }), ['u1 a4', 'u2 a3', 'u2 a4']],
    ['an instant', () => ({ at: '2019-01-01T00:00:00Z', user: users[3]?.id }), ['u3 a0']],
    ['no users at all', () => ({ userIn: [] }), []],
  ])('filters by %s', async (_name, filter, expected) => {
    expect(await pairs(filter())).toEqual(expected);
  });

  it('filters by category, and by a label in each of its forms', async () => {
    type Known = Named & { category: string; labels: { id: string; uuid: string; name: string; value: string }[] };
    const known = await list<Known>(graph, 'assets(first: 100)', 'uuid category labels { id uuid name value }');
    const everything = await pairs({});
    const those = (isWanted: (asset: Known) => boolean) =>
      everything.filter((pair) => {
        const asset = known.find(({ uuid }) => uuid === assets[Number(pair.split(' a')[1])]?.uuid);
        return asset !== undefined && isWanted(asset);
      });
    const category = known.find(({ uuid }) => uuid === assets[0]?.uuid)?.category;
    expect(await pairs({ category })).toEqual(those((asset) => asset.category === category));
    const other = category === 'HOST' ? 'DEVICE' : 'HOST';
    expect(await pairs({ category: other })).toEqual(those((asset) => asset.category === other));
    const made = await mutate(graph, 'createLabel', { name: 'berth', value: 'north' }, 'label { id uuid name value }');
    const label = made.label as Known['labels'][number];
    const bound = { label: label.id, resources: [assets[3]?.id] };
    expect(refusals(await mutate(graph, 'bindLabel', bound, 'label { id }'))).toEqual([]);
    for (const form of [label.id, label.uuid, 'berth', 'berth:north']) {
      expect([form, await pairs({ label: form })]).toEqual([form, ['u0 a3', 'u1 a3', 'u2 a3']]);
    }
    expect(await pairs({ label: 'berth:south' })).toEqual([]);
  });

  it('pages without a pair twice or missing', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 4; page += 1) {
      const answer: { matrix: { edges: { cursor: string; node: { user: Named; asset: Named } }[]; pageInfo: object } } =
        await ask(
          'matrix(first: 2, after: $after) { edges { cursor node { user { name } asset { name } } } pageInfo { hasNextPage hasPreviousPage } }',
          { after },
          '$after: String',
        );
      const { edges, pageInfo } = answer.matrix;
      expect(pageInfo).toEqual({ hasNextPage: page < 3, hasPreviousPage: page > 0 });
      seen.push(...edges.map(({ node }) => `${node.user.name} ${node.asset.name}`));
      after = edges.at(-1)?.cursor ?? null;
    }
    expect([seen.length, new Set(seen).size, [...seen].sort()]).toEqual([7, 7, seen]);
  });

  it('refuses what makes no sense', async () => {
    const { matrix } = await ask<{ matrix: { pageInfo: { endCursor: string } } }>(
      'matrix(first: 1) { pageInfo { endCursor } }',
    );
    const cursor = matrix.pageInfo.endCursor;
    expect(
      await codesOf(`matrix(after: "${cursor}", filter: { action: SHARE }) { totalCount nodes { actions } }`),
    ).toEqual(['BAD_USER_INPUT']);
    expect(await codesOf('matrix(first: 1001) { nodes { actions } }')).toEqual(['BAD_USER_INPUT']);
    expect(await codesOf('matrix(filter: { action: UNKNOWN }) { totalCount }')).toEqual(['BAD_USER_INPUT']);
    expect(await codesOf('matrix(filter: { account: "" }) { totalCount }')).toEqual(['BAD_USER_INPUT']);
    expect(await codesOf(`matrix(filter: { user: "${assets[0]?.id}" }) { totalCount }`)).toEqual(['BAD_USER_INPUT']);
  });

  it('refuses a cursor whose pair is gone', async () => {
    const guest = { name: 'guest', username: 'guest', email: 'guest@harbour.example' };
    const made = await mutate(graph, 'createUser', guest, 'user { id }');
    const user = (made.user as Named).id;
    await grant('for a day', { users: [user], assets: [assets[0]?.id], accounts: ['root'], actions: ['CONNECT'] });
    const filter = `filter: { asset: "${assets[0]?.id}" }`;
    const { matrix } = await ask<{ matrix: { edges: { cursor: string; node: { user: Named } }[] } }>(
      `matrix(${filter}) { edges { cursor node { user { id name } } } }`,
    );
    const cursor = matrix.edges.find(({ node }) => node.user.name === 'guest')?.cursor;
    await mutate(graph, 'deleteUser', { id: user }, 'deletedIds');
    expect(await codesOf(`matrix(${filter}, after: "${cursor}") { nodes { actions } }`)).toEqual(['BAD_USER_INPUT']);
    const [left] = await list(graph, 'permissions(filter: { name: "for a day" })', 'id');
    await mutate(graph, 'revokePermissions', { ids: [left?.id] }, 'deletedIds');
  });

  it('reads what the engine does not know of users and assets in one call each', async () => {
    await ask('matrix { totalCount }');
    const { extensions, data } = await graph.query<{ access: { matrix: { nodes: object[] } } }>(
      '{ access { matrix(first: 100) { nodes { user { name email } asset { name platform { name } } } } } }',
    );
    expect([data.access.matrix.nodes.length, extensions.upstream.calls]).toEqual([7, 2]);
  });
});

describe('access.diff', () => {
  const LISTS = `gained { totalCount nodes { user { name } asset { name } } } lost { totalCount nodes { user { name } asset { name } } }
    changed { totalCount nodes { before { actions } after { user { name } asset { name } actions } } }`;
  interface Lists {
    readonly diff: Record<'gained' | 'lost' | 'changed', { totalCount: number; nodes: object[] }>;
  }

  it('tells what one user reaches more, less and otherwise than another', async () => {
    const sides = `left: { user: "${users[0]?.id}" }, right: { user: "${users[2]?.id}" }`;
    const { diff } = await ask<Lists>(`diff(${sides}) { ${LISTS} }`);
    const [left, right] = [nameOf(users, 0), nameOf(users, 2)];
    expect(diff.gained.nodes).toEqual([{ user: { name: right }, asset: { name: nameOf(assets, 4) } }]);
    expect(diff.lost.nodes).toEqual([{ user: { name: left }, asset: { name: nameOf(assets, 0) } }]);
    expect(diff.changed.nodes).toEqual([
      {
        before: { actions: ['CONNECT', 'UPLOAD'] },
        after: { user: { name: right }, asset: { name: nameOf(assets, 3) }, actions: ['CONNECT', 'SHARE'] },
      },
    ]);
  });

  it('tells who gains and who loses between two instants', async () => {
    const sides = 'left: { at: "2019-01-01T00:00:00Z" }, right: { at: "2031-01-01T00:00:00Z" }';
    const { diff } = await ask<Lists>(`diff(${sides}) { ${LISTS} }`);
    expect([diff.gained.totalCount, diff.lost.totalCount, diff.changed.totalCount]).toEqual([0, 4, 1]);
  });

  it.each([
    ['nothing to compare', '{}'],
    ['a user and a permission at once', '{ user: "USER", permission: "USER" }'],
    ['an instant against a user', '{ at: "2031-01-01T00:00:00Z" }'],
  ])('refuses %s', async (_name, side) => {
    const left = side.replaceAll('USER', users[0]?.uuid ?? '');
    const query = `diff(left: ${left}, right: { user: "${users[1]?.id}" }) { gained { totalCount } }`;
    expect(await codesOf(query)).toEqual(['BAD_USER_INPUT']);
  });

  it.each(['user', 'permission'])('does not take an empty %s for the whole organisation', async (name) => {
    const at = 'at: "2031-01-01T00:00:00Z"';
    const query = `diff(left: { ${name}: "", ${at} }, right: { ${at} }) { gained { totalCount } }`;
    expect(await codesOf(query)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('the relations of effective access', () => {
  it('User.assets and Asset.users are the two sides of the matrix, with the ways on the edges', async () => {
    const { data } = await graph.query(
      `query($user: ID!, $asset: ID!) {
        user(id: $user) { assets(first: 2) { totalCount nodes { name } edges { actions expiresAt paths { permission { name } } } pageInfo { hasNextPage } } }
        asset(id: $asset) { users(filter: { action: SHARE }) { totalCount nodes { name email } edges { node { name } actions paths { viaGroup { name } } } } } }`,
      { user: users[1]?.id, asset: assets[4]?.id },
    );
    expect(data.user).toEqual({
      assets: {
        totalCount: 3,
        nodes: [{ name: nameOf(assets, 0) }, { name: nameOf(assets, 3) }],
        edges: [
          {
            actions: ['CONNECT', 'UPLOAD'],
            expiresAt: '2035-01-01T00:00:00Z',
            paths: [{ permission: { name: 'by hand' } }],
          },
          {
            actions: ['CONNECT', 'UPLOAD', 'SHARE'],
            expiresAt: '2035-01-01T00:00:00Z',
            paths: [{ permission: { name: 'by crew' } }, { permission: { name: 'by hand' } }],
          },
        ],
        pageInfo: { hasNextPage: true },
      },
    });
    expect(data.asset).toMatchObject({
      users: { totalCount: 2, nodes: [1, 2].map((at) => ({ name: nameOf(users, at) })) },
    });
    expect((data.asset as { users: { edges: object[] } }).users.edges[0]).toEqual({
      node: { name: nameOf(users, 1) },
      actions: ['CONNECT', 'SHARE'],
      paths: [{ viaGroup: { name: 'crew' } }],
    });
  });

  it('are read for a hundred users as for one', async () => {
    await ask('matrix { totalCount }');
    const { data, extensions } = await graph.query<{ users: { nodes: { assets: { totalCount: number } }[] } }>(
      '{ users(first: 100) { nodes { assets(first: 3) { totalCount nodes { name platform { name } } } } } }',
    );
    expect(data.users.nodes.map(({ assets: { totalCount } }) => totalCount).slice(0, 4)).toEqual([2, 3, 2, 0]);
    expect(extensions.upstream.calls).toBe(2);
  });

  it('a permission’s are those of the permission, valid or not; a group’s are those it gives', async () => {
    const { data } = await graph.query<{ permissions: { nodes: object[] } }>(
      `{ permissions(first: 10) { nodes { name
          effectiveUsers { totalCount edges { node { name } paths { viaGroup { name } viaNode { name } } } }
          effectiveAssets(first: 1) { totalCount edges { node { name } actions paths { viaNode { name } } } pageInfo { hasNextPage } } } } }`,
    );
    expect(data.permissions.nodes[0]).toEqual({
      name: 'by crew',
      effectiveUsers: {
        totalCount: 2,
        edges: [1, 2].map((at) => ({
          node: { name: nameOf(users, at) },
          paths: [{ viaGroup: { name: 'crew' }, viaNode: null }],
        })),
      },
      effectiveAssets: {
        totalCount: 2,
        edges: [
          { node: { name: nameOf(assets, 3) }, actions: ['CONNECT', 'SHARE'], paths: [{ viaNode: { name: 'pier' } }] },
        ],
        pageInfo: { hasNextPage: true },
      },
    });
    expect(data.permissions.nodes[2]).toMatchObject({ name: 'long ago', effectiveUsers: { totalCount: 1 } });
    const group = await graph.query(
      `{ userGroup(id: "${crew.id}") { assets { nodes { name } edges { expiresAt } } } }`,
    );
    expect(group.data).toEqual({
      userGroup: {
        assets: {
          nodes: [{ name: nameOf(assets, 3) }, { name: nameOf(assets, 4) }],
          edges: [{ expiresAt: '2030-06-01T00:00:00Z' }, { expiresAt: '2030-06-01T00:00:00Z' }],
        },
      },
    });
  });

  it('stay in the organisation they are asked in', async () => {
    const inside = await graph.query<{ organization: { access: { matrix: object } } }>(
      '{ organization(id: "Default") { access { matrix(first: 1) { totalCount nodes { user { email } paths { permission { comment } } } } } } }',
    );
    expect(inside.data.organization.access.matrix).toMatchObject({
      totalCount: 7,
      nodes: [{ user: { email: expect.any(String) } }],
    });
  });
});

describe('what was read', () => {
  const COUNT = '{ access { matrix(first: 0) { totalCount } } }';
  const calls = async (headers: Record<string, string> = {}) =>
    (await graph.query(COUNT, {}, { headers })).extensions.upstream.calls;

  it('is kept for the same caller, and is nobody else’s', async () => {
    await calls();
    expect(await calls()).toBe(0);
    expect(await calls({ authorization: 'Bearer sandbox-auditor' })).toBeGreaterThan(4);
  });

  it('is forgotten on a write', async () => {
    await calls();
    await mutate(graph, 'updateUserGroup', { id: crew.id, comment: 'on deck' }, 'userGroup { id }');
    expect(await calls()).toBeGreaterThan(4);
  });

  it('is refused whole to who may not read a part of it', async () => {
    const { data, errors } = await graph.query(COUNT, {}, { headers: { authorization: 'Bearer sandbox-user' } });
    expect(errors?.map(({ extensions: { code } }) => code)).toEqual(['FORBIDDEN']);
    expect(data).toEqual({ access: null });
  });
});

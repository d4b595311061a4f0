import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { list, mutate, type Named, NOBODY, type Payload, refusals, writesOf } from './support.ts';

let graph: TestGraph;
let users: Named[];
let groups: Named[];
let assets: Named[];
let nodes: Named[];

beforeAll(async () => {
  graph = await startGraph({ sandboxOptions: { users: 12, assets: 20, sessions: 1 } });
  users = await list(graph, 'users(first: 100)', 'id uuid name');
  groups = await list(graph, 'userGroups(first: 100)', 'id uuid name');
  assets = await list(graph, 'assets(first: 100)', 'id uuid name');
  nodes = await list(graph, 'assetNodes(first: 100)', 'id uuid name');
});
afterAll(() => graph.close());
beforeEach(() => graph.sandbox.clearLog());

const IMPACT = `impact { pairsGained pairsLost actionsWidened usersAffected assetsAffected redundantWith { name }
  warnings { code path } sample { user { name } asset { name } actions paths { permission { name } viaGroup { name } viaNode { path } } } }`;

interface Impact {
  readonly pairsGained: number;
  readonly pairsLost: number;
  readonly actionsWidened: number;
  readonly usersAffected: number;
  readonly assetsAffected: number;
  readonly redundantWith: readonly { name: string }[];
  readonly warnings: readonly { code: string; path: string[] }[];
  readonly sample: readonly { user: { name: string }; asset: { name: string }; paths: readonly object[] }[];
}

/** A pair of the matrix with everything that may be done with it. */
interface Cell {
  readonly user: string;
  readonly asset: string;
  readonly actions: ReadonlySet<string>;
  readonly rights: string;
}

interface MatrixNode {
  user: { uuid: string };
  asset: { uuid: string };
  actions: string[];
  paths: { accounts: string[]; permission: { protocols: string[] } }[];
}

interface MatrixPage {
  readonly nodes: readonly MatrixNode[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

const MATRIX = `query($after: String) { access { matrix(first: 100, after: $after) { pageInfo { hasNextPage endCursor }
  nodes { user { uuid } asset { uuid } actions paths { accounts permission { protocols } } } } } }`;

/** The whole matrix as the graph tells it, by pair. */
async function readMatrix(after: string | null = null): Promise<Map<string, Cell>> {
  const { data, errors } = await graph.query<{ access: { matrix: MatrixPage } }>(MATRIX, { after });
  expect(errors).toBeUndefined();
  const { nodes: pairs, pageInfo } = data.access.matrix;
  const rest = pageInfo.hasNextPage ? await readMatrix(pageInfo.endCursor) : [];
  return new Map([
    ...pairs.map((pair): [string, Cell] => [`${pair.user.uuid} ${pair.asset.uuid}`, toCell(pair)]),
    ...rest,
  ]);
}

function toCell({ user, asset, actions, paths }: MatrixNode): Cell {
  const words = (items: readonly string[]) => [...new Set(items)].sort().join(' ');
  const accounts = words(paths.flatMap((path) => path.accounts));
  const protocols = words(paths.flatMap((path) => path.permission.protocols));
  return {
    user: user.uuid,
    asset: asset.uuid,
    actions: new Set(actions),
    rights: [words(actions), accounts, protocols].join(' | '),
  };
}

/** What changed between two matrices, counted pair by pair. */
function compare(before: ReadonlyMap<string, Cell>, after: ReadonlyMap<string, Cell>) {
  const gained = [...after].filter(([key]) => !before.has(key)).map(([, cell]) => cell);
  const lost = [...before].filter(([key]) => !after.has(key)).map(([, cell]) => cell);
  const both = [...after].flatMap(([key, now]) => {
    const was = before.get(key);
    return was ? [{ was, now }] : [];
  });
  const changed = both.filter(({ was, now }) => was.rights !== now.rights).map(({ now }) => now);
  const touched = [...gained, ...lost, ...changed];
  return {
    pairsGained: gained.length,
    pairsLost: lost.length,
    actionsWidened: both.filter(({ was, now }) => [...now.actions].some((action) => !was.actions.has(action))).length,
    usersAffected: new Set(touched.map(({ user }) => user)).size,
    assetsAffected: new Set(touched.map(({ asset }) => asset)).size,
  };
}

const some = (at: number[], rows: readonly Named[]) => [...new Set(at.map((index) => rows[index % rows.length]?.id))];
const places = (minLength: number) => fc.array(fc.nat(99), { minLength, maxLength: 3 });
const actionNames = ['CONNECT', 'UPLOAD', 'DOWNLOAD', 'COPY', 'PASTE', 'DELETE', 'SHARE'];
const grantParts = fc.record({
  users: places(1),
  userGroups: places(0),
  assets: places(1),
  nodes: places(0),
  actions: fc.subarray(actionNames, { minLength: 1 }),
  accounts: fc.subarray(['@ALL', 'root', '@INPUT', '!deploy'], { minLength: 1 }),
  protocols: fc.constantFrom(['all'], ['ssh'], ['ssh', 'rdp']),
  isActive: fc.boolean(),
  expiresAt: fc.constantFrom('2030-01-01T00:00:00Z', '2020-01-01T00:00:00Z', undefined),
});
type GrantParts = typeof grantParts extends fc.Arbitrary<infer Parts> ? Parts : never;
const change = fc.tuple(
  fc.constantFrom(
    'grantPermission',
    'updatePermission',
    'addToPermission',
    'removeFromPermission',
    'extendPermissions',
    'setPermissionActive',
    'revokePermissions',
  ),
  grantParts,
  fc.nat(99),
);

async function toInput(name: string, parts: GrantParts, at: number): Promise<object> {
  const permissions = await list(graph, 'permissions(first: 100)', 'id');
  const id = permissions[at % permissions.length]?.id;
  const members = {
    users: some(parts.users, users),
    userGroups: some(parts.userGroups, groups),
    assets: some(parts.assets, assets),
    nodes: some(parts.nodes, nodes),
  };
  const { actions, accounts, protocols, isActive, expiresAt } = parts;
  switch (name) {
    case 'grantPermission':
      return {
        name: `planned-${at % 12}`,
        ...members,
        actions,
        accounts,
        protocols,
        isActive,
        ...(expiresAt ? { startsAt: '2019-01-01T00:00:00Z', expiresAt } : {}),
      };
    case 'updatePermission':
      return { id, ...members, actions, protocols };
    case 'addToPermission':
      return { id, ...members, actions };
    case 'removeFromPermission':
      return { id, ...members };
    case 'extendPermissions':
      return { ids: [id], expiresAt: expiresAt ?? '2031-01-01T00:00:00Z' };
    case 'setPermissionActive':
      return { id, isActive };
    default:
      return { ids: [id] };
  }
}

const impactOf = (payload: Payload) => payload.impact as Impact;

describe('the impact of a granting mutation', () => {
  it('equals the matrix after less the matrix before, dry or real, and a dry run sends no write', async () => {
    let before = await readMatrix();
    const met = { pairsGained: 0, pairsLost: 0, actionsWidened: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(change, async ([name, parts, at]) => {
        const input = await toInput(name, parts, at);
        graph.sandbox.clearLog();
        const planned = await mutate(graph, name, { ...input, dryRun: true }, IMPACT);
        expect(writesOf(graph)).toEqual([]);
        const real = await mutate(graph, name, input, IMPACT);
        expect(refusals(planned)).toEqual(refusals(real));
        const after = await readMatrix();
        if (real.userErrors.length === 0) {
          expect(impactOf(planned)).toMatchObject(compare(before, after));
          expect(impactOf(real)).toEqual(impactOf(planned));
          met.pairsGained += impactOf(real).pairsGained;
          met.pairsLost += impactOf(real).pairsLost;
          met.actionsWidened += impactOf(real).actionsWidened;
        } else {
          met.refused += 1;
          expect([impactOf(planned), impactOf(real)]).toEqual([null, null]);
          expect(after).toEqual(before);
        }
        before = after;
      }),
      { numRuns: 60, seed: 20_261_122 },
    );
    for (const times of Object.values(met)) expect(times).toBeGreaterThan(0);
  }, 120_000);

  it('shows the first pairs gained with the ways that are planned', async () => {
    const input = {
      name: 'to be looked at',
      users: [users[0]?.id],
      assets: [assets[0]?.id, assets[1]?.id],
      accounts: ['root'],
      actions: ['CONNECT', 'SHARE'],
    };
    const { impact } = await mutate(
      graph,
      'grantPermission',
      { ...input, dryRun: true },
      `permission { id } ${IMPACT}`,
    );
    const { sample } = impact as Impact;
    const planned = sample.flatMap(({ paths }) => paths).filter((path) => JSON.stringify(path).includes(input.name));
    expect(sample.length).toBeLessThanOrEqual(2);
    for (const path of planned) {
      expect(path).toEqual({ permission: { name: 'to be looked at' }, viaGroup: null, viaNode: null });
    }
    expect(await list(graph, 'permissions(first: 1, filter: { name: "to be looked at" })', 'id')).toEqual([]);
  });

  const plain = () => ({
    name: 'plain',
    users: [users[0]?.id],
    assets: [assets[0]?.id],
    accounts: ['root'],
    actions: ['CONNECT'],
    dryRun: true,
  });
  const preview = (more: object) => mutate(graph, 'grantPermission', { ...plain(), ...more }, IMPACT);

  it('refuses in a dry run what the real run would refuse', async () => {
    const [taken] = await list(graph, 'permissions(first: 1)', 'name');
    expect(refusals(await preview({ users: [users[0]?.id, NOBODY] }))).toEqual(['users.1 NOT_FOUND']);
    expect(refusals(await preview({ name: taken?.name }))).toEqual(['name DUPLICATE']);
    expect(refusals(await preview({ users: [] }))).toEqual(['users REQUIRED']);
    expect(refusals(await mutate(graph, 'revokePermissions', { ids: [NOBODY], dryRun: true }, 'deletedIds'))).toEqual([
      'ids.0 NOT_FOUND',
    ]);
    expect(writesOf(graph)).toEqual([]);
  });

  it('of a revocation that was refused in part is that of the part that was done', async () => {
    const input = (at: number) => ({ ...plain(), dryRun: false, name: `back ${at}`, accounts: [`account-${at}`] });
    const grants = await Promise.all(
      [0, 1].map((at) => mutate(graph, 'grantPermission', input(at), 'permission { id }')),
    );
    const [first, second] = grants.map(({ permission }) => (permission as Named).id);
    const before = await readMatrix();
    const payload = await mutate(graph, 'revokePermissions', { ids: [first, NOBODY] }, `deletedIds ${IMPACT}`);
    expect([payload.deletedIds, refusals(payload)]).toEqual([[first], ['ids.1 NOT_FOUND']]);
    expect(impactOf(payload)).toMatchObject({ ...compare(before, await readMatrix()), usersAffected: 1 });
    const refused = await mutate(graph, 'revokePermissions', { ids: [first] }, `deletedIds ${IMPACT}`);
    expect([refused.deletedIds, refused.impact]).toEqual([[], null]);
    await mutate(graph, 'revokePermissions', { ids: [second] }, 'deletedIds');
  });

  it('knows what somebody else wrote since the lists were read', async () => {
    await readMatrix();
    const elsewhere = await startGraph({ sandbox: graph.sandbox });
    const { permission } = await mutate(
      elsewhere,
      'grantPermission',
      { ...plain(), dryRun: false, name: 'elsewhere' },
      'permission { id }',
    );
    await elsewhere.close();
    const { id } = permission as Named;
    const payload = await mutate(graph, 'addToPermission', { id, actions: ['SHARE'], dryRun: true }, IMPACT);
    expect([refusals(payload), payload.impact]).toEqual([[], expect.objectContaining({ pairsGained: 0 })]);
    await mutate(graph, 'revokePermissions', { ids: [id] }, 'deletedIds');
  });

  it('costs nothing on what was read for the one before, and counts what begins this moment', async () => {
    const newcomer = { name: 'newcomer', username: 'newcomer', email: 'newcomer@harbour.example' };
    const { user } = await mutate(graph, 'createUser', newcomer, 'user { id }');
    const input = { ...plain(), name: 'from now on', users: [(user as Named).id] };
    const ask = async (more: object) => {
      const query = `mutation($input: GrantPermissionInput!) { grantPermission(input: $input) { ${IMPACT} } }`;
      return graph.query<{ grantPermission: Payload }>(query, { input: { ...input, ...more } });
    };
    const always = await ask({});
    const startsAt = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 2));
    const fromNow = await ask({ startsAt });
    expect(fromNow.extensions.upstream.calls).toBe(0);
    expect(impactOf(fromNow.data.grantPermission)).toEqual(impactOf(always.data.grantPermission));
    expect(impactOf(always.data.grantPermission).sample.map(({ paths }) => paths.length)).toEqual([1]);
    await mutate(graph, 'deleteUser', { id: (user as Named).id }, 'deletedIds');
  });

  it('warns of every account of everything, of a start after the end, and of users who are switched off', async () => {
    const root = nodes.find(({ name }) => name === 'Default')?.id;
    const codes = async (more: object) => impactOf(await preview(more)).warnings.map(({ code }) => code);
    expect(await codes({ nodes: [root], accounts: ['@ALL'] })).toContain('OVER_BROAD');
    const backwards = { startsAt: '2031-01-01T00:00:00Z', expiresAt: '2030-01-01T00:00:00Z' };
    expect(await codes(backwards)).toContain('STARTS_AFTER_END');
    const leaver = await mutate(graph, 'updateUser', { id: users[1]?.id, isActive: false }, 'user { isActive }');
    expect(leaver.userErrors).toEqual([]);
    expect(await codes({ users: [users[1]?.id] })).toContain('DISABLED_USER');
  });

  it('names the permission that already gives all of it', async () => {
    const { name: _, dryRun: __, ...wide } = { ...plain(), actions: ['CONNECT', 'COPY'], accounts: ['@ALL'] };
    await mutate(graph, 'grantPermission', { name: 'gives it already', ...wide }, 'permission { id }');
    const { redundantWith, warnings, pairsGained } = impactOf(await preview({}));
    expect(redundantWith.map(({ name }) => name)).toContain('gives it already');
    expect([warnings.map(({ code }) => code).includes('REDUNDANT'), pairsGained]).toEqual([true, 0]);
  });
});

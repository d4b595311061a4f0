import { describe, expect, test } from 'vitest';
import { toActionNames } from '../../src/access/actions.ts';
import { checkAccess } from '../../src/access/check.ts';
import { createAccessEngine } from '../../src/access/engine.ts';
import { type AccessList, loadAccessInputs } from '../../src/access/load.ts';
import { createMatrix } from '../../src/access/matrix.ts';
import { assetsOfGroup } from '../../src/access/reach.ts';
import { loadSnapshot, type Version, versions } from '../support/recordings.ts';
import { BELOW, GRANTS, PEOPLE } from './recorded-people.ts';

const recordedAt = Date.parse('2026-11-22T00:00:18Z');

const resources: Record<AccessList, string> = {
  '/users/users/': 'users',
  '/users/groups/': 'user-groups',
  '/assets/nodes/': 'nodes',
  '/assets/assets/': 'assets',
  '/perms/asset-permissions/': 'asset-permissions',
};

/** How many assets ten people of the company reach, counted by hand from the permissions that name them or their group. */
const reach = [
  ['Alice', 0],
  ['Bob', 38],
  ['Carol', 10],
  ['Dave', 31],
  ['Erin', 15],
  ['Frank', 84],
  ['Grace', 18],
  ['Heidi', 21],
  ['Ivan', 17],
  ['Nina', 75],
] as const;

describe.each(versions)('the company recorded on %s', (version) => {
  test('is read from its rows whatever their version', async () => {
    const { inputs } = await engineOf(version);
    expect(inputs.users).toHaveLength(61);
    expect(inputs.nodes.length).toBeGreaterThan(30);
    expect(inputs.permissions).toHaveLength(30);
    expect(inputs.assets.flatMap(({ labels }) => labels)).toContainEqual(
      expect.objectContaining({ name: 'env', value: 'prod' }),
    );
  });

  test('an inactive user without a grant reaches nothing, as the server answered', async () => {
    const engine = await engineOf(version);
    expect(createMatrix(engine, { user: idOf(engine.inputs.users, 'Alice') }).total()).toBe(0);
  });
});

test.each([
  ['3.10.23', 61],
  ['4.9.0', 10],
  ['4.10.16', 10],
  ['4.10.19', 10],
] as const)('Carol reaches on %s the %i assets that her own request was answered', async (version, count) => {
  const engine = await engineOf(version);
  expect(createMatrix(engine, { user: idOf(engine.inputs.users, 'Carol') }).total()).toBe(count);
});

describe('the company recorded on 4.10.16', () => {
  test.each(reach)('%s reaches %i assets, by exactly the ways that the rows tell', async (name, count) => {
    const engine = await engineOf('4.10.16');
    const user = idOf(engine.inputs.users, name);
    const pairs = [...createMatrix(engine, { user }).all()];
    const found = pairs.map(({ asset, actions }) => ({
      asset: asset.name,
      actions: toActionNames(actions),
      ways: (checkAccess(engine, user, asset.id)?.paths ?? []).map(pathText).sort(),
      accounts: [...(checkAccess(engine, user, asset.id)?.accounts ?? [])].sort(),
    }));
    expect(found).toHaveLength(count);
    expect(found.sort(byAsset)).toEqual(reachedByHand(name).sort(byAsset));
  });

  test('the group audit reaches the 22 assets that the server counted', async () => {
    const engine = await engineOf('4.10.16');
    expect(assetsOfGroup(engine, idOf(engine.inputs.groups, 'audit'))).toHaveLength(22);
  });

  test('Dave reaches one machine directly and through his group', async () => {
    const engine = await engineOf('4.10.16');
    const { users, assets } = engine.inputs;
    const decision = checkAccess(engine, idOf(users, 'Dave'), idOf(assets, 'windows-0015'));
    expect(decision).toMatchObject({ allowed: true, accounts: ['@USER'], protocols: ['all'], blockedBy: [] });
    expect(toActionNames(decision?.actions ?? 0)).toEqual(['connect']);
    expect(decision?.expiresAt).toBe(Date.parse('2036-01-01T00:00:00Z'));
    expect(decision?.paths.map(pathText)).toEqual(['perm-003 > direct > direct', 'perm-003 > audit > direct']);
  });

  test('Bob reaches a production machine through his grant and his group, by the node above it', async () => {
    const engine = await engineOf('4.10.16');
    const { users, assets, nodes } = engine.inputs;
    const web = nodes.find(({ path }) => path === '/DEFAULT/eu-west/prod/web')?.id ?? '';
    const asset = assets.find((row) => row.nodes.includes(web))?.id ?? '';
    const decision = checkAccess(engine, idOf(users, 'Bob'), asset);
    expect(toActionNames(decision?.actions ?? 0)).toEqual(['connect', 'upload', 'download']);
    expect(decision?.paths.map(pathText)).toEqual([
      'perm-001 > direct > /DEFAULT/eu-west/prod',
      'perm-001 > dba > /DEFAULT/eu-west/prod',
    ]);
  });
});

async function engineOf(version: Version) {
  const rows = loadSnapshot(version);
  const reader = {
    async *list(path: AccessList) {
      const all = rows[resources[path]] ?? [];
      yield { rows: all.slice(0, 50), total: all.length };
      yield { rows: all.slice(50), total: all.length };
    },
  };
  const inputs = await loadAccessInputs(reader, { organization: 'default', now: () => recordedAt });
  return createAccessEngine(inputs);
}

/** What a person reaches by the tables of `recorded-people.ts`, asset by asset. */
function reachedByHand(name: string) {
  const ways = Object.entries(PEOPLE[name] ?? {}).flatMap(([permission, by]) => {
    const { assets = '', nodes = '', actions = '', accounts = '' } = GRANTS[permission] ?? {};
    const places = [
      ...words(assets).map((asset) => ({ asset, place: 'direct' })),
      ...words(nodes).flatMap((place) => words(BELOW[place] ?? '').map((asset) => ({ asset, place }))),
    ];
    return words(by).flatMap((via) =>
      places.map(({ asset, place }) => ({ asset, way: `${permission} > ${via} > ${place}`, actions, accounts })),
    );
  });
  return [...new Set(ways.map(({ asset }) => asset))].map((asset) => {
    const mine = ways.filter((way) => way.asset === asset);
    const rules = mine.flatMap(({ accounts }) => words(accounts));
    const allowed = mine.flatMap(({ actions }) => words(actions));
    return {
      asset,
      actions: ['connect', 'upload', 'download', 'copy', 'paste', 'delete', 'share'].filter((one) =>
        allowed.includes(one),
      ),
      ways: mine.map(({ way }) => way).sort(),
      accounts: [...new Set(rules)].sort(),
    };
  });
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function byAsset(left: { readonly asset: string }, right: { readonly asset: string }): number {
  return left.asset < right.asset ? -1 : 1;
}

function idOf(rows: readonly { readonly id: string; readonly name: string }[], name: string): string {
  return rows.find((row) => row.name === name)?.id ?? '';
}

function pathText(path: NonNullable<ReturnType<typeof checkAccess>>['paths'][number]): string {
  return [path.permission.name, path.viaGroup?.name ?? 'direct', path.viaNode?.path ?? 'direct'].join(' > ');
}

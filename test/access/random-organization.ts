/** Random small organisations for property tests: trees up to 6 deep, overlapping groups, time windows, account rules. */
import fc from 'fast-check';
import type {
  AccessAsset,
  AccessGroup,
  AccessInputs,
  AccessNode,
  AccessPermission,
  AccessUser,
} from '../../src/access/inputs.ts';

/** The moments at which random permissions begin and end, and at which they are asked. */
export const instants = [1000, 2000, 3000, 4000];

const accountRules = [
  '@ALL',
  '@SPEC',
  '@INPUT',
  '@USER',
  '@ANON',
  'root',
  'app',
  'user-1',
  '!root',
  '!app',
  '!user-1',
  '%template',
];

/** A whole organisation. */
export const organizations: fc.Arbitrary<AccessInputs> = fc
  .record({
    groups: groupLists(),
    nodes: nodeLists(),
  })
  .chain(({ groups, nodes }) =>
    fc
      .record({
        users: fc.array(users(groups), { minLength: 2, maxLength: 7, size: 'max' }).map(numbered),
        assets: fc.array(assets(nodes), { minLength: 3, maxLength: 40, size: 'max' }).map(numbered),
      })
      .chain(({ users, assets }) =>
        permissionLists(users, groups, nodes, assets).map((permissions) => ({
          organization: 'org',
          asOf: 2500,
          users,
          groups,
          nodes,
          assets,
          permissions,
        })),
      ),
  );

/** Permissions between the rows of an organisation, some of them with members that do not exist. */
export function permissionLists(
  users: readonly AccessUser[],
  groups: readonly AccessGroup[],
  nodes: readonly AccessNode[],
  assets: readonly AccessAsset[],
): fc.Arbitrary<AccessPermission[]> {
  const permission = fc.record({
    users: someIds(users),
    userGroups: someIds(groups),
    assets: someIds(assets),
    nodes: someIds(nodes),
    accounts: few(accountRules, 4),
    protocols: fc.subarray(['all', 'ssh', 'rdp']),
    actions: fc.integer({ min: 0, max: 127 }),
    isActive: fc.constantFrom(true, true, true, false),
    startsAt: fc.constantFrom(null, null, ...instants.slice(0, 3)),
    expiresAt: fc.constantFrom(null, null, ...instants.slice(1)),
    createdBy: fc.constant('test'),
    isFromTicket: fc.constant(false),
  });
  return fc
    .array(permission, { minLength: 1, maxLength: 8, size: 'max' })
    .map((rows) => rows.map((row, at) => ({ id: `permission-${at}`, name: `grant ${at % 3}`, ...row })));
}

function groupLists(): fc.Arbitrary<AccessGroup[]> {
  return fc
    .integer({ min: 0, max: 4 })
    .map((count) => Array.from({ length: count }, (_, at) => ({ id: `group-${at}`, name: `Group ${at}` })));
}

/** Each node hangs under an earlier one, at most 6 deep; the numbers reach 10 so that `1:1` and `1:10` both occur. */
function nodeLists(): fc.Arbitrary<AccessNode[]> {
  return fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 11 })), { maxLength: 14, size: 'max' }).map((places) => {
    const keys = ['1'];
    for (const [parent, child] of places) {
      const above = keys[parent % keys.length] ?? '1';
      const key = `${above}:${child}`;
      if (above.split(':').length < 6 && !keys.includes(key)) keys.push(key);
    }
    return keys.map((key) => ({ id: `node-${key}`, key, name: key, path: `/${key.replaceAll(':', '/')}` }));
  });
}

function users(groups: readonly AccessGroup[]) {
  return fc.record({
    isActive: fc.boolean(),
    isExpired: fc.boolean(),
    expiresAt: fc.option(fc.constantFrom(...instants)),
    groups: someIds(groups),
    kind: fc.constant('user' as const),
  });
}

function assets(nodes: readonly AccessNode[]) {
  return fc.record({
    address: fc.constant('10.0.0.1'),
    category: fc.constantFrom('host', 'database'),
    isActive: fc.boolean(),
    nodes: few(
      nodes.map(({ id }) => id),
      2,
    ),
    labels: fc.subarray([
      { id: 'label-1', name: 'env', value: 'prod' },
      { id: 'label-2', name: 'env', value: 'test' },
    ]),
    kind: fc.constant('asset' as const),
  });
}

function numbered<Row extends { kind: string }>(rows: readonly Row[]) {
  return rows.map((row, at) => ({
    id: `${row.kind}-${at}`,
    name: `${row.kind} ${(at * 7) % 4}`,
    username: `user-${at}`,
    ...row,
  }));
}

/** A few ids of these rows, and now and then one that nobody has. */
function someIds(rows: readonly { readonly id: string }[]): fc.Arbitrary<string[]> {
  return few([...rows.map(({ id }) => id), 'gone'], 4);
}

function few<Value>(values: Value[], most: number): fc.Arbitrary<Value[]> {
  return fc.subarray(values, { maxLength: Math.min(most, values.length) });
}

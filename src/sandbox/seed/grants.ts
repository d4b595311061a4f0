import { LABEL_TYPES } from '../labels.ts';
import { DAY_MS } from '../time.ts';
import type { Row } from '../types.ts';
import { DEFAULT_ORG } from '../world.ts';
import { type Draft, namedRow, put, rowsOf } from './draft.ts';

const LABELS: readonly [string, string][] = [
  ['stage', 'production'],
  ['stage', 'staging'],
  ['owner', 'harbour'],
  ['owner', 'shop'],
  ['class', 'gold'],
  ['class', 'silver'],
];

/** Labels on assets, users and groups. */
export function seedLabels(draft: Draft): void {
  const made = LABELS.map(([name, value]) =>
    put(draft, 'labels', { ...namedRow(draft, DEFAULT_ORG, name), value, color: '' }),
  );
  const number = (model: string): number => LABEL_TYPES[model]?.number[draft.version] ?? 0;
  const tag = (row: Row, label: Row | undefined, type: number): void => {
    if (label === undefined) return;
    put(draft, 'labeled-resources', {
      id: draft.chance.uuid(),
      label: label.id,
      res_type: type,
      res_id: row.id,
      org_id: DEFAULT_ORG,
      date_created: Number(row.date_created ?? draft.seed.at),
      date_updated: Number(row.date_created ?? draft.seed.at),
    });
  };
  const mine = rowsOf(draft, 'assets')
    .filter((asset) => asset.org_id === DEFAULT_ORG)
    .slice(0, 5000);
  mine.forEach((asset, i) => {
    if (i % 3 === 0) tag(asset, made[i % 2], number('assets.asset'));
    if (i % 5 === 1) tag(asset, made[2 + (i % 2)], number('assets.asset'));
  });
  rowsOf(draft, 'users')
    .slice(0, 500)
    .forEach((user, i) => {
      if (i % 8 === 2) tag(user, made[4 + (i % 2)], number('users.user'));
    });
  rowsOf(draft, 'user-groups')
    .slice(0, 2)
    .forEach((group) => {
      tag(group, made[2], number('users.usergroup'));
    });
}

const ACTION_SETS: readonly string[][] = [
  ['connect'],
  ['connect', 'upload', 'download'],
  ['connect', 'upload', 'download', 'copy', 'paste'],
  ['connect', 'upload', 'download', 'copy', 'paste', 'delete', 'share'],
];

const ACCOUNT_RULES: readonly string[][] = [
  ['@ALL'],
  ['root'],
  ['deploy'],
  ['@SPEC', 'deploy', 'backup'],
  ['@USER', '@INPUT'],
  ['@ALL', '!root'],
  [],
];

/** Grants of every kind: through groups and nodes, expired, future, inactive, empty. */
export function seedPermissions(draft: Draft): void {
  const { chance, seed } = draft;
  const users = rowsOf(draft, 'users');
  const groups = rowsOf(draft, 'user-groups').filter((group) => group.org_id === DEFAULT_ORG);
  const assets = rowsOf(draft, 'assets').filter((asset) => asset.org_id === DEFAULT_ORG);
  const nodes = rowsOf(draft, 'nodes').filter((node) => node.org_id === DEFAULT_ORG);
  const count = Math.max(30, Math.min(400, Math.round(seed.users / 4)));
  const links: Record<string, number> = {};
  const link = (table: string, permission: Row, column: string, other: Row | undefined): void => {
    if (other === undefined) return;
    const known = rowsOf(draft, table).some((one) => one.assetpermission === permission.id && one[column] === other.id);
    if (known) return;
    links[table] = (links[table] ?? 0) + 1;
    put(draft, table, { id: links[table] ?? 1, assetpermission: permission.id, [column]: other.id });
  };
  for (let i = 0; i < count; i += 1) {
    const permission = put(draft, 'asset-permissions', {
      ...namedRow(draft, DEFAULT_ORG, `${String(i + 1).padStart(3, '0')} ${i % 2 === 0 ? 'Daily work' : 'On duty'}`),
      accounts: [...(ACCOUNT_RULES[i % ACCOUNT_RULES.length] ?? [])],
      protocols: i % 6 === 5 ? ['ssh', 'rdp'] : ['all'],
      actions: [...(ACTION_SETS[i % ACTION_SETS.length] ?? [])],
      is_active: i % 10 !== 9,
      from_ticket: i % 15 === 14,
      date_start: i % 12 === 11 ? seed.at + 30 * DAY_MS : seed.at - 200 * DAY_MS,
      date_expired: i % 8 === 6 ? seed.at - 10 * DAY_MS : i % 8 === 3 ? seed.at + 20 * DAY_MS : seed.at + 3650 * DAY_MS,
    });
    if (i === count - 1) continue;
    for (let k = 0; k <= i % 3; k += 1) link('permission-users', permission, 'user', users[chance.below(users.length)]);
    if (i % 5 === 0) link('permission-users', permission, 'user', users[2]);
    if (i % 2 === 0) link('permission-user-groups', permission, 'usergroup', groups[(i / 2) % groups.length]);
    for (let k = 0; k < i % 5; k += 1)
      link('permission-assets', permission, 'asset', assets[chance.below(assets.length)]);
    if (i % 3 !== 1) link('permission-nodes', permission, 'node', nodes[1 + chance.below(nodes.length - 1)]);
  }
  const other = put(draft, 'asset-permissions', {
    ...namedRow(draft, draft.otherOrg, 'Lab access'),
    accounts: ['@ALL'],
    protocols: ['all'],
    actions: ['connect'],
    is_active: true,
    from_ticket: false,
    date_start: seed.at - 100 * DAY_MS,
    date_expired: seed.at + 3650 * DAY_MS,
  });
  link(
    'permission-user-groups',
    other,
    'usergroup',
    rowsOf(draft, 'user-groups').find((group) => group.org_id === draft.otherOrg),
  );
  link(
    'permission-nodes',
    other,
    'node',
    rowsOf(draft, 'nodes').find((node) => node.value === 'Vale Robotics'),
  );
}

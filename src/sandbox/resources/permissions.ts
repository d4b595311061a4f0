import {
  assetsOfPermission,
  isExpired,
  isValid,
  permissionsOfAsset,
  permissionsOfGroup,
  permissionsOfNode,
  permissionsOfUser,
  usersOfPermission,
} from '../access.ts';
import { type Exchange, lookOf } from '../exchange.ts';
import type { Field } from '../field.ts';
import {
  actions as actionsField,
  bool,
  computed,
  createdBy,
  dateCreated,
  id,
  moment,
  numberId,
  orgFields,
  text,
  texts,
  toBoolean,
} from '../fields.ts';
import { exact, flag, flagOf, related } from '../filters.ts';
import { isUuid, normalUuid } from '../ids.ts';
import { labels } from '../labels.ts';
import { pageOf, toPage } from '../lists.ts';
import { bareRef, type Link, linked, linkedIds, relatedRows } from '../related-fields.ts';
import type { Filter, Resource } from '../resource.ts';
import { toSelection } from '../tables/query.ts';
import { DAY_MS } from '../time.ts';
import type { Id, Json, Row, SandboxVersion } from '../types.ts';
import { idsOf, ROOT_ORG, rowOf, textOf, type View } from '../world.ts';
import { mustFind } from '../writes.ts';

/** The four sides of a permission, each a table of links (api.md §5.9). */
export const PERMISSION_LINKS = {
  users: { table: 'permission-users', own: 'assetpermission', other: 'user', rows: 'users' },
  user_groups: { table: 'permission-user-groups', own: 'assetpermission', other: 'usergroup', rows: 'user-groups' },
  assets: { table: 'permission-assets', own: 'assetpermission', other: 'asset', rows: 'assets' },
  nodes: { table: 'permission-nodes', own: 'assetpermission', other: 'node', rows: 'nodes' },
} as const satisfies Record<string, Link>;

const sides = Object.entries(PERMISSION_LINKS);

const members = (at: string): Field[] =>
  sides.map(([name, link]) => linked(name, link, { at, ...(name === 'nodes' ? { order: 'value' } : {}) }));

const amounts = (at: string, span: { since?: '4.9.0'; until?: '4.9.0' } = {}): Field[] =>
  sides.map(([name, link]) =>
    computed(`${name}_amount`, 'integer', (row, look) => linkedIds(look, link, row.id).length, { at, ...span }),
  );

type Find = (x: Exchange, id: Id, direct: boolean) => Set<Id>;

/** `all=false` leaves only what a permission names itself. */
const isDirect = (x: Exchange): boolean => x.query.has('all') && toBoolean(x.query.get('all')) === false;

function through(find: Find, table: string, nameColumn: string | null): Filter {
  return (value, x) => {
    if (value === '') return null;
    const rows = x.world.store.table(table);
    const row =
      nameColumn === null ? rows.get(isUuid(value) ? normalUuid(value) : value) : rows.where(nameColumn, value)[0];
    const ids = row === undefined ? new Set<Json>() : find(x, row.id, isDirect(x));
    return { column: 'id', values: ids };
  };
}

const ofUser: Find = (x, key, direct) => permissionsOfUser(x.world, key, direct);
const ofGroup: Find = (x, key) => permissionsOfGroup(x.world, key);
const ofAsset: Find = (x, key, direct) => permissionsOfAsset(x.world, key, direct);
const ofNode: Find = (x, key, direct) => permissionsOfNode(x.world, key, direct);

const hasNo = (row: Row, x: Exchange, names: readonly (keyof typeof PERMISSION_LINKS)[]): boolean =>
  names.every((name) => linkedIds({ world: x.world }, PERMISSION_LINKS[name], row.id).length === 0);

/** A permission that leads nowhere: no one or nothing to reach. */
function isWithoutResource(row: Row, x: Exchange): boolean {
  return hasNo(row, x, ['users', 'user_groups']) || hasNo(row, x, ['assets', 'nodes']);
}

function everyUser(x: Exchange): Json {
  const ids = usersOfPermission(x.world, mustFind(permissions, x).id);
  const words = (x.query.get('search') ?? '').toLowerCase();
  const rows = relatedRows(lookOf(x, 'L'), 'users', [...ids]).filter((row) =>
    `${textOf(row.name)} ${textOf(row.username)}`.toLowerCase().includes(words),
  );
  return toPage(x, toSelection(rows), (row) => ({
    user: row.id,
    user_display: `${textOf(row.name)}(${textOf(row.username)})`,
  }));
}

function everyAsset(x: Exchange): Json {
  const ids = assetsOfPermission(x.world, mustFind(permissions, x).id);
  const words = (x.query.get('search') ?? '').toLowerCase();
  const rows = relatedRows(lookOf(x, 'L'), 'assets', [...ids]).filter((row) =>
    `${textOf(row.name)} ${textOf(row.address)}`.toLowerCase().includes(words),
  );
  return toPage(x, toSelection(rows), (row) => ({
    asset: row.id,
    asset_display: `${textOf(row.name)}(${textOf(row.address)})`,
  }));
}

function everyAccount(x: Exchange): Json {
  const permission = mustFind(permissions, x);
  const names = idsOf(permission.accounts).map(String);
  const ids = assetsOfPermission(x.world, permission.id);
  const table = x.world.store.table('accounts');
  const rows = [...ids]
    .flatMap((asset) => [...table.where('asset', asset)])
    .filter((row) => names.includes('@ALL') || names.includes(textOf(row.username)));
  return toPage(x, toSelection(rows), (row) => ({
    id: row.id,
    name: row.name ?? '',
    username: row.username ?? '',
    asset: row.asset ?? null,
  }));
}

/** Not obeyed before 4.9. */
const expired: Filter = (value, x) =>
  x.world.version === '3.10.23' ? null : flagOf((row) => isExpired(row, x.world.now()))(value, x);

/** Grants of assets to people: `perms/asset-permissions/` (api.md §5.9). Lists have amounts, details members. */
export const permissions: Resource = {
  table: 'asset-permissions',
  path: 'perms/asset-permissions',
  noun: 'AssetPermission',
  model: 'perms.assetpermission',
  scope: 'org',
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    ...members('DW'),
    labels('perms.assetpermission'),
    ...amounts('L', { until: '4.9.0' }),
    ...amounts('LDW', { since: '4.9.0' }),
    texts('accounts', { type: 'list', fill: [] }),
    texts('protocols', { type: 'list', fill: ['all'] }),
    actionsField('actions'),
    ...orgFields(),
    bool('is_active', { fill: true }),
    computed('is_expired', 'boolean', (row, look) => isExpired(row, look.world.now())),
    computed('is_valid', 'boolean', (row, look) => isValid(row, look.world.now())),
    bool('from_ticket', { mode: 'ro' }),
    dateCreated(),
    moment('date_start', { fill: (look) => look.world.now() }),
    moment('date_expired', { fill: (look) => look.world.now() + 70 * 365.25 * DAY_MS }),
    createdBy(),
    text('comment'),
  ],
  mini: 'id name',
  small:
    'id name accounts protocols actions is_active is_expired is_valid from_ticket date_created date_start date_expired created_by comment',
  order: ['name'],
  search: ['name'],
  unique: [['name']],
  filters: {
    name: exact('name'),
    is_active: flag('is_active'),
    is_valid: flagOf((row, x) => isValid(row, x.world.now())),
    is_expired: expired,
    is_effective: flagOf((row, x) => isValid(row, x.world.now()) && !isWithoutResource(row, x)),
    is_no_resource: flagOf(isWithoutResource),
    from_ticket: flag('from_ticket'),
    accounts: (value) => {
      const wanted = value.split(',').filter((name) => name !== '');
      return wanted.length === 0 ? null : (row) => idsOf(row.accounts).some((name) => wanted.includes(String(name)));
    },
    user_id: through(ofUser, 'users', null),
    username: through(ofUser, 'users', 'username'),
    user_group_id: through(ofGroup, 'user-groups', null),
    user_group: through(ofGroup, 'user-groups', 'name'),
    asset_id: through(ofAsset, 'assets', null),
    asset_name: through(ofAsset, 'assets', 'name'),
    address: through(ofAsset, 'assets', 'address'),
    node_id: through(ofNode, 'nodes', null),
    node_name: through(ofNode, 'nodes', 'value'),
  },
  hooks: {
    deleted: (row, x) => {
      for (const [, link] of sides) {
        for (const one of x.world.store.table(link.table).where('assetpermission', row.id))
          x.world.store.table(link.table).remove(one.id);
      }
    },
  },
  actions: [
    { method: 'GET', path: ':id/users/all', perm: 'perms.view_assetpermission', run: everyUser },
    { method: 'GET', path: ':id/assets/all', perm: 'perms.view_assetpermission', run: everyAsset },
    { method: 'GET', path: ':id/accounts', perm: 'perms.view_assetpermission', run: everyAccount },
  ],
};

const DISPLAYS: Record<string, (row: Row) => string> = {
  user: (row) => `${textOf(row.name)}(${textOf(row.username)})`,
  usergroup: (row) => textOf(row.name),
  asset: (row) => `${textOf(row.name)}(${textOf(row.address)})`,
  node: (row) => textOf(row.full_value),
};

/** Before 4.10 a display was the bare name. */
function displayOf(column: string, other: Row, version: SandboxVersion): string {
  const isOld = version === '3.10.23' || version === '4.9.0';
  if (isOld && column !== 'node') return textOf(other.name);
  return DISPLAYS[column]?.(other) ?? textOf(other.name);
}

function display(name: string, table: string, column: string): Field[] {
  const read: Field['read'] = (row, look) => {
    const other = rowOf(look.world, table, row[column]);
    return other === undefined ? '' : displayOf(column, other, look.world.version);
  };
  if (column === 'node') return [computed(name, 'string', read)];
  return [
    computed(name, 'string', read, { at: 'LD', until: '4.10.16' }),
    computed(name, 'string', read, { since: '4.10.16' }),
  ];
}

/** On 4.9 displays are added to the query, and a page is read again without what was added (api.md §3.1). */
function withoutAdded(fields: readonly Field[], x: Exchange, view: View): readonly Field[] {
  if (x.world.version !== '4.9.0' || view !== 'L' || pageOf(x) === null) return fields;
  return fields.filter(({ name }) => !name.endsWith('_display') || name === 'node_display');
}

/** Relation endpoints filter on the organisation literally, so they are empty in the root organisation. */
function ofOrg(x: Exchange): (row: Row) => boolean {
  return (row) => x.org !== ROOT_ORG && rowOf(x.world, 'asset-permissions', row.assetpermission)?.org_id === x.org;
}

function toRelation([name, link]: [string, (typeof PERMISSION_LINKS)[keyof typeof PERMISSION_LINKS]]): Resource {
  const path = name.replaceAll('_', '-');
  return {
    table: link.table,
    path: `perms/asset-permissions-${path}-relations`,
    noun: `AssetPermission_${name}`,
    model: 'perms.assetpermission',
    perms: { add: 'perms.change_assetpermission', delete: 'perms.change_assetpermission' },
    scope: 'global',
    key: 'int',
    projected: false,
    noOptions: true,
    fields: [
      numberId(),
      bareRef(link.other, link.rows, { required: true }),
      ...display(`${link.other}_display`, link.rows, link.other),
      bareRef('assetpermission', 'asset-permissions', { required: true }),
      ...display('assetpermission_display', 'asset-permissions', 'assetpermission'),
    ],
    order: [],
    search: [],
    shape: withoutAdded,
    only: (x) => [ofOrg(x)],
    unique: [['assetpermission', link.other]],
    clash: () => ({ non_field_errors: ['The permission names this one already.'] }),
    bulkDelete: 'org',
    filters: {
      id: (value) => (value === '' ? null : { column: 'id', values: new Set([Number(value)]) }),
      assetpermission: related('assetpermission', 'asset-permissions'),
      assetpermission_id: related('assetpermission', 'asset-permissions'),
      [link.other]: related(link.other, link.rows),
      [`${link.other}_id`]: related(link.other, link.rows),
    },
  };
}

/** Who and what stands in which permission, one row a pair (api.md §5.9). */
export const permissionRelations: Resource[] = sides.map(toRelation);

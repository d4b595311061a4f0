import type { Id, Row } from './types.ts';
import { derived, idsOf, ROOT_ORG, textOf, type World } from './world.ts';

/** Whether a permission counts now: active and between its dates (api.md, Corrections). */
export function isValid(permission: Row, now: number): boolean {
  return permission.is_active === true && !isExpired(permission, now) && Number(permission.date_start) < now;
}

/** Whether a permission's end has passed. */
export function isExpired(permission: Row, now: number): boolean {
  return Number(permission.date_expired) < now;
}

const LINK_TABLES = ['permission-users', 'permission-user-groups', 'permission-assets', 'permission-nodes'];

/** The node and every node below it. */
export function subtreeOf(world: World, node: Id): ReadonlySet<Id> {
  const nodes = world.store.table('nodes');
  return derived(world, `subtree ${node}`, [nodes], () => {
    const found = new Set<Id>();
    const visit = (row: Row | undefined): void => {
      if (row === undefined || found.has(row.id)) return;
      found.add(row.id);
      for (const child of nodes.where('parent_key', textOf(row.key))) visit(child);
    };
    visit(nodes.get(node));
    return found;
  });
}

/** The node itself and those above it. */
function ancestorsOf(world: World, node: Id): Row[] {
  const nodes = world.store.table('nodes');
  const found: Row[] = [];
  let row = nodes.get(node);
  while (row !== undefined) {
    found.push(row);
    row = nodes.where('key', textOf(row.parent_key))[0];
  }
  return found;
}

/** Assets that hang on a node or below it, each once. */
export function assetsUnder(world: World, node: Id): ReadonlySet<Id> {
  const { store } = world;
  return derived(world, `under ${node}`, [store.table('nodes'), store.table('assets')], () => {
    const found = new Set<Id>();
    for (const id of subtreeOf(world, node))
      for (const asset of store.table('assets').where('nodes', id)) found.add(asset.id);
    return found;
  });
}

const others = (world: World, table: string, column: string, id: Id, other: string): Id[] =>
  world.store
    .table(table)
    .where(column, id)
    .map((link) => link[other] as Id);

/** The groups of a user. */
export const groupsOf = (world: World, user: Id): Id[] =>
  others(world, 'user-group-relations', 'user', user, 'usergroup');

/** The users of a group. */
export const membersOf = (world: World, group: Id): Id[] =>
  others(world, 'user-group-relations', 'usergroup', group, 'user');

/** Permissions that name a user, directly or through a group. */
export function permissionsOfUser(world: World, user: Id, direct = false): Set<Id> {
  const found = new Set(others(world, 'permission-users', 'user', user, 'assetpermission'));
  if (direct) return found;
  for (const group of groupsOf(world, user)) for (const id of permissionsOfGroup(world, group)) found.add(id);
  return found;
}

/** Permissions that name a group. */
export const permissionsOfGroup = (world: World, group: Id): Set<Id> =>
  new Set(others(world, 'permission-user-groups', 'usergroup', group, 'assetpermission'));

/** Permissions that name an asset, directly or through a node it hangs under. */
export function permissionsOfAsset(world: World, asset: Id, direct = false): Set<Id> {
  const found = new Set(others(world, 'permission-assets', 'asset', asset, 'assetpermission'));
  if (direct) return found;
  for (const node of idsOf(world.store.table('assets').get(asset)?.nodes)) {
    for (const id of permissionsOfNode(world, node)) found.add(id);
  }
  return found;
}

/** Permissions that name a node or one above it. */
export function permissionsOfNode(world: World, node: Id, direct = false): Set<Id> {
  const chain = direct ? [node] : ancestorsOf(world, node).map((row) => row.id);
  return new Set(chain.flatMap((id) => others(world, 'permission-nodes', 'node', id, 'assetpermission')));
}

/** The users of a permission: its own and its groups' members. */
export function usersOfPermission(world: World, permission: Id): Set<Id> {
  const found = new Set(others(world, 'permission-users', 'assetpermission', permission, 'user'));
  for (const group of others(world, 'permission-user-groups', 'assetpermission', permission, 'usergroup')) {
    for (const user of membersOf(world, group)) found.add(user);
  }
  return found;
}

/** The assets of a permission: its own and those under its nodes. */
export function assetsOfPermission(world: World, permission: Id): Set<Id> {
  const found = new Set(others(world, 'permission-assets', 'assetpermission', permission, 'asset'));
  for (const node of others(world, 'permission-nodes', 'assetpermission', permission, 'node')) {
    for (const asset of assetsUnder(world, node)) found.add(asset);
  }
  return found;
}

/** Of some permissions those that count now, in an organisation or (root) in all. */
function validOf(world: World, permissions: Iterable<Id>, org: string): Row[] {
  const now = world.now();
  const found: Row[] = [];
  for (const id of permissions) {
    const row = world.store.table('asset-permissions').get(id);
    if (row !== undefined && isValid(row, now) && (org === ROOT_ORG || row.org_id === org)) found.push(row);
  }
  return found;
}

/** Whose effective access is asked for. */
export type Subject = { user: Id } | { group: Id };

/** The permissions that count for a subject now. */
function validPermissions(world: World, subject: Subject, org: string): Row[] {
  const ids = 'user' in subject ? permissionsOfUser(world, subject.user) : permissionsOfGroup(world, subject.group);
  return validOf(world, ids, org);
}

/** The assets a subject may use now: (users ∪ groups) × (assets ∪ subtrees) over valid permissions. */
export function effectiveAssets(world: World, subject: Subject, org: string): ReadonlySet<Id> {
  const { store } = world;
  const tables = [...LINK_TABLES, 'user-group-relations', 'asset-permissions', 'assets', 'nodes'].map((name) =>
    store.table(name),
  );
  const second = Math.floor(world.now() / 1000);
  return derived(
    world,
    `effective ${JSON.stringify(subject)} ${org}`,
    tables,
    () => {
      const found = new Set<Id>();
      for (const permission of validPermissions(world, subject, org)) {
        for (const asset of assetsOfPermission(world, permission.id)) found.add(asset);
      }
      return found;
    },
    second,
  );
}

/** The permissions through which a subject may use one asset now. */
export function permissionsFor(world: World, subject: Subject, asset: Id, org: string): Row[] {
  const through = permissionsOfAsset(world, asset);
  return validPermissions(world, subject, org).filter((permission) => through.has(permission.id));
}

/** An account a subject may use on an asset, under the name it is asked for by. */
export interface PermedAccount {
  alias: string;
  account: Row | null;
  actions: string[];
  expires: number;
}

const SPECIAL = ['@INPUT', '@USER', '@ANON'];

/**
 * Accounts, virtual ones included, that permissions open on an asset to the user of that name. `!name` in one permission takes its actions
 * from what all of them give by `@ALL` or by name; `@USER` is the account called like the user, where there is one.
 */
export function permedAccounts(
  world: World,
  permissions: readonly Row[],
  asset: Id,
  username: string,
): PermedAccount[] {
  const found = new Map<string, PermedAccount>();
  const accounts = world.store
    .table('accounts')
    .where('asset', asset)
    .filter((account) => account.is_active !== false);
  const giving = (rule: string): Row[] => permissions.filter(({ accounts: rules }) => idsOf(rules).includes(rule));
  for (const account of accounts) {
    const name = textOf(account.username);
    const taken = new Set(giving(`!${name}`).flatMap(({ actions }) => idsOf(actions)));
    for (const permission of new Set([...giving('@ALL'), ...giving(name)])) {
      widen(found, String(account.id), account, permission, taken);
    }
  }
  for (const rule of SPECIAL) {
    const own = rule === '@USER' ? accounts.filter((account) => account.username === username) : [];
    for (const permission of giving(rule)) {
      if (own.length === 0) widen(found, rule, null, permission);
      for (const account of own) widen(found, String(account.id), account, permission);
    }
  }
  return [...found.values()].filter(({ actions }) => actions.length > 0);
}

function widen(
  found: Map<string, PermedAccount>,
  alias: string,
  account: Row | null,
  permission: Row,
  taken: ReadonlySet<Id> = new Set(),
): void {
  const known = found.get(alias) ?? { alias, account, actions: [], expires: 0 };
  const given = idsOf(permission.actions).filter((action) => !taken.has(action));
  known.actions = [...new Set([...known.actions, ...given.map(String)])];
  known.expires = Math.max(known.expires, Number(permission.date_expired));
  found.set(alias, known);
}

import { RESOURCES } from './catalogue.ts';
import { createChance } from './ids.ts';
import type { Resource } from './resource.ts';
import { PERMISSION_LINKS } from './resources/permissions.ts';
import { ROLES } from './rights.ts';
import { fieldsOf, listOf } from './rows.ts';
import { createStore } from './tables/store.ts';
import type { Id, Json, JsonObject, Row, SandboxState, SandboxVersion } from './types.ts';
import { factsOf } from './versions.ts';
import { createMemory, DEFAULT_ORG, idOf, type Look, textOf, type World } from './world.ts';

/** Resources whose rows lie in another's table, by the name they are given under; later ones add to earlier ones. */
const PARTS: Record<string, string> = {
  hosts: 'assets/hosts',
  devices: 'assets/devices',
  databases: 'assets/databases',
  webs: 'assets/webs',
  clouds: 'assets/clouds',
  gateways: 'assets/gateways',
  directories: 'assets/directories',
  customs: 'assets/customs',
  gpts: 'assets/gpts',
  'account-backup-plans': 'accounts/account-backup-plans',
  'gather-account-automations': 'accounts/gather-account-automations',
  'push-account-automations': 'accounts/push-account-automations',
  'change-secret-automations': 'accounts/change-secret-automations',
  'check-account-automations': 'accounts/check-account-automations',
  'apply-asset-tickets': 'tickets/apply-asset-tickets',
};

/** Kind of automation by the name its rows are given under: older servers do not say it themselves. */
const AUTOMATION_TYPES: Record<string, string> = {
  'account-backup-plans': 'backup_account',
  'gather-account-automations': 'gather_accounts',
  'push-account-automations': 'push_account',
  'change-secret-automations': 'change_secret',
  'check-account-automations': 'check_account',
};

/** Tickets last: their rows name the applicant by id, those of the typed lists only in words. */
const rankOf = (name: string): number => (name === 'tickets' ? 2 : name in PARTS ? 1 : 0);

function lookOf(version: SandboxVersion): Look {
  const world: World = {
    version,
    facts: factsOf(version),
    store: createStore(),
    resources: RESOURCES,
    chance: createChance(1),
    memory: createMemory(),
    seed: null,
    tokens: new Map(),
    now: () => 0,
  };
  return { world, zone: null, org: DEFAULT_ORG, user: null, view: 'D' };
}

function toRow(given: JsonObject, resource: Resource | undefined, look: Look, number: number): Row {
  const row: Row = { id: idOf(given.id) ?? number };
  if (resource === undefined) return { ...given, id: row.id };
  for (const field of fieldsOf(resource, look.world.version, 'all')) {
    const value = given[field.name];
    if (field.column === null || field.name === 'id') continue;
    if (value === undefined) {
      if (field.fill !== undefined && typeof field.fill !== 'function') row[field.column] = field.fill;
      continue;
    }
    const column = field.back === undefined ? value : field.back(value, look);
    if (column !== undefined) row[field.column] = column;
  }
  if (given.org_id !== undefined) row.org_id = given.org_id;
  else if (resource.scope === 'org') row.org_id = DEFAULT_ORG;
  return row;
}

/** How rows of a table are given where their name is not the table's. */
function resourceFor(name: string): Resource | undefined {
  const path = PARTS[name];
  if (path !== undefined) return RESOURCES.find((one) => one.path === path);
  return RESOURCES.find((one) => one.table === name);
}

function linkRows(name: keyof typeof PERMISSION_LINKS, permissions: readonly JsonObject[]): Row[] {
  const link = PERMISSION_LINKS[name];
  const rows: Row[] = [];
  for (const permission of permissions) {
    for (const member of listOf(permission[name])) {
      rows.push({
        id: rows.length + 1,
        assetpermission: permission.id ?? '',
        [link.other]: (member as JsonObject).id ?? '',
      });
    }
  }
  return rows;
}

/**
 * Makes a state of rows as a server's lists give them, keyed by resource: `users`, `user-groups` and
 * `asset-permissions` with members, `assets` (and `hosts`, `databases`, … for what only they have), `nodes`,
 * `platforms`, `zones`, `accounts`, `labels`, `labeled-resources`, `sessions`, `roles`, `role-bindings`, … A name that
 * is no resource's is kept as given. Missing relation tables are made of the members.
 */
export function fromRows(version: SandboxVersion, given: Record<string, Json[]>): SandboxState {
  const look = lookOf(version);
  const tables: Record<string, Map<Id, Row>> = {};
  const names = Object.keys(given).sort((a, b) => rankOf(a) - rankOf(b));
  for (const name of names) {
    const resource = resourceFor(name);
    const table = resource?.table ?? name;
    tables[table] ??= new Map();
    const rows = tables[table];
    listOf(given[name]).forEach((item, i) => {
      const row = toRow(item as JsonObject, resource, look, i);
      const type = AUTOMATION_TYPES[name];
      rows.set(row.id, { ...rows.get(row.id), ...row, ...(type === undefined ? {} : { type }) });
    });
  }
  const state: SandboxState = {
    version,
    tables: Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, [...rows.values()]])),
  };
  completeLinks(state, given);
  completeNodes(state);
  completeAssets(state);
  completeFavourites(state);
  for (const code of state.tables['rbac-permissions'] ?? []) {
    const type = code.content_type as JsonObject;
    code.code ??= `${textOf(type.app_label)}.${textOf(code.codename)}`;
  }
  return state;
}

/** Favourites are listed without their owner: they are the administrator's who listed them. */
function completeFavourites(state: SandboxState): void {
  const admin = (state.tables['role-bindings'] ?? []).find((binding) => binding.role === ROLES.systemAdmin);
  for (const favourite of state.tables['favorite-assets'] ?? []) favourite.user ??= admin?.user ?? null;
}

function completeLinks(state: SandboxState, given: Record<string, Json[]>): void {
  const permissions = listOf(given['asset-permissions']).map((one) => one as JsonObject);
  for (const name of Object.keys(PERMISSION_LINKS) as (keyof typeof PERMISSION_LINKS)[]) {
    state.tables[PERMISSION_LINKS[name].table] ??= linkRows(name, permissions);
  }
  state.tables['user-group-relations'] ??= listOf(given.users).flatMap((user, i) =>
    listOf((user as JsonObject).groups).map((group, k) => ({
      id: i * 100 + k + 1,
      user: (user as JsonObject).id ?? '',
      usergroup: (group as JsonObject).id ?? '',
    })),
  );
}

function completeNodes(state: SandboxState): void {
  for (const node of state.tables.nodes ?? []) {
    const parts = textOf(node.key).split(':');
    node.parent_key = parts.slice(0, -1).join(':');
    node.full_value ??= `/${textOf(node.value)}`;
  }
}

function completeAssets(state: SandboxState): void {
  const platforms = new Map((state.tables.platforms ?? []).map((row) => [row.id, row]));
  for (const asset of state.tables.assets ?? []) {
    const platform = platforms.get(idOf(asset.platform) ?? '');
    asset.category = asset.category ?? platform?.category ?? null;
    asset.type = asset.type ?? platform?.type ?? null;
  }
}

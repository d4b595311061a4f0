import { ApiError, forbidden } from '../errors.ts';
import { caller, type Exchange } from '../exchange.ts';
import { bool, computed, createdBy, dateCreated, id, text } from '../fields.ts';
import { exact } from '../filters.ts';
import { isLicensed } from '../gates.ts';
import { memberIds, orgsOf } from '../orgs.ts';
import type { Resource } from '../resource.ts';
import { may, ROLES, rolesOf } from '../rights.ts';
import type { Route } from '../routes.ts';
import { systemCodes } from '../system-codes.ts';
import { addRoot } from '../tree.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { DEFAULT_ORG, isObject, ROOT_ORG, SYSTEM_ORG, textOf, type World } from '../world.ts';
import { isGateway } from './asset-filters.ts';

const amount = (world: World, table: string, org: Json): number => world.store.table(table).where('org_id', org).length;

/** Gateways counted as assets but on 4.10.16. */
function assetsAmount(world: World, org: Json): number {
  if (world.version !== '4.10.16') return amount(world, 'assets', org);
  return world.store
    .table('assets')
    .where('org_id', org)
    .filter((row) => !isGateway(row, world)).length;
}

function statistics(row: Row, world: World): JsonObject {
  return {
    users_amount: memberIds(world, String(row.id)).size,
    groups_amount: amount(world, 'user-groups', row.id),
    assets_amount: assetsAmount(world, row.id),
    nodes_amount: amount(world, 'nodes', row.id),
    [world.facts.domains ? 'domains_amount' : 'zones_amount']: amount(world, 'zones', row.id),
    asset_perms_amount: amount(world, 'asset-permissions', row.id),
  };
}

/** Organisations: `orgs/orgs/` (api.md §5.16). Without a licence 4.10.19 makes none. */
export const orgs: Resource = {
  table: 'orgs',
  path: 'orgs/orgs',
  noun: 'Organization',
  title: 'Org',
  model: 'orgs.organization',
  scope: 'global',
  projected: false,
  bulkDelete: 'never',
  tells: (version) => (version === '4.10.19' ? 'GET' : 'GET POST PUT PATCH'),
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    computed('resource_statistics', 'nested object', (row, look) => statistics(row, look.world)),
    computed('is_default', 'field', (row) => row.id === DEFAULT_ORG),
    computed('is_root', 'field', (row) => row.id === ROOT_ORG),
    bool('internal', { mode: 'ro', type: 'field' }),
    dateCreated(),
    createdBy(),
    text('comment'),
  ],
  order: ['name'],
  search: ['name', 'comment'],
  unique: [['name']],
  filters: { name: exact('name') },
  only: () => [(row) => row.id !== ROOT_ORG],
  check: ({ x, row }) => {
    if (row === null && x.world.version === '4.10.19' && x.world.seed === null && !isLicensed(x.world))
      throw forbidden();
    if (row?.internal === true) throw forbidden();
  },
  hooks: {
    created: (row, { x }) => {
      addRoot(x.world, String(row.id));
    },
    deleting: (row, x) => {
      if (row.internal === true || [DEFAULT_ORG, ROOT_ORG, SYSTEM_ORG].includes(String(row.id))) throw forbidden();
      const used = ['user-groups', 'assets', 'asset-permissions', 'zones'].some(
        (table) => amount(x.world, table, row.id) > 0,
      );
      if (used)
        throw new ApiError(403, { detail: 'The organisation still holds something.', code: 'permission_denied' });
    },
    deleted: (row, x) => {
      for (const table of ['nodes', 'labels']) {
        for (const one of x.world.store.table(table).where('org_id', row.id)) x.world.store.table(table).remove(one.id);
      }
      const bindings = x.world.store.table('role-bindings');
      for (const one of bindings.where('org', row.id)) bindings.remove(one.id);
    },
  },
  actions: [{ method: 'GET', path: 'current', perm: 'any', run: (x) => currentOrg(x.world, x.org) }],
};

const ROOT_NAME = 'GLOBAL';

function shortOrg(world: World, key: string, rootName = ROOT_NAME): JsonObject {
  const row = world.store.table('orgs').get(key);
  return {
    id: key,
    name: key === ROOT_ORG ? rootName : textOf(row?.name),
    is_default: key === DEFAULT_ORG,
    is_root: key === ROOT_ORG,
    is_system: key === SYSTEM_ORG,
  };
}

function currentOrg(world: World, key: string): Json {
  const row = world.store.table('orgs').get(key);
  return { ...shortOrg(world, key), comment: textOf(row?.comment) };
}

/** Organisations in which a caller has one of the views. */
function orgsWith(x: Exchange, view: string, rootName: string): Json {
  const user = caller(x);
  const everywhere = rolesOf(x.world, user, ROOT_ORG).includes(ROLES.systemAdmin);
  const all = everywhere
    ? [...x.world.store.table('orgs').all()]
        .map((row) => String(row.id))
        .filter((key) => key !== SYSTEM_ORG && key !== ROOT_ORG)
    : orgsOf(x.world, user.id);
  const open = all
    .filter((key) => may(x.world, user, key, view))
    .sort((a, b) => (a === DEFAULT_ORG ? -1 : b === DEFAULT_ORG ? 1 : a < b ? -1 : 1));
  const root = may(x.world, user, ROOT_ORG, view) ? [shortOrg(x.world, ROOT_ORG, rootName)] : [];
  return [...root, ...open.map((key) => shortOrg(x.world, key))];
}

/** `app.codename`: kept as such, or told by the content type of a loaded row. */
function codeOf(row: Row): string {
  const type = row.content_type;
  const app = isObject(type) ? textOf(type.app_label) : '';
  return textOf(row.code) || `${app}.${textOf(row.codename)}`;
}

/** The organisations and permission codes of a caller; in the profile itself before 4.10. */
export function rightsOf(x: Exchange): JsonObject {
  const user = caller(x);
  const codes = [...[...x.world.store.table('rbac-permissions').all()].map(codeOf), ...systemCodes(x.world.version)];
  return {
    console_orgs: orgsWith(x, 'rbac.view_console', ROOT_NAME),
    audit_orgs: orgsWith(x, 'rbac.view_audit', ROOT_NAME),
    workbench_orgs: orgsWith(x, 'rbac.view_workbench', 'All organizations'),
    perms: [...new Set(codes.filter((code) => may(x.world, user, x.org, code)))].sort(),
  };
}

/** The caller's rights in the request's organisation: `users/profile/permissions/`. */
export const profilePermissions: Route = {
  method: 'GET',
  path: '/api/v1/users/profile/permissions',
  perm: 'any',
  since: '4.10.16',
  run: (x) => {
    const user = caller(x);
    return {
      id: user.id,
      username: textOf(user.username),
      pam_orgs: orgsWith(x, 'rbac.view_pam', ROOT_NAME),
      ...rightsOf(x),
    };
  },
};

import { SCOPES } from '../choices.ts';
import { forbidden } from '../errors.ts';
import { type Exchange, lookOf } from '../exchange.ts';
import type { Field, FieldOptions } from '../field.ts';
import {
  bool,
  choice,
  computed,
  createdBy,
  dateCreated,
  dateUpdated,
  id,
  json,
  numberId,
  plainChoice,
  text,
  updatedBy,
} from '../fields.ts';
import { exact, flag, oneOf, uuid } from '../filters.ts';
import { toPage } from '../lists.ts';
import { bareRef, type Face, ref, toRelatedIds } from '../related-fields.ts';
import type { Input, Resource } from '../resource.ts';
import { roleHas } from '../rights.ts';
import { fieldsOf, toAnswer } from '../rows.ts';
import { toSelection } from '../tables/query.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { DEFAULT_ORG, orgName, ROOT_ORG, rowOf, textOf, type World } from '../world.ts';
import { mustFind } from '../writes.ts';
import { users } from './users.ts';

const bindingsOf = (world: World, role: Row, org: string): Row[] =>
  world.store
    .table('role-bindings')
    .where('role', role.id)
    .filter((binding) => binding.scope === 'system' || org === ROOT_ORG || binding.org === org);

function refuseBuiltin(row: Row | null): void {
  if (row?.builtin === true) throw forbidden();
}

function checkRole(input: Input, scope: string | null): void {
  refuseBuiltin(input.row);
  if (scope !== null && input.row === null && input.values.scope !== undefined) input.values.scope = scope;
  if (input.row === null) input.values.display_name = textOf(input.values.name);
  else if (input.values.name !== undefined) input.values.display_name = textOf(input.values.name);
  if (Array.isArray(input.given.permissions)) input.values.permissions = input.given.permissions;
  const clone = input.x.query.get('clone_from');
  const source = clone === null ? undefined : input.x.world.store.table('roles').get(clone);
  if (source !== undefined && input.row === null)
    input.values.permissions = codesOf(input.x, source).map((row) => row.id);
}

/** The permission codes a role holds. */
function codesOf(x: Exchange, role: Row): Row[] {
  return [...x.world.store.table('rbac-permissions').all()].filter((row) =>
    roleHas(x.world, String(role.id), textOf(row.code)),
  );
}

function roleUsers(x: Exchange, resource: Resource): Json {
  const role = mustFind(resource, x);
  const ids = new Set(bindingsOf(x.world, role, x.org).map((binding) => binding.user ?? null));
  const rows = [...ids].flatMap((key) => x.world.store.table('users').where('id', key));
  const fields = fieldsOf(users, x.world.version, 'L');
  return toPage(x, toSelection(rows), (row) => toAnswer(row, fields, lookOf(x, 'L')));
}

function rolePermissions(x: Exchange, resource: Resource): Json {
  const rows = codesOf(x, mustFind(resource, x));
  const fields = fieldsOf(rbacPermissions, x.world.version, 'L');
  return toPage(x, toSelection(rows), (row) => toAnswer(row, fields, lookOf(x, 'L')));
}

function roleResource(path: string, model: string, scope: 'system' | 'org' | null): Resource {
  const resource: Resource = {
    table: 'roles',
    path,
    noun: scope === 'org' && path !== 'rbac/org-roles' ? 'OrgRole' : 'Role',
    title:
      path
        .split('/')[1]
        ?.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => (dash === '' ? '' : ' ') + letter.toUpperCase())
        .replace(/s$/, '') ?? 'Role',
    model,
    scope: 'global',
    uncut: true,
    projected: false,
    bulkDelete: 'global',
    methods: 'LCRUD',
    fields: [
      id(),
      text('name', { required: true, max: 128 }),
      computed('display_name', 'field', (row) => row.display_name ?? row.name ?? '', {
        column: 'display_name',
      }),
      choice('scope', SCOPES, { required: true }),
      computed(
        'users_amount',
        'field',
        (row, look) => new Set(bindingsOf(look.world, row, look.org).map((binding) => binding.user)).size,
      ),
      bool('builtin', { mode: 'ro' }),
      {
        ...json('permissions', { mode: 'wo', type: 'field' }),
        column: null,
        back: undefined,
        parse: (value, look) => toRelatedIds('rbac-permissions', value, look),
      },
      dateCreated(),
      dateUpdated(),
      createdBy(),
      updatedBy(),
      text('comment'),
    ],
    order: ['-builtin', 'scope', 'name'],
    search: (row) => [textOf(row.name), textOf(row.display_name)],
    unique: [['name', 'scope']],
    clash: () => ({ non_field_errors: ['A role of this scope has this name already.'] }),
    filters: { name: exact('name'), scope: oneOf('scope', SCOPES), builtin: flag('builtin') },
    ...(scope === null ? {} : { only: () => [{ column: 'scope', values: new Set<Json>([scope]) }] }),
    check: (input) => checkRole(input, scope),
    hooks: {
      deleting: (row, x) => {
        refuseBuiltin(row);
        if (bindingsOf(x.world, row, ROOT_ORG).length > 0) throw forbidden();
      },
    },
    actions: [
      { method: 'GET', path: ':id/users', perm: `${model.replace('.', '.view_')}`, run: (x) => roleUsers(x, resource) },
      {
        method: 'GET',
        path: ':id/permissions',
        perm: 'rbac.view_permission',
        run: (x) => rolePermissions(x, resource),
      },
    ],
  };
  return resource;
}

/** Roles and their two scopes (api.md §5.16). Built-in ones cannot be changed. */
export const roleResources: Resource[] = [
  roleResource('rbac/roles', 'rbac.role', null),
  roleResource('rbac/system-roles', 'rbac.systemrole', 'system'),
  roleResource('rbac/org-roles', 'rbac.orgrole', 'org'),
];

/** The organisation of a binding follows from its role; yet some metadata say that it can be written. */
function orgOf(isTold: boolean): Field[] {
  const org = (options: FieldOptions): Field => text('org', { mode: 'ro', nullable: true, type: 'field', ...options });
  if (!isTold) return [org({})];
  return [
    org({ until: '4.10.19', meta: { read_only: false, required: true } }),
    org({ since: '4.10.19', meta: { read_only: false } }),
  ];
}

const userFace: Face = (row) => ({ id: row.id, name: row.name ?? '', username: row.username ?? '' });

function bindingResource(path: string, model: string, scope: 'system' | 'org' | null): Resource {
  return {
    table: 'role-bindings',
    path,
    noun: 'RoleBinding',
    title:
      path
        .split('/')[1]
        ?.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => (dash === '' ? '' : ' ') + letter.toUpperCase())
        .replace(/s$/, '') ?? 'Role Binding',
    model,
    scope: 'global',
    projected: false,
    bulkDelete: 'global',
    fields: [
      id(),
      ref('user', 'users', { face: userFace }),
      bareRef('role', 'roles', { required: true }),
      { ...plainChoice('scope', SCOPES, { mode: 'ro' }), type: 'choice' },
      ...(scope === 'system' ? [] : orgOf(scope === null)),
      computed('org_name', 'field', (row, look) => orgName(look.world, row.org)),
    ],
    order: [],
    ...(scope === 'org' ? { tells: (version) => (version === '4.10.19' ? 'GET' : 'GET POST PUT PATCH') } : {}),
    search: (row, x) => {
      const user = rowOf(x.world, 'users', row.user);
      return [textOf(user?.name), textOf(user?.username), textOf(rowOf(x.world, 'roles', row.role)?.name)];
    },
    unique: [['user', 'role', 'org']],
    clash: () => ({ non_field_errors: ['The user has this role already.'] }),
    filters: {
      user: uuid('user'),
      role: uuid('role'),
      org: uuid('org'),
      scope: oneOf('scope', SCOPES),
      user__name: (value, x) => byUser('name', value, x),
      user__username: (value, x) => byUser('username', value, x),
      role__name: (value, x) => ({
        column: 'role',
        values: new Set(
          x.world.store
            .table('roles')
            .where('name', value)
            .map((row) => row.id),
        ),
      }),
    },
    only: (x) => {
      if (scope === 'system') return [{ column: 'scope', values: new Set<Json>(['system']) }];
      if (scope === 'org') return [{ column: 'org', values: new Set<Json>(x.org === ROOT_ORG ? [] : [x.org]) }];
      return x.org === ROOT_ORG ? [] : [(row) => row.scope === 'system' || row.org === x.org];
    },
    check: ({ x, row, values }) => {
      if (row !== null) return;
      const role = rowOf(x.world, 'roles', values.role);
      values.scope = role?.scope ?? 'org';
      values.org = values.scope === 'system' ? null : x.org === ROOT_ORG ? DEFAULT_ORG : x.org;
    },
  };
}

function byUser(column: string, value: string, x: Exchange): { column: string; values: Set<Json> } {
  return {
    column: 'user',
    values: new Set(
      x.world.store
        .table('users')
        .where(column, value)
        .map((row) => row.id),
    ),
  };
}

/** Who has which role where. */
export const bindingResources: Resource[] = [
  bindingResource('rbac/role-bindings', 'rbac.rolebinding', null),
  bindingResource('rbac/system-role-bindings', 'rbac.systemrolebinding', 'system'),
  bindingResource('rbac/org-role-bindings', 'rbac.orgrolebinding', 'org'),
];

/** Permission codes, with integer ids. */
export const rbacPermissions: Resource = {
  table: 'rbac-permissions',
  path: 'rbac/permissions',
  noun: 'Permission',
  model: 'rbac.permission',
  scope: 'global',
  key: 'int',
  methods: 'LR',
  projected: false,
  noOptions: true,
  fields: [
    numberId(),
    text('name', { mode: 'ro' }),
    computed('content_type', 'nested object', (row) => row.content_type ?? {}, { column: 'content_type' }),
    text('codename', { mode: 'ro' }),
  ],
  order: ['name'],
  search: ['name', 'codename'],
  filters: { codename: exact('codename') },
  actions: [{ method: 'GET', path: 'tree', perm: 'rbac.view_permission', run: permissionTree }],
};

/** The kinds of things that permission codes are about. */
export const contentTypes: Resource = {
  table: 'content-types',
  path: 'rbac/content-types',
  noun: 'ContentType',
  model: 'rbac.contenttype',
  scope: 'global',
  key: 'int',
  methods: 'LR',
  projected: false,
  noIds: true,
  noOptions: true,
  fields: [
    numberId(),
    text('app_label', { mode: 'ro' }),
    computed('app_display', 'string', (row) => textOf(row.app_label)),
    text('model', { mode: 'ro' }),
    computed('name', 'string', (row) => textOf(row.model)),
  ],
  order: ['app_label', 'model'],
  search: ['app_label', 'model'],
  filters: { app_label: exact('app_label'), model: exact('model') },
  only: (x) => {
    const table = x.world.store.table('content-types');
    for (const { content_type } of x.world.store.table('rbac-permissions').all()) {
      const { id, app_label, model } = (content_type ?? {}) as JsonObject;
      if (typeof id === 'number' && table.get(id) === undefined)
        table.insert({ id, app_label: textOf(app_label), model: textOf(model) });
    }
    return [];
  },
};

function permissionTree(x: Exchange): Json {
  const role = x.query.get('role');
  const apps = new Set<string>();
  const leaves: Json[] = [];
  for (const row of x.world.store.table('rbac-permissions').all()) {
    const app = textOf(row.code).split('.')[0] ?? '';
    apps.add(app);
    leaves.push({
      id: String(row.id),
      name: textOf(row.name),
      title: textOf(row.name),
      pId: app,
      isParent: false,
      checked: role !== null && roleHas(x.world, role, textOf(row.code)),
      meta: { type: 'perm', data: { codename: textOf(row.codename) } },
    });
  }
  return [
    ...[...apps].map((app) => ({ id: app, name: app, title: app, pId: '$ROOT$', isParent: true, open: false })),
    ...leaves,
  ];
}

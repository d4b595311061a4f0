import { MFA_LEVELS, PASSWORD_STRATEGIES, USER_SOURCES } from '../choices.ts';
import { ApiError, forbidden, says } from '../errors.ts';
import { type Exchange, lookOf, objectBody } from '../exchange.ts';
import type { Field } from '../field.ts';
import { bool, choice, computed, createdBy, email, id, moment, secret, text, toChoice, updatedBy } from '../fields.ts';
import { exact, flag, flagOf, idOrName, oneOf, uuid } from '../filters.ts';
import { labels } from '../labels.ts';
import { memberIds } from '../orgs.ts';
import { type Face, linked, relatedIdsIn, relatedRows, toRelatedIds } from '../related-fields.ts';
import type { Resource } from '../resource.ts';
import { reply } from '../resource.ts';
import { isSuperuser, ROLES } from '../rights.ts';
import { listOf } from '../rows.ts';
import { DAY_MS } from '../time.ts';
import type { Id, Json, Row } from '../types.ts';
import { idsOf, isObject, type Look, ROOT_ORG, textOf, type World } from '../world.ts';
import { mustFind, writeAnswer } from '../writes.ts';
import { suggestions } from './suggestions.ts';

const isExpired = (row: Row, world: World): boolean => Number(row.date_expired ?? Infinity) < world.now();

/** Whether a user may sign in at all: active and not expired. */
export const isValidUser = (row: Row, world: World): boolean => row.is_active === true && !isExpired(row, world);

const isBlocked = (row: Row, world: World): boolean =>
  (world.memory.failures.get(textOf(row.username))?.until ?? 0) > world.now();

const roleIds = (world: World, user: Id, scope: string, org: string): Id[] =>
  world.store
    .table('role-bindings')
    .where('user', user)
    .filter((binding) => binding.scope === scope && (scope === 'system' || org === ROOT_ORG || binding.org === org))
    .map((binding) => binding.role as Id);

const systemFace: Face = (row) => ({ id: row.id, display_name: row.display_name ?? row.name ?? '' });
const orgFace: Face = (row) => ({ id: row.id, display_name: row.display_name ?? row.name ?? '', name: row.name ?? '' });

/** Gives a user exactly these roles of a scope. */
function setRoles(world: World, user: Id, scope: 'system' | 'org', org: string, roles: readonly Id[]): void {
  const bindings = world.store.table('role-bindings');
  const missing = new Set(roles);
  for (const binding of bindings.where('user', user)) {
    if (binding.scope !== scope || (scope === 'org' && binding.org !== org)) continue;
    if (!missing.delete(binding.role as Id)) bindings.remove(binding.id);
  }
  for (const role of missing) {
    bindings.insert({ id: world.chance.uuid(), user, role, scope, org: scope === 'org' ? org : null });
  }
}

function roles(name: string, scope: 'system' | 'org', face: Face, at: string, until?: '4.9.0'): Field {
  return {
    ...computed(
      name,
      'm2m_related_field',
      (row, look) =>
        relatedRows(look, 'roles', roleIds(look.world, row.id, scope, look.org)).map((role) => face(role, look)),
      {
        at,
        ...(until === undefined ? {} : { until }),
      },
    ),
    mode: 'rw',
    parse: (value, look) => toRelatedIds('roles', value, look),
    after: (row, value, x) => {
      if (x.user?.id !== row.id) setRoles(x.world, row.id, scope, x.org, idsOf(value));
    },
  };
}

const flagField = (name: string, read: (row: Row, look: Look) => boolean, at = 'LDW'): Field =>
  computed(name, 'boolean', read, { at });

const outside = (name: string): Field => text(name, { at: 'W', mode: 'ro', nullable: true });

function readPhone(value: Json): Json {
  if (value === null || value === '') return null;
  if (isObject(value)) return value;
  const digits = textOf(value);
  return { code: '+86', phone: digits.replace(/^\+86/, '') };
}

/** The properties of a user (api.md §5.1). */
const userFields: Field[] = [
  id(),
  text('name', { required: true, max: 128 }),
  text('username', { required: true, max: 128 }),
  secret('password', { max: 1024 }),
  secret('public_key'),
  { ...email('email', { required: true, max: 128 }), until: '4.10.19' },
  text('email', { required: true, max: 256, since: '4.10.19' }),
  text('wechat', { max: 256 }),
  { ...text('phone', { nullable: true }), parse: readPhone },
  choice('mfa_level', MFA_LEVELS, { numeric: true, fill: 0 }),
  choice('source', USER_SOURCES, { fill: 'local' }),
  ...['wecom_id', 'dingtalk_id', 'feishu_id', 'lark_id', 'slack_id'].map(outside),
  roles('org_roles', 'org', orgFace, 'LDW', '4.9.0'),
  { ...roles('org_roles', 'org', orgFace, 'W'), since: '4.9.0' },
  computed('avatar_url', 'field', (row, look) =>
    isSuperuser(look.world, row) ? '/static/img/avatar/admin.png' : '/static/img/avatar/user.png',
  ),
  linked('groups', { table: 'user-group-relations', own: 'user', other: 'usergroup', rows: 'user-groups' }),
  roles('system_roles', 'system', systemFace, 'LDW'),
  labels('users.user'),
  {
    ...choice('password_strategy', PASSWORD_STRATEGIES, { fill: 'email' }),
    read: () => toChoice('email', PASSWORD_STRATEGIES),
  },
  { ...flagField('is_org_admin', (row, look) => isOrgAdmin(row, look)), until: '4.9.0' },
  { ...flagField('is_org_admin', (row, look) => isOrgAdmin(row, look), 'W'), since: '4.9.0' },
  flagField('is_superuser', (row, look) => isSuperuser(look.world, row)),
  bool('is_service_account', { mode: 'rw' }),
  flagField('is_valid', (row, look) => isValidUser(row, look.world)),
  flagField('is_expired', (row, look) => isExpired(row, look.world)),
  bool('is_active', { fill: true }),
  bool('is_otp_secret_key_bound', { mode: 'ro' }),
  flagField('can_public_key_auth', () => true),
  flagField('mfa_enabled', (row) => Number(row.mfa_level) > 0),
  bool('need_update_password'),
  { ...flagField('is_face_code_set', () => false), since: '4.9.0' },
  flagField('mfa_force_enabled', (row) => row.mfa_level === 2),
  bool('is_first_login', { mode: 'ro', fill: true }),
  flagField('login_blocked', (row, look) => isBlocked(row, look.world)),
  { ...flagField('has_public_keys', (row) => row.public_key != null && row.public_key !== '', 'D'), since: '4.10.16' },
  text('ukey_sn', { nullable: true, since: '4.10.19' }),
  { ...flagField('can_ukey_auth', () => false), since: '4.10.19' },
  moment('date_expired', { nullable: true, fill: (look) => look.world.now() + 70 * 365.25 * DAY_MS }),
  moment('date_joined', { mode: 'ro', fill: (look) => look.world.now() }),
  moment('last_login', { mode: 'ro' }),
  moment('date_updated', { mode: 'ro', fill: (look) => look.world.now() }),
  moment('date_api_key_last_used', { mode: 'ro' }),
  moment('date_password_last_updated', { mode: 'ro', fill: (look) => look.world.now() }),
  createdBy(),
  updatedBy({ mode: 'rw', since: '4.10.16' }),
  updatedBy({ until: '4.10.16' }),
  text('comment', { nullable: true }),
];

function isOrgAdmin(row: Row, look: Look): boolean {
  const isOld = look.world.version === '3.10.23';
  return (
    (isOld && isSuperuser(look.world, row)) || roleIds(look.world, row.id, 'org', look.org).includes(ROLES.orgAdmin)
  );
}

function refuseHighDelete(row: Row, x: Exchange): void {
  if (row.id === x.user?.id || row.username === 'admin') throw forbidden();
}

function leaveOrg(x: Exchange, user: Id): void {
  const bindings = x.world.store.table('role-bindings');
  for (const binding of bindings.where('user', user)) if (binding.org === x.org) bindings.remove(binding.id);
}

function forget(row: Row, x: Exchange): void {
  const { store } = x.world;
  for (const table of ['user-group-relations', 'permission-users', 'role-bindings', 'access-keys', 'favorite-assets']) {
    for (const one of store.table(table).where('user', row.id)) store.table(table).remove(one.id);
  }
}

function invite(x: Exchange): Json {
  if (x.org === ROOT_ORG) throw new ApiError(400, { error: 'Nobody can be invited into the root organisation.' });
  const body = objectBody(x);
  if (!Array.isArray(body.users)) throw new ApiError(400, { users: [says.required] });
  const users = relatedIdsIn(body, 'users', 'users', lookOf(x, 'W'));
  const chosen = Array.isArray(body.org_roles)
    ? relatedIdsIn(body, 'org_roles', 'roles', lookOf(x, 'W'))
    : [ROLES.orgUser];
  const members = memberIds(x.world, x.org);
  const known = users.find((user) => members.has(user));
  if (known !== undefined && x.world.facts.lookups) {
    throw new ApiError(400, { error: 'A user is a member of the organisation already.' });
  }
  for (const user of users) if (!members.has(user)) setRoles(x.world, user, 'org', x.org, chosen);
  return {
    org_roles: relatedRows(lookOf(x, 'W'), 'roles', chosen).map((role) => orgFace(role, lookOf(x, 'W'))),
    users,
  };
}

/** People and their accounts here: `users/users/` (api.md §5.1). */
export const users: Resource = {
  table: 'users',
  path: 'users/users',
  noun: 'User',
  model: 'users.user',
  scope: 'members',
  fields: userFields,
  mini: 'id name username',
  small: 'id name username email wechat phone mfa_level source ukey_sn created_by updated_by comment',
  order: ['name'],
  sortable: ['username'],
  search: ['username', 'email', 'name'],
  slug: 'username',
  unique: [['username'], ['email']],
  bulkDelete: 'users',
  patchLacks: ['password_strategy'],
  only: () => [(row) => row.is_service_account !== true],
  filters: {
    id: uuid('id'),
    username: exact('username'),
    email: exact('email'),
    name: exact('name'),
    source: oneOf('source', {
      ...USER_SOURCES,
      ldap_ha: '',
      openid: '',
      radius: '',
      saml2: '',
      oauth2: '',
      wecom: '',
      dingtalk: '',
      feishu: '',
      lark: '',
      slack: '',
      custom: '',
    }),
    is_active: flag('is_active'),
    is_first_login: flag('is_first_login'),
    mfa_level: oneOf('mfa_level', MFA_LEVELS, true),
    group_id: (value, x) => inGroup(value, x, true),
    exclude_group_id: (value, x) => inGroup(value, x, false),
    groups: (value, x) => {
      if (value === '') return null;
      const ids = x.world.store
        .table('user-groups')
        .where('name', value)
        .flatMap((group) => groupUsers(x.world, group.id));
      return { column: 'id', values: new Set(ids) };
    },
    system_roles: (value, x) => withRole(value, x, 'system'),
    org_roles: (value, x) => withRole(value, x, 'org'),
    is_valid: flagOf((row, x) => isValidUser(row, x.world)),
    is_expired: flagOf((row, x) => isExpired(row, x.world)),
    is_password_expired: flagOf(
      (row, x) => Number(row.date_password_last_updated ?? 0) < x.world.now() - 9999 * DAY_MS,
    ),
    is_long_time_no_login: flagOf((row, x) => Number(row.last_login ?? 0) < x.world.now() - 30 * DAY_MS),
    is_login_blocked: flagOf((row, x) => isBlocked(row, x.world)),
  },
  rules: {
    groups: (row, x) =>
      x.world.store
        .table('user-group-relations')
        .where('user', row.id)
        .map((link) => link.usergroup ?? null),
    system_roles: (row, x) => roleIds(x.world, row.id, 'system', x.org),
    org_roles: (row, x) => roleIds(x.world, row.id, 'org', x.org),
  },
  check: ({ x, row, values, extra, faults }) => {
    if (x.world.version === '4.10.19' && values.email !== undefined) delete faults.email;
    if (row !== null && row.id === x.user?.id) delete values.is_active;
    if (row === null) {
      extra.system_roles ??= [ROLES.user];
      extra.org_roles ??= [ROLES.orgUser];
    }
    if (row !== null && x.user !== null && isSuperuser(x.world, row) && !isSuperuser(x.world, x.user))
      throw forbidden();
    if (
      typeof values.username === 'string' &&
      /[\s/\\]/.test(values.username) &&
      values.username !== '' &&
      faults.username === undefined
    ) {
      values.username = values.username.trim();
    }
  },
  hooks: { deleting: refuseHighDelete, deleted: forget },
  actions: [
    suggestions('users.match_user', { everywhere: true }),
    { method: 'POST', path: 'invite', perm: 'users.invite_user', run: (x) => reply(201, invite(x)) },
    {
      method: 'POST',
      path: ':id/remove',
      perm: 'users.remove_user',
      run: (x) => {
        leaveOrg(x, mustFind(users, x).id);
        return reply(204);
      },
    },
    {
      method: 'POST',
      path: 'remove',
      perm: 'users.remove_user',
      run: (x) => {
        for (const user of listOf(objectBody(x).users ?? (x.query.get('ids') ?? '').split(',')))
          leaveOrg(x, textOf(user));
        return reply(204);
      },
    },
    {
      method: 'PUT PATCH',
      path: ':id/password',
      perm: 'users.change_user',
      run: (x) => {
        const row = mustFind(users, x);
        const password = objectBody(x).password;
        if (typeof password !== 'string' || password === '') throw new ApiError(400, { password: [says.required] });
        x.world.store.table('users').update(row.id, { password, date_password_last_updated: x.world.now() });
        return writeAnswer(users, x, row);
      },
    },
    {
      method: 'PUT PATCH',
      path: ':id/password/reset',
      perm: 'users.change_user',
      run: (x) => writeAnswer(users, x, mustFind(users, x)),
    },
    {
      method: 'PUT PATCH',
      path: ':id/pubkey/reset',
      perm: 'users.change_user',
      run: (x) => writeAnswer(users, x, mustFind(users, x)),
    },
    {
      method: 'PUT PATCH',
      path: ':id/unblock',
      perm: 'users.change_user',
      run: (x) => {
        const row = mustFind(users, x);
        x.world.memory.failures.delete(textOf(row.username));
        return writeAnswer(users, x, row);
      },
    },
    {
      method: 'GET',
      path: ':id/mfa/reset',
      perm: 'users.change_user',
      run: (x) => {
        const row = mustFind(users, x);
        x.world.store
          .table('users')
          .update(row.id, { is_otp_secret_key_bound: false, otp_secret: null, mfa_level: row.mfa_level === 2 ? 2 : 0 });
        return { msg: 'success' };
      },
    },
  ],
};

const groupUsers = (world: World, group: Id): Id[] =>
  world.store
    .table('user-group-relations')
    .where('usergroup', group)
    .map((link) => link.user as Id);

function inGroup(value: string, x: Exchange, inside: boolean): ReturnType<NonNullable<Resource['filters']>[string]> {
  if (value === '') return null;
  const ids = new Set<Json>(groupUsers(x.world, value.toLowerCase()));
  return inside ? { column: 'id', values: ids } : (row) => !ids.has(row.id);
}

function withRole(value: string, x: Exchange, scope: string): ReturnType<NonNullable<Resource['filters']>[string]> {
  const condition = idOrName('role', 'roles')(value, x);
  if (condition === null || typeof condition === 'function') return null;
  const bindings = x.world.store.table('role-bindings');
  const ids = [...condition.values]
    .flatMap((role) => bindings.where('role', role))
    .filter((binding) => binding.scope === scope && (scope === 'system' || binding.org === x.org));
  return { column: 'id', values: new Set(ids.map((binding) => binding.user ?? null)) };
}

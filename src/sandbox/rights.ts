import { forbidden } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Row } from './types.ts';
import { isIn } from './versions.ts';
import { derived, idOf, ROOT_ORG, textOf, type World } from './world.ts';

/** Built-in roles (api.md §5.16). */
export const ROLES = {
  systemAdmin: '00000000-0000-0000-0000-000000000001',
  systemAuditor: '00000000-0000-0000-0000-000000000002',
  user: '00000000-0000-0000-0000-000000000003',
  systemComponent: '00000000-0000-0000-0000-000000000004',
  orgAdmin: '00000000-0000-0000-0000-000000000005',
  orgAuditor: '00000000-0000-0000-0000-000000000006',
  orgUser: '00000000-0000-0000-0000-000000000007',
} as const;

/** What every user may do: own things, own access, own tickets. `*` stands for any verb or model. */
const OWN = [
  'assets.match_asset',
  'assets.match_node',
  'authentication.*_accesskey',
  'authentication.*_passkey',
  'authentication.*_sshkey',
  'authentication.add_temptoken',
  'authentication.change_temptoken',
  'authentication.view_temptoken',
  'authentication.add_connectiontoken',
  'authentication.expire_connectiontoken',
  'authentication.reuse_connectiontoken',
  'authentication.view_connectiontoken',
  'ops.*_adhoc',
  'ops.*_job',
  'ops.*_playbook',
  'ops.add_jobexecution',
  'ops.view_jobexecution',
  'ops.view_celerytaskexecution',
  'orgs.view_alljoinedorg',
  'perms.view_myassets',
  'rbac.view_filemanager',
  'rbac.view_webterminal',
  'rbac.view_workbench',
  'tickets.view_ticket',
  'users.match_user',
];

const AUDIT = [
  ...OWN,
  'audits.*',
  'rbac.view_audit',
  'terminal.*_command',
  'terminal.view_session',
  'terminal.view_sessionreplay',
  'terminal.download_sessionreplay',
  'terminal.view_sessionjoinrecord',
  'terminal.monitor_session',
  'terminal.view_terminal',
  'terminal.view_commandstorage',
];

/** What an organisation's administrator may not do: whatever is the whole system's. */
const SYSTEM_ONLY = [
  'settings.change_*',
  'settings.add_*',
  'settings.delete_*',
  'orgs.add_organization',
  'orgs.change_organization',
  'orgs.delete_organization',
  'orgs.view_organization',
  'rbac.*_systemrole',
  'rbac.*_systemrolebinding',
  'rbac.*_role',
  'assets.add_platform',
  'assets.change_platform',
  'assets.delete_platform',
  'acls.*_loginacl',
  'acls.*_connectmethodacl',
  'terminal.*_terminal',
  'terminal.*_commandstorage',
  'terminal.*_replaystorage',
  'terminal.*_endpoint',
  'terminal.*_endpointrule',
  'terminal.*_applethost',
  'audits.view_passwordchangelog_all',
  'users.delete_user',
];

/** Rules of a built-in role: what it has and what it has not. */
const BUILTIN: Record<string, { has: string[]; not?: string[] }> = {
  [ROLES.systemAdmin]: { has: ['*'] },
  [ROLES.systemAuditor]: { has: AUDIT },
  [ROLES.user]: { has: OWN },
  [ROLES.systemComponent]: { has: ['terminal.*', 'perms.view_*', 'authentication.*'] },
  [ROLES.orgAdmin]: { has: ['*'], not: SYSTEM_ONLY },
  [ROLES.orgAuditor]: { has: AUDIT },
  [ROLES.orgUser]: { has: OWN },
};

function toPattern(rules: readonly string[]): RegExp {
  const parts = rules.map((rule) => rule.replaceAll('.', '\\.').replaceAll('*', '[a-z0-9_.]*'));
  return new RegExp(`^(?:${parts.join('|')})$`);
}

const PATTERNS = new Map(
  Object.entries(BUILTIN).map(([role, { has, not }]) => [
    role,
    { has: toPattern(has), not: not === undefined ? null : toPattern(not) },
  ]),
);

/** Before 4.10 other users could be looked up by administrators only. */
const isWithheld = (world: World, role: string, permission: string): boolean =>
  permission === 'users.match_user' &&
  isIn(world.version, { until: '4.10.16' }) &&
  role !== ROLES.systemAdmin &&
  role !== ROLES.orgAdmin;

/** Whether a role holds a permission `app.verb_model`. */
export function roleHas(world: World, role: string, permission: string): boolean {
  const builtin = PATTERNS.get(role);
  if (builtin !== undefined) {
    if (isWithheld(world, role, permission)) return false;
    return builtin.has.test(permission) && builtin.not?.test(permission) !== true;
  }
  const codes = world.store.table('roles').get(role)?.permissions;
  if (!Array.isArray(codes)) return false;
  const known = world.store.table('rbac-permissions');
  return codes.some((code) => textOf(known.get(Number(code))?.code) === permission);
}

/** The roles that count for a user in an organisation: system roles everywhere, organisation roles in theirs. */
export function rolesOf(world: World, user: Row, org: string): string[] {
  const bindings = world.store.table('role-bindings');
  return derived(world, `roles ${user.id} ${org}`, [bindings], () =>
    bindings
      .where('user', user.id)
      .filter((binding) => binding.scope === 'system' || (binding.org === org && org !== ROOT_ORG))
      .map((binding) => textOf(idOf(binding.role))),
  );
}

/** Whether a user may do a thing in an organisation. */
export function may(world: World, user: Row, org: string, permission: string): boolean {
  return rolesOf(world, user, org).some((role) => roleHas(world, role, permission));
}

/** Whether a user administers the whole system. */
export function isSuperuser(world: World, user: Row): boolean {
  return rolesOf(world, user, ROOT_ORG).includes(ROLES.systemAdmin);
}

/** Refuses with 403 what the caller may not do. */
export function demand(x: Exchange, permission: string): void {
  if (permission === 'any' || permission === 'open') return;
  if (x.user === null || !permission.split('|').some((one) => x.user !== null && may(x.world, x.user, x.org, one))) {
    throw forbidden();
  }
}

import { isEmptyBits } from './bits.ts';
import { isExpiredAt } from './check.ts';
import { rowsAt } from './directory.ts';
import type { AccessEngine } from './engine.ts';
import { endOf, type Grant, startOf } from './grant.ts';
import type { AccessPermission, Timestamp } from './inputs.ts';
import type { Redundancy } from './redundancy.ts';
import { isRootNode } from './tree.ts';

/** What can be wrong with a grant that JumpServer would accept without a word. */
export type AccessWarningCode =
  | 'OVER_BROAD'
  | 'STARTS_AFTER_END'
  | 'ALREADY_EXPIRED'
  | 'NOT_YET_VALID'
  | 'NOT_ACTIVE'
  | 'NO_SUBJECT'
  | 'NO_RESOURCE'
  | 'NO_ACCOUNT'
  | 'NO_ACTION'
  | 'DISABLED_USER'
  | 'DISABLED_ASSET'
  | 'UNKNOWN_MEMBER'
  | 'REDUNDANT';

/** Something a person should know before granting; `path` names the input it is about. */
export type AccessWarning = {
  readonly code: AccessWarningCode;
  readonly message: string;
  readonly path: readonly string[];
};

/** Everything worth a warning in one grant, at a time. */
export function warnAbout(
  engine: AccessEngine,
  grant: Grant,
  redundancy: Redundancy | null,
  at: Timestamp,
): AccessWarning[] {
  const { permission } = grant;
  return [
    ...warnAboutWidth(engine, permission),
    ...warnAboutTime(permission, at),
    ...warnAboutEmptiness(grant),
    ...warnAboutMembers(engine, permission, at),
    ...(redundancy ? [warnAboutRedundancy(permission, redundancy)] : []),
  ];
}

/** Root nodes that a permission grants; with `@ALL` that is every account of every asset, now and later. */
export function grantedRoots(engine: AccessEngine, permission: AccessPermission): string[] {
  const nodes = permission.nodes.map((id) => engine.context.tree.byId.get(id)).filter((node) => node !== undefined);
  return nodes.filter(isRootNode).map((node) => node.path);
}

function warnAboutWidth(engine: AccessEngine, permission: AccessPermission): AccessWarning[] {
  const roots = grantedRoots(engine, permission);
  if (roots.length === 0 || !permission.accounts.includes('@ALL')) return [];
  return [
    warning(
      'OVER_BROAD',
      ['nodes'],
      `"${permission.name}" opens every account of every asset below ${roots.join(', ')}`,
    ),
  ];
}

function warnAboutTime(permission: AccessPermission, at: Timestamp): AccessWarning[] {
  const warnings: AccessWarning[] = [];
  const { name } = permission;
  if (startOf(permission) >= endOf(permission)) {
    warnings.push(warning('STARTS_AFTER_END', ['startsAt'], `"${name}" starts after its end, so it is never valid`));
  } else if (endOf(permission) <= at) {
    warnings.push(warning('ALREADY_EXPIRED', ['expiresAt'], `"${name}" ended on ${toDay(permission.expiresAt)}`));
  } else if (startOf(permission) > at) {
    warnings.push(
      warning('NOT_YET_VALID', ['startsAt'], `"${name}" gives nothing before ${toDay(permission.startsAt)}`),
    );
  }
  if (!permission.isActive)
    warnings.push(warning('NOT_ACTIVE', ['isActive'], `"${name}" is switched off and gives nothing`));
  return warnings;
}

function warnAboutEmptiness({ permission, subjects, resources }: Grant): AccessWarning[] {
  const warnings: AccessWarning[] = [];
  const { name } = permission;
  if (isEmptyBits(subjects)) warnings.push(warning('NO_SUBJECT', ['users'], `"${name}" reaches no user`));
  if (resources.count === 0) warnings.push(warning('NO_RESOURCE', ['assets'], `"${name}" reaches no asset`));
  if (permission.accounts.length === 0)
    warnings.push(warning('NO_ACCOUNT', ['accounts'], `"${name}" opens no account`));
  if (permission.actions === 0) warnings.push(warning('NO_ACTION', ['actions'], `"${name}" allows no action`));
  return warnings;
}

function warnAboutMembers(engine: AccessEngine, permission: AccessPermission, at: Timestamp): AccessWarning[] {
  const { context, directory, groups } = engine;
  const users = rowsAt(
    directory.users,
    permission.users.map((id) => context.userAt.get(id)),
  );
  const assets = rowsAt(
    directory.assets,
    permission.assets.map((id) => context.assetAt.get(id)),
  );
  const disabled = users.filter((user) => !user.isActive || isExpiredAt(user, at));
  const inactive = assets.filter((asset) => !asset.isActive);
  const unknown = [
    ...permission.users.filter((id) => !context.userAt.has(id)),
    ...permission.userGroups.filter((id) => !groups.has(id)),
    ...permission.assets.filter((id) => !context.assetAt.has(id)),
    ...permission.nodes.filter((id) => !context.tree.byId.has(id)),
  ];
  return [
    ...listed(
      'DISABLED_USER',
      ['users'],
      'Inactive or expired users',
      disabled.map((user) => user.name),
    ),
    ...listed(
      'DISABLED_ASSET',
      ['assets'],
      'Inactive assets',
      inactive.map((asset) => asset.name),
    ),
    ...listed('UNKNOWN_MEMBER', [], 'Not in this organisation', unknown),
  ];
}

function warnAboutRedundancy(permission: AccessPermission, { grants, kind }: Redundancy): AccessWarning {
  const names = grants.map((grant) => `"${grant.permission.name}"`);
  const how = kind === 'combined' ? 'together give' : 'already gives';
  return warning('REDUNDANT', [], `${shorten(names)} ${how} all that "${permission.name}" gives`);
}

function listed(code: AccessWarningCode, path: string[], what: string, names: readonly string[]): AccessWarning[] {
  return names.length === 0 ? [] : [warning(code, path, `${what}: ${shorten(names)}`)];
}

function shorten(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return names.slice(0, 5).join(', ') + more;
}

function warning(code: AccessWarningCode, path: readonly string[], message: string): AccessWarning {
  return { code, message, path };
}

function toDay(time: Timestamp | null): string {
  return time === null ? '' : new Date(time).toISOString().slice(0, 10);
}

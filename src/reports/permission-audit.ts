import { countBits, isEmptyBits } from '../access/bits.ts';
import type { AccessEngine } from '../access/engine.ts';
import { endOf, type Grant } from '../access/grant.ts';
import type { AccessPermission } from '../access/inputs.ts';
import { findRedundancy, isForever, type Redundancy } from '../access/redundancy.ts';
import { grantedRoots } from '../access/warnings.ts';
import { DAY_MILLISECONDS, type TimeRange } from './range.ts';
import type { GrantUsage, SessionUsage } from './usage.ts';

/** The nine questions of the audit, in the graph's words (graph.md §4). */
export const AUDIT_SECTIONS = [
  'expired',
  'expiring',
  'neverExpiring',
  'unused',
  'redundant',
  'shadowed',
  'overBroad',
  'withoutSubject',
  'withoutResource',
] as const;

/** One question of the audit. */
export type AuditSection = (typeof AUDIT_SECTIONS)[number];

/** Why a permission is listed. */
export type AuditReason =
  | 'EXPIRED'
  | 'EXPIRING'
  | 'NEVER_EXPIRES'
  | 'NO_SESSION'
  | 'ACCOUNTS_NOT_USED'
  | 'DUPLICATE'
  | 'SHADOWED'
  | 'COVERED_TOGETHER'
  | 'ROOT_NODE_ALL_ACCOUNTS'
  | 'EVERY_ASSET_ALL_ACCOUNTS'
  | 'NO_SUBJECT'
  | 'EMPTY_GROUPS'
  | 'NO_RESOURCE'
  | 'EMPTY_NODES';

/** One permission that a section lists. */
export interface AuditFinding {
  readonly permission: AccessPermission;
  readonly reason: AuditReason;
  readonly detail: string;
}

/** What can be told of permissions without looking at their use. */
export interface GrantAudit extends Readonly<Record<Exclude<AuditSection, 'unused'>, readonly AuditFinding[]>> {
  readonly asOf: number;
}

/** What sessions tell of permissions. */
export interface UseAudit {
  /** The sessions that decided what is unused. */
  readonly range: TimeRange;
  readonly sessions: number;
  readonly unused: readonly AuditFinding[];
  /** Used permissions that name accounts nobody used: what could be taken away without revoking them. */
  readonly unusedAccounts: readonly AuditFinding[];
}

/** The whole audit, and what it looked at. */
export interface PermissionAudit extends GrantAudit, UseAudit {}

/** What the audit asks. */
export interface AuditOptions {
  /** Permissions that end within this many days are `expiring`. Default 30. */
  readonly expiringWithinDays?: number;
}

/** Below this size of organisation, reaching every asset says nothing. */
const EVERY_ASSET_MINIMUM = 10;

/**
 * Audits all permissions of an organisation at the moment its rows were read. `unused` are those without a session of any
 * of their (user, asset) pairs in the range of `usage`, expired and empty ones included; `redundant` is everything that
 * other permissions give already, of which `shadowed` is what one wider permission gives.
 */
export function auditPermissions(
  engine: AccessEngine,
  usage: SessionUsage,
  options: AuditOptions = {},
): PermissionAudit {
  return { ...auditGrants(engine, options), ...auditUse(engine, usage) };
}

/** The part of the audit for which no session has to be read. */
export function auditGrants(engine: AccessEngine, options: AuditOptions = {}): GrantAudit {
  const at = engine.inputs.asOf;
  const soon = at + (options.expiringWithinDays ?? 30) * DAY_MILLISECONDS;
  const redundancies = new Map(engine.grants.map((grant) => [grant, findRedundancy(engine, grant, at)]));
  const select = selectFrom(engine);
  return {
    asOf: at,
    expired: select((grant) => (endOf(grant.permission) <= at ? { reason: 'EXPIRED', detail: ended(grant) } : null)),
    expiring: select((grant) =>
      isExpiring(grant, at, soon) ? { reason: 'EXPIRING', detail: ends(grant, at) } : null,
    ).sort(byOwnerAndEnd),
    neverExpiring: select((grant) =>
      isForever(endOf(grant.permission), at) ? { reason: 'NEVER_EXPIRES', detail: ends(grant, at) } : null,
    ),
    redundant: select((grant) => toCovered(redundancies.get(grant))),
    shadowed: select((grant) => {
      const redundancy = redundancies.get(grant);
      return redundancy?.kind === 'shadowed' ? toCovered(redundancy) : null;
    }),
    overBroad: select((grant) => (endOf(grant.permission) > at ? broadness(engine, grant) : null)),
    withoutSubject: select(missingSubject),
    withoutResource: select(missingResource),
  };
}

/** The part of the audit that sessions decide. */
export function auditUse(engine: AccessEngine, usage: SessionUsage): UseAudit {
  const usedOf = usage.on(engine);
  const used = new Map(engine.grants.map((grant) => [grant, usedOf(grant)]));
  const select = selectFrom(engine);
  return {
    range: usage.range,
    sessions: usage.count(),
    unused: select((grant) =>
      used.get(grant)?.pairs === 0 ? { reason: 'NO_SESSION', detail: unusedSince(usage.range) } : null,
    ),
    unusedAccounts: select((grant) => {
      const use = used.get(grant);
      return use ? unusedAccounts(grant, use) : null;
    }),
  };
}

/** Lists the permissions of an engine for which there is something to tell. */
function selectFrom({ grants }: AccessEngine) {
  return (toFinding: (grant: Grant) => Reasoned | null): AuditFinding[] =>
    grants.flatMap((grant) => {
      const finding = toFinding(grant);
      return finding ? [{ permission: grant.permission, ...finding }] : [];
    });
}

type Reasoned = Omit<AuditFinding, 'permission'>;

function isExpiring({ permission }: Grant, at: number, soon: number): boolean {
  return at < endOf(permission) && endOf(permission) <= soon;
}

/** Whoever granted them has them together, the next to end first. */
function byOwnerAndEnd({ permission: left }: AuditFinding, { permission: right }: AuditFinding): number {
  if (left.createdBy !== right.createdBy) return left.createdBy < right.createdBy ? -1 : 1;
  return endOf(left) - endOf(right);
}

function toCovered(redundancy: Redundancy | null | undefined): Reasoned | null {
  if (!redundancy) return null;
  const { kind, grants } = redundancy;
  const names = grants.map((grant) => grant.permission.name).join(', ');
  if (kind === 'duplicate') return { reason: 'DUPLICATE', detail: `The same is given by ${names}` };
  if (kind === 'shadowed') return { reason: 'SHADOWED', detail: `All of it is given by ${names}` };
  return { reason: 'COVERED_TOGETHER', detail: `All of it is given by ${names} together` };
}

function broadness(engine: AccessEngine, { permission, resources, subjects }: Grant): Reasoned | null {
  if (!permission.accounts.includes('@ALL')) return null;
  const users = countBits(subjects);
  const roots = grantedRoots(engine, permission);
  if (roots.length > 0) {
    return { reason: 'ROOT_NODE_ALL_ACCOUNTS', detail: `All accounts below ${roots.join(', ')} for ${users} users` };
  }
  const all = engine.inputs.assets.length;
  if (resources.count < all || all < EVERY_ASSET_MINIMUM) return null;
  return { reason: 'EVERY_ASSET_ALL_ACCOUNTS', detail: `All accounts of all ${all} assets for ${users} users` };
}

function missingSubject({ permission, subjects }: Grant): Reasoned | null {
  if (!isEmptyBits(subjects)) return null;
  if (permission.users.length + permission.userGroups.length === 0)
    return { reason: 'NO_SUBJECT', detail: 'No user and no group' };
  return { reason: 'EMPTY_GROUPS', detail: `None of its ${permission.userGroups.length} groups has a member` };
}

function missingResource({ permission, resources }: Grant): Reasoned | null {
  if (resources.count > 0) return null;
  if (permission.assets.length + permission.nodes.length === 0)
    return { reason: 'NO_RESOURCE', detail: 'No asset and no node' };
  return { reason: 'EMPTY_NODES', detail: `None of its ${permission.nodes.length} nodes holds an asset` };
}

function unusedAccounts({ accounts }: Grant, used: GrantUsage): Reasoned | null {
  const names = [...accounts.named].filter((name) => !/^[@%]/.test(name) && !used.accounts.has(name));
  if (used.pairs === 0 || names.length === 0) return null;
  const instead = used.accounts.size === 0 ? '' : `; used were ${[...used.accounts].sort().join(', ')}`;
  return { reason: 'ACCOUNTS_NOT_USED', detail: `Never used: ${names.join(', ')}${instead}` };
}

function ended({ permission }: Grant): string {
  return `Ended on ${toDay(permission.expiresAt)}, granted by ${permission.createdBy || 'unknown'}`;
}

function ends({ permission }: Grant, at: number): string {
  if (permission.expiresAt === null) return 'Has no end';
  const days = Math.ceil((permission.expiresAt - at) / DAY_MILLISECONDS);
  return `Ends on ${toDay(permission.expiresAt)} (in ${days} days), granted by ${permission.createdBy || 'unknown'}`;
}

function unusedSince(range: TimeRange): string {
  return `No session from ${toDay(range.from)} to ${toDay(range.to - 1)}`;
}

function toDay(time: number | null): string {
  return time === null ? 'never' : new Date(time).toISOString().slice(0, 10);
}

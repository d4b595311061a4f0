import { isEmptyBits } from '../access/bits.ts';
import type { AccessEngine } from '../access/engine.ts';
import { endOf, isValidAt } from '../access/grant.ts';
import { createMatrix } from '../access/matrix.ts';
import type { CommandRisks } from './command-risks.ts';
import type { LoginStatistics } from './login-statistics.ts';
import type { SessionStatistics } from './session-statistics.ts';

/** The figures of an organisation on one page. */
export interface Overview {
  readonly asOf: number;
  readonly users: number;
  readonly activeUsers: number;
  readonly groups: number;
  readonly assets: number;
  readonly activeAssets: number;
  readonly nodes: number;
  readonly permissions: number;
  readonly validPermissions: number;
  readonly expiredPermissions: number;
  /** Valid permissions that reach no user or no asset. */
  readonly emptyPermissions: number;
  /** Pairs of a user and an asset that some valid permission grants. */
  readonly pairs: number;
  readonly usersWithAccess: number;
  readonly sessions: number | null;
  readonly failedSessions: number | null;
  readonly logins: number | null;
  readonly failedLogins: number | null;
  readonly commands: number | null;
  readonly riskyCommands: number | null;
}

/** What was counted besides; left out counts are null, never zero. */
export interface OverviewCounts {
  readonly sessions?: SessionStatistics;
  readonly logins?: LoginStatistics;
  readonly commands?: CommandRisks;
}

/** Sums an organisation up. */
export function createOverview(engine: AccessEngine, { sessions, logins, commands }: OverviewCounts = {}): Overview {
  const { users, groups, assets, nodes, permissions, asOf } = engine.inputs;
  const valid = engine.grants.filter((grant) => isValidAt(grant.permission, asOf));
  const pairsByUser = createMatrix(engine).totalsByUser();
  return {
    asOf,
    users: users.length,
    activeUsers: users.filter((user) => user.isActive).length,
    groups: groups.length,
    assets: assets.length,
    activeAssets: assets.filter((asset) => asset.isActive).length,
    nodes: nodes.length,
    permissions: permissions.length,
    validPermissions: valid.length,
    expiredPermissions: permissions.filter((permission) => endOf(permission) <= asOf).length,
    emptyPermissions: valid.filter((grant) => isEmptyBits(grant.subjects) || grant.resources.count === 0).length,
    pairs: [...pairsByUser.values()].reduce((sum, count) => sum + count, 0),
    usersWithAccess: pairsByUser.size,
    sessions: sessions?.totalCount() ?? null,
    failedSessions: sessions?.failedCount() ?? null,
    logins: logins?.totalCount() ?? null,
    failedLogins: logins?.failedCount() ?? null,
    commands: commands?.totalCount() ?? null,
    riskyCommands: commands?.riskyCount() ?? null,
  };
}

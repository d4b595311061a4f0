import type { GraphContext } from '../../graph/context.ts';
import { type Row, tagRow } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { related } from '../access/related.ts';
import { toAssetRow, toPermissionRow, toUserRow } from '../access/rows.ts';
import { accountHygiene, accountSection, reachableAccounts, toAccountRow } from './account-hygiene.ts';
import { assetInventory, unreachedAssets } from './asset-inventory.ts';
import { commandRisks, riskyCommands, sessionOfCommand } from './command-risks.ts';
import { loginStatistics, usersWithoutLogin } from './login-statistics.ts';
import { figureOf, overview } from './overview.ts';
import { auditedSessions, grantSection, permissionAudit, sessionSection, unusedParts } from './permission-audit.ts';
import { sessionStatistics } from './session-statistics.ts';

const permission = related('Permission', 'permission', toPermissionRow);
const account = related('Account', 'account', toAccountRow);

/** Reports: audits and statistics over many rows. */
export const reports = {
  Query: { reports: () => ({}) },
  Organization: {
    reports: (row: Row, _args: object, context: GraphContext) => tagRow({}, context.enter(String(row['id']))),
  },
  Reports: {
    permissionAudit,
    sessionStatistics,
    loginStatistics,
    commandRisks,
    accountHygiene,
    assetInventory,
    overview,
  },
  PermissionAuditReport: {
    sessions: auditedSessions,
    expired: grantSection('expired'),
    expiring: grantSection('expiring'),
    neverExpiring: grantSection('neverExpiring'),
    unused: sessionSection('unused'),
    redundant: grantSection('redundant'),
    shadowed: grantSection('shadowed'),
    overBroad: grantSection('overBroad'),
    withoutSubject: grantSection('withoutSubject'),
    withoutResource: grantSection('withoutResource'),
    unusedAccounts: sessionSection('unusedAccounts'),
    unusedParts,
  },
  PermissionFinding: { permission },
  UnusedParts: {
    permission,
    users: related('User', 'users', toUserRow),
    assets: related('Asset', 'assets', toAssetRow),
  },
  LoginStatisticsReport: { usersWithoutLogin },
  CommandRisksReport: { commands: riskyCommands },
  RiskyCommand: { session: sessionOfCommand },
  AccountHygieneReport: {
    neverVerified: accountSection('neverVerified'),
    oldSecrets: accountSection('oldSecrets'),
    reachableByMany: reachableAccounts,
  },
  AccountFinding: { account },
  ReachableAccount: { account },
  AssetInventoryReport: { unreached: unreachedAssets },
  OverviewReport: {
    sessions: figureOf('sessions', 'total'),
    failedSessions: figureOf('sessions', 'bad'),
    logins: figureOf('logins', 'total'),
    failedLogins: figureOf('logins', 'bad'),
    commands: figureOf('commands', 'total'),
    riskyCommands: figureOf('commands', 'bad'),
  },
} satisfies Resolvers;

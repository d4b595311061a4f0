import { toGraphFault } from '../access/errors.ts';
import type { AccessUser } from '../access/inputs.ts';
import { isUpstreamError } from '../upstream/index.ts';
import { takeAssetInventory } from './asset-inventory.ts';
import { levelOf } from './command-risks.ts';
import type { ReportDocument } from './document.ts';
import { toAccountHygieneDocument } from './documents/account-hygiene.ts';
import { toAssetInventoryDocument } from './documents/asset-inventory.ts';
import { toCommandRisksDocument } from './documents/command-risks.ts';
import { toLoginStatisticsDocument } from './documents/login-statistics.ts';
import { toOverviewDocument } from './documents/overview.ts';
import { toPermissionAuditDocument } from './documents/permission-audit.ts';
import { toSessionStatisticsDocument } from './documents/session-statistics.ts';
import { gatherAccounts, gatherCommands, gatherLogins, gatherSessions, gatherUsage } from './gather.ts';
import { findUnusedParts } from './least-privilege.ts';
import { createOverview } from './overview.ts';
import { parseParameters, type ReportName, type ReportParameters, toRange } from './parameters.ts';
import { auditPermissions } from './permission-audit.ts';
import type { ReportSource } from './sources.ts';

type Makers = {
  readonly [Name in ReportName]: (
    source: ReportSource,
    parameters: ReportParameters<Name>,
    organization: string,
  ) => Promise<ReportDocument>;
};

const MAKERS: Makers = {
  'permission-audit': async (source, { unusedForDays, expiringWithinDays }, organization) => {
    const [engine, usage] = await Promise.all([source.engine(), gatherUsage(source, unusedForDays)]);
    const audit = auditPermissions(engine, usage, { expiringWithinDays });
    return toPermissionAuditDocument(audit, organization, findUnusedParts(engine, usage));
  },
  'session-statistics': async (source, { groupBy, timeZone, ...given }, organization) => {
    const asOf = source.now();
    const statistics = await gatherSessions(source, { range: toRange(given, asOf), groupBy, timeZone });
    return toSessionStatisticsDocument(statistics, { organization, asOf, groupBy });
  },
  'login-statistics': async (source, { timeZone, knownForDays, ...given }, organization) => {
    const asOf = source.now();
    const options = { range: toRange(given, asOf), timeZone, knownForDays };
    const [users, statistics] = await Promise.all([visibleUsers(source), gatherLogins(source, options)]);
    return toLoginStatisticsDocument(statistics, users, { organization, asOf });
  },
  'command-risks': async (source, { minimumLevel, ...given }, organization) => {
    const asOf = source.now();
    const { risks, risky } = await gatherCommands(source, {
      range: toRange(given, asOf),
      minimumLevel: levelOf(minimumLevel),
    });
    return toCommandRisksDocument(risks, risky, { organization, asOf });
  },
  'account-hygiene': async (source, parameters, organization) =>
    toAccountHygieneDocument(await gatherAccounts(source, parameters), organization),
  'asset-inventory': async (source, _parameters, organization) =>
    toAssetInventoryDocument(takeAssetInventory(await source.engine()), organization),
  overview: async (source, given, organization) => {
    const range = toRange(given, source.now());
    const [engine, sessions, logins, { risks: commands }] = await Promise.all([
      source.engine(),
      gatherSessions(source, { range, groupBy: [] }),
      gatherLogins(source, { range, knownForDays: 0 }),
      gatherCommands(source, { range }),
    ]);
    return toOverviewDocument(createOverview(engine, { sessions, logins, commands }), organization, range);
  },
};

/** The users of the organisation; undefined for those who may read its logs and not its users, as JumpServer's auditors. */
async function visibleUsers(source: ReportSource): Promise<readonly AccessUser[] | undefined> {
  try {
    return (await source.engine()).inputs.users;
  } catch (error) {
    if (isUpstreamError(error, 'FORBIDDEN')) return undefined;
    throw error;
  }
}

/**
 * Makes a report from its name and its parameters as texts (`parameters.ts`); `exportReport` writes it. Throws `BAD_USER_INPUT` for
 * parameters that make no sense, and what reading the rows throws.
 */
export async function createReport<Name extends ReportName>(
  name: Name,
  source: ReportSource,
  given: Readonly<Record<string, unknown>>,
): Promise<ReportDocument> {
  const parameters = parseParameters(name, given);
  try {
    const [organization, madeBy] = await Promise.all([source.organization(), source.caller()]);
    const report = await MAKERS[name](source, parameters, organization);
    return { ...report, madeBy, parameters: toTexts(parameters) };
  } catch (error) {
    throw toGraphFault(error);
  }
}

/** The parameters as a reader of the report is told them; its range stands apart. */
function toTexts({ from: _from, to: _to, ...asked }: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asked).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}

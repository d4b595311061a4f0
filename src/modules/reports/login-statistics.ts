import type { AccessUser } from '../../access/inputs.ts';
import type { ReportsLoginStatisticsArgs } from '../../generated/resolvers.ts';
import type { Answer, Resolver } from '../../graph/resolve.ts';
import { scopeOf, tagForeign } from '../../graph/row.ts';
import { gatherLogins } from '../../reports/gather.ts';
import type { LoginTally } from '../../reports/login-statistics.ts';
import { related } from '../access/related.ts';
import { toIsoText, toUserRow } from '../access/rows.ts';
import { inGraphWords } from '../access/scene.ts';
import { toDays, toRangeObject, toTimeRange, toTimeZone, withSource } from './source.ts';

/** `Reports.loginStatistics`. */
export const loginStatistics = withSource(async ({ source, mark }, args: ReportsLoginStatisticsArgs) => {
  const asOf = source.now();
  const statistics = await gatherLogins(source, {
    range: toTimeRange(args.range, asOf),
    timeZone: toTimeZone(args.timeZone),
    knownForDays: toDays('knownForDays', args.knownForDays, 0),
  });
  return mark({
    withoutLogin: async () => statistics.withoutLogin((await source.engine()).inputs.users),
    asOf: toIsoText(asOf),
    range: toRangeObject(statistics.range),
    totalCount: statistics.totalCount(),
    failedCount: statistics.failedCount(),
    byDay: statistics.byDay(),
    byUser: statistics.byUser().map(toTally),
    byAddress: statistics.byAddress().map(toTally),
    newAddresses: statistics.newAddresses().map(({ at, ...found }) => ({ ...found, occurredAt: toIsoText(at) })),
  });
});

const users = related('User', 'users', toUserRow);

/** `LoginStatisticsReport.usersWithoutLogin`: the users of the organisation are read only for it. */
export const usersWithoutLogin: Resolver<Answer, { readonly withoutLogin: () => Promise<AccessUser[]> }> = (
  report,
  args,
  context,
  info,
) =>
  inGraphWords(async () => {
    const source = tagForeign({ users: await report.withoutLogin() }, scopeOf(report, context.scope), context);
    return users(source, args, context, info);
  });

function toTally({ lastFailedAt, ...tally }: LoginTally) {
  return { ...tally, lastFailedAt: toIsoText(lastFailedAt) };
}

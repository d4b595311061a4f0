import type { ReportsSessionStatisticsArgs } from '../../generated/resolvers.ts';
import { badInput } from '../../graph/errors.ts';
import { gatherSessions } from '../../reports/gather.ts';
import { toIsoText } from '../access/rows.ts';
import { toRangeObject, toTimeRange, toTimeZone, withSource } from './source.ts';

/** `Reports.sessionStatistics`. */
export const sessionStatistics = withSource(async ({ source }, args: ReportsSessionStatisticsArgs) => {
  const asOf = source.now();
  const range = toTimeRange(args.range, asOf);
  const { groupBy } = args;
  if (new Set(groupBy).size < groupBy.length) throw badInput('groupBy: expected each dimension once.');
  const statistics = await gatherSessions(source, { range, groupBy, timeZone: toTimeZone(args.timeZone) });
  return {
    asOf: toIsoText(asOf),
    range: toRangeObject(range),
    totalCount: statistics.totalCount(),
    groups: statistics.groups(),
  };
});

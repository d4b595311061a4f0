import { badInput } from '../../graph/errors.ts';
import { gatherSessions } from '../../reports/gather.ts';
import type { SessionDimension } from '../../reports/session-statistics.ts';
import { toIsoText } from '../access/rows.ts';
import { toRangeObject, toTimeRange, toTimeZone, withSource } from './source.ts';

/** `Reports.sessionStatistics`. */
export const sessionStatistics = withSource(async ({ source }, args) => {
  const asOf = source.now();
  const range = toTimeRange(args['range'] as { from?: string; to?: string }, asOf);
  const groupBy = args['groupBy'] as readonly SessionDimension[];
  if (new Set(groupBy).size < groupBy.length) throw badInput('groupBy: expected each dimension once.');
  const statistics = await gatherSessions(source, { range, groupBy, timeZone: toTimeZone(args['timeZone']) });
  return {
    asOf: toIsoText(asOf),
    range: toRangeObject(range),
    totalCount: statistics.totalCount(),
    groups: statistics.groups(),
  };
});

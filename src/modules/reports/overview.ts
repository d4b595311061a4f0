import type { ReportsOverviewArgs } from '../../generated/resolvers.ts';
import type { Resolver } from '../../graph/resolve.ts';
import { gatherCommands, gatherLogins, gatherSessions } from '../../reports/gather.ts';
import { createOverview } from '../../reports/overview.ts';
import { once } from '../access/page.ts';
import { toIsoText } from '../access/rows.ts';
import { inGraphWords } from '../access/scene.ts';
import { toRangeObject, toTimeRange, withSource } from './source.ts';

/** How many there were, and how many of them went wrong. */
interface Count {
  readonly total: number;
  readonly bad: number;
}

type Log = 'sessions' | 'logins' | 'commands';
type Counts = Readonly<Record<Log, () => Promise<Count>>>;

/** `Reports.overview`: each log is read when one of its figures is asked for. */
export const overview = withSource(async ({ source }, args: ReportsOverviewArgs) => {
  const range = toTimeRange(args.range, source.now());
  const { asOf, ...figures } = createOverview(await source.engine());
  const counts: Counts = {
    sessions: once(async () => {
      const statistics = await gatherSessions(source, { range, groupBy: [] });
      return { total: statistics.totalCount(), bad: statistics.failedCount() };
    }),
    logins: once(async () => {
      const statistics = await gatherLogins(source, { range, knownForDays: 0 });
      return { total: statistics.totalCount(), bad: statistics.failedCount() };
    }),
    commands: once(async () => {
      const { risks } = await gatherCommands(source, { range });
      return { total: risks.totalCount(), bad: risks.riskyCount() };
    }),
  };
  return { ...figures, counts, asOf: toIsoText(asOf), range: toRangeObject(range) };
});

/** The resolver of a figure that comes from a log. */
export function figureOf(log: Log, part: keyof Count): Resolver<number, { readonly counts: Counts }> {
  return ({ counts }) => inGraphWords(async () => (await counts[log]())[part]);
}

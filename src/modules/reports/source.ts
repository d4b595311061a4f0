import type { DateTimeRange } from '../../generated/resolvers.ts';
import type { GraphContext } from '../../graph/context.ts';
import { badInput } from '../../graph/errors.ts';
import { planOf, type Resolver } from '../../graph/resolve.ts';
import { type Row, scopeOf, tagForeign } from '../../graph/row.ts';
import { openReportSource } from '../../reports/open-source.ts';
import { lastUtcDays, type TimeRange } from '../../reports/range.ts';
import type { ReportSource } from '../../reports/sources.ts';
import { isTimeZone } from '../../reports/time-zone.ts';
import { inGraphWords, type Telling } from '../access/scene.ts';

/** What a report is made of within one operation. */
export interface ReportScene {
  readonly source: ReportSource;
  readonly context: GraphContext;
  /** Marks an object with the organisation it belongs to, for the objects below it. */
  mark<Marked extends object>(row: Marked): Marked;
}

/** Makes the resolver of a report. */
export function withSource<T, Arguments>(
  resolve: (scene: ReportScene, args: Arguments) => Telling<T>,
): Resolver<T, Row, Arguments> {
  return (row, args, context, info) => {
    planOf(context, info);
    return inGraphWords(() => resolve(sceneOf(row, context), args));
  };
}

function sceneOf(row: Row, context: GraphContext): ReportScene {
  const scope = scopeOf(row, context.scope);
  const source = openReportSource({ session: scope.session, home: context.home });
  return { source, context, mark: (row) => tagForeign(row, scope, context) };
}

/** A range of the graph; the last 30 UTC days, today included, when it was left out. Throws `BAD_USER_INPUT`. */
export function toTimeRange(given: Partial<DateTimeRange> | null | undefined, now: number): TimeRange {
  if (!given) return lastUtcDays(30, now);
  if (!given.from || !given.to) throw badInput('range: expected both from and to.');
  const range = { from: Date.parse(given.from), to: Date.parse(given.to) };
  if (range.from > range.to) throw badInput(`range: expected from before to, got ${given.from} after ${given.to}.`);
  return range;
}

/** A range as `ReportRange`. */
export function toRangeObject({ from, to }: TimeRange) {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** A number of days. Throws `BAD_USER_INPUT` when it makes no sense. */
export function toDays(name: string, value: unknown, least = 1): number {
  const days = Number(value);
  if (days < least || days > 3660) throw badInput(`${name}: expected ${least} to 3660 days, got ${days}.`);
  return days;
}

/** The name of a time zone. Throws `BAD_USER_INPUT` when it is none. */
export function toTimeZone(value: unknown): string {
  const name = String(value ?? 'UTC');
  if (isTimeZone(name)) return name;
  throw badInput(`timeZone: expected an IANA name such as Europe/Zurich, got ${JSON.stringify(name.slice(0, 60))}.`);
}

/** A stretch of time in milliseconds since 1970: `from` included, `to` excluded. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds of a day without clock changes, such as a UTC day. */
export const DAY_MILLISECONDS = 86_400_000;

/** The last `days` UTC days, today included: ends where today ends. */
export function lastUtcDays(days: number, now: number): TimeRange {
  const to = (Math.floor(now / DAY_MILLISECONDS) + 1) * DAY_MILLISECONDS;
  return { from: to - days * DAY_MILLISECONDS, to };
}

/** Asks whether a moment lies in a range. */
export function isWithin(range: TimeRange, at: number): boolean {
  return range.from <= at && at < range.to;
}

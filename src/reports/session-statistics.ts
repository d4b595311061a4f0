import type { SessionFact } from './facts.ts';
import { isWithin, type TimeRange } from './range.ts';
import { createInterner, createTally, type Interner, type Tally } from './tally.ts';
import { createLocalClock, type LocalClock } from './time-zone.ts';

/** What sessions can be grouped by. */
export type SessionDimension = 'HOUR' | 'DAY' | 'USER' | 'ASSET' | 'PROTOCOL' | 'LOGIN_SOURCE';

/** One value of one dimension: JumpServer's id for users and assets, local time for hours and days, else the recorded text. */
export interface GroupKey {
  readonly dimension: SessionDimension;
  readonly key: string;
  readonly label: string;
}

/** The sessions that share one value of each dimension asked for. */
export interface SessionGroup {
  readonly keys: readonly GroupKey[];
  /** Of the first dimension. */
  readonly key: string;
  readonly label: string;
  readonly count: number;
  readonly failed: number;
  readonly durationSeconds: number;
}

/** What is counted. */
export interface SessionStatisticsOptions {
  readonly range: TimeRange;
  readonly groupBy: readonly SessionDimension[];
  /** Default UTC. */
  readonly timeZone?: string;
}

/** Sessions counted so far; memory grows with the number of groups only, by about 100 bytes each. */
export interface SessionStatistics {
  readonly range: TimeRange;
  /** Counts a session if it began in the range. */
  add(session: SessionFact): void;
  totalCount(): number;
  failedCount(): number;
  groupCount(): number;
  /** Groups with a day or hour among their keys in order of the keys; others with the most sessions first. */
  groups(): SessionGroup[];
  /** The same, made one at a time. */
  eachGroup(): Generator<SessionGroup>;
}

/** Numbers kept of each group. */
const [COUNT, FAILED, SECONDS] = [0, 1, 2];

/** Starts counting. Feed it every session of the range once (`readLog` sees to that). Throws `RangeError` on an unknown time zone. */
export function createSessionStatistics({
  range,
  groupBy,
  timeZone = 'UTC',
}: SessionStatisticsOptions): SessionStatistics {
  const clock = createLocalClock(timeZone);
  const keys = groupBy.map(() => createInterner<GroupKey>());
  const tally = createTally(groupBy.length, 3);
  const totals = { count: 0, failed: 0 };
  const keysAt = (place: number) => keys.map((interner, at) => interner.valueOf(tally.valueAt(place, at)));
  function* eachGroup() {
    for (const place of inOrder(tally, keys, groupBy.some(isTime))) yield toGroup(tally, place, keysAt(place));
  }
  return {
    range,
    add(session) {
      if (!isWithin(range, session.startedAt)) return;
      const isFailed = session.isSuccess ? 0 : 1;
      totals.count += 1;
      totals.failed += isFailed;
      const numbers = groupBy.map((dimension, at) => numberOf(session, dimension, clock, keys[at]));
      const place = tally.placeOf(numbers);
      tally.add(place, COUNT, 1);
      tally.add(place, FAILED, isFailed);
      tally.add(place, SECONDS, session.durationSeconds);
    },
    totalCount: () => totals.count,
    failedCount: () => totals.failed,
    groupCount: () => tally.size,
    groups: () => [...eachGroup()],
    eachGroup,
  };
}

function numberOf(
  session: SessionFact,
  dimension: SessionDimension,
  clock: LocalClock,
  keys: Interner<GroupKey> | undefined,
): number {
  const [key, label = key] = keyAndLabel(session, dimension, clock);
  return keys?.numberOf(key, () => ({ dimension, key, label })) ?? 0;
}

function keyAndLabel(session: SessionFact, dimension: SessionDimension, clock: LocalClock): [string, string?] {
  switch (dimension) {
    case 'HOUR':
      return [clock.hour(session.startedAt)];
    case 'DAY':
      return [clock.day(session.startedAt)];
    case 'USER':
      return [session.userId, session.userText];
    case 'ASSET':
      return [session.assetId, session.assetText];
    case 'PROTOCOL':
      return [session.protocol];
    case 'LOGIN_SOURCE':
      return [session.loginSource, session.loginSourceLabel];
  }
}

function toGroup(tally: Tally, place: number, keys: readonly GroupKey[]): SessionGroup {
  const [first] = keys;
  return {
    keys,
    key: first?.key ?? '',
    label: first?.label ?? '',
    count: tally.get(place, COUNT),
    failed: tally.get(place, FAILED),
    durationSeconds: tally.get(place, SECONDS),
  };
}

function isTime(dimension: SessionDimension): boolean {
  return dimension === 'HOUR' || dimension === 'DAY';
}

/** Millions of comparisons are made here, so nothing is made on the way. */
function inOrder(tally: Tally, keys: readonly Interner<GroupKey>[], isByTime: boolean): Uint32Array {
  const places = Uint32Array.from({ length: tally.size }, (_, place) => place);
  const ranks = keys.map((interner) => interner.ranks());
  const byKeys = (left: number, right: number) => {
    for (let at = 0; at < ranks.length; at += 1) {
      const order = ranks[at];
      const difference = (order?.[tally.valueAt(left, at)] ?? 0) - (order?.[tally.valueAt(right, at)] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const byCount = (left: number, right: number) =>
    tally.get(right, COUNT) - tally.get(left, COUNT) || byKeys(left, right);
  return places.sort(isByTime ? byKeys : byCount);
}

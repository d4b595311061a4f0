import type { SessionFact } from './facts.ts';
import { isWithin, type TimeRange } from './range.ts';
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

/** Sessions counted so far; memory grows with the number of groups only. */
export interface SessionStatistics {
  readonly range: TimeRange;
  /** Counts a session if it began in the range. */
  add(session: SessionFact): void;
  totalCount(): number;
  /** Groups with a day or hour among their keys in order of the keys; others with the most sessions first. */
  groups(): SessionGroup[];
}

/** Starts counting. Feed it every session of the range once (`readLog` sees to that). Throws `RangeError` on an unknown time zone. */
export function createSessionStatistics({
  range,
  groupBy,
  timeZone = 'UTC',
}: SessionStatisticsOptions): SessionStatistics {
  const clock = createLocalClock(timeZone);
  let total = 0;
  const groups = new Map<string, Tally>();
  return {
    range,
    add(session) {
      if (!isWithin(range, session.startedAt)) return;
      total += 1;
      const keys = groupBy.map((dimension) => keyOf(session, dimension, clock));
      const name = JSON.stringify(keys.map(({ key }) => key));
      const tally = groups.get(name) ?? { keys, count: 0, failed: 0, durationSeconds: 0 };
      tally.count += 1;
      tally.failed += session.isSuccess ? 0 : 1;
      tally.durationSeconds += session.durationSeconds;
      groups.set(name, tally);
    },
    totalCount: () => total,
    groups: () => [...groups.values()].map(toGroup).sort(groupBy.some(isTime) ? byKeys : byCount),
  };
}

interface Tally {
  readonly keys: readonly GroupKey[];
  count: number;
  failed: number;
  durationSeconds: number;
}

function keyOf(session: SessionFact, dimension: SessionDimension, clock: LocalClock): GroupKey {
  const [key, label = key] = keyAndLabel(session, dimension, clock);
  return { dimension, key, label };
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

function toGroup(tally: Tally): SessionGroup {
  const [first] = tally.keys;
  return { ...tally, key: first?.key ?? '', label: first?.label ?? '' };
}

function isTime(dimension: SessionDimension): boolean {
  return dimension === 'HOUR' || dimension === 'DAY';
}

function byCount(left: SessionGroup, right: SessionGroup): number {
  return right.count - left.count || byKeys(left, right);
}

function byKeys(left: SessionGroup, right: SessionGroup): number {
  for (let at = 0; at < left.keys.length; at += 1) {
    const [one = '', other = ''] = [left.keys[at]?.key, right.keys[at]?.key];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

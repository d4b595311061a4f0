import type { AccessUser } from '../access/inputs.ts';
import type { LoginFact } from './facts.ts';
import { isWithin, type TimeRange } from './range.ts';
import { createLocalClock } from './time-zone.ts';

/** Logins of one day. */
export interface LoginDay {
  readonly day: string;
  readonly count: number;
  readonly failed: number;
}

/** The attempts of one user name, or from one address. */
export interface LoginTally {
  readonly key: string;
  readonly count: number;
  readonly failed: number;
  readonly lastFailedAt: number | null;
}

/** The first success of a user from an address they had not used before. */
export interface NewAddress {
  readonly username: string;
  readonly address: string;
  readonly city: string;
  readonly at: number;
}

/** What is counted. */
export interface LoginStatisticsOptions {
  readonly range: TimeRange;
  /** Default UTC. */
  readonly timeZone?: string;
}

/** Logins counted so far. */
export interface LoginStatistics {
  readonly range: TimeRange;
  /** Counts an attempt of the range; earlier successes only make their addresses known. Feed attempts oldest first. */
  add(login: LoginFact): void;
  totalCount(): number;
  failedCount(): number;
  byDay(): LoginDay[];
  /** Most failures first. */
  byUser(): LoginTally[];
  /** Most failures first. */
  byAddress(): LoginTally[];
  /** In order of time. What is new depends on how far before the range the attempts fed begin. */
  newAddresses(): NewAddress[];
  /** Active users without a successful login in the range, by name. */
  withoutLogin(users: readonly AccessUser[]): AccessUser[];
}

/** Starts counting logins. */
export function createLoginStatistics({ range, timeZone = 'UTC' }: LoginStatisticsOptions): LoginStatistics {
  const clock = createLocalClock(timeZone);
  const [days, users, addresses] = [createTallies(), createTallies(), createTallies()];
  const known = new Set<string>();
  const loggedIn = new Set<string>();
  const news: NewAddress[] = [];
  const meet = ({ username, address, city, at }: LoginFact, isCounted: boolean) => {
    const pair = JSON.stringify([username, address]);
    if (isCounted && !known.has(pair)) news.push({ username, address, city, at });
    known.add(pair);
  };
  return {
    range,
    add(login) {
      if (login.at >= range.to) return;
      const isCounted = isWithin(range, login.at);
      if (login.isSuccess) meet(login, isCounted);
      if (!isCounted) return;
      if (login.isSuccess) loggedIn.add(login.username);
      days.add(clock.day(login.at), login);
      users.add(login.username, login);
      addresses.add(login.address, login);
    },
    totalCount: () => days.all().reduce((sum, { count }) => sum + count, 0),
    failedCount: () => days.all().reduce((sum, { failed }) => sum + failed, 0),
    byDay: () =>
      days
        .all()
        .map(({ key, count, failed }) => ({ day: key, count, failed }))
        .sort((left, right) => (left.day < right.day ? -1 : 1)),
    byUser: () => users.all().sort(byFailures),
    byAddress: () => addresses.all().sort(byFailures),
    newAddresses: () => news,
    withoutLogin: (all) => all.filter((user) => user.isActive && !loggedIn.has(user.username)),
  };
}

function createTallies() {
  const tallies = new Map<string, { key: string; count: number; failed: number; lastFailedAt: number | null }>();
  return {
    add(key: string, login: LoginFact) {
      const tally = tallies.get(key) ?? { key, count: 0, failed: 0, lastFailedAt: null };
      tally.count += 1;
      if (!login.isSuccess) {
        tally.failed += 1;
        tally.lastFailedAt = Math.max(tally.lastFailedAt ?? login.at, login.at);
      }
      tallies.set(key, tally);
    },
    all: (): LoginTally[] => [...tallies.values()],
  };
}

function byFailures(left: LoginTally, right: LoginTally): number {
  return right.failed - left.failed || right.count - left.count || (left.key < right.key ? -1 : 1);
}

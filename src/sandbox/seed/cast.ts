import { mix, toUuid } from '../ids.ts';
import { DAY_MS } from '../time.ts';
import type { Id, Row, SandboxSeed } from '../types.ts';
import { textOf } from '../world.ts';

const MULTIPLIER = 2_654_435_761;
const INVERSE = 244_002_641;

/** Ids from which the number of their row can be read back. */
export function createIds(salt: number, count: number): { idOf(i: number): string; find(id: Id): number } {
  const idOf = (i: number): string => {
    const first = (Math.imul(i, MULTIPLIER) + salt) >>> 0;
    return toUuid(first, mix(salt, first), mix(first, salt), mix(salt ^ 0x5bd1, first + 1));
  };
  return {
    idOf,
    find: (id) => {
      if (typeof id !== 'string') return -1;
      const number = Math.imul(Number.parseInt(id.slice(0, 8), 16) - salt, INVERSE) >>> 0;
      return number < count && idOf(number) === id ? number : -1;
    },
  };
}

/** Share of a day's work that is done by each hour: little at night, most by day. */
const WORK: readonly [number, number][] = [
  [0, 0],
  [7 / 24, 0.05],
  [19 / 24, 0.9],
  [1, 1],
];

/** The time of day at which a share of the day's work is done. */
function hourOf(share: number): number {
  for (let i = 1; i < WORK.length; i += 1) {
    const [x0 = 0, y0 = 0] = WORK[i - 1] ?? [];
    const [x1 = 1, y1 = 1] = WORK[i] ?? [];
    if (share <= y1) return x0 + ((share - y0) / (y1 - y0)) * (x1 - x0);
  }
  return 1;
}

/** Moments of `count` events over a span that ends at `end`, newest first, mostly in working hours. */
export function createClock(count: number, end: number, days: number, salt: number): (i: number) => number {
  const lastDay = Math.floor(end / DAY_MS);
  return (i) => {
    const position = ((i + 0.2 * (mix(salt, i) / 4_294_967_296)) / Math.max(1, count)) * days;
    const day = Math.floor(position);
    const time = 1 - hourOf(position - day);
    const moment = (lastDay - day) * DAY_MS + time * DAY_MS;
    return Math.floor(Math.min(moment - DAY_MS + (end - lastDay * DAY_MS), end - 600_000 - i));
  };
}

/** What the generated past is told about. */
export interface Cast {
  seed: SandboxSeed;
  users: readonly Row[];
  assets: readonly Row[];
  accounts: ReadonlyMap<Id, readonly Row[]>;
  permissions: readonly Row[];
  nodes: readonly Row[];
  terminal: Id | null;
  /** Assets that a user may use, some of them. */
  reach(user: number): readonly number[];
}

/** How logs write a person. */
export const person = (user: Row | undefined): string => `${textOf(user?.name)}(${textOf(user?.username)})`;

/** Picks a member by a share, early ones more often: some people do much, most little. */
export const skewed = (share: number, limit: number): number =>
  Math.min(limit - 1, Math.floor(limit * (share / 4_294_967_296) ** 1.6));

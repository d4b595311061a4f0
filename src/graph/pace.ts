import { LRUCache } from 'lru-cache';
import type { Home } from './context.ts';
import type { Way } from './trace.ts';

/** How one way to a noun's rows has fared lately. */
export interface Measured {
  /** The last reads, the newest at the end. */
  readonly times: readonly number[];
  /** Reads that the whole list takes, as the last answer counted them. */
  readonly pages: number;
}

/** What reads have taken on one JumpServer, for the choice between ways that cost about as many calls. */
export interface Pace {
  note(noun: string, way: Way, milliseconds: number, pages: number): void;
  /** Undefined for a way that was not gone lately. */
  of(noun: string, way: Way): Measured | undefined;
}

/** Reads that are remembered of each way, and must have been measured before it is judged. */
const READS = 3;
/** Milliseconds after which a way may be faster again. */
const LIFETIME = 300_000;

/** Milliseconds of a read: the least of the last ones, since one that was held up says nothing of the way. Undefined after too few. */
export function paceIn(measured: Measured | undefined): number | undefined {
  return measured && measured.times.length >= READS ? Math.min(...measured.times) : undefined;
}

/** The same for each way to a noun's rows, for those who ask why a way was chosen. */
export function measuredWays(pace: Pace, noun: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    WAYS.flatMap((way) => {
      const known = paceIn(pace.of(noun, way));
      return known === undefined ? [] : [[way, Math.round(known)]];
    }),
  );
}

const WAYS = ['single', 'rule', 'lookup', 'scan'] as const;

/** Creates a pace that knows nothing yet. */
export function createPace(): Pace {
  const measured = new LRUCache<string, Measured>({ max: 1_000, ttl: LIFETIME });
  return {
    note: (noun, way, milliseconds, pages) => {
      const key = `${noun} ${way}`;
      const times = [...(measured.get(key)?.times ?? []), milliseconds].slice(-READS);
      measured.set(key, { times, pages }, { noUpdateTTL: true });
    },
    of: (noun, way) => measured.get(`${noun} ${way}`),
  };
}

const paces = new WeakMap<Home, Pace>();

/** The pace of a graph's JumpServer. */
export function paceOf(home: Home): Pace {
  const pace = paces.get(home) ?? createPace();
  paces.set(home, pace);
  return pace;
}

import { LRUCache } from 'lru-cache';
import type { ApiRequest } from './client.ts';

/** The reads of one operation, noted while it runs. */
export interface Reads {
  /** Notes a read and how it ends. */
  note(request: ApiRequest, answer: Promise<{ readonly bytes: number }>): void;
  /** The operation has ended: what it read counts from now on. */
  end(): void;
}

/** What the next run of a question is expected to read, and where its own reads are noted. */
export interface Foreseen {
  /** Reads that can be sent at once; none unless the runs before it agree. */
  readonly requests: readonly ApiRequest[];
  readonly reads: Reads;
}

/**
 * Knows what questions read when they were asked before, never what was answered. A question that read the same twice is expected to read it
 * a third time, so that all its reads can be sent at once instead of each when the answer before it has come.
 */
export interface Foresight {
  /** Opens a run of the question; `key` tells the question and who asks it. */
  open(key: string): Foreseen;
  /** Something was written: what was read before may not be what will be read, and a wrong guess costs calls. */
  forget(): void;
}

/** What is known of a question. */
interface Habit {
  readonly requests: ReadonlyMap<string, ApiRequest>;
  /** Runs in a row that read the same. */
  readonly runs: number;
  /** Runs in a row that it takes to be believed: twice as many after each time it was wrong. */
  readonly needed: number;
}

/** Characters of addresses that are remembered of all questions. */
const MOST_CHARACTERS = 8 * 1024 ** 2;
/** So often at most a question must have read the same to be believed. */
const MOST_NEEDED = 64;

/** Expects nothing and remembers nothing. */
const NO_FORESIGHT: Foresight = {
  open: () => ({ requests: [], reads: { note: () => undefined, end: () => undefined } }),
  forget: () => undefined,
};

/**
 * @param maxReads reads of a question that is remembered; 0 remembers none. One with many is none of few levels: they are many at each of them
 * @param maxBytes what one run may have been answered, since a session keeps no more for the reads to come
 */
export const createForesight = (maxReads: number, maxBytes: number): Foresight => {
  if (maxReads === 0) return NO_FORESIGHT;
  const habits = new LRUCache<string, Habit>({ maxSize: MOST_CHARACTERS, sizeCalculation: sizeOf });
  return {
    forget: () => habits.clear(),
    open: (key) => {
      const known = habits.get(key);
      const requests = known && known.runs >= known.needed ? [...known.requests.values()] : [];
      const noted = new Map<string, ApiRequest>();
      let bytes = 0;
      let failed = false;
      return {
        requests,
        reads: {
          note: (request, answer) => {
            if (noted.has(request.url)) return;
            noted.set(request.url, request);
            answer.then(
              (read) => {
                bytes += read.bytes;
              },
              () => {
                failed = true;
              },
            );
          },
          end: () => {
            const isWhole = !failed && bytes <= maxBytes && noted.size > 1 && noted.size <= maxReads;
            if (isWhole) habits.set(key, toHabit(known, noted, requests.length > 0));
            else habits.delete(key);
          },
        },
      };
    },
  };
};

const toHabit = (known: Habit | undefined, requests: Habit['requests'], wasForeseen: boolean): Habit => {
  const isSame =
    known !== undefined &&
    known.requests.size === requests.size &&
    [...requests.keys()].every((url) => known.requests.has(url));
  const needed = known?.needed ?? 2;
  if (isSame) return { requests, runs: known.runs + 1, needed };
  return { requests, runs: 1, needed: wasForeseen ? Math.min(MOST_NEEDED, needed * 2) : needed };
};

const sizeOf = ({ requests }: Habit): number => [...requests.keys()].reduce((sum, url) => sum + url.length + 100, 100);

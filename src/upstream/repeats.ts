import type { ApiResponse } from './client.ts';

interface Kept {
  readonly answer: Promise<ApiResponse>;
  bytes: number;
}

/** The reads of one session: equal ones are one call, until the session writes. */
export interface Repeats {
  /** The kept answer, or that of `load`, which is then kept. */
  read(key: string, load: () => Promise<ApiResponse>): Promise<ApiResponse>;
  /** Something was or may be written: what was read may no longer hold. */
  forget(): void;
}

/** @param maxBytes answers kept at a time, the oldest given up first: an export of a million rows keeps none of them for long */
export const createRepeats = (maxBytes: number): Repeats => {
  const kept = new Map<string, Kept>();
  let bytes = 0;
  const drop = (key: string, entry: Kept): void => {
    if (kept.get(key) !== entry) return;
    kept.delete(key);
    bytes -= entry.bytes;
  };
  const settle = (key: string, entry: Kept, size: number): void => {
    if (kept.get(key) !== entry) return;
    entry.bytes = size;
    bytes += size;
    for (const [oldest, candidate] of kept) {
      if (bytes <= maxBytes) return;
      drop(oldest, candidate);
    }
  };
  return {
    read: (key, load) => {
      const known = kept.get(key);
      if (known) return known.answer;
      const entry: Kept = { answer: load(), bytes: 0 };
      kept.set(key, entry);
      entry.answer.then(
        (answer) => settle(key, entry, answer.bytes),
        () => drop(key, entry),
      );
      return entry.answer;
    },
    forget: () => {
      kept.clear();
      bytes = 0;
    },
  };
};

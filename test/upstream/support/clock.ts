import type { Clock } from '../../../src/upstream/index.ts';

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Goes on by that many milliseconds, firing what falls due on the way and letting work that follows from it happen. */
  advance(milliseconds: number): Promise<void>;
}

/** Starts at a fixed instant. */
export const createManualClock = (start = Date.UTC(2026, 10, 22, 8)): ManualClock => {
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  let now = start;
  const next = (until: number) =>
    [...timers].filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];
  return {
    now: () => now,
    timer: (milliseconds, callback) => {
      const timer = { at: now + milliseconds, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: async (milliseconds) => {
      const until = now + milliseconds;
      await settle();
      for (let timer = next(until); timer; timer = next(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.callback();
        await settle();
      }
      now = until;
    },
  };
};

/** Lets everything that is only waiting for promises happen. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

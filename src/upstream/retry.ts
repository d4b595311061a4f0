import type { Clock } from './clock.ts';
import { isUpstreamError, type UpstreamError } from './errors.ts';

/** Default waits of graph.md §5 for a 429 without `Retry-After`, in milliseconds. */
const THROTTLE_WAITS = [1_000, 2_000, 4_000] as const;
const LONGEST_THROTTLE_WAIT = 8_000;
/** First back-off of a failed read in milliseconds; it doubles. */
const BACK_OFF = 150;
const REPEATABLE = new Set([502, 503, 504]);

/**
 * How long to wait after a 429. A refused call was not carried out, so this holds for writes too;
 * refused calls do not prolong the wait (api.md, Corrections).
 * @param refusals how often this call was refused before
 */
export const toThrottleWait = (error: UpstreamError, refusals: number, random: () => number): number => {
  if (error.retryAfter !== undefined) return Math.max(error.retryAfter, 0.1) * 1_000 * (1 + random() / 10);
  return (THROTTLE_WAITS[refusals] ?? LONGEST_THROTTLE_WAIT) * (1 + random() / 4);
};

/**
 * How long to wait before a failed read is repeated, or undefined when it should not be.
 * The first reset is repeated at once: the server drops idle connections (api.md, Corrections).
 * @param repeats how often this call was repeated before
 */
export const toRetryWait = (error: unknown, repeats: number, random: () => number): number | undefined => {
  if (!isUpstreamError(error)) return undefined;
  if (error.failure === 'reset' && repeats === 0) return 0;
  const passing =
    error.failure === 'reset' ||
    error.failure === 'refused' ||
    error.failure === 'truncated' ||
    REPEATABLE.has(error.status ?? 0);
  if (!passing) return undefined;
  const wait = BACK_OFF * 2 ** repeats * (0.5 + random());
  return Math.max(wait, (error.retryAfter ?? 0) * 1_000);
};

/** Keeps repeats a small share of all calls, so that retrying never becomes the load that keeps a server down. */
export interface RetryBudget {
  /** Each first try earns a part of a repeat. */
  earn(): void;
  /** Whether a repeat may be made now; takes it. */
  spend(): boolean;
}

/** One repeat for five calls, and twenty saved up at most; idle time refills one a second. */
export const createRetryBudget = (clock: Clock): RetryBudget => {
  const most = 20;
  let saved: number = most;
  let last = clock.now();
  const refill = (amount: number): void => {
    saved = Math.min(most, saved + amount);
  };
  return {
    earn: () => refill(0.2),
    spend: () => {
      refill((clock.now() - last) / 1_000);
      last = clock.now();
      if (saved < 1) return false;
      saved--;
      return true;
    },
  };
};

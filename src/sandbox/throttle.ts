import { ApiError } from './errors.ts';
import type { Exchange } from './exchange.ts';

const MINUTE = 60_000;

/**
 * Refuses the call that is over the limit of its minute, with `Retry-After` (api.md §1.7). Counted per user over all
 * tokens and all kinds of calls, or per address; a refused call is not counted, and with more than the limit counted already no wait is named.
 */
export function throttle(x: Exchange, kind: 'usual' | 'suggestion'): void {
  const { facts, memory } = x.world;
  const rate = kind === 'suggestion' ? facts.suggestionRate : x.user === null ? facts.anonymousRate : facts.userRate;
  if (rate === Infinity) return;
  const key = String(x.user?.id ?? x.address);
  const now = x.world.now();
  const calls = (memory.calls.get(key) ?? []).filter((at) => at > now - MINUTE);
  if (calls.length >= rate) {
    memory.calls.set(key, calls);
    const oldest = calls[0] ?? now;
    const headers =
      calls.length > rate ? {} : { 'retry-after': String(Math.max(1, Math.ceil((oldest + MINUTE - now) / 1000))) };
    throw new ApiError(429, { detail: 'Too many calls: wait a little.', code: 'throttled' }, headers);
  }
  calls.push(now);
  memory.calls.set(key, calls);
}

import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';

const MINUTE = 60_000;
/** More than JumpServer counts for anybody since 4.10.17 (api.md §1.7): beyond it nothing is worth remembering. */
const REMEMBERED = 4_096;

interface Account {
  /** When the calls of about the last minute were sent, oldest first. */
  readonly sent: number[];
  pausedUntil: number;
}

/** Knows what JumpServer still grants each principal: a count per minute over a sliding window (api.md §1.7). */
export interface Quota {
  /** Counts a call and answers 0, or answers how many milliseconds to wait before asking again. */
  admit(principal: string): number;
  /** After a 429: nothing is granted for that many milliseconds. */
  pause(principal: string, milliseconds: number): void;
  /** Calls left in this minute; undefined while no limit is known. */
  remaining(principal: string): number | undefined;
}

/**
 * Creates the accounts of all principals.
 * @param perMinute the connected server's limit; undefined when it has none or is not known yet
 */
export const createQuota = (clock: Clock, perMinute: () => number | undefined): Quota => {
  const accounts = new LRUCache<string, Account>({ max: 10_000 });
  const open = (principal: string): Account => {
    const known = accounts.get(principal);
    if (known) return known;
    const account: Account = { sent: [], pausedUntil: 0 };
    accounts.set(principal, account);
    return account;
  };
  const forget = ({ sent }: Account, now: number): void => {
    const keep = sent.findIndex((time) => time > now - MINUTE);
    if (keep !== 0) sent.splice(0, keep < 0 ? sent.length : keep);
  };
  return {
    admit: (principal) => {
      const account = open(principal);
      const now = clock.now();
      if (account.pausedUntil > now) return account.pausedUntil - now;
      forget(account, now);
      const limit = perMinute();
      const first = limit === undefined ? undefined : account.sent[account.sent.length - limit];
      if (first !== undefined) return first + MINUTE - now;
      if (account.sent.length < REMEMBERED) account.sent.push(now);
      return 0;
    },
    pause: (principal, milliseconds) => {
      const account = open(principal);
      account.pausedUntil = Math.max(account.pausedUntil, clock.now() + milliseconds);
    },
    remaining: (principal) => {
      const limit = perMinute();
      if (limit === undefined) return undefined;
      const account = accounts.get(principal);
      if (!account) return limit;
      if (account.pausedUntil > clock.now()) return 0;
      forget(account, clock.now());
      return Math.max(0, limit - account.sent.length);
    },
  };
};

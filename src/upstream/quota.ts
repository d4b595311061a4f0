import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';

const MINUTE = 60_000;
/** More than JumpServer counts for anybody since 4.10.17 (api.md §1.7): beyond it nothing is worth remembering. */
const REMEMBERED = 4_096;
/** Calls in flight at a refusal blur the count: only clearly more than the version's figure shows another limit, clearly less shows none. */
const BLUR = 16;
/** How long a limit is believed after the last refusal: it may have been another's, as a proxy's, or be raised meanwhile. */
const BELIEVED = 10 * MINUTE;

interface Account {
  /** When the calls of about the last minute were sent, oldest first; refused ones don't count upstream either. */
  readonly sent: number[];
  pausedUntil: number;
  /** Calls per minute, once the server has shown that it does refuse, and until when that is believed. */
  limit: number | undefined;
  believedUntil: number;
}

/** Knows what JumpServer still grants each principal: a count per minute over a sliding window (api.md §1.7). */
export interface Quota {
  /** Counts a call and answers 0, or answers how many milliseconds to wait before asking again. */
  admit(principal: string): number;
  /**
   * The call just counted was refused with 429: nothing is granted for that many milliseconds, nor for more than the minute that JumpServer
   * counts over. What asks for longer is not its throttle, and may be gone before.
   */
  refuse(principal: string, milliseconds: number): void;
  /** Calls left in this minute; undefined while no limit is known. */
  remaining(principal: string): number | undefined;
}

const limitOf = ({ limit, believedUntil }: Account, now: number): number | undefined =>
  believedUntil > now ? limit : undefined;

/**
 * Creates the accounts of all principals. The version's figure is an estimate, since administrators can change it:
 * it holds a principal back only after a first 429, and less where more than that has passed. A 429 far below it is not that limit's (a
 * proxy's, or other clients of the same user): it is waited for as long as it says, and teaches nothing.
 * @param perMinute the connected version's limit; undefined when it has none or is not known yet
 */
export const createQuota = (clock: Clock, perMinute: () => number | undefined): Quota => {
  const accounts = new LRUCache<string, Account>({ max: 10_000 });
  const open = (principal: string): Account => {
    const known = accounts.get(principal);
    if (known) return known;
    const account: Account = { sent: [], pausedUntil: 0, limit: undefined, believedUntil: 0 };
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
      const { sent } = account;
      const limit = limitOf(account, now);
      const first = limit === undefined ? undefined : sent[sent.length - limit];
      if (first !== undefined) return first + MINUTE - now;
      if (sent.length < REMEMBERED) sent.push(now);
      return 0;
    },
    refuse: (principal, milliseconds) => {
      const account = open(principal);
      const now = clock.now();
      account.pausedUntil = Math.max(account.pausedUntil, now + Math.min(milliseconds, MINUTE));
      account.sent.pop();
      const counted = account.sent.length;
      const usual = perMinute();
      if (usual === undefined || counted < usual - BLUR) return;
      account.limit = counted > usual + BLUR ? counted : usual;
      account.believedUntil = now + BELIEVED;
    },
    remaining: (principal) => {
      const account = open(principal);
      const now = clock.now();
      if (account.pausedUntil > now) return 0;
      const limit = limitOf(account, now) ?? perMinute();
      if (limit === undefined) return undefined;
      forget(account, now);
      return account.sent.length > limit ? undefined : limit - account.sent.length;
    },
  };
};

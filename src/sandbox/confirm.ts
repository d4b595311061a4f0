import { ApiError } from './errors.ts';
import type { Exchange } from './exchange.ts';

/** Names of the confirmation levels; a higher one satisfies a lower one (api.md §1.6). */
export const CONFIRM_LEVELS: Record<number, string> = { 1: 'relogin', 2: 'password', 3: 'mfa' };

/** Demands that the caller has confirmed who they are, in the session that comes along; else 412. */
export function confirmed(x: Exchange, level: 1 | 2 | 3): void {
  const proof = x.session?.confirmed ?? null;
  if (proof !== null && proof.level >= level && proof.until > x.world.now()) return;
  throw new ApiError(412, {
    type: 'user_confirm_required',
    code: CONFIRM_LEVELS[level] ?? 'relogin',
    detail: 'Confirm first that it is you.',
  });
}

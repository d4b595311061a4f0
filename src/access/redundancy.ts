import { coversAccounts } from './accounts.ts';
import { createBits, equalBits, hasBit, isEmptyBits, isSubsetOf, overlaps, positionsOf, windowOf } from './bits.ts';
import type { AccessEngine } from './engine.ts';
import { endOf, type Grant, startOf } from './grant.ts';
import type { Timestamp } from './inputs.ts';
import { uniteResources } from './selection.ts';

/** Which other grants already give all that a grant gives. */
export interface Redundancy {
  /** How: one gives the same and no more, one wider grant gives all, or several do together. */
  readonly kind: 'duplicate' | 'shadowed' | 'combined';
  readonly grants: readonly Grant[];
}

/** JumpServer's default end is 70 years away: ends further than this are both "never" (api.md §5.9). */
const NEVER_MILLISECONDS = 20 * 365 * 86_400_000;

/**
 * Finds what makes a grant superfluous at a time: other permissions valid for as long, with all its actions, accounts
 * and protocols, that reach all its pairs; null when it gives something of its own, or nothing at all.
 */
export function findRedundancy(engine: AccessEngine, grant: Grant, at: Timestamp): Redundancy | null {
  if (!givesSomething(grant, at)) return null;
  const stronger = engine.grants.filter((other) => other !== grant && isStronger(other, grant, at));
  const whole = stronger.filter((other) => coversPairs(other, grant));
  if (whole.length > 0) {
    const alike = whole.filter((other) => isDuplicate(other, grant, at));
    return alike.length > 0 ? { kind: 'duplicate', grants: alike } : { kind: 'shadowed', grants: whole };
  }
  const parts = stronger.filter((other) => touches(other, grant));
  return coverTogether(parts, grant) ? { kind: 'combined', grants: parts } : null;
}

/** Asks whether an end lies so far away that it stands for "never". */
export function isForever(end: Timestamp, at: Timestamp): boolean {
  return end - at > NEVER_MILLISECONDS;
}

function givesSomething(grant: Grant, at: Timestamp): boolean {
  const { permission, resources, subjects } = grant;
  return permission.isActive && endOf(permission) > at && resources.count > 0 && !isEmptyBits(subjects);
}

/** The other permission allows at least as much for at least as long, wherever it reaches. */
function isStronger(other: Grant, grant: Grant, at: Timestamp): boolean {
  const { permission: wide } = other;
  const { permission: narrow } = grant;
  if (wide.id === narrow.id || !wide.isActive || (narrow.actions & ~wide.actions) !== 0) return false;
  if (startOf(wide) > Math.max(startOf(narrow), at)) return false;
  if (endOf(wide) < endOf(narrow) && !isForever(endOf(wide), at)) return false;
  return coversProtocols(wide.protocols, narrow.protocols) && coversAccounts(other.accounts, grant.accounts);
}

function coversProtocols(wide: readonly string[], narrow: readonly string[]): boolean {
  return wide.includes('all') || narrow.every((protocol) => wide.includes(protocol));
}

function coversPairs(other: Grant, grant: Grant): boolean {
  return isSubsetOf(grant.subjects, other.subjects) && isSubsetOf(grant.resources.bits, other.resources.bits);
}

function isDuplicate(other: Grant, grant: Grant, at: Timestamp): boolean {
  return (
    equalBits(other.subjects, grant.subjects) &&
    equalBits(other.resources.bits, grant.resources.bits) &&
    isStronger(grant, other, at)
  );
}

function touches(other: Grant, grant: Grant): boolean {
  return overlaps(other.subjects, grant.subjects) && overlaps(other.resources.bits, grant.resources.bits);
}

/** Every user of the grant reaches all its assets through the parts that this user has. */
function coverTogether(parts: readonly Grant[], grant: Grant): boolean {
  const { bits } = grant.resources;
  const union = { window: windowOf(bits) };
  const reached = createBits(bits.length * 32);
  // All parts together are asked first: mostly they do not reach far enough, and no user need be looked at.
  if (parts.length < 2 || !isSubsetOf(bits, uniteResources(reached, parts, union))) return false;
  for (const user of positionsOf(grant.subjects)) {
    const own = parts.filter((part) => hasBit(part.subjects, user));
    if (!isSubsetOf(bits, uniteResources(reached, own, union))) return false;
  }
  return true;
}

import { createHash } from 'node:crypto';
import { AccessError } from './errors.ts';
import type { PairPosition } from './sequence.ts';

/** Two rows by their ids. */
export interface CursorPair {
  readonly user: { readonly id: string };
  readonly asset: { readonly id: string };
}

/** Writes where a pair stands as an opaque cursor that is good for one question only. */
export function toPairCursor(question: unknown, pair: CursorPair): string {
  return Buffer.from(JSON.stringify([digest(question), pair.user.id, pair.asset.id])).toString('base64url');
}

/** Reads a cursor back. Throws `AccessError` BAD_CURSOR when it is none, or belongs to another question. */
export function fromPairCursor(question: unknown, cursor: string): PairPosition {
  const [belongsTo, user, asset] = parse(cursor);
  if (typeof user !== 'string' || typeof asset !== 'string')
    throw new AccessError('BAD_CURSOR', 'Not a cursor of this list');
  if (belongsTo !== digest(question)) throw new AccessError('BAD_CURSOR', 'This cursor belongs to another filter');
  return { user, asset };
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** Equal questions have equal digests: keys in any order, absent and undefined alike. */
function digest(question: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(question, sortKeys) ?? '')
    .digest('base64url')
    .slice(0, 8);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

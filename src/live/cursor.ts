import { createHash } from 'node:crypto';
import { badInput } from '../graph/errors.ts';

/** Longest cursor that is read, in characters. */
const LONGEST = 1024 ** 2;

/** A short name of something long: eight characters, of which a stream knows some thousands at a time. */
export const toMark = (text: string): string =>
  createHash('sha256').update(text).digest().subarray(0, 6).toString('base64url');

/** Writes a place in a stream as an opaque text. */
export const toCursor = (stream: string, organization: string, place: unknown): string =>
  Buffer.from(JSON.stringify([stream, toMark(organization), place])).toString('base64url');

/**
 * Reads a place back.
 * @throws GraphError `BAD_USER_INPUT` for what is no cursor, or one of another stream or organisation
 */
export const fromCursor = (stream: string, organization: string, cursor: string): unknown => {
  const [ofStream, ofOrganization, place] = parse(cursor);
  if (ofStream !== stream || ofOrganization !== toMark(organization))
    throw badInput(`after: expected a cursor of ${stream} in this organisation, got another one.`);
  return place;
};

const parse = (cursor: string): readonly unknown[] => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor.slice(0, LONGEST), 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === 3) return parsed;
  } catch {
    // Told below.
  }
  throw badInput('after: expected the cursor of an event.');
};

/** Whether a number in a cursor can be an instant, in milliseconds since the epoch. */
export const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && !Number.isNaN(new Date(value).getTime());

/** @throws GraphError `BAD_USER_INPUT` */
export const badPlace = (): never => {
  throw badInput('after: expected the cursor of an event.');
};

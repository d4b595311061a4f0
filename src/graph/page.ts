import { hash } from 'node:crypto';
import { badInput } from './errors.ts';

/** Rows of a page when the client names no size (graph.md §1). */
export const DEFAULT_PAGE = 50;

/** The most rows a client may ask at once (graph.md §1). */
export const MAX_PAGE = 1000;

/** The page arguments of a connection, as GraphQL gives them. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly offset?: number | null;
}

/** Where a row stood in its list when it was given out. */
export interface Cursor {
  readonly offset: number;
  readonly id: string;
}

/** What a client wants of a list, checked. */
export interface PageRequest {
  readonly size: number;
  /** From the end of the list (or before `before`) instead of its start. */
  readonly backward: boolean;
  readonly after?: Cursor;
  readonly before?: Cursor;
  readonly offset: number;
  /** Marks cursors of this list, filter and order. */
  readonly mark: Mark;
}

/** A short mark of a list with its organisation, filter and order: a cursor of another one is refused. Made when a cursor is read or written. */
export type Mark = () => string;

/** Checks page arguments. Throws `BAD_USER_INPUT` for sizes out of range, combinations that make no sense, and foreign cursors. */
export function toPageRequest(args: PageArguments, mark: Mark): PageRequest {
  const { first, last } = args;
  if (typeof first === 'number' && typeof last === 'number') throw badInput('expected first or last, got both.');
  const backward = typeof last === 'number';
  const size = checkSize(backward ? 'last' : 'first', backward ? last : (first ?? DEFAULT_PAGE));
  if (args.after && args.before) throw badInput('expected after or before, got both.');
  if (args.before && !backward) throw badInput('before: expected with last, got it without.');
  if (args.after && backward) throw badInput('after: expected with first, got it with last.');
  const offset = args.offset ?? 0;
  if (offset < 0) throw badInput(`offset: expected 0 or more, got ${offset}.`);
  if (offset > 0 && (args.after || backward)) throw badInput('offset: expected with first alone.');
  return {
    size,
    backward,
    offset,
    mark,
    ...(args.after ? { after: fromCursor(args.after, mark(), 'after') } : {}),
    ...(args.before ? { before: fromCursor(args.before, mark(), 'before') } : {}),
  };
}

function checkSize(name: string, size: number): number {
  if (size < 0 || size > MAX_PAGE) throw badInput(`${name}: expected 0 to ${MAX_PAGE}, got ${size}.`);
  return size;
}

/** Makes the mark of what tells a list from others. */
export function toMark(parts: unknown): Mark {
  let mark: string | undefined;
  return () => {
    mark ??= hash('sha1', JSON.stringify(parts), 'base64url').slice(0, 8);
    return mark;
  };
}

/** Writes the cursor of a row. */
export function toCursor(mark: string, cursor: Cursor): string {
  return Buffer.from(`${mark}:${cursor.offset}:${cursor.id}`).toString('base64url');
}

function fromCursor(text: string, mark: string, argument: string): Cursor {
  const [own, offset, id] = Buffer.from(text, 'base64url').toString('utf8').split(':');
  if (!id || !offset || !/^\d{1,15}$/.test(offset))
    throw badInput(`${argument}: expected a cursor of this list, got ${JSON.stringify(text.slice(0, 80))}.`);
  if (own !== mark) throw badInput(`${argument}: the cursor belongs to another list, organisation, filter or order.`);
  return { offset: Number(offset), id };
}

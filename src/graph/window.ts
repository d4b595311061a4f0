import type { Noun } from '../generated/catalogue.ts';
import { cutPage, type Slice } from './connection.ts';
import { fetchPage, type Page, type PageQuery, type Source, uniqueRows } from './fetch.ts';
import type { PageRequest } from './page.ts';
import type { Row } from './row.ts';

/** The list that a window is cut from: everything but limit and offset. */
export type ListQuery = Omit<PageQuery, 'limit' | 'offset'>;

/**
 * Reads one page of a list at a cursor. The row of the cursor is read once more in front of the page: when it still stands there nothing
 * moved; when rows were inserted or deleted meanwhile it is looked for, so that no row is given twice and none is left out.
 */
export async function readWindow(source: Source, noun: Noun, query: ListQuery, request: PageRequest): Promise<Slice> {
  if (request.size === 0) return countOnly(source, noun, query);
  if (!noun.paged) return cutUnpaged(source, noun, query, request);
  if (request.backward) return readBackward(source, noun, query, request);
  if (request.after) return readAfter(source, noun, query, request, request.after);
  const page = await readRange(source, noun, query, request.offset, request.size);
  return { rows: page.rows, start: request.offset, total: page.count };
}

async function countOnly(source: Source, noun: Noun, query: ListQuery): Promise<Slice> {
  const { count } = await fetchPage(source, noun, { ...query, properties: ['id'], limit: 1 });
  return { rows: [], start: 0, total: count };
}

/** A list that takes no limit comes whole. */
async function cutUnpaged(source: Source, noun: Noun, query: ListQuery, request: PageRequest): Promise<Slice> {
  const { rows } = await fetchPage(source, noun, { ...query, limit: 0 });
  return cutPage(rows, request);
}

/** Reads `size` rows from an offset, in as many calls as the server's page size asks for. */
async function readRange(source: Source, noun: Noun, query: ListQuery, offset: number, size: number): Promise<Page> {
  const limit = Math.min(size, source.capabilities.maxPage);
  const first = await fetchPage(source, noun, { ...query, limit, offset });
  if (size <= limit || first.rows.length < limit) return first;
  const rest = await fetchPage(source, noun, { ...query, limit: size - limit, offset: offset + limit });
  return { rows: uniqueRows([...first.rows, ...rest.rows]), count: rest.count };
}

async function readAfter(
  source: Source,
  noun: Noun,
  query: ListQuery,
  request: PageRequest,
  after: { offset: number; id: string },
): Promise<Slice> {
  const page = await readRange(source, noun, query, after.offset, request.size + 1);
  if (isRow(page.rows[0], after.id)) return following(page.rows.slice(1), after.offset + 1, page.count);
  const anchor = await findMoved(source, noun, query, after, page);
  const start = anchor === undefined ? Math.min(after.offset, page.count) : anchor + 1;
  const moved = await readRange(source, noun, query, start, request.size);
  return following(moved.rows, start, moved.count);
}

/** Where nothing follows the list has ended, whatever the server counts: a further page without a cursor would begin it anew. */
const following = (rows: readonly Row[], start: number, total: number): Slice => ({
  rows,
  start: rows.length > 0 ? start : total,
  total,
});

/** Where the row of a cursor stands now: further down (rows came in), or further up (rows went). Undefined when it is gone. */
async function findMoved(
  source: Source,
  noun: Noun,
  query: ListQuery,
  after: { offset: number; id: string },
  page: Page,
): Promise<number | undefined> {
  const below = page.rows.findIndex((row) => isRow(row, after.id));
  if (below >= 0) return after.offset + below;
  const from = Math.max(0, after.offset - 500);
  const around = await fetchPage(source, noun, { ...query, properties: ['id'], limit: 1000, offset: from });
  const found = around.rows.findIndex((row) => isRow(row, after.id));
  return found < 0 ? undefined : from + found;
}

async function readBackward(source: Source, noun: Noun, query: ListQuery, request: PageRequest): Promise<Slice> {
  return request.before
    ? readBefore(source, noun, query, request, request.before)
    : readTail(source, noun, query, request.size);
}

/**
 * The end of a list is found by its count, not read in the order's reverse: rows that stand equal in the order would come the other way
 * round. A list of one page is read once.
 */
async function readTail(source: Source, noun: Noun, query: ListQuery, size: number): Promise<Slice> {
  const head = await readRange(source, noun, query, 0, size);
  const start = Math.max(0, head.count - size);
  const page = start === 0 ? head : await readRange(source, noun, query, start, size);
  return { rows: page.rows, start, total: page.count };
}

async function readBefore(
  source: Source,
  noun: Noun,
  query: ListQuery,
  request: PageRequest,
  before: { offset: number; id: string },
): Promise<Slice> {
  const start = Math.max(0, before.offset - request.size);
  const page = await readRange(source, noun, query, start, before.offset - start + 1);
  const found = page.rows.findIndex((row) => isRow(row, before.id));
  if (found >= 0 && start + found === before.offset)
    return { rows: page.rows.slice(0, found), start, total: page.count };
  const anchor = found >= 0 ? start + found : ((await findMoved(source, noun, query, before, page)) ?? before.offset);
  const from = Math.max(0, anchor - request.size);
  if (anchor === from) return { rows: [], start: from, total: page.count };
  const moved = await readRange(source, noun, query, from, anchor - from);
  return { rows: moved.rows, start: from, total: moved.count };
}

function isRow(row: Row | undefined, id: string): boolean {
  return row !== undefined && String(row['id']) === id;
}

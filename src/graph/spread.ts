import type { Noun } from '../generated/catalogue.ts';
import { cutPage, type Slice } from './connection.ts';
import { fetchPage, type Page, type Source } from './fetch.ts';
import { columnOf, comparing } from './order.ts';
import type { PageRequest } from './page.ts';
import type { Row } from './row.ts';
import { type ListQuery, readWindow } from './window.ts';

/** One of the places that a list is kept in: what is asked beside the question itself. */
export type Place = Readonly<Record<string, string>>;

/**
 * Reads one page of a list that is kept in several places, in the order asked. Each place is asked for its rows up to the end of the page, so
 * deep pages cost a page of each; the counts are added up.
 */
export async function readSpread(
  source: Source,
  noun: Noun,
  query: ListQuery,
  request: PageRequest,
  places: readonly Place[],
): Promise<Slice> {
  const [only] = places;
  if (!only) return { rows: [], start: 0, total: 0 };
  const at = (place: Place): ListQuery => ({ ...query, params: { ...query.params, ...place } });
  if (places.length === 1) return readWindow(source, noun, at(only), request);
  const order = query.order ?? [];
  const properties = new Set([...query.properties, ...order.map(columnOf)]);
  const lists = places.map((place): ListQuery => ({ ...at(place), properties }));
  const sort = (rows: Row[]): Row[] => rows.sort(comparing(order));
  if (request.backward && !request.before) return readEnd(source, noun, lists, request, sort);
  const pages = await Promise.all(lists.map((list) => readUpTo(source, noun, list, depthOf(request))));
  const total = pages.reduce((sum, { count }) => sum + count, 0);
  return { ...cutPage(sort(pages.flatMap(({ rows }) => [...rows])), request), total };
}

/** The last rows of all places: they are among the last of each. */
async function readEnd(
  source: Source,
  noun: Noun,
  lists: readonly ListQuery[],
  request: PageRequest,
  sort: (rows: Row[]) => Row[],
): Promise<Slice> {
  const ends = await Promise.all(lists.map((list) => readWindow(source, noun, list, request)));
  const total = ends.reduce((sum, end) => sum + end.total, 0);
  const { rows } = cutPage(sort(ends.flatMap((end) => [...end.rows])), request);
  return { rows, start: total - rows.length, total };
}

/** Rows from the beginning of each place that the page may hold; a cursor's own row is among them. */
function depthOf({ size, offset, after, before }: PageRequest): number {
  if (before) return before.offset + 2;
  return size + offset + (after ? after.offset + 2 : 0);
}

async function readUpTo(source: Source, noun: Noun, query: ListQuery, depth: number): Promise<Page> {
  const size = Math.min(1000, source.capabilities.maxPage);
  const first = await fetchPage(source, noun, { ...query, limit: Math.max(1, Math.min(size, depth)) });
  const rows = [...first.rows];
  while (rows.length < Math.min(depth, first.count)) {
    const next = await fetchPage(source, noun, { ...query, limit: size, offset: rows.length });
    if (next.rows.length === 0) break;
    rows.push(...next.rows);
  }
  return { rows, count: first.count };
}

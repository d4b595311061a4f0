import type { Noun } from '../generated/catalogue.ts';
import { cutPage, type Slice } from './connection.ts';
import { fetchPage, type Page, type Source } from './fetch.ts';
import { columnOf, comparing } from './order.ts';
import type { PageRequest } from './page.ts';
import { reversed } from './question.ts';
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
  const forward = isTail(request) ? reversed(order) : order;
  const depth = depthOf(request);
  const properties = new Set([...query.properties, ...order.map(columnOf)]);
  const asked = { ...query, properties, order: forward };
  const lists = await Promise.all(
    places.map((place) => readUpTo(source, noun, { ...asked, params: { ...query.params, ...place } }, depth)),
  );
  return toSlice(lists, forward, request);
}

/** Whether the page is the end of the list, which is read from there; a page before a cursor is found from the beginning. */
function isTail({ backward, before }: PageRequest): boolean {
  return backward && before === undefined;
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

function toSlice(lists: readonly Page[], order: readonly string[], request: PageRequest): Slice {
  const rows = lists.flatMap((list) => list.rows).sort(comparing(order));
  const total = lists.reduce((sum, { count }) => sum + count, 0);
  if (!isTail(request)) return { ...cutPage(rows, request), total };
  const page = cutPage(rows, { ...request, backward: false });
  return { rows: [...page.rows].reverse(), start: total - page.rows.length, total };
}

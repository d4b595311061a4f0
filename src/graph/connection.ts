import { type PageRequest, toCursor } from './page.ts';
import type { Row } from './row.ts';

/** Where a page stands, as GraphQL's `PageInfo`. */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** A page of rows, as GraphQL's connection types. */
export interface Connection {
  readonly nodes: readonly Row[];
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

/** Rows of a page and where the first of them stands in the whole list. */
export interface Slice {
  readonly rows: readonly Row[];
  readonly start: number;
  readonly total: number;
}

/** Makes a connection of a slice; edges and cursors are made only when they are read. */
export function toConnection(slice: Slice, mark: string): Connection {
  const { rows, start, total } = slice;
  const cursorAt = (index: number): string | null => {
    const row = rows[index];
    return row ? toCursor(mark, { offset: start + index, id: String(row['id']) }) : null;
  };
  return {
    nodes: rows,
    totalCount: total,
    get edges() {
      return rows.map((node, index) => ({ cursor: cursorAt(index) ?? '', node }));
    },
    get pageInfo() {
      return {
        hasNextPage: start + rows.length < total,
        hasPreviousPage: start > 0 && total > 0,
        startCursor: cursorAt(0),
        endCursor: cursorAt(rows.length - 1),
      };
    },
  };
}

/** Cuts a page out of a list that is in memory whole. */
export function cutPage(rows: readonly Row[], request: PageRequest): Slice {
  const total = rows.length;
  const place = (cursor: { id: string; offset: number }) => {
    const found = rows.findIndex((row) => String(row['id']) === cursor.id);
    return found < 0 ? undefined : found;
  };
  if (request.backward) {
    const end = request.before ? (place(request.before) ?? Math.min(request.before.offset, total)) : total;
    const start = Math.max(0, end - request.size);
    return { rows: rows.slice(start, end), start, total };
  }
  const after = request.after;
  const start = after ? afterOf(place(after), after.offset, total) : Math.min(request.offset, total);
  return { rows: rows.slice(start, start + request.size), start, total };
}

/** When the row of the cursor is gone, the one that took its place comes next. */
function afterOf(found: number | undefined, offset: number, total: number): number {
  return found === undefined ? Math.min(offset, total) : found + 1;
}

import { type Mark, type PageRequest, toCursor } from './page.ts';
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

/**
 * A page whose edges and cursors are made only when they are read. A class, because accessors in an object literal give every object a
 * shape of its own and keep what it reaches alive (measured: twice the time of a large read).
 */
class Page implements Connection {
  readonly #slice: Slice;
  readonly #mark: Mark;
  readonly nodes: readonly Row[];
  readonly totalCount: number;

  constructor(slice: Slice, mark: Mark) {
    this.#slice = slice;
    this.#mark = mark;
    this.nodes = slice.rows;
    this.totalCount = slice.total;
  }

  get edges(): Connection['edges'] {
    return this.nodes.map((node, index) => ({ cursor: this.#cursorAt(index) ?? '', node }));
  }

  get pageInfo(): PageInfo {
    const { rows, start, total } = this.#slice;
    return {
      hasNextPage: start + rows.length < total,
      hasPreviousPage: start > 0 && total > 0,
      startCursor: this.#cursorAt(0),
      endCursor: this.#cursorAt(rows.length - 1),
    };
  }

  #cursorAt(index: number): string | null {
    const row = this.nodes[index];
    return row ? toCursor(this.#mark(), { offset: this.#slice.start + index, id: String(row['id']) }) : null;
  }
}

/** Makes a connection of a slice. */
export function toConnection(slice: Slice, mark: Mark): Connection {
  return new Page(slice, mark);
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

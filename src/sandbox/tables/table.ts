import type { Id, Json, Row } from '../types.ts';
import { type Among, fits, keyOf, type Query, type Selection, toSelection } from './query.ts';
import { createIndexes, type RowIndexes } from './row-indexes.ts';
import { createOrders, type RowOrders, toCompare } from './row-orders.ts';

/** A set of rows under one name. Rows given out are the stored ones: change them through `update` only. */
export interface Table {
  readonly name: string;
  /** Grows with every change; caches depend on it. */
  readonly revision: number;
  readonly size: number;
  get(id: Id): Row | undefined;
  /** Rows whose column is, or whose list column holds, this value. */
  where(column: string, value: Json): readonly Row[];
  all(): Iterable<Row>;
  select(query: Query): Selection;
  insert(row: Row): Row;
  update(id: Id, changes: Partial<Row>): Row | undefined;
  remove(id: Id): boolean;
  /** An id for a new row of a table with integer keys. */
  nextNumber(): number;
}

/** Rows by id, by the values of their columns, and in order. */
interface Shelf {
  readonly rows: Map<Id, Row>;
  readonly indexes: RowIndexes;
  readonly orders: RowOrders;
}

/** Makes a table in memory: keyed by id, indexed by any column on first use, with kept orders. */
export function createTable(name: string, initial: Iterable<Row> = []): Table {
  const rows = new Map<Id, Row>();
  const shelf: Shelf = { rows, indexes: createIndexes(rows), orders: createOrders(rows) };
  let revision = 0;
  let highest = 0;
  const keep = createKept(() => revision);
  const note = (row: Row): void => {
    rows.set(row.id, row);
    if (typeof row.id === 'number' && row.id > highest) highest = row.id;
  };
  for (const row of initial) note(row);
  return {
    name,
    get revision() {
      return revision;
    },
    get size() {
      return rows.size;
    },
    get: (id) => rows.get(id),
    where: (column, value) => rowsWith(shelf, column, value),
    all: () => rows.values(),
    select: (query) =>
      isWhole(query) ? toSelection(shelf.orders.sorted(query.order)) : keep(query, () => choose(shelf, query)),
    insert: (row) => {
      revision += 1;
      note(row);
      shelf.indexes.enter(row);
      shelf.orders.enter(row);
      return row;
    },
    update: (id, changes) => {
      const row = rows.get(id);
      if (row === undefined) return undefined;
      revision += 1;
      change(shelf, row, changes);
      return row;
    },
    remove: (id) => {
      const row = rows.get(id);
      if (row === undefined) return false;
      revision += 1;
      rows.delete(id);
      shelf.indexes.leave(row);
      shelf.orders.leave(row);
      return true;
    },
    nextNumber: () => {
      highest += 1;
      return highest;
    },
  };
}

const isWhole = (query: Query): boolean =>
  query.among.length === 0 && query.tests.length === 0 && query.span === undefined;

const MOST_KEPT = 64;

/** Answers without tests are kept while nothing changes: the next page of a list costs nothing. */
function createKept(revisionOf: () => number): (query: Query, make: () => Selection) => Selection {
  const kept = new Map<string, Selection>();
  let keptAt = -1;
  return (query, make) => {
    const key = keyOf(query);
    if (key === null) return make();
    if (keptAt !== revisionOf() || kept.size > MOST_KEPT) kept.clear();
    keptAt = revisionOf();
    const known = kept.get(key) ?? make();
    kept.set(key, known);
    return known;
  };
}

function change({ indexes, orders }: Shelf, row: Row, changes: Partial<Row>): void {
  const columns = Object.keys(changes);
  indexes.leave(row, columns);
  orders.leave(row);
  Object.assign(row, changes);
  indexes.enter(row, columns);
  orders.enter(row);
}

function rowsWith({ rows, indexes }: Shelf, column: string, value: Json): Row[] {
  if (column !== 'id') return [...indexes.rowsWith(column, value)];
  const row = typeof value === 'string' || typeof value === 'number' ? rows.get(value) : undefined;
  return row === undefined ? [] : [row];
}

/** What fits: found by the narrowest condition when it leaves a quarter of the rows at most, else among all. */
function choose(shelf: Shelf, query: Query): Selection {
  let best: Among | undefined;
  let least = shelf.rows.size / 4;
  for (const among of query.among) {
    const size = estimate(shelf, among);
    if (size > least) continue;
    best = among;
    least = size;
  }
  const fit = (row: Row): boolean => fits(row, query);
  if (best === undefined) return toSelection(shelf.orders.sorted(query.order).filter(fit));
  return toSelection(candidates(shelf, best).filter(fit).sort(toCompare(query.order)));
}

function estimate({ indexes }: Shelf, { column, values }: Among): number {
  if (column === 'id') return values.size;
  let sum = 0;
  for (const value of values) sum += indexes.rowsWith(column, value).size;
  return sum;
}

function candidates(shelf: Shelf, { column, values }: Among): Row[] {
  const found = [...values].flatMap((value) => rowsWith(shelf, column, value));
  return values.size === 1 ? found : [...new Set(found)];
}

import type { Id, Json, Row } from './types.ts';

/** A row test that no index can answer; one with a `key` depends on nothing but it and the row. */
export type RowTest = ((row: Row) => boolean) & { key?: string };

/** Rows whose column (or, for a list column, one of its members) is among these values. */
export interface Among {
  column: string;
  values: ReadonlySet<Json>;
}

/** What rows are wanted, in which order; every part narrows. */
export interface Query {
  among: Among[];
  /** A span of a moment column; both ends inclusive, as upstream has it. */
  span?: { column: string; from?: number; to?: number };
  tests: RowTest[];
  /** Columns, `-` before those that run downwards. */
  order: readonly string[];
}

/** Rows that fit a query, made only where they are looked at. */
export interface Selection {
  readonly length: number;
  slice(from: number, to: number): Row[];
}

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

type Index = Map<Json, Set<Row>>;
type Compare = (a: Row, b: Row) => number;

const NONE: readonly Row[] = [];

function compareValues(a: Json | undefined, b: Json | undefined): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : 1;
  if (typeof a === 'object' || typeof b === 'object') return compareValues(JSON.stringify(a), JSON.stringify(b));
  return Number(a) - Number(b);
}

/** How rows compare in an order; ties stay as they were inserted. */
export function toCompare(order: readonly string[]): Compare {
  const keys = order.map((key) =>
    key.startsWith('-') ? { column: key.slice(1), sign: -1 } : { column: key, sign: 1 },
  );
  return (a, b) => {
    for (const { column, sign } of keys) {
      const side = compareValues(a[column], b[column]);
      if (side !== 0) return side * sign;
    }
    return 0;
  };
}

/** Whether a row's column is, or holds, one of the values. */
export function isAmong(row: Row, { column, values }: Among): boolean {
  const value = row[column];
  if (Array.isArray(value)) return value.some((member) => values.has(member));
  return value !== undefined && values.has(value);
}

function fits(row: Row, query: Query): boolean {
  for (const among of query.among) if (!isAmong(row, among)) return false;
  if (query.span !== undefined) {
    const at = row[query.span.column];
    if (typeof at !== 'number') return false;
    if (query.span.from !== undefined && at < query.span.from) return false;
    if (query.span.to !== undefined && at > query.span.to) return false;
  }
  for (const test of query.tests) if (!test(row)) return false;
  return true;
}

const membersOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

const identities = new WeakMap<ReadonlySet<Json>, number>();
let identity = 0;

function nameOf(values: ReadonlySet<Json>): string {
  if (values.size <= 4) return JSON.stringify([...values]);
  const known = identities.get(values);
  if (known !== undefined) return `#${known}`;
  identity += 1;
  identities.set(values, identity);
  return `#${identity}`;
}

/** A name for a query that only depends on its content; null for one with nameless tests. */
export function keyOf(query: Query): string | null {
  if (query.tests.some((test) => test.key === undefined)) return null;
  const among = query.among.map(({ column, values }) => `${column}=${nameOf(values)}`).join('&');
  return `${query.order.join()}|${among}|${query.span === undefined ? '' : JSON.stringify(query.span)}|${query.tests.map((test) => test.key).join('&')}`;
}

/** Makes a selection of an array. */
export function toSelection(rows: readonly Row[]): Selection {
  return { length: rows.length, slice: (from, to) => rows.slice(from, to) };
}

function place(sorted: readonly Row[], row: Row, compare: Compare): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle];
    if (other !== undefined && compare(other, row) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Makes a table in memory: keyed by id, indexed by any column on first use, with kept orders. */
export function createTable(name: string, initial: Iterable<Row> = []): Table {
  const rows = new Map<Id, Row>();
  const indexes = new Map<string, Index>();
  const orders = new Map<string, { compare: Compare; rows: Row[] }>();
  let revision = 0;
  let highest = 0;

  const note = (row: Row): void => {
    rows.set(row.id, row);
    if (typeof row.id === 'number' && row.id > highest) highest = row.id;
  };
  for (const row of initial) note(row);

  const enter = (index: Index, column: string, row: Row): void => {
    for (const value of membersOf(row[column])) {
      const set = index.get(value);
      if (set === undefined) index.set(value, new Set([row]));
      else set.add(row);
    }
  };
  const leave = (index: Index, column: string, row: Row): void => {
    for (const value of membersOf(row[column])) index.get(value)?.delete(row);
  };
  const indexOf = (column: string): Index => {
    const known = indexes.get(column);
    if (known !== undefined) return known;
    const made: Index = new Map();
    for (const row of rows.values()) enter(made, column, row);
    indexes.set(column, made);
    return made;
  };
  const sorted = (order: readonly string[]): readonly Row[] => {
    const key = order.join();
    const known = orders.get(key);
    if (known !== undefined) return known.rows;
    const compare = toCompare(order);
    const made = [...rows.values()].sort(compare);
    orders.set(key, { compare, rows: made });
    return made;
  };
  const unsort = (row: Row): void => {
    for (const { rows: kept } of orders.values()) {
      const at = kept.indexOf(row);
      if (at >= 0) kept.splice(at, 1);
    }
  };
  const sortIn = (row: Row): void => {
    for (const { compare, rows: kept } of orders.values()) kept.splice(place(kept, row, compare), 0, row);
  };

  const candidates = (among: Among): Row[] => {
    if (among.column === 'id') {
      const found: Row[] = [];
      for (const id of among.values) {
        const row = typeof id === 'string' || typeof id === 'number' ? rows.get(id) : undefined;
        if (row !== undefined) found.push(row);
      }
      return found;
    }
    const index = indexOf(among.column);
    if (among.values.size === 1) {
      for (const value of among.values) return [...(index.get(value) ?? [])];
    }
    const found = new Set<Row>();
    for (const value of among.values) for (const row of index.get(value) ?? []) found.add(row);
    return [...found];
  };
  const estimate = (among: Among): number => {
    if (among.column === 'id') return among.values.size;
    const index = indexOf(among.column);
    let sum = 0;
    for (const value of among.values) sum += index.get(value)?.size ?? 0;
    return sum;
  };

  /** Answers without tests are kept while nothing changes: the next page of a list costs nothing. */
  const kept = new Map<string, Selection>();
  let keptAt = -1;
  const keep = (query: Query, make: () => Selection): Selection => {
    const key = keyOf(query);
    if (key === null) return make();
    if (keptAt !== revision || kept.size > 64) {
      kept.clear();
      keptAt = revision;
    }
    const known = kept.get(key) ?? make();
    kept.set(key, known);
    return known;
  };

  const select = (query: Query): Selection => {
    if (query.among.length === 0 && query.tests.length === 0 && query.span === undefined) {
      return toSelection(sorted(query.order));
    }
    return keep(query, () => choose(query));
  };
  const choose = (query: Query): Selection => {
    let best: Among | undefined;
    let least = rows.size / 4;
    for (const among of query.among) {
      const size = estimate(among);
      if (size <= least) {
        best = among;
        least = size;
      }
    }
    if (best === undefined) return toSelection(sorted(query.order).filter((row) => fits(row, query)));
    const found = candidates(best).filter((row) => fits(row, query));
    return toSelection(found.sort(toCompare(query.order)));
  };

  return {
    name,
    get revision() {
      return revision;
    },
    get size() {
      return rows.size;
    },
    get: (id) => rows.get(id),
    where: (column, value) => {
      if (column === 'id') {
        const row = typeof value === 'string' || typeof value === 'number' ? rows.get(value) : undefined;
        return row === undefined ? NONE : [row];
      }
      const set = indexOf(column).get(value);
      return set === undefined ? NONE : [...set];
    },
    all: () => rows.values(),
    select,
    insert: (row) => {
      revision += 1;
      note(row);
      for (const [column, index] of indexes) enter(index, column, row);
      sortIn(row);
      return row;
    },
    update: (id, changes) => {
      const row = rows.get(id);
      if (row === undefined) return undefined;
      revision += 1;
      const columns = Object.keys(changes);
      for (const column of columns) {
        const index = indexes.get(column);
        if (index !== undefined) leave(index, column, row);
      }
      unsort(row);
      Object.assign(row, changes);
      for (const column of columns) {
        const index = indexes.get(column);
        if (index !== undefined) enter(index, column, row);
      }
      sortIn(row);
      return row;
    },
    remove: (id) => {
      const row = rows.get(id);
      if (row === undefined) return false;
      revision += 1;
      rows.delete(id);
      for (const [column, index] of indexes) leave(index, column, row);
      unsort(row);
      return true;
    },
    nextNumber: () => {
      highest += 1;
      return highest;
    },
  };
}

/** All tables of a sandbox, made empty when first asked for. */
export interface Store {
  table(name: string): Table;
  /** Names of the tables that exist. */
  names(): string[];
  /** Puts a table in place of the one with its name. */
  put(table: Table): void;
}

/** Makes a store of the given tables. */
export function createStore(tables: Iterable<Table> = []): Store {
  const byName = new Map<string, Table>();
  for (const table of tables) byName.set(table.name, table);
  return {
    table: (name) => {
      const known = byName.get(name);
      if (known !== undefined) return known;
      const made = createTable(name);
      byName.set(name, made);
      return made;
    },
    names: () => [...byName.keys()],
    put: (table) => {
      byName.set(table.name, table);
    },
  };
}

import type { Json, Row } from '../types.ts';

type Index = Map<Json, Set<Row>>;

const NONE: ReadonlySet<Row> = new Set();

/** The rows of a table by the values of their columns. */
export interface RowIndexes {
  /** Rows whose column is, or whose list column holds, this value. */
  rowsWith(column: string, value: Json): ReadonlySet<Row>;
  /** Notes a row that came, or those of its columns that got other values. */
  enter(row: Row, columns?: Iterable<string>): void;
  /** Forgets a row that goes, or those of its columns that get other values. */
  leave(row: Row, columns?: Iterable<string>): void;
}

/** Makes the indexes of a table's rows, each on its first use. */
export function createIndexes(rows: ReadonlyMap<unknown, Row>): RowIndexes {
  const indexes = new Map<string, Index>();
  const indexOf = (column: string): Index => {
    const known = indexes.get(column);
    if (known !== undefined) return known;
    const made: Index = new Map();
    for (const row of rows.values()) enter(made, column, row);
    indexes.set(column, made);
    return made;
  };
  const change = (act: typeof enter, row: Row, columns: Iterable<string>): void => {
    for (const column of columns) {
      const index = indexes.get(column);
      if (index !== undefined) act(index, column, row);
    }
  };
  return {
    rowsWith: (column, value) => indexOf(column).get(value) ?? NONE,
    enter: (row, columns = indexes.keys()) => change(enter, row, columns),
    leave: (row, columns = indexes.keys()) => change(leave, row, columns),
  };
}

function enter(index: Index, column: string, row: Row): void {
  for (const value of membersOf(row[column])) {
    const set = index.get(value);
    if (set === undefined) index.set(value, new Set([row]));
    else set.add(row);
  }
}

function leave(index: Index, column: string, row: Row): void {
  for (const value of membersOf(row[column])) index.get(value)?.delete(row);
}

const membersOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

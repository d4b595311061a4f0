import type { Id, Json, Row } from '../types.ts';

/**
 * Rows of a log that nobody stores: row `i` is worked out when looked at, newest first. A million of them cost no
 * memory; filters on `keys` read those cheap columns alone, and index them on first use.
 */
export interface LogSource {
  readonly count: number;
  /** Column of the moment by which the log is ordered. */
  readonly column: string;
  /** The moment of row `i`; never later than that of the row before. */
  at(i: number): number;
  row(i: number): Row;
  idOf(i: number): Id;
  /** Number of the row with an id, -1 when it is none of these. */
  find(id: Id): number;
  /** Columns that can be had without the whole row. */
  readonly keys: Readonly<Record<string, (i: number) => Json>>;
  /** Columns that are the same in all rows. */
  readonly constants: Readonly<Record<string, Json>>;
  /** Columns whose rows are known by rule: numbers of the rows with a value, ascending. */
  readonly lookups?: Readonly<Record<string, (value: Json) => readonly number[]>>;
}

/** A row that works out a column only when it is read: enough for a test, and the same object for every number. */
export function createGlance(source: LogSource): (number: number) => Row {
  let at = 0;
  let whole: Row | null = null;
  const row: Row = { id: '' };
  const columns = source.count === 0 ? [] : Object.keys(source.row(0));
  for (const column of columns) {
    const key = column === source.column ? source.at : source.keys[column];
    const constant = source.constants[column];
    const read = (): Json => {
      if (key !== undefined) return key(at);
      if (constant !== undefined) return constant;
      whole ??= source.row(at);
      return whole[column] ?? null;
    };
    Object.defineProperty(row, column, { get: read, enumerable: true });
  }
  return (number) => {
    at = number;
    whole = null;
    return row;
  };
}

import type { Json, Row } from '../types.ts';
import { bisect } from './bisect.ts';

/** How two rows compare: below, equal to or above zero. */
export type Compare = (a: Row, b: Row) => number;

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

/** The rows of a table in the orders that were asked for, kept in order while rows come and go. */
export interface RowOrders {
  sorted(order: readonly string[]): readonly Row[];
  enter(row: Row): void;
  leave(row: Row): void;
}

/** Makes the orders of a table's rows, each on its first use. */
export function createOrders(rows: ReadonlyMap<unknown, Row>): RowOrders {
  const orders = new Map<string, { compare: Compare; rows: Row[] }>();
  return {
    sorted: (order) => {
      const key = order.join();
      const known = orders.get(key);
      if (known !== undefined) return known.rows;
      const compare = toCompare(order);
      const made = [...rows.values()].sort(compare);
      orders.set(key, { compare, rows: made });
      return made;
    },
    enter: (row) => {
      for (const { compare, rows: kept } of orders.values()) kept.splice(placeOf(row, kept, compare), 0, row);
    },
    leave: (row) => {
      for (const { rows: kept } of orders.values()) {
        const at = kept.indexOf(row);
        if (at >= 0) kept.splice(at, 1);
      }
    },
  };
}

function placeOf(row: Row, sorted: readonly Row[], compare: Compare): number {
  return bisect(sorted.length, (i) => {
    const other = sorted[i];
    return other !== undefined && compare(other, row) <= 0;
  });
}

import { isRow, type Row } from './row.ts';

/** The property that a column of an order names. */
export function columnOf(column: string): string {
  return column.replace(/^-/, '');
}

/** Compares rows by columns; JumpServer's dates sort as text. */
export function comparing(order: readonly string[]): (left: Row, right: Row) => number {
  return (left, right) => {
    for (const column of order) {
      const name = columnOf(column);
      const sign = compare(plain(left[name]), plain(right[name]));
      if (sign !== 0) return column.startsWith('-') ? -sign : sign;
    }
    return 0;
  };
}

/** A choice is ordered by its own value. */
function plain(value: unknown): unknown {
  return isRow(value) ? value['value'] : value;
}

function compare(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [one, two] = [String(left ?? ''), String(right ?? '')];
  return one < two ? -1 : one > two ? 1 : 0;
}

import type { Row } from '../types.ts';
import { bisect } from './bisect.ts';
import { lengthOf, type Numbers, numberAt } from './log-numbers.ts';
import type { LogSource } from './log-source.ts';
import { type Selection, toSelection } from './query.ts';
import { toCompare } from './row-orders.ts';

/** The rows of a log that fit, and those `written` over it, in an order; in that of time only those looked at are made. */
export function toLogSelection(
  source: LogSource,
  numbers: Numbers,
  written: readonly Row[],
  order: readonly string[],
): Selection {
  const [first] = order;
  if (first === undefined || first === `-${source.column}`) return inTime(source, numbers, written, false);
  if (first === source.column) return inTime(source, numbers, written, true);
  const made = Array.from({ length: lengthOf(numbers) }, (_, i) => source.row(numberAt(numbers, i)));
  return toSelection([...written, ...made].sort(toCompare(order)));
}

/** Rows in order of time, either way; the written ones set in at their places. */
function inTime(source: LogSource, numbers: Numbers, written: readonly Row[], isUp: boolean): Selection {
  const count = lengthOf(numbers);
  const length = count + written.length;
  const numberOf = (i: number): number => numberAt(numbers, isUp ? count - 1 - i : i);
  const places = written.map((row) => {
    const moment = Number(row[source.column]);
    return bisect(count, (i) => (isUp ? source.at(numberOf(i)) < moment : source.at(numberOf(i)) > moment));
  });
  return {
    length,
    slice: (from, to) => {
      const rows: Row[] = [];
      let used = places.filter((place, k) => place + k < from).length;
      for (let i = from; i < Math.min(to, length); i += 1) {
        const next = places[used] === i - used ? written[used] : undefined;
        rows.push(next ?? source.row(numberOf(i - used)));
        if (next !== undefined) used += 1;
      }
      return rows;
    },
  };
}

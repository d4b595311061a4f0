import { bisect } from './bisect.ts';

/** Numbers of rows, ascending: a whole span, or some of it. */
export type Numbers = { readonly from: number; readonly to: number } | { readonly list: ArrayLike<number> };

/** How many numbers these are. */
export const lengthOf = (numbers: Numbers): number =>
  'list' in numbers ? numbers.list.length : numbers.to - numbers.from;

/** The number at a place of them. */
export const numberAt = (numbers: Numbers, i: number): number =>
  'list' in numbers ? (numbers.list[i] ?? 0) : numbers.from + i;

/** Whether a number is one of them. */
export function contains(numbers: Numbers, number: number): boolean {
  const place = bisect(lengthOf(numbers), (i) => numberAt(numbers, i) < number);
  return place < lengthOf(numbers) && numberAt(numbers, place) === number;
}

/** Those of them for which something holds. */
export function only(numbers: Numbers, holds: (number: number) => boolean): Numbers {
  const list: number[] = [];
  for (let i = 0; i < lengthOf(numbers); i += 1) {
    const number = numberAt(numbers, i);
    if (holds(number)) list.push(number);
  }
  return { list };
}

/** All numbers of several ascending lists, ascending. */
export function merge(lists: readonly ArrayLike<number>[]): ArrayLike<number> {
  const [first] = lists;
  if (lists.length === 1 && first !== undefined) return first;
  return lists.flatMap((list) => Array.from(list)).sort((a, b) => a - b);
}

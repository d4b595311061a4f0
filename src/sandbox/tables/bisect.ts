/** Of `length` ordered numbers from 0 the first for which `isBefore` no longer holds; `length` where it holds for all. */
export function bisect(length: number, isBefore: (i: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

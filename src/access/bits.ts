/** A set of positions 0 … n-1, one bit each: 50,000 assets are 6 kB, and union, difference and size go 32 members a step. */
export type Bits = Uint32Array;

/** Makes an empty set for `size` positions. */
export function createBits(size: number): Bits {
  return new Uint32Array((size + 31) >>> 5);
}

/** Makes a set of the given positions. */
export function toBits(size: number, positions: Iterable<number>): Bits {
  const bits = createBits(size);
  for (const position of positions) addBit(bits, position);
  return bits;
}

/** Puts one position into the set. */
export function addBit(bits: Bits, position: number): void {
  const word = position >>> 5;
  bits[word] = (bits[word] ?? 0) | (1 << (position & 31));
}

/** Asks whether a position is in the set. */
export function hasBit(bits: Bits, position: number): boolean {
  return ((bits[position >>> 5] ?? 0) & (1 << (position & 31))) !== 0;
}

/** The words of a set that can hold a member: `from` included, `to` excluded. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The narrowest window around all members of a set. */
export function windowOf(bits: Bits): Window {
  let from = 0;
  let to = bits.length;
  while (from < to && bits[from] === 0) from += 1;
  while (to > from && bits[to - 1] === 0) to -= 1;
  return { from, to };
}

/** Adds all of `source` to `target`, or of a window of it. */
export function uniteInto(target: Bits, source: Bits, window: Window = { from: 0, to: target.length }): void {
  for (let word = window.from; word < window.to; word += 1) target[word] = (target[word] ?? 0) | (source[word] ?? 0);
}

/** Keeps in `target` only what is in `source` too. */
export function intersectInto(target: Bits, source: Bits): void {
  for (let word = 0; word < target.length; word += 1) target[word] = (target[word] ?? 0) & (source[word] ?? 0);
}

/** Takes everything in `source` out of `target`. */
export function subtractInto(target: Bits, source: Bits): void {
  for (let word = 0; word < target.length; word += 1) target[word] = (target[word] ?? 0) & ~(source[word] ?? 0);
}

/** What is in both sets, as a new set. */
export function intersectionOf(left: Bits, right: Bits): Bits {
  const bits = left.slice();
  intersectInto(bits, right);
  return bits;
}

/** What is in `left` and not in `right`, as a new set. */
export function differenceOf(left: Bits, right: Bits): Bits {
  const bits = left.slice();
  subtractInto(bits, right);
  return bits;
}

/** How many positions are in the set. */
export function countBits(bits: Bits): number {
  let count = 0;
  for (let index = 0; index < bits.length; index += 1) {
    let word = bits[index] ?? 0;
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/** The first position in the set at or after `from`, or -1. */
export function nextBit(bits: Bits, from: number): number {
  let index = from >>> 5;
  if (index >= bits.length) return -1;
  let word = (bits[index] ?? 0) & (-1 << (from & 31));
  while (word === 0) {
    index += 1;
    if (index >= bits.length) return -1;
    word = bits[index] ?? 0;
  }
  return (index << 5) + 31 - Math.clz32(word & -word);
}

/** The positions in the set, ascending. */
export function* positionsOf(bits: Bits): Generator<number> {
  for (let at = nextBit(bits, 0); at >= 0; at = nextBit(bits, at + 1)) yield at;
}

/** Asks whether the set has no member. */
export function isEmptyBits(bits: Bits): boolean {
  for (let word = 0; word < bits.length; word += 1) if (bits[word] !== 0) return false;
  return true;
}

/** Asks whether all of `inner` is in `outer`. */
export function isSubsetOf(inner: Bits, outer: Bits): boolean {
  for (let word = 0; word < inner.length; word += 1) if ((inner[word] ?? 0) & ~(outer[word] ?? 0)) return false;
  return true;
}

/** Asks whether both sets have a member in common, or have one within a window. */
export function overlaps(left: Bits, right: Bits, window: Window = { from: 0, to: left.length }): boolean {
  for (let word = window.from; word < window.to; word += 1) if ((left[word] ?? 0) & (right[word] ?? 0)) return true;
  return false;
}

/** Asks whether both sets have the same members. */
export function equalBits(left: Bits, right: Bits): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let word = 0; word < left.length; word += 1) if (left[word] !== right[word]) return false;
  return true;
}

/** A 32-bit hash of the members (FNV-1a over words): equal sets of one size have equal hashes. */
export function hashBits(bits: Bits): number {
  let hash = 0x811c9dc5;
  for (let word = 0; word < bits.length; word += 1) hash = Math.imul(hash ^ (bits[word] ?? 0), 0x01000193);
  return hash;
}

/** Numbers kept per combination of values, for millions of combinations: about 50 bytes each, whatever their texts. */
export interface Tally {
  /** The place of a combination of values (each by its number in an {@link Interner}); a new one starts at zero. */
  placeOf(values: readonly number[]): number;
  /** Adds to one of the numbers of a combination. */
  add(place: number, column: number, amount: number): void;
  get(place: number, column: number): number;
  /** One value of a combination. */
  valueAt(place: number, at: number): number;
  readonly size: number;
}

const FREE = -1;

/** Makes an empty tally of combinations of `width` values with `columns` numbers each: a hash table in typed arrays. */
export function createTally(width: number, columns: number): Tally {
  let size = 0;
  let slots = new Int32Array(4096).fill(FREE);
  let values = new Uint32Array((slots.length / 2) * width);
  let numbers = new Float64Array((slots.length / 2) * columns);

  const isAt = (place: number, combination: readonly number[]) => {
    for (let at = 0; at < width; at += 1) if (values[place * width + at] !== combination[at]) return false;
    return true;
  };
  /** The slot that holds a combination, or the free one where it belongs. */
  const slotOf = (combination: readonly number[]) => {
    let slot = hashOf(combination) & (slots.length - 1);
    for (;;) {
      const place = slots[slot] ?? FREE;
      if (place === FREE || isAt(place, combination)) return slot;
      slot = (slot + 1) & (slots.length - 1);
    }
  };
  const grow = () => {
    slots = new Int32Array(slots.length * 2).fill(FREE);
    values = extended(values, new Uint32Array((slots.length / 2) * width));
    numbers = extended(numbers, new Float64Array((slots.length / 2) * columns));
    for (let place = 0; place < size; place += 1) {
      slots[slotOf([...values.subarray(place * width, (place + 1) * width)])] = place;
    }
  };
  return {
    placeOf(combination) {
      const known = slots[slotOf(combination)] ?? FREE;
      if (known !== FREE) return known;
      if (size === slots.length / 2) grow();
      values.set(combination, size * width);
      slots[slotOf(combination)] = size;
      size += 1;
      return size - 1;
    },
    add: (place, column, amount) => {
      const at = place * columns + column;
      numbers[at] = (numbers[at] ?? 0) + amount;
    },
    get: (place, column) => numbers[place * columns + column] ?? 0,
    valueAt: (place, at) => values[place * width + at] ?? 0,
    get size() {
      return size;
    },
  };
}

function extended<Numbers extends Uint32Array | Float64Array>(from: Numbers, into: Numbers): Numbers {
  into.set(from);
  return into;
}

/** FNV-1a over the numbers, mixed once more so that the low bits differ. */
function hashOf(combination: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const value of combination) hash = Math.imul(hash ^ value, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Numbers values in the order in which they are met, and keeps of each what is first told of it. */
export interface Interner<Value> {
  /** The number of a key; `make` is asked when it is new. */
  numberOf(key: string, make: () => Value): number;
  /** What is kept of a number. Throws `RangeError` for one that was not given. */
  valueOf(number: number): Value;
  /** The place of each number in the order of the keys. */
  ranks(): Uint32Array;
}

/** Makes an empty interner. */
export function createInterner<Value>(): Interner<Value> {
  const numbers = new Map<string, number>();
  const values: Value[] = [];
  return {
    numberOf(key, make) {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, values.length);
      return values.push(make()) - 1;
    },
    valueOf(number) {
      const value = values[number];
      if (value === undefined) throw new RangeError(`No value has the number ${number}`);
      return value;
    },
    ranks() {
      const ranks = new Uint32Array(values.length);
      const ordered = [...numbers].sort(([left], [right]) => (left < right ? -1 : 1));
      ordered.forEach(([, number], rank) => {
        ranks[number] = rank;
      });
      return ranks;
    },
  };
}

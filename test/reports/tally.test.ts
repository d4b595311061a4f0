import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createInterner, createTally } from '../../src/reports/tally.ts';

test('a tally equals a map of the same combinations, however many there are', () => {
  const combinations = fc.array(fc.tuple(fc.nat(30), fc.nat(1_000_000), fc.nat(5)), { maxLength: 6000 });
  fc.assert(
    fc.property(combinations, (rows) => {
      const tally = createTally(3, 2);
      const expected = new Map<string, number>();
      for (const row of rows) {
        const place = tally.placeOf(row);
        tally.add(place, 1, row[2] + 1);
        expected.set(row.join(), (expected.get(row.join()) ?? 0) + row[2] + 1);
      }
      const found = Array.from({ length: tally.size }, (_, place) => [
        [0, 1, 2].map((at) => tally.valueAt(place, at)).join(),
        tally.get(place, 1),
      ]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
      expect(tally.size).toBe(expected.size);
    }),
    { numRuns: 60 },
  );
});

test('a tally of no values has one combination', () => {
  const tally = createTally(0, 1);
  tally.add(tally.placeOf([]), 0, 2);
  tally.add(tally.placeOf([]), 0, 3);
  expect([tally.size, tally.get(0, 0)]).toEqual([1, 5]);
});

test('an interner numbers keys as they come, keeps what is told first, and ranks them by key', () => {
  const names = createInterner<string>();
  const numbers = ['b', 'a', 'b', 'c'].map((key) => names.numberOf(key, () => key.toUpperCase()));
  expect([numbers, names.valueOf(1), [...names.ranks()]]).toEqual([[0, 1, 0, 2], 'A', [1, 0, 2]]);
  expect(() => names.valueOf(3)).toThrow(RangeError);
});

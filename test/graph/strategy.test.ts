import { describe, expect, it } from 'vitest';
import { batchFits, chooseStrategy, firstPageSize } from '../../src/graph/strategy.ts';

const can = { rule: false, lookup: false, scan: false };

describe('rows that point to parents are asked for', () => {
  it.each([
    ['by a call for one parent, whatever the list can do', 1, 50, { rule: true, lookup: true, scan: true }, 'single'],
    ['by a rule where the list has one', 2, 50, { rule: true, lookup: true, scan: true }, 'rule'],
    ['by a lookup where there is no rule', 2, 50, { ...can, lookup: true, scan: true }, 'lookup'],
    ['one by one where a lookup would bring less than one row each', 5, 1, { ...can, lookup: true }, 'single'],
    ['by reading the list once from four parents on', 4, 50, { ...can, scan: true }, 'scan'],
    ['one by one below four parents', 3, 50, { ...can, scan: true }, 'single'],
    ['one by one where the list can do nothing else', 100, 50, can, 'single'],
  ] as const)('%s', (_name, parents, perParent, means, wanted) => {
    expect(chooseStrategy({ parents, perParent, can: means })).toBe(wanted);
  });
});

it('a batch begins with twice what is wanted, within 100 and a page', () => {
  expect([firstPageSize(2, 10, 1000), firstPageSize(100, 3, 1000), firstPageSize(100, 50, 1000)]).toEqual([
    100, 600, 1000,
  ]);
});

it('a batch is left when its further pages are not fewer than a call for each parent', () => {
  expect(batchFits(3000, 1000, 3, 1000)).toBe(true);
  expect(batchFits(4000, 1000, 3, 1000)).toBe(false);
});

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

describe('a measured way', () => {
  const all = { rule: true, lookup: false, scan: true };
  const took =
    (times: Record<string, number>, pages = 1, reads = 3) =>
    (way: string) => {
      const milliseconds = times[way];
      return milliseconds === undefined
        ? undefined
        : { times: Array.from({ length: reads }, () => milliseconds), pages };
    };
  it.each([
    ['is left for one twice as fast in as many calls', 50, all, took({ rule: 400, scan: 200 }), false, 'scan'],
    ['stays where the other is not twice as fast', 50, all, took({ rule: 400, scan: 210 }), false, 'rule'],
    ['stays where it is fast enough', 50, all, took({ rule: 240, scan: 10 }), false, 'rule'],
    ['stays where the other was not measured', 50, all, took({ rule: 4000 }), true, 'rule'],
    [
      'stays where one of its last reads was fast enough',
      50,
      all,
      (way: string) => ({ times: way === 'rule' ? [4000, 100, 4000] : [10, 10, 10], pages: 1 }),
      true,
      'rule',
    ],
    ['stays where too few reads were measured', 50, all, took({ rule: 4000, scan: 10 }, 1, 2), true, 'rule'],
    ['stays where the other takes two calls more', 50, all, took({ rule: 4000, scan: 10 }, 3), true, 'rule'],
    [
      'is left for one call more where there are calls to spare',
      2,
      all,
      took({ rule: 400, single: 50 }),
      true,
      'single',
    ],
    ['stays where there are none to spare', 2, all, took({ rule: 400, single: 50 }), false, 'rule'],
    ['stays for one parent, whose rows alone are few', 1, all, took({ single: 4000, scan: 10 }), true, 'single'],
    ['stays where the list can not be asked otherwise', 2, can, took({ single: 4000, scan: 10 }), true, 'single'],
  ] as const)('%s', (_name, parents, means, measured, canSpare, wanted) => {
    expect(chooseStrategy({ parents, perParent: 50, can: means, measured, canSpare })).toBe(wanted);
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

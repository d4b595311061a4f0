import { expect, it } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';

it('2,000 operations and 500 broken requests: no crash, no failure of our own, no leak', async () => {
  const seed = 20_261_122;
  const { faults, statuses, codes } = await fuzz({ operations: 2_000, requests: 500, seed });
  expect(faults, `seed ${seed}`).toEqual([]);
  expect(statuses['200']).toBeGreaterThan(500);
  expect(Object.keys(codes)).toEqual(
    expect.arrayContaining([
      'GRAPHQL_PARSE_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'COST_LIMIT',
      'BAD_USER_INPUT',
      'BAD_REQUEST',
    ]),
  );
}, 300_000);

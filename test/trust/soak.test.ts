import { expect, it } from 'vitest';
import { createSecretWatch } from '../support/secret-watch.ts';
import { soak } from './soak/soak.ts';

it('5,000 operations of 64 users with 2 % faults: every answer is the truth or tells the fault, every write is done once at most', async () => {
  const seed = 20_261_122;
  const watch = createSecretWatch();
  const result = await soak({ operations: 5_000, users: 64, seed, faults: 0.02, reads: 200, longest: 240_000, watch });
  expect(result.wrong, `seed ${seed}`).toEqual([]);
  expect(result.operations).toBe(5_000);
  expect(result.writes.twice).toBe(0);
  expect(result.writes.done).toBeGreaterThan(50);
  expect(result.faultsStruck).toBeGreaterThan(50);
  expect(result.withErrors).toBeGreaterThan(0);
}, 300_000);

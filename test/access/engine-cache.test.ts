import { expect, test } from 'vitest';
import { createAccessEngine } from '../../src/access/engine.ts';
import { createEngineCache } from '../../src/access/engine-cache.ts';
import { company } from './small-company.ts';

const ann = { principal: 'ann', organization: 'firm' };

test('an engine is loaded once for all who ask within 30 seconds, then anew', async () => {
  const { cache, clock, load, loads } = setUp();
  const [first, second] = await Promise.all([cache.get(ann, load), cache.get(ann, load)]);
  expect(first).toBe(second);
  clock.now = 29_999;
  expect(await cache.get(ann, load)).toBe(first);
  clock.now = 30_000;
  expect(await cache.get(ann, load)).not.toBe(first);
  expect(loads()).toBe(2);
});

test('nobody is given what another principal loaded', async () => {
  const { cache, load, loads } = setUp();
  await cache.get(ann, load);
  await cache.get({ ...ann, principal: 'ben' }, load);
  expect(loads()).toBe(2);
});

test('a write drops every engine of its organisation, one still loading too', async () => {
  const { cache, load, loads } = setUp();
  const loading = cache.get(ann, load);
  cache.drop('firm');
  await cache.get(ann, load);
  await loading;
  cache.drop('another');
  await cache.get(ann, load);
  expect(loads()).toBe(2);
});

test('a refusal is told and not kept', async () => {
  const { cache, load, loads } = setUp();
  await expect(cache.get(ann, () => Promise.reject(new Error('403')))).rejects.toThrow('403');
  await cache.get(ann, load);
  expect(loads()).toBe(1);
});

test('of more engines than may be kept, the one asked longest ago goes', async () => {
  const { cache, load, loads } = setUp();
  const of = (principal: string) => cache.get({ ...ann, principal }, load);
  for (const principal of ['a', 'b', 'a', 'c', 'a', 'b']) await of(principal);
  expect(loads()).toBe(4);
});

function setUp() {
  const clock = { now: 0 };
  let loads = 0;
  const load = async () => {
    loads += 1;
    return createAccessEngine(company);
  };
  return { cache: createEngineCache({ now: () => clock.now, maximum: 2 }), clock, load, loads: () => loads };
}

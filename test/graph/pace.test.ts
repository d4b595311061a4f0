import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

/** Milliseconds of a read. The clock of the measurements moves by them and by nothing else. */
const [SLOW, QUICK] = [300, 20];

let graph: TestGraph;
beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(async () => {
  vi.useRealTimers();
  await graph.close();
});

/** A JumpServer that takes long for some addresses. */
async function start(isSlow: (search: string) => boolean): Promise<void> {
  const sandbox = createSandbox({ throttle: false });
  graph = await startGraph({
    sandbox,
    fetch: async (request) => {
      vi.advanceTimersByTime(isSlow(new URL(request.url).search) ? SLOW : QUICK);
      return sandbox.fetch(request);
    },
  });
  await graph.query('{ serverInfo { version } }');
}

interface Explained {
  readonly noun: string;
  readonly reads: string;
  readonly real: { readonly ways: readonly string[] };
  readonly measured: Readonly<Record<string, number>>;
}

async function ask(text: string, noun: string) {
  const { data, errors, extensions } = await graph.query(text, {}, { headers: { 'x-explain': '1' } });
  expect(errors).toBeUndefined();
  const { plan } = (extensions as unknown as { readonly explain: { readonly plan: readonly Explained[] } }).explain;
  const found = plan.find((one) => one.noun === noun && one.reads === 'reverse');
  return { data, calls: extensions.upstream.calls, ways: found?.real.ways, measured: found?.measured };
}

const accounts = (first: number, offset: number) =>
  ask(`{ assets(first: ${first}, offset: ${offset}) { nodes { name accounts { nodes { username } } } } }`, 'Account');
const permissions = (first: number, offset: number) =>
  ask(
    `{ users(first: ${first}, offset: ${offset}) { nodes { username permissions { nodes { name } } } } }`,
    'Permission',
  );

describe('of ways that take about as many calls the one is chosen that is measured to be much faster', () => {
  it('two calls instead of one rule, and the answer is the same', async () => {
    await start((search) => search.includes('attr_rules'));
    for (const offset of [0, 1, 2]) expect((await accounts(1, offset)).ways).toEqual(['single']);
    const before = [await accounts(2, 0), await accounts(2, 2), await accounts(2, 4)];
    expect(before.map(({ calls, ways }) => [calls, ways])).toEqual(before.map(() => [2, ['rule']]));
    const after = await accounts(2, 0);
    expect([after.calls, after.ways]).toEqual([3, ['single']]);
    expect(after.data).toEqual(before[0]?.data);
    expect(Object.keys(after.measured ?? {})).toEqual(['single', 'rule']);
    expect(after.measured?.['rule']).toBe(SLOW);
    expect((await accounts(3, 0)).ways).toEqual(['rule']);
  });

  it('one reading of the list instead of three calls', async () => {
    await start((search) => search.includes('user_id='));
    const before = await permissions(3, 0);
    expect([before.calls, before.ways]).toEqual([4, ['single']]);
    for (const offset of [0, 4, 8]) expect((await permissions(4, offset)).ways).toEqual(['scan']);
    const after = await permissions(3, 0);
    expect([after.calls, after.ways]).toEqual([2, ['scan']]);
    expect(after.data).toEqual(before.data);
  });

  it('fast ways stay as they are', async () => {
    await start(() => false);
    for (const offset of [0, 1, 2]) await accounts(1, offset);
    for (const offset of [0, 2, 4, 6]) expect((await accounts(2, offset)).ways).toEqual(['rule']);
  });
});

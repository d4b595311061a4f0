import { describe, expect, test } from 'vitest';
import { createFairQueue } from '../../src/upstream/queue.ts';
import { administrator, createStage } from './support/server.ts';

const limits = { total: 2, perPrincipal: 2, perRoute: 2, waiting: 100, waitingPerPrincipal: 100 };
const never = () => new AbortController().signal;

/** Asks for a place and notes when it is given; answers how to give it back. */
const ask = (
  queue: ReturnType<typeof createFairQueue>,
  order: string[],
  principal: string,
  label = principal,
  route = '/a/',
) => {
  const place = queue.enter(principal, route) ?? queue.wait(principal, route, never());
  if (!place) throw new Error('refused');
  return Promise.resolve(place).then((release) => {
    order.push(label);
    return release;
  });
};

describe('the queue', () => {
  test('gives places in turn over principals, however many calls one of them has waiting', async () => {
    const queue = createFairQueue({ ...limits, total: 1 });
    const order: string[] = [];
    const calls = [
      ...Array.from({ length: 50 }, (_, call) => ask(queue, order, 'busy', `busy ${call}`)),
      ask(queue, order, 'ann'),
      ask(queue, order, 'ben'),
    ];
    const finished = Promise.all(calls.map((call) => call.then((release) => setImmediate(release))));
    await finished;
    expect(order.slice(0, 5)).toEqual(['busy 0', 'busy 1', 'ann', 'ben', 'busy 2']);
    expect(order).toHaveLength(52);
    expect(queue.waiting).toBe(0);
  });

  test('holds each principal to its share while places are free', () => {
    const queue = createFairQueue({ ...limits, total: 10, perRoute: 10 });
    const entered = ['ann', 'ann', 'ann', 'ben'].map((principal) => queue.enter(principal, '/a/') !== undefined);
    expect(entered).toEqual([true, true, false, true]);
  });

  test('keeps a slow route from taking every place', () => {
    const queue = createFairQueue({ total: 10, perPrincipal: 10, perRoute: 2, waiting: 10, waitingPerPrincipal: 10 });
    const entered = ['/slow/', '/slow/', '/slow/', '/quick/'].map((route) => queue.enter('ann', route) !== undefined);
    expect(entered).toEqual([true, true, false, true]);
  });

  test('lets a call past one that waits for a full route', async () => {
    const queue = createFairQueue({ total: 3, perPrincipal: 3, perRoute: 1, waiting: 10, waitingPerPrincipal: 10 });
    const order: string[] = [];
    const slow = await ask(queue, order, 'ann', 'slow 1', '/slow/');
    void ask(queue, order, 'ann', 'slow 2', '/slow/');
    await ask(queue, order, 'ann', 'quick', '/quick/');
    expect(order).toEqual(['slow 1', 'quick']);
    slow();
    await Promise.resolve();
    await new Promise(setImmediate);
    expect(order).toEqual(['slow 1', 'quick', 'slow 2']);
  });

  test('forgets who gives up', async () => {
    const queue = createFairQueue({ ...limits, total: 1 });
    const release = queue.enter('ann', '/a/');
    const gone = new AbortController();
    const waiting = queue.wait('ben', '/a/', gone.signal);
    gone.abort('left');
    await expect(waiting).rejects.toBe('left');
    release?.();
    release?.();
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  test('refuses one principal, then everybody, when too many wait', () => {
    const queue = createFairQueue({ total: 1, perPrincipal: 1, perRoute: 1, waiting: 2, waitingPerPrincipal: 1 });
    queue.enter('ann', '/a/');
    expect(queue.wait('ann', '/a/', never())).toBeDefined();
    expect(queue.wait('ann', '/a/', never())).toBeUndefined();
    expect(queue.wait('ben', '/a/', never())).toBeDefined();
    expect(queue.wait('cat', '/a/', never())).toBeUndefined();
  });
});

test('a principal has its share of calls in flight and no more', async () => {
  let inFlight = 0;
  let most = 0;
  const stage = createStage(
    '4.10.16',
    async () => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inFlight--;
      return Response.json([]);
    },
    { version: '4.10.19', limits: { concurrency: 4 } },
  );
  const session = stage.upstream.session({ credentials: administrator });
  await Promise.all(
    Array.from({ length: 30 }, (_, offset) => session.api.GET('/users/users/', { params: { query: { offset } } })),
  );
  expect(most).toBe(4);
  expect(stage.upstream.load).toEqual({ running: 0, waiting: 0, isOpen: false });
});

test('an upstream with a full queue answers OVERLOADED, and a deadline ends the wait for a place', async () => {
  const stage = createStage('4.10.16', () => new Promise(() => undefined), {
    version: '4.10.19',
    limits: { concurrency: 1, waiting: 1, timeout: 60 },
  });
  const read = (offset: number, deadline?: number) =>
    stage.upstream
      .session({ credentials: administrator, deadline })
      .api.GET('/users/users/', { params: { query: { offset } } });
  const outcomes = await Promise.allSettled([read(0), read(1, Date.now() + 20), read(2)]);
  expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : outcome.status))).toEqual([
    'UPSTREAM_TIMEOUT',
    'UPSTREAM_TIMEOUT',
    'OVERLOADED',
  ]);
  expect(stage.seen).toHaveLength(1);
});

import { describe, expect, test, vi } from 'vitest';
import type { Session } from '../../src/upstream/index.ts';
import { createManualClock } from './support/clock.ts';
import { administrator, createStage, ordinaryUser, replay, type Script } from './support/server.ts';

const read = (session: Session, offset = 0) => session.api.GET('/users/users/', { params: { query: { offset } } });
const write = (session: Session) => session.api.POST('/users/groups/', { body: { name: 'temp' } });

const reset = (): Error =>
  Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
  });
const unavailable = (): Response => new Response('<html></html>', { status: 503 });

/** The first of these, then the next, then what was recorded. */
const inTurn = (...answers: readonly (() => Response | Promise<Response>)[]): Script => {
  const left = [...answers];
  return () => left.shift()?.();
};

const throttled = (retryAfter?: number | string) => () =>
  replay('4.10.16', 'user suggestions', retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });

const createTimed = (script: Script, options = {}) => {
  const clock = createManualClock();
  const times: number[] = [];
  const started = clock.now();
  const stage = createStage(
    '4.10.16',
    (seen, signal) => {
      times.push(clock.now() - started);
      return script(seen, signal);
    },
    { version: '4.10.16', clock, random: () => 0, ...options },
  );
  return {
    clock,
    times,
    stage,
    session: stage.upstream.session({ credentials: administrator, deadline: started + 30_000 }),
  };
};

describe('a failed read', () => {
  test('after a dropped connection is repeated at once', async () => {
    const { session, times } = createTimed(inTurn(() => Promise.reject(reset())));
    expect((await read(session)).data).toMatchObject({ count: 61 });
    expect(times).toEqual([0, 0]);
    expect(session.stats).toMatchObject({ calls: 1, retries: 1 });
  });

  test('with 503 is repeated twice, after growing waits', async () => {
    const { session, times, clock } = createTimed(inTurn(unavailable, unavailable));
    const answer = read(session);
    await clock.advance(1_000);
    expect((await answer).data).toMatchObject({ count: 61 });
    expect(times).toEqual([0, 75, 225]);
  });

  test('is given up after the second repeat', async () => {
    const { session, times, clock } = createTimed(unavailable);
    const answer = read(session).catch((error: unknown) => error);
    await clock.advance(1_000);
    expect(await answer).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', status: 503 });
    expect(times).toHaveLength(3);
  });

  test('with a plain 500 is not repeated: JumpServer would answer the same', async () => {
    const { session, times } = createTimed(() => replay('4.10.16', 'ids with a malformed uuid'));
    await expect(read(session)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', status: 500 });
    expect(times).toHaveLength(1);
  });

  test('is not repeated past the deadline', async () => {
    const clock = createManualClock();
    const stage = createStage('4.10.16', unavailable, { version: '4.10.16', clock, random: () => 0 });
    const session = stage.upstream.session({ credentials: administrator, deadline: clock.now() + 50 });
    await expect(read(session)).rejects.toMatchObject({ status: 503 });
    expect(stage.seen).toHaveLength(1);
  });

  test('is no longer repeated when repeats become a large share of all calls', async () => {
    const clock = createManualClock();
    const stage = createStage('4.10.16', () => new Response('', { status: 504 }), {
      version: '4.10.16',
      clock,
      random: () => 0,
    });
    const calls = Array.from({ length: 100 }, (_, offset) =>
      read(stage.upstream.session({ credentials: administrator }), offset).catch(() => undefined),
    );
    await clock.advance(60_000);
    await Promise.all(calls);
    expect(stage.seen.length).toBeLessThan(150);
  });
});

describe('a write', () => {
  test.each<readonly [string, () => Response | Promise<Response>]>([
    ['a dropped connection', () => Promise.reject(reset())],
    ['503', unavailable],
    ['502', () => new Response('', { status: 502 })],
    ['504', () => new Response('', { status: 504 })],
    ['500', () => replay('4.10.16', 'ids with a malformed uuid')],
  ])('is sent once, whatever happens: %s', async (_what, answer) => {
    const { session, times, clock } = createTimed(answer);
    const outcome = write(session).catch(() => undefined);
    await clock.advance(20_000);
    await outcome;
    expect(times).toHaveLength(1);
  });
});

describe('a throttled call', () => {
  test('waits as long as Retry-After says', async () => {
    const { session, times, clock } = createTimed(inTurn(throttled(7)));
    const answer = read(session);
    await clock.advance(10_000);
    expect((await answer).data).toMatchObject({ count: 61 });
    expect(times).toEqual([0, 7_000]);
  });

  test('reads a Retry-After that is a date, which a proxy may send', async () => {
    const { session, times, clock } = createTimed(() =>
      times.length > 1 ? undefined : throttled(new Date(clock.now() + 7_000).toUTCString())(),
    );
    const answer = read(session);
    await clock.advance(10_000);
    expect((await answer).data).toMatchObject({ count: 61 });
    expect(times).toHaveLength(2);
    expect(times[1]).toBeGreaterThan(6_000);
    expect(times[1]).toBeLessThanOrEqual(8_000);
  });

  test('waits 1, 2, 4 and 8 seconds without Retry-After', async () => {
    const { session, times, clock } = createTimed(inTurn(throttled(), throttled(), throttled(), throttled()));
    const answer = read(session);
    await clock.advance(20_000);
    expect((await answer).data).toMatchObject({ count: 61 });
    expect(times).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
    expect(session.stats).toMatchObject({ calls: 1, retries: 4 });
  });

  test('fails at once when the wait would pass the deadline, and says when to come back', async () => {
    const { session, times } = createTimed(throttled(45));
    await expect(read(session)).rejects.toMatchObject({ code: 'UPSTREAM_THROTTLED', retryAfter: 45, status: 429 });
    expect(times).toEqual([0]);
  });

  test('that writes was refused, not carried out, so it waits too', async () => {
    const { session, times, clock } = createTimed(inTurn(throttled(2), () => replay('4.10.16', 'create user group')));
    const answer = write(session);
    await clock.advance(5_000);
    expect((await answer).data).toMatchObject({ name: 'temp-group' });
    expect(times).toEqual([0, 2_000]);
  });

  test('holds back the other calls of the same principal and nobody else', async () => {
    const { stage, session, times, clock } = createTimed(inTurn(throttled(5)));
    const first = read(session);
    await clock.advance(100);
    const second = read(session, 1);
    const other = read(stage.upstream.session({ credentials: ordinaryUser }), 2);
    await clock.advance(100);
    expect(times).toEqual([0, 100]);
    expect(session.remaining()).toBe(0);
    await clock.advance(5_000);
    await Promise.all([first, second, other]);
    expect(times).toEqual([0, 100, 5_000, 5_000]);
  });
});

test('a pause of a day, which is no throttle of JumpServer, is tried again after a minute', async () => {
  const { stage, times, clock } = createTimed(inTurn(throttled(86_400)));
  const ask = () => read(stage.upstream.session({ credentials: administrator, deadline: clock.now() + 500 }));
  await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_THROTTLED', retryAfter: 86_400 });
  await clock.advance(59_000);
  await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_THROTTLED', retryAfter: 1 });
  expect(times).toHaveLength(1);
  await clock.advance(1_000);
  expect((await ask()).data).toMatchObject({ count: 61 });
});

describe('the quota of a principal', () => {
  /** Refuses as JumpServer does: by a count over the last minute, refused calls left out. */
  const limited = (first: number) => {
    let perMinute = first;
    const clock = createManualClock();
    const granted: number[] = [];
    let refused = 0;
    const script: Script = () => {
      const counted = granted.filter((time) => time > clock.now() - 60_000);
      if (counted.length >= perMinute) {
        refused++;
        return replay('4.10.16', 'user suggestions');
      }
      granted.push(clock.now());
      return undefined;
    };
    const stage = createStage('4.10.16', script, { version: '4.10.16', clock, random: () => 0 });
    const session = () => stage.upstream.session({ credentials: administrator });
    const raise = (to: number) => {
      perMinute = to;
    };
    return { clock, session, granted, refused: () => refused, raise };
  };

  test('is known from the version and counted down', async () => {
    const { session } = limited(180);
    expect(session().remaining()).toBe(180);
    for (let offset = 0; offset < 100; offset++) await read(session(), offset);
    expect(session().remaining()).toBe(80);
  });

  test('once used up is waited for: one refusal teaches, no call is lost', async () => {
    const { session, clock, granted, refused } = limited(180);
    for (let offset = 0; offset < 180; offset++) await read(session(), offset);
    const answers = Array.from({ length: 5 }, (_, offset) => read(session(), offset));
    await clock.advance(61_000);
    await Promise.all(answers);
    expect(granted).toHaveLength(185);
    expect(refused()).toBeLessThanOrEqual(5);
    for (let offset = 0; offset < 175; offset++) await read(session(), offset);
    const held = read(session());
    await clock.advance(60_000);
    await held;
    expect(refused()).toBeLessThanOrEqual(5);
  });

  test('that a refusal taught is believed for ten minutes, and no longer', async () => {
    const { session, clock, granted, refused, raise } = limited(180);
    for (let offset = 0; offset < 180; offset++) await read(session(), offset);
    const taught = read(session());
    await clock.advance(61_000);
    await taught;
    raise(1_000);
    await clock.advance(61_000);
    const before = granted.length;
    const many = Array.from({ length: 200 }, (_, offset) => read(session(), offset));
    await clock.advance(1);
    expect(granted.length - before).toBe(180);
    await clock.advance(61_000);
    await Promise.all(many);
    await clock.advance(8 * 60_000);
    for (let offset = 0; offset < 200; offset++) await read(session(), offset);
    expect(refused()).toBe(1);
  });

  test('is only an estimate while the server grants more', async () => {
    const { session, refused } = limited(1_000);
    for (let offset = 0; offset < 300; offset++) await read(session(), offset);
    expect(session().remaining()).toBeUndefined();
    expect(refused()).toBe(0);
  });

  test.each(['4.10.16', '4.10.19', '4.9.0'] as const)('is not taught by a proxy: %s', async (version) => {
    const clock = createManualClock();
    let asked = 0;
    const script: Script = () =>
      ++asked === 3 ? new Response('', { status: 429, headers: { 'retry-after': '2' } }) : undefined;
    const stage = createStage('4.10.16', script, { version, clock, random: () => 0 });
    const session = () => stage.upstream.session({ credentials: administrator });
    for (let offset = 0; offset < 2; offset++) await read(session(), offset);
    const held = read(session(), 2);
    await clock.advance(2_000);
    await held;
    for (let offset = 3; offset < 20; offset++) await read(session(), offset);
    expect(asked).toBe(21);
  });

  test('does not exist before 4.10.15', () => {
    const stage = createStage('4.9.0', undefined, { version: '4.9.0' });
    expect(stage.upstream.session({ credentials: administrator }).remaining()).toBeUndefined();
  });
});

describe('the circuit', () => {
  test('opens after failures in a row, fails reads at once, and closes when the server is back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      let up = false;
      const stage = createStage('4.10.16', () => (up ? undefined : Promise.reject(reset())), {
        version: '4.10.16',
        limits: { retries: 0 },
      });
      const session = () => stage.upstream.session({ credentials: administrator });
      for (let call = 0; call < 8; call++) await read(session()).catch(() => undefined);
      expect(stage.upstream.load.isOpen).toBe(true);
      await expect(read(session())).rejects.toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
        failure: 'circuit open',
        retryAfter: 5,
      });
      expect(stage.seen).toHaveLength(8);
      up = true;
      vi.setSystemTime(Date.now() + 5_001);
      expect((await read(session())).data).toMatchObject({ count: 61 });
      expect(stage.upstream.load.isOpen).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  test('of one hanging route does not close the others', async () => {
    const stage = createStage(
      '4.10.16',
      ({ path }) => (path === '/users/groups/' ? new Response('', { status: 504 }) : undefined),
      { version: '4.10.16', limits: { retries: 0 } },
    );
    const session = () => stage.upstream.session({ credentials: administrator });
    for (let call = 0; call < 8; call++)
      await session()
        .api.GET('/users/groups/')
        .catch(() => undefined);
    await expect(session().api.GET('/users/groups/')).rejects.toMatchObject({ failure: 'circuit open' });
    expect((await read(session())).data).toMatchObject({ count: 61 });
  });

  test('stays closed under plain 500s, which one bad filter can cause', async () => {
    const stage = createStage(
      '4.10.16',
      ({ url }) => (url.searchParams.has('offset') ? replay('4.10.16', 'ids with a malformed uuid') : undefined),
      { version: '4.10.16' },
    );
    const session = () => stage.upstream.session({ credentials: administrator });
    for (let call = 0; call < 20; call++) await read(session(), call).catch(() => undefined);
    expect((await session().api.GET('/users/users/')).data).toMatchObject({ count: 61 });
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SANDBOX_VERSIONS, type Sandbox } from '../../src/sandbox/index.ts';
import { createTestClock, createTestSandbox, SOON, startLive, startSession, type TestClock } from './support.ts';

const STARTED = `subscription ($after: String) {
  sessionStarted(after: $after) { id cursor occurredAt session { uuid userText } }
}`;
const SESSIONS = '/terminal/sessions/';

interface Started {
  readonly sessionStarted: {
    readonly id: string;
    readonly cursor: string;
    readonly session: { readonly uuid: string };
  };
}

describe.each(SANDBOX_VERSIONS)('on JumpServer %s', (version) => {
  let clock: TestClock;
  let sandbox: Sandbox;
  let live: Awaited<ReturnType<typeof startLive>>;

  beforeEach(async () => {
    clock = createTestClock();
    sandbox = createTestSandbox(clock, version);
    live = await startLive(clock, sandbox);
  });

  afterEach(() => live.close());

  it('tells what begins after the subscription, and nothing that was there before', async () => {
    const subscribed = live.subscribe<Started>(STARTED);
    await live.until(SESSIONS, 1);
    clock.advance(2_000);
    const id = await startSession(sandbox);
    await live.look(SESSIONS);
    await subscribed.has(1);
    expect(subscribed.answers).toEqual([
      {
        data: {
          sessionStarted: {
            id: expect.any(String),
            cursor: expect.any(String),
            occurredAt: '2026-11-22T12:00:02Z',
            session: { uuid: id, userText: 'alice' },
          },
        },
      },
    ]);
  });

  it('asks once for two subscribers of one principal, and tells both', async () => {
    const one = live.subscribe<Started>(STARTED);
    await live.until(SESSIONS, 1);
    const other = live.subscribe<Started>(STARTED);
    await live.until(SESSIONS, 2);
    expect(live.graph.live?.pollers).toBe(1);
    sandbox.clearLog();
    const id = await startSession(sandbox);
    sandbox.clearLog();
    for (let looks = 0; looks < 5; looks += 1) await live.look(SESSIONS);
    await Promise.all([one.has(1), other.has(1)]);
    expect(
      [one.answers, other.answers].map((answers) => answers.map(({ data }) => data?.sessionStarted.session)),
    ).toEqual([[{ uuid: id, userText: 'alice' }], [{ uuid: id, userText: 'alice' }]]);
    expect(sandbox.log.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array(5).fill('GET /api/v1/terminal/sessions/'),
    );
  });

  it('loses no event over a restart and tells none twice', async () => {
    const before = live.subscribe<Started>(STARTED);
    await live.until(SESSIONS, 1);
    const begun: string[] = [];
    for (let second = 0; second < 3; second += 1) {
      clock.advance(1_000);
      begun.push(await startSession(sandbox), await startSession(sandbox));
    }
    await live.look(SESSIONS);
    await before.has(6);
    // The connection is lost after the third event: the cursor stands within a second that two sessions share.
    const taken = before.answers.slice(0, 3).map(({ data }) => data?.sessionStarted);
    await live.close();
    begun.push(await startSession(sandbox));
    clock.advance(3_600_000);
    for (let more = 0; more < 150; more += 1) begun.push(await startSession(sandbox));
    live = await startLive(clock, sandbox);
    const after = live.subscribe<Started>(STARTED, { after: taken.at(-1)?.cursor });
    await after.has(151 + 3);
    await live.look(SESSIONS);
    const told = [...taken, ...after.answers.map(({ data }) => data?.sessionStarted)];
    const ids = told.map((event) => event?.session.uuid);
    expect(ids).toHaveLength(157);
    expect(new Set(ids)).toEqual(new Set(begun));
    expect(new Set(told.map((event) => event?.id)).size).toBe(157);
  });

  it('tells from an instant on when one is given in place of a cursor', async () => {
    clock.advance(5_000);
    const id = await startSession(sandbox);
    const subscribed = live.subscribe<Started>(STARTED, { after: '2026-11-22T12:00:05Z' });
    await subscribed.has(1);
    expect(subscribed.answers.map(({ data }) => data?.sessionStarted.session.uuid)).toEqual([id]);
  });

  it('tells a session that is reported late', async () => {
    const subscribed = live.subscribe<Started>(STARTED);
    await live.until(SESSIONS, 1);
    clock.advance(5_000);
    const prompt = await startSession(sandbox);
    await live.look(SESSIONS);
    await subscribed.has(1);
    const late = await startSession(sandbox, { date_start: '2026/11/22 12:00:02 +0000' });
    await live.look(SESSIONS);
    await subscribed.has(2);
    expect(subscribed.answers.map(({ data }) => data?.sessionStarted.session.uuid)).toEqual([prompt, late]);
  });

  it('stops asking when the last subscriber leaves', async () => {
    const one = live.subscribe(STARTED);
    const other = live.subscribe('subscription { sessionStarted { id } }');
    await live.until(SESSIONS, 1);
    await vi.waitFor(() => expect(live.graph.live?.pollers).toBe(1), SOON);
    one.stop();
    other.stop();
    await vi.waitFor(() => expect(live.graph.live?.pollers).toBe(0), SOON);
    const looks = live.looks(SESSIONS);
    clock.advance(600_000);
    expect(clock.waiting).toBe(0);
    expect(live.looks(SESSIONS)).toBe(looks);
  });

  it('answers an ordinary user what JumpServer answers: that sessions are not theirs to see', async () => {
    const subscribed = live.subscribe(STARTED, { token: 'sandbox-user' });
    await subscribed.has(1);
    expect(subscribed.answers[0]?.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    await vi.waitFor(() => expect(subscribed.ended()).toBe(true), SOON);
    expect(live.graph.live?.pollers).toBe(0);
  });

  it('refuses a cursor that was tampered with', async () => {
    const started = live.subscribe<Started>(STARTED);
    await live.until(SESSIONS, 1);
    await startSession(sandbox);
    await live.look(SESSIONS);
    await started.has(1);
    const cursor = String(started.answers[0]?.data?.sessionStarted.cursor);
    const [, organization] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const expiring = 'subscription ($after: String) { permissionExpiring(after: $after) { id } }';
    for (const [query, stream, place] of [
      [STARTED, 'sessionStarted', '[1e999,{}]'],
      [STARTED, 'sessionStarted', '[1e300,{}]'],
      [STARTED, 'sessionStarted', '[1700000000,{"x":"abcdefgh"}]'],
      [expiring, 'permissionExpiring', '[1e999,{}]'],
      [expiring, 'permissionExpiring', '[0,{"abcdefgh":"x"}]'],
    ] as const) {
      const after = Buffer.from(`["${stream}","${organization}",${place}]`).toString('base64url');
      const answered = live.subscribe(query, { after });
      await answered.has(1);
      expect(answered.answers[0]?.errors).toMatchObject([{ message: 'after: expected the cursor of an event.' }]);
    }
  });

  it('refuses a cursor of another stream', async () => {
    const started = live.subscribe<Started>(STARTED);
    await live.until(SESSIONS, 1);
    await startSession(sandbox);
    await live.look(SESSIONS);
    await started.has(1);
    const after = started.answers[0]?.data?.sessionStarted.cursor;
    const ended = live.subscribe('subscription ($after: String) { sessionEnded(after: $after) { id } }', { after });
    await ended.has(1);
    expect(ended.answers[0]?.errors).toEqual([
      expect.objectContaining({
        message: 'after: expected a cursor of sessionEnded in this organisation, got another one.',
      }),
    ]);
  });
});

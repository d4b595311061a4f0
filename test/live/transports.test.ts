import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { createTestClock, createTestSandbox, EVERY, SOON, startLive, startSession, type TestClock } from './support.ts';

const SESSIONS = '/terminal/sessions/';
const STARTED = 'subscription { sessionStarted { session { uuid } } }';

let clock: TestClock;
let sandbox: Sandbox;
let live: Awaited<ReturnType<typeof startLive>>;

beforeEach(async () => {
  clock = createTestClock();
  sandbox = createTestSandbox(clock);
  live = await startLive(clock, sandbox);
});

afterEach(() => live.close());

const post = (query: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${live.url}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      authorization: 'Bearer sandbox-admin',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  });

it('tells events as Server-Sent Events, and why the stream ends when the server does', async () => {
  const response = await post(STARTED);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const text = response.text();
  await live.until(SESSIONS, 1);
  const id = await startSession(sandbox);
  await live.look(SESSIONS);
  await vi.waitFor(() => expect(live.graph.live?.pollers).toBe(1), SOON);
  await new Promise((resolve) => setImmediate(resolve));
  live.drain();
  const [next, last, complete] = (await text).split('\n\n');
  expect(next).toBe(`event: next\ndata: {"data":{"sessionStarted":{"session":{"uuid":"${id}"}}}}`);
  expect(last).toMatch(/^event: next\ndata: .*shutting down.*"code":"OVERLOADED"/);
  expect(complete).toBe('event: complete\ndata:');
  expect((await post(STARTED)).status).toBe(503);
});

it('answers a query as a stream of one, and a faulty one with its error', async () => {
  expect(await (await post('{ viewer { user { username } } }')).text()).toBe(
    'event: next\ndata: {"data":{"viewer":{"user":{"username":"admin"}}}}\n\nevent: complete\ndata:\n\n',
  );
  expect(await (await post('subscription { nothing }')).text()).toContain('"code":"GRAPHQL_VALIDATION_FAILED"');
});

it('answers queries and subscriptions by GET, and never writes by it', async () => {
  const get = (query: string) =>
    fetch(`${live.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { accept: 'text/event-stream', authorization: 'Bearer sandbox-admin' },
    });
  expect(await (await get('{ viewer { user { username } } }')).text()).toContain('"username":"admin"');
  const leaving = await get(STARTED);
  await vi.waitFor(() => expect(live.graph.live?.pollers).toBe(1), SOON);
  await leaving.body?.cancel();
  const before = sandbox.log.length;
  const text = await (await get('mutation { createTempToken(input: {}) { tempToken { id } } }')).text();
  expect(text).toMatch(/not mutations.*"code":"BAD_REQUEST"/);
  expect(sandbox.log.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
});

it('stops asking when the reader of a stream goes away', async () => {
  const leaving = new AbortController();
  await post(STARTED, {}, leaving.signal);
  await vi.waitFor(() => expect(live.graph.live?.pollers).toBe(1), SOON);
  leaving.abort();
  await vi.waitFor(() => expect(live.graph.live?.pollers).toBe(0), SOON);
});

it('closes WebSockets with a reason when the server ends', async () => {
  live.subscribe(STARTED);
  await live.until(SESSIONS, 1);
  live.drain();
  await vi.waitFor(() => expect(live.closings).toHaveLength(1), SOON);
  expect(live.closings[0]).toMatchObject({
    code: 1012,
    reason: 'shutting down; reconnect and go on after the last cursor',
  });
});

it('says over WebSocket who is not signed in, and what is beyond the limits', async () => {
  const unknown = live.subscribe(STARTED, { token: 'nobody' });
  await unknown.has(1);
  expect(unknown.answers[0]?.errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
  const deep = live.subscribe(
    `subscription { sessionStarted { session { user ${'{ groups { users { nodes '.repeat(6)} { id } ${'} } }'.repeat(6)} } } }`,
  );
  await deep.has(1);
  expect(deep.answers[0]?.errors?.[0]?.extensions?.['code']).toBe('DEPTH_LIMIT');
});

it('ends a stream with the code of what went wrong', async () => {
  const subscribed = live.subscribe(STARTED);
  await live.until(SESSIONS, 1);
  sandbox.faults.add({ path: SESSIONS, fault: { kind: 'status', status: 403, body: { detail: 'no' } } });
  clock.advance(EVERY);
  await subscribed.has(1);
  expect(subscribed.answers[0]?.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
});

describe('limits of a caller', () => {
  const PLAIN = '{ viewer { user { username } } }';
  const codeOf = async (subscribed: ReturnType<typeof live.subscribe>) => {
    await subscribed.has(1);
    return subscribed.answers[0]?.errors?.[0]?.extensions?.['code'];
  };
  const restart = async (environment: Record<string, string>) => {
    await live.close();
    live = await startLive(clock, sandbox, environment);
  };

  it('hold over WebSocket too: so many operations a minute, whichever connection or route they take', async () => {
    await restart({ RATE_LIMIT: '2' });
    expect((await post(PLAIN, { accept: 'application/json' })).status).toBe(200);
    expect(await codeOf(live.subscribe(PLAIN))).toBeUndefined();
    const refused = live.subscribe(PLAIN);
    expect(await codeOf(refused)).toBe('RATE_LIMITED');
    expect(refused.answers[0]?.errors?.[0]?.extensions?.['retryAfter']).toBeGreaterThan(0);
    expect((await post(PLAIN, { accept: 'application/json' })).status).toBe(429);
    expect(await codeOf(live.subscribe(PLAIN, { token: 'sandbox-user' }))).toBeUndefined();
  });

  it('count subscriptions as long as they run', async () => {
    await restart({ MAX_OPERATIONS_PER_CALLER: '2' });
    const one = live.subscribe(STARTED);
    live.subscribe(STARTED);
    await live.until(SESSIONS, 2);
    expect(await codeOf(live.subscribe(PLAIN))).toBe('RATE_LIMITED');
    one.stop();
    await expect.poll(() => codeOf(live.subscribe(PLAIN)), SOON).toBeUndefined();
  });
});

it('refuses a subscription that is posted for a plain answer', async () => {
  const answer = await (await post(STARTED, { accept: 'application/json' })).json();
  expect(answer.errors[0]).toMatchObject({
    message: 'Subscriptions are answered over WebSocket or as text/event-stream, not here.',
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

/** What becomes of a WebSocket that a page of this origin opens with its reader's cookies. */
const openFrom = (origin: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = { cookie: 'jms_sessionid=abc; jms_csrftoken=def' };
    const socket = new WebSocket(`${live.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      origin,
      headers,
    });
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data) => {
      resolve(String(data));
      socket.close();
    });
    socket.on('close', (code, reason) => resolve(`${code} ${reason}`));
    socket.on('error', reject);
  });

it('takes cookies over WebSocket from pages of its own host alone', async () => {
  expect(await openFrom('https://evil.example')).toBe('4403 Forbidden');
  expect(await openFrom(live.url)).toBe('{"type":"connection_ack"}');
});

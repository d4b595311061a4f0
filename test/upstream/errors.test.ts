import { describe, expect, test } from 'vitest';
import type { UpstreamError, UpstreamErrorCode } from '../../src/upstream/errors.ts';
import type { Session } from '../../src/upstream/index.ts';
import { administrator, createStage, replay, type Script } from './support/server.ts';

const USER = '7b1f6e0c-5f0e-4c51-9b0a-3f6f3c6c1c11';

const read = (session: Session) => session.api.GET('/users/users/{id}/', { params: { path: { id: USER } } });
const write = (session: Session) => session.api.POST('/users/groups/', { body: { name: 'temp' } });

const fail = async (
  call: (session: Session) => Promise<unknown>,
  script: Script,
  limits = {},
): Promise<{ error: UpstreamError; sent: readonly string[] }> => {
  const stage = createStage('4.10.16', script, {
    version: '4.10.16',
    random: () => 0,
    limits: { retries: 0, ...limits },
  });
  const error = await call(stage.upstream.session({ credentials: administrator })).then(
    () => undefined,
    (reason: UpstreamError) => reason,
  );
  if (!error) throw new Error('the call did not fail');
  return { error, sent: stage.sent() };
};

/** As nginx in front of JumpServer says it. */
const gateway = (status: number): Response =>
  new Response(`<html><body><h1>${status}</h1></body></html>`, { status, headers: { 'content-type': 'text/html' } });

const broken = (code: string): Error =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) });

describe('an answer outside 2xx', () => {
  const recorded: readonly (readonly [string, number, UpstreamErrorCode])[] = [
    ['public settings as nobody', 401, 'UNAUTHENTICATED'],
    ['ordinary user lists users', 403, 'FORBIDDEN'],
    ['read user deleted', 404, 'NOT_FOUND'],
    ['unknown path', 404, 'UNSUPPORTED_BY_SERVER'],
    ['filter with a malformed uuid', 400, 'BAD_USER_INPUT'],
    ['account secret without confirmation', 412, 'CONFIRMATION_REQUIRED'],
    ['ids with a malformed uuid', 500, 'UPSTREAM_UNAVAILABLE'],
    ['json error with a content type', 500, 'UPSTREAM_UNAVAILABLE'],
    ['missing trailing slash on GET', 301, 'UPSTREAM_CONTRACT'],
  ];
  test.each(recorded)('recorded as "%s" (%i) is %s', async (name, status, code) => {
    const { error } = await fail(read, () => replay('4.10.16', name));
    expect([error.status, error.code]).toEqual([status, code]);
  });

  test.each<readonly [number, UpstreamErrorCode, UpstreamErrorCode]>([
    [502, 'UPSTREAM_UNAVAILABLE', 'OUTCOME_UNKNOWN'],
    [503, 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE'],
    [504, 'UPSTREAM_TIMEOUT', 'OUTCOME_UNKNOWN'],
  ])('of a gateway (%i) is %s on a read and %s on a write', async (status, onRead, onWrite) => {
    expect((await fail(read, () => gateway(status))).error.code).toBe(onRead);
    expect((await fail(write, () => gateway(status))).error.code).toBe(onWrite);
  });

  test('names the call without its values and keeps the body out of sight', async () => {
    const { error } = await fail(read, () => replay('4.10.16', 'read user deleted'));
    expect(error.message).toBe('[GET] /users/users/{id}/: 404');
    expect(error.request).toEqual({ method: 'GET', path: '/users/users/{id}/' });
    expect(error.body).toEqual({ detail: 'User object does not exist.', code: 'object_does_not_exist' });
    expect(Object.keys(error)).not.toContain('body');
  });
});

describe('a good status with a bad body', () => {
  test.each([
    ['a page of HTML', '<!DOCTYPE html><html></html>'],
    ['JSON that breaks off', '{"count": 61, "results": [{"id":'],
  ])('%s is UPSTREAM_CONTRACT on a read, and a write whose answer is lost is OUTCOME_UNKNOWN', async (_what, body) => {
    const script = () => new Response(body, { status: 200 });
    expect((await fail(read, script)).error).toMatchObject({
      code: 'UPSTREAM_CONTRACT',
      message: '[GET] /users/users/{id}/: 200, and a body that is not JSON',
    });
    expect((await fail(write, script)).error.code).toBe('OUTCOME_UNKNOWN');
  });

  test('an endless body is given up at the limit', async () => {
    let sent = 0;
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            sent += 1000;
            controller.enqueue(new Uint8Array(1000).fill(32));
          },
        }),
      );
    const { error } = await fail(read, endless, { maxBodyBytes: 50_000 });
    expect(error).toMatchObject({ code: 'UPSTREAM_CONTRACT', failure: 'too large' });
    expect(sent).toBeLessThan(60_000);
  });

  test('a body that the connection cuts off is UPSTREAM_CONTRACT', async () => {
    const half = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.error(broken('UND_ERR_SOCKET')),
        }),
      );
    expect((await fail(read, half)).error).toMatchObject({
      code: 'UPSTREAM_CONTRACT',
      status: 200,
      failure: 'truncated',
    });
    expect((await fail(write, half)).error.code).toBe('OUTCOME_UNKNOWN');
  });
});

describe('no answer', () => {
  test.each<readonly [string, UpstreamErrorCode, UpstreamErrorCode]>([
    ['ECONNREFUSED', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE'],
    ['ENOTFOUND', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE'],
    ['UND_ERR_CONNECT_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE'],
    ['ECONNRESET', 'UPSTREAM_UNAVAILABLE', 'OUTCOME_UNKNOWN'],
    ['UND_ERR_SOCKET', 'UPSTREAM_UNAVAILABLE', 'OUTCOME_UNKNOWN'],
  ])('%s is %s on a read and %s on a write', async (code, onRead, onWrite) => {
    const script = () => Promise.reject(broken(code));
    expect((await fail(read, script)).error.code).toBe(onRead);
    expect((await fail(write, script)).error.code).toBe(onWrite);
  });

  test('a server that never answers ends at the limit, also when the network does not listen to the signal', async () => {
    const script = () => new Promise<Response>(() => undefined);
    expect((await fail(read, script, { timeout: 20 })).error).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      failure: 'timeout',
    });
    expect((await fail(write, script, { timeout: 20 })).error).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      failure: 'timeout',
    });
  });
});

describe('a client that goes away', () => {
  const leave = async (call: (session: Session) => Promise<unknown>) => {
    const client = new AbortController();
    let upstreamEnded = false;
    const stage = createStage(
      '4.10.16',
      (_seen, signal) => {
        signal.addEventListener('abort', () => {
          upstreamEnded = true;
        });
        client.abort();
        return new Promise(() => undefined);
      },
      { version: '4.10.16' },
    );
    const error: unknown = await call(
      stage.upstream.session({ credentials: administrator, signal: client.signal }),
    ).catch((reason: unknown) => reason);
    return { error, upstreamEnded, running: stage.upstream.load.running };
  };

  test('ends the call upstream and gives its place back', async () => {
    expect(await leave(read)).toMatchObject({
      error: { code: 'UPSTREAM_TIMEOUT', failure: 'cancelled' },
      upstreamEnded: true,
      running: 0,
    });
  });

  test('leaves the outcome of a write that was under way unknown', async () => {
    expect(await leave(write)).toMatchObject({ error: { code: 'OUTCOME_UNKNOWN' } });
  });

  test('sends nothing more', async () => {
    const stage = createStage('4.10.16', undefined, { version: '4.10.16' });
    const session = stage.upstream.session({ credentials: administrator, signal: AbortSignal.abort() });
    await expect(write(session)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(stage.sent()).toEqual([]);
  });
});

describe('before anything is sent', () => {
  test('a call past the budget of the operation is COST_LIMIT', async () => {
    const stage = createStage('4.10.16', undefined);
    const session = stage.upstream.session({ credentials: administrator, budget: 2 });
    const page = (offset: number) => session.api.GET('/users/users/', { params: { query: { offset } } });
    const answers = await Promise.allSettled([page(0), page(1), page(2)]);
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({
      reason: { code: 'COST_LIMIT', hint: 'the operation may make 2 calls to JumpServer' },
    });
    expect(stage.sent()).toEqual(['GET /settings/public/', 'GET /users/users/', 'GET /users/users/']);
  });

  test.each(['', '.', '..'])('a path parameter %j is BAD_USER_INPUT', async (id) => {
    const stage = createStage('4.10.16', undefined, { version: '4.10.16' });
    const call = stage.upstream
      .session({ credentials: administrator })
      .api.GET('/users/users/{id}/', { params: { path: { id } } });
    await expect(call).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(stage.sent()).toEqual([]);
  });

  test.each([
    '../../settings/x',
    'x/password',
    '..\\x',
    'x\r\nX-JMS-ORG: ROOT',
    '\ud800',
  ])('a path parameter that would not stay inside its segment is never sent: %j', async (id) => {
    const stage = createStage('4.10.16', undefined, { version: '4.10.16' });
    const session = stage.upstream.session({ credentials: administrator });
    const asked = session.api.GET('/users/users/{id}/', { params: { path: { id } } });
    await expect(asked).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(stage.sent()).toEqual([]);
  });

  test('what else is no letter is encoded in its segment', async () => {
    const { sent } = await fail(
      (session) => session.api.GET('/users/users/{id}/', { params: { path: { id: 'a?b=c#d%2F' } } }),
      () => replay('4.10.16', 'unknown path'),
    );
    expect(sent).toEqual(['GET /users/users/a%3Fb%3Dc%23d%252F/']);
  });

  test('an operation outside the allow-list is refused', async () => {
    const stage = createStage('4.10.16', undefined, { version: '4.10.16', operations: new Set(['GET /users/users/']) });
    const session = stage.upstream.session({ credentials: administrator });
    await session.api.GET('/users/users/');
    await expect(session.api.GET('/users/groups/')).rejects.toMatchObject({ code: 'UPSTREAM_CONTRACT' });
    await expect(session.exchange('POST', '/users/users/')).rejects.toMatchObject({ code: 'UPSTREAM_CONTRACT' });
    expect(stage.sent()).toEqual(['GET /users/users/']);
  });
});

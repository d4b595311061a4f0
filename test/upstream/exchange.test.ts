import { describe, expect, test } from 'vitest';
import { administrator, createStage, ordinaryUser, replay } from './support/server.ts';

const setCookie = (answer: Response, value: string): Response => {
  answer.headers.append('set-cookie', 'SESSION_COOKIE_NAME_PREFIX=jms_; Path=/');
  answer.headers.append(
    'set-cookie',
    `jms_sessionid=${value}; expires=Sun, 22 Nov 2026 09:00:00 GMT; HttpOnly; Path=/; SameSite=Lax`,
  );
  return answer;
};

describe('a raw exchange', () => {
  test('signs in without credentials and hands out the session that the second factor needs', async () => {
    const stage = createStage('4.10.16', () => setCookie(replay('4.10.16', 'mfa: login asks for a code'), 'abc'));
    const session = stage.upstream.session({ credentials: {}, forwardedFor: '192.0.2.7' });
    const answer = await session.exchange('POST', '/authentication/auth/', { username: 'erin', password: 'x' });
    expect(answer).toMatchObject({ status: 200, body: { error: 'mfa_required' }, cookie: 'jms_sessionid=abc' });
    expect(stage.sent()).toEqual(['POST /authentication/auth/']);
    expect(stage.seen[0]?.headers.get('x-forwarded-for')).toBe('192.0.2.7');
  });

  test('goes on in that session, and answers a refusal as a status', async () => {
    const stage = createStage('4.10.16', () => setCookie(replay('4.10.16', 'mfa: wrong code'), 'abc'));
    const session = stage.upstream.session({ credentials: {} });
    const answer = await session.exchange(
      'POST',
      '/authentication/mfa/challenge/',
      { type: 'otp', code: '000000' },
      { cookie: 'jms_sessionid=abc; evil=1' },
    );
    expect(answer).toMatchObject({ status: 401, body: { error: 'mfa_failed' } });
    expect(stage.seen[0]?.headers.get('cookie')).toBe('jms_sessionid=abc');
    expect(stage.seen[0]?.headers.get('origin')).toBe('http://jumpserver.example');
  });

  test('carries the caller’s token next to a session, as a confirmation needs', async () => {
    const stage = createStage('4.10.16', () => replay('4.10.16', 'create access key without confirmation'));
    const answer = await stage.upstream
      .session({ credentials: administrator })
      .exchange('POST', '/authentication/access-keys/', {}, { cookie: 'jms_sessionid=abc' });
    expect(answer).toMatchObject({ status: 412, body: { code: 'password' } });
    expect(stage.seen[0]?.headers.get('authorization')).toBe(administrator.authorization);
    expect(stage.seen[0]?.headers.get('cookie')).toBe('jms_sessionid=abc');
  });

  test('keeps the CSRF cookie of a caller with cookies, whose writes JumpServer refuses without', async () => {
    const stage = createStage('4.10.16', () => replay('4.10.16', 'create access key without confirmation'));
    const credentials = { cookie: 'jms_sessionid=mine; jms_csrftoken=c1', csrfToken: 'c1' };
    const session = stage.upstream.session({ credentials });
    await session.exchange('POST', '/authentication/access-keys/', {}, { cookie: 'jms_sessionid=proof' });
    await session.exchange('POST', '/authentication/access-keys/', {});
    expect(stage.seen.map(({ headers }) => headers.get('cookie'))).toEqual([
      'jms_sessionid=proof; jms_csrftoken=c1',
      'jms_sessionid=mine; jms_csrftoken=c1',
    ]);
    expect(stage.seen.map(({ headers }) => headers.get('x-csrftoken'))).toEqual(['c1', 'c1']);
  });

  test('answers the 500 with which JumpServer asks for a new password', async () => {
    const stage = createStage('4.10.16', () => replay('4.10.16', 'json error with a content type'));
    expect(
      await stage.upstream.session({ credentials: {} }).exchange('POST', '/authentication/auth/', {}),
    ).toMatchObject({ status: 500, body: { error: 'Server internal error' } });
  });

  test.each([
    [
      'no connection',
      () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })),
      'UPSTREAM_UNAVAILABLE',
    ],
    ['a gateway without a server', () => new Response('', { status: 503 }), 'UPSTREAM_UNAVAILABLE'],
    ['a redirect', () => replay('4.10.16', 'missing trailing slash on POST'), 'UPSTREAM_CONTRACT'],
  ])('fails on %s', async (_what, script, code) => {
    const stage = createStage('4.10.16', script);
    await expect(
      stage.upstream.session({ credentials: {} }).exchange('POST', '/authentication/auth/', {}),
    ).rejects.toMatchObject({ code });
    expect(stage.seen).toHaveLength(1);
  });
});

test('a session as somebody else shares the costs and none of the rows', async () => {
  const stage = createStage('4.10.16', undefined, { version: '4.10.16' });
  const session = stage.upstream.session({ credentials: administrator });
  const other = session.as(ordinaryUser);
  await session.api.GET('/users/users/');
  await other.api.GET('/users/users/');
  expect(stage.seen.map(({ headers }) => headers.get('authorization'))).toEqual([
    administrator.authorization,
    ordinaryUser.authorization,
  ]);
  expect(other.principal).not.toBe(session.principal);
  expect(session.stats.calls).toBe(2);
});

test('health asks the one open route and never fails', async () => {
  const up = createStage('4.10.16');
  expect(await up.upstream.health()).toMatchObject({ ok: true });
  expect(up.sent()).toEqual(['GET /settings/public/open/']);
  const down = createStage('4.10.16', () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })));
  expect(await down.upstream.health()).toMatchObject({ ok: false, code: 'UPSTREAM_UNAVAILABLE' });
});

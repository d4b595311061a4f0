import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createServiceIdentity } from '../../src/upstream/index.ts';
import { createManualClock } from './support/clock.ts';
import { createStage, replay, type Seen } from './support/server.ts';

describe('an access key', () => {
  const identity = createServiceIdentity({ kind: 'accessKey', id: 'b1a2', secret: 'key-secret' });

  test('signs method, path, query, accept, date and host as they are sent', async () => {
    const clock = createManualClock(Date.UTC(2026, 10, 22, 8));
    const stage = createStage('4.10.16', undefined, { version: '4.10.16', clock });
    await stage.upstream
      .session({ credentials: identity })
      .api.GET('/users/users/', { params: { query: { limit: 3, fields: ['id', 'name'] } } });
    const [seen] = stage.seen;
    const text = [
      '(request-target): get /api/v1/users/users/?limit=3&fields=id,name',
      'accept: application/json',
      'date: Sun, 22 Nov 2026 08:00:00 GMT',
      'host: jumpserver.example',
    ].join('\n');
    const signature = createHmac('sha256', 'key-secret').update(text).digest('base64');
    expect(seen?.headers.get('authorization')).toBe(
      `Signature keyId="b1a2",algorithm="hmac-sha256",headers="(request-target) accept date host",signature="${signature}"`,
    );
    expect(seen?.headers.get('date')).toBe('Sun, 22 Nov 2026 08:00:00 GMT');
    expect(seen?.headers.get('accept')).toBe('application/json');
  });

  test('dates each try anew', async () => {
    const clock = createManualClock();
    let refusals = 1;
    const script = () => (refusals-- > 0 ? replay('4.10.16', 'user suggestions', { 'retry-after': '7' }) : undefined);
    const stage = createStage('4.10.16', script, { version: '4.10.16', clock, random: () => 0 });
    const answer = stage.upstream.session({ credentials: identity }).api.GET('/users/users/');
    await clock.advance(10_000);
    await answer;
    const [first, second] = stage.seen.map(({ headers }) => headers);
    expect([first?.get('date'), second?.get('date')]).toEqual([
      'Sun, 22 Nov 2026 08:00:00 GMT',
      'Sun, 22 Nov 2026 08:00:07 GMT',
    ]);
    expect(second?.get('authorization')).not.toBe(first?.get('authorization'));
  });
});

test.each([
  [{ kind: 'bearer', token: 'abc' } as const, 'Bearer abc'],
  [{ kind: 'token', token: 'def' } as const, 'Token def'],
])('a token of kind $kind is sent as it is, and a 401 is final', async (config, authorization) => {
  const stage = createStage('4.10.16', () => replay('4.10.16', 'public settings as nobody'), { version: '4.10.16' });
  const session = stage.upstream.session({ credentials: createServiceIdentity(config) });
  await expect(session.api.GET('/users/users/')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(stage.seen.map(({ headers }) => headers.get('authorization'))).toEqual([authorization]);
});

describe('a user name and password', () => {
  /** Gives a new token at each sign-in and knows only the latest. */
  const createSignIns = () => {
    let tokens = 0;
    let valid = '';
    const script = async ({ path, headers }: Seen): Promise<Response> => {
      if (path === '/authentication/auth/') {
        valid = `token-${++tokens}`;
        const answer = await replay('4.10.16', 'login from a forwarded address').json();
        return Response.json({ ...answer, token: valid }, { status: 201 });
      }
      return replay(
        '4.10.16',
        headers.get('authorization') === `Bearer ${valid}` ? 'list users' : 'public settings as nobody',
      );
    };
    return { script, revoke: () => (valid = 'none'), signIns: () => tokens };
  };
  const config = { kind: 'password', username: 'robot', password: 'pass' } as const;

  test('sign in on first use, once for all calls', async () => {
    const { script, signIns } = createSignIns();
    const stage = createStage('4.10.16', (seen) => script(seen), { version: '4.10.16' });
    const session = stage.upstream.session({ credentials: createServiceIdentity(config) });
    await Promise.all(
      Array.from({ length: 20 }, (_, offset) => session.api.GET('/users/users/', { params: { query: { offset } } })),
    );
    expect(signIns()).toBe(1);
    expect(stage.seen[0]?.body).toEqual({ username: 'robot', password: 'pass' });
    expect(stage.seen[0]?.headers.has('authorization')).toBe(false);
  });

  test('sign in again after a 401, once for all calls, and repeat them', async () => {
    const { script, signIns, revoke } = createSignIns();
    const stage = createStage('4.10.16', (seen) => script(seen), { version: '4.10.16' });
    const identity = createServiceIdentity(config);
    const read = (offset: number) =>
      stage.upstream.session({ credentials: identity }).api.GET('/users/users/', { params: { query: { offset } } });
    await read(0);
    revoke();
    const answers = await Promise.all([read(1), read(2), read(3)]);
    expect(answers.map(({ data }) => data)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ count: 61 })),
    );
    expect(signIns()).toBe(2);
  });

  test('are not tried for ever', async () => {
    const stage = createStage(
      '4.10.16',
      ({ path }) =>
        replay(
          '4.10.16',
          path === '/authentication/auth/' ? 'login from a forwarded address' : 'public settings as nobody',
        ),
      { version: '4.10.16' },
    );
    await expect(
      stage.upstream.session({ credentials: createServiceIdentity(config) }).api.GET('/users/users/'),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(stage.sent()).toEqual([
      'POST /authentication/auth/',
      'GET /users/users/',
      'POST /authentication/auth/',
      'GET /users/users/',
    ]);
  });

  test('of somebody with a second factor say what is wrong', async () => {
    const stage = createStage('4.10.16', () => replay('4.10.16', 'mfa: login asks for a code'), { version: '4.10.16' });
    await expect(
      stage.upstream.session({ credentials: createServiceIdentity(config) }).api.GET('/users/users/'),
    ).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      hint: 'the service identity needs a user who signs in without a second factor or a review',
    });
  });
});

test('the service identity never stands in for a caller without credentials', async () => {
  const stage = createStage('4.10.16', undefined, { version: '4.10.16' });
  await stage.upstream
    .session({ credentials: createServiceIdentity({ kind: 'bearer', token: 'abc' }) })
    .api.GET('/users/users/');
  await expect(stage.upstream.session({ credentials: {} }).api.GET('/users/users/')).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  expect(stage.seen).toHaveLength(1);
});

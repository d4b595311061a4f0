import { expect, test } from 'vitest';
import { administrator, createStage, ordinaryUser, replay } from './support/server.ts';

test('a read goes out once with all that JumpServer needs to answer in its machine form', async () => {
  const stage = createStage('4.10.16', undefined, { version: '4.10.16' });
  const session = stage.upstream.session({ credentials: administrator, forwardedFor: '192.0.2.7' });
  const { data } = await session.api.GET('/users/users/', { params: { query: { limit: 3 } } });
  expect(data).toMatchObject({ count: 61 });
  expect(stage.sent()).toEqual(['GET /users/users/']);
  expect(stage.seen[0]?.url.href).toBe('http://jumpserver.example/api/v1/users/users/?limit=3');
  expect(Object.fromEntries(stage.seen[0]?.headers ?? [])).toEqual({
    accept: 'application/json',
    'accept-language': 'en',
    authorization: administrator.authorization,
    'content-type': 'application/json',
    'x-forwarded-for': '192.0.2.7',
    'x-jms-org': '00000000-0000-0000-0000-000000000002',
    'x-tz': 'UTC',
  });
});

test('the first session finds out what the server is, the next one knows', async () => {
  const stage = createStage('4.10.16');
  await stage.upstream.session({ credentials: administrator }).api.GET('/users/users/');
  await stage.upstream.session({ credentials: ordinaryUser }).api.GET('/users/users/');
  expect(stage.sent()).toEqual(['GET /settings/public/', 'GET /users/users/', 'GET /users/users/']);
});

test('equal reads of a session are one call until it writes', async () => {
  const stage = createStage(
    '4.10.16',
    ({ method }) => (method === 'POST' ? replay('4.10.16', 'create user group') : undefined),
    {
      version: '4.10.16',
    },
  );
  const session = stage.upstream.session({ credentials: administrator });
  const read = () => session.api.GET('/users/users/', { params: { query: { limit: 3 } } });
  const [left, right] = await Promise.all([read(), read()]);
  expect(left.data).toBe(right.data);
  await read();
  expect(session.stats.calls).toBe(1);
  await session.api.POST('/users/groups/', { body: { name: 'temp' } });
  await read();
  expect(stage.sent()).toEqual(['GET /users/users/', 'POST /users/groups/', 'GET /users/users/']);
});

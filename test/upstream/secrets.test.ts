import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createServiceIdentity, type Session } from '../../src/upstream/index.ts';
import { createManualClock } from './support/clock.ts';
import { createStage, replay, type Script } from './support/server.ts';

const SECRETS = [
  's3cr3t-token-in-header',
  's3cr3t-session',
  's3cr3t-csrf',
  's3cr3t-in-query',
  's3cr3t-in-body',
  's3cr3t-in-path',
  's3cr3t-password',
  's3cr3t-key',
];

const dropped = (): Error =>
  Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
  });

const faults: readonly (readonly [string, Script])[] = [
  ['400', () => replay('4.10.16', 'filter with a malformed uuid')],
  ['401', () => replay('4.10.16', 'public settings as nobody')],
  ['403', () => replay('4.10.16', 'ordinary user lists users')],
  ['404', () => replay('4.10.16', 'read user deleted')],
  ['429', () => replay('4.10.16', 'user suggestions')],
  ['500', () => replay('4.10.16', 'ids with a malformed uuid')],
  ['503', () => new Response('', { status: 503 })],
  ['a dropped connection', () => Promise.reject(dropped())],
  ['a broken body that repeats what it was sent', () => new Response(`{"echo": "${SECRETS.join(' ')}`)],
];

test.each(
  faults,
)('after %s neither errors nor log lines nor counts hold a credential, a query, a body or an id', async (_what, script) => {
  const lines: unknown[] = [];
  const logger = { debug: (...line: unknown[]) => lines.push(line), warn: (...line: unknown[]) => lines.push(line) };
  const clock = createManualClock();
  const stage = createStage('4.10.16', script, { version: '4.10.16', logger, clock, random: () => 0 });
  const caller = stage.upstream.session({
    credentials: {
      authorization: `Bearer ${SECRETS[0]}`,
      cookie: `jms_sessionid=${SECRETS[1]}`,
      csrfToken: SECRETS[2],
    },
    deadline: clock.now() + 500,
  });
  const key = createServiceIdentity({ kind: 'accessKey', id: 'id', secret: 's3cr3t-key' });
  const user = createServiceIdentity({ kind: 'password', username: 'robot', password: 's3cr3t-password' });
  const calls = [
    caller,
    ...[key, user].map((credentials) => stage.upstream.session({ credentials, deadline: clock.now() + 500 })),
  ].flatMap((session: Session) => [
    session.api.GET('/users/users/', { params: { query: { search: 's3cr3t-in-query' } } }),
    session.api.GET('/users/users/{id}/', { params: { path: { id: 's3cr3t-in-path' } } }),
    session.api.POST('/users/groups/', { body: { name: 's3cr3t-in-body' } }),
  ]);
  const outcomes = Promise.allSettled(calls);
  await clock.advance(1_000);
  const settled = await outcomes;
  expect(settled.map(({ status }) => status)).toEqual(calls.map(() => 'rejected'));
  const errors = settled.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined));
  const shown = [
    inspect([errors, lines, caller.stats], { depth: 10 }),
    JSON.stringify([errors, lines]),
    ...errors.map((error) => `${error.message} ${error.stack}`),
  ].join('\n');
  expect(SECRETS.filter((secret) => shown.includes(secret))).toEqual([]);
  expect(stage.sent().some((call) => call.startsWith('POST'))).toBe(true);
});

import { describe, expect, test } from 'vitest';
import { createManualClock } from './support/clock.ts';
import { administrator, createStage, ordinaryUser, replay, type Script } from './support/server.ts';

const UNKNOWN = '11111111-1111-1111-1111-111111111111';

const NEVER = new AbortController().signal;

/** As recorded: the organisation asked for when there is one, else Default. */
const answerOrganization: Script = ({ path, headers }) => {
  if (path !== '/orgs/orgs/current/') return undefined;
  const asked = headers.get('x-jms-org');
  return replay(
    '4.10.16',
    asked === '00000000-0000-0000-0000-000000000000' ? 'org header root current' : 'org header unknown current',
  );
};

const open = (organization?: string, options = {}) => {
  const stage = createStage('4.10.16', answerOrganization, { version: '4.10.16', ...options });
  return { stage, session: stage.upstream.session({ credentials: administrator, organization }) };
};

describe('the organisation of a session', () => {
  test.each([
    [undefined, { id: '00000000-0000-0000-0000-000000000002', name: 'DEFAULT', isRoot: false, isDefault: true }],
    ['default', { id: '00000000-0000-0000-0000-000000000002', name: 'DEFAULT', isRoot: false, isDefault: true }],
    ['DEFAULT', { id: '00000000-0000-0000-0000-000000000002', name: 'DEFAULT', isRoot: false, isDefault: true }],
    [
      '00000000000000000000000000000002',
      { id: '00000000-0000-0000-0000-000000000002', name: 'DEFAULT', isRoot: false, isDefault: true },
    ],
    ['ROOT', { id: '00000000-0000-0000-0000-000000000000', name: 'GLOBAL', isRoot: true, isDefault: false }],
    ['Global', { id: '00000000-0000-0000-0000-000000000000', name: 'GLOBAL', isRoot: true, isDefault: false }],
  ])('asked for as %j is found', async (asked, organization) => {
    expect(await open(asked).session.organization()).toEqual(organization);
  });

  test.each([
    UNKNOWN,
    'Nowhere',
    'a\r\nX-Evil: 1',
    '☃',
  ])('%j that JumpServer would take for Default is BAD_USER_INPUT, named', async (asked) => {
    const error: unknown = await open(asked)
      .session.organization()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      hint: `the organization ${JSON.stringify(asked)} does not exist, or not for this caller`,
    });
  });

  test('that does not exist lets no read and no write through', async () => {
    const { stage, session } = open(UNKNOWN);
    await expect(session.api.GET('/users/users/')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(session.api.POST('/users/groups/', { body: { name: 'temp' } })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(new Set(stage.sent())).toEqual(new Set(['GET /orgs/orgs/current/']));
  });

  test('is looked up once for half a minute, for each principal', async () => {
    const clock = createManualClock();
    const { stage, session } = open('default', { clock });
    await Promise.all([
      session.organization(),
      session.organization(),
      session.withOrganization('default').organization(),
    ]);
    await stage.upstream.session({ credentials: administrator }).organization();
    expect(stage.seen).toHaveLength(1);
    await stage.upstream.session({ credentials: ordinaryUser }).organization();
    expect(stage.seen).toHaveLength(2);
    await clock.advance(30_001);
    await stage.upstream.session({ credentials: administrator }).organization();
    expect(stage.seen).toHaveLength(3);
  });

  test('that is gone is noticed before a write: JumpServer would carry it out in Default', async () => {
    let isGone = false;
    const vale = { id: UNKNOWN, name: 'Vale', is_root: false, is_default: false };
    const script: Script = (seen) =>
      seen.path === '/orgs/orgs/current/' && !isGone ? Response.json(vale) : answerOrganization(seen, NEVER);
    const stage = createStage('4.10.16', script, { version: '4.10.16' });
    const open = () => stage.upstream.session({ credentials: administrator, organization: 'Vale' });
    await open().api.GET('/users/users/');
    isGone = true;
    await expect(open().api.POST('/users/groups/', { body: { name: 'temp' } })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(stage.sent().filter((line) => line.startsWith('POST'))).toEqual([]);
  });

  test('built in needs no look-up before a call', async () => {
    const { stage, session } = open();
    await session.api.GET('/users/users/');
    expect(stage.sent()).toEqual(['GET /users/users/']);
  });

  test('is the configured one for callers who name none', async () => {
    const { stage, session } = open(undefined, { organization: 'root' });
    await session.api.GET('/users/users/');
    expect(stage.seen[0]?.headers.get('x-jms-org')).toBe('00000000-0000-0000-0000-000000000000');
  });
});

test('a session in another organisation shares costs and budget, not rows', async () => {
  const stage = createStage('4.10.16', answerOrganization, { version: '4.10.16' });
  const session = stage.upstream.session({ credentials: administrator, budget: 2 });
  const root = session.withOrganization('root');
  await session.api.GET('/users/users/');
  await root.api.GET('/users/users/');
  expect(stage.seen.map(({ headers }) => headers.get('x-jms-org'))).toEqual([
    '00000000-0000-0000-0000-000000000002',
    '00000000-0000-0000-0000-000000000000',
  ]);
  expect(session.stats).toBe(root.stats);
  expect(session.stats.calls).toBe(2);
  await expect(root.api.GET('/users/groups/')).rejects.toMatchObject({ code: 'COST_LIMIT' });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGraph } from '../support/graph.ts';
import { type Callers, failure, list, mutate, NOBODY, refusals, startCallers, writesOf } from './support.ts';

let callers: Callers;
let somebody: string;

beforeAll(async () => {
  callers = await startCallers();
  const rows = await list(callers.admin, 'users(first: 10)', 'id username');
  somebody = rows.find(({ username }) => username !== 'admin')?.id ?? '';
});
afterAll(() => callers.close());
beforeEach(() => callers.admin.sandbox.clearLog());

let count = 0;
const newUser = () => {
  count += 1;
  return { name: `New ${count}`, username: `new${count}`, email: `new${count}@corp.example` };
};
const create = async (more: object = {}) => {
  const payload = await mutate(callers.admin, 'createUser', { ...newUser(), ...more }, 'user { id uuid username }');
  return payload.user as { id: string; uuid: string; username: string };
};
const read = async (id: string, selection: string) => {
  const { data } = await callers.admin.query<{ user: Record<string, unknown> | null }>(
    `query($id: ID!) { user(id: $id) { ${selection} } }`,
    { id },
  );
  return data.user;
};

describe('createUser', () => {
  it('creates a user with groups, choices, dates and a password, in one write', async () => {
    const [group] = await list(callers.admin, 'userGroups(first: 1)', 'id name');
    const input = {
      ...newUser(),
      groups: [group?.id],
      mfaLevel: 'ENABLED',
      source: 'LOCAL',
      password: 'Corp-P4ss!new',
      phone: { code: '+49', phone: '1701234567' },
      expiresAt: '2031-05-06T07:08:09Z',
      isActive: false,
    };
    const payload = await mutate(callers.admin, 'createUser', input, 'user { id username mfaLevel groups { name } }');
    expect(payload.userErrors).toEqual([]);
    expect(payload.user).toMatchObject({
      username: input.username,
      mfaLevel: 'ENABLED',
      groups: [{ name: group?.name }],
    });
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/users/users/']);
    const { id } = payload.user as { id: string };
    expect(await read(id, 'email source isActive expiresAt phone { code phone } groups { id }')).toEqual({
      email: input.email,
      source: 'LOCAL',
      isActive: false,
      expiresAt: input.expiresAt,
      phone: input.phone,
      groups: [{ id: group?.id }],
    });
  });

  it('signs in with the password that was given', async () => {
    const user = await create({ password: 'Corp-P4ss!given' });
    const { data } = await callers.user.query<{ login: { __typename: string } }>(
      'mutation($input: LoginInput!) { login(input: $input) { __typename } }',
      { input: { username: user.username, password: 'Corp-P4ss!given' } },
    );
    expect(data.login.__typename).toBe('LoginSuccess');
  });

  it('gives what is null its default: roles, and so a place in the organisation', async () => {
    const user = await create({ systemRoles: null, orgRoles: null, groups: null, phone: null, password: null });
    const { data } = await callers.admin.query('query($id: ID!) { user(id: $id) { systemRoles { name } } }', {
      id: user.id,
    });
    expect(data).toEqual({ user: { systemRoles: [{ name: 'User' }] } });
  });

  it('asks for the password that a custom strategy needs, before anything is sent', async () => {
    const payload = await mutate(
      callers.admin,
      'createUser',
      { ...newUser(), passwordStrategy: 'CUSTOM' },
      'user { id }',
    );
    expect(refusals(payload)).toEqual(['password REQUIRED']);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('tells a repeat as DUPLICATE', async () => {
    const input = newUser();
    await mutate(callers.admin, 'createUser', input, 'user { id }');
    const again = await mutate(callers.admin, 'createUser', input, 'user { id }');
    expect(again.user).toBeNull();
    expect(refusals(again)).toContain('username DUPLICATE');
  });

  it('tells empty texts as REQUIRED, a wrong address as INVALID', async () => {
    const payload = await mutate(
      callers.admin,
      'createUser',
      { name: '', username: 'x1', email: 'nope' },
      'user { id }',
    );
    expect(refusals(payload)).toEqual(['name REQUIRED', 'email INVALID']);
  });

  it('tells an unknown group as NOT_FOUND at its place', async () => {
    const payload = await mutate(callers.admin, 'createUser', { ...newUser(), groups: [NOBODY] }, 'user { id }');
    expect(refusals(payload)).toEqual(['groups.0 NOT_FOUND']);
  });

  it.each([
    ['a malformed id', { groups: ['nonsense'] }],
    ['the id of another noun', { groups: ['VXNlcjo5Y2EyZGYwYi04ZmNmLTRhMjgtODdjMi1kYmExN2Y1NzYzNjM'] }],
    ['a word of ours that JumpServer does not know', { source: 'UNKNOWN' }],
  ])('refuses %s and sends nothing', async (_name, more) => {
    expect(await failure(callers.admin, 'createUser', { ...newUser(), ...more })).toBe('BAD_USER_INPUT');
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('updateUser', () => {
  it('changes what is given and nothing else, by either form of the id', async () => {
    const user = await create({ comment: 'first' });
    for (const [id, name] of [
      [user.id, 'By global id'],
      [user.uuid, 'By uuid'],
    ] as const) {
      const payload = await mutate(callers.admin, 'updateUser', { id, name }, 'user { name comment }');
      expect(payload.user).toEqual({ name, comment: 'first' });
    }
  });

  it('null clears', async () => {
    const user = await create({ comment: 'gone soon', phone: { code: '+49', phone: '1701234567' } });
    const input = { id: user.id, comment: null, phone: null };
    const payload = await mutate(callers.admin, 'updateUser', input, 'user { comment phone { phone } }');
    expect(payload.user).toEqual({ comment: '', phone: null });
  });

  it('reads what the answer does not hold, after the write', async () => {
    const payload = await mutate(
      callers.admin,
      'updateUser',
      { id: somebody, comment: 'seen' },
      'user { comment hasPublicKeys sessions(first: 1) { totalCount } }',
    );
    expect(payload.user).toMatchObject({ comment: 'seen', sessions: { totalCount: expect.any(Number) } });
    const methods = callers.admin.sandbox.log.filter(({ path }) => path.includes('/users/users/'));
    expect(methods.map(({ method }) => method)).toEqual(['PATCH', 'GET']);
  });

  it('serves no stale row to the next mutation of the operation', async () => {
    const { data } = await callers.admin.query<Record<string, { user: { name: string; hasPublicKeys: boolean } }>>(
      `mutation($id: ID!) {
        one: updateUser(input: { id: $id, name: "One" }) { user { name hasPublicKeys } }
        two: updateUser(input: { id: $id, name: "Two" }) { user { name hasPublicKeys } }
      }`,
      { id: somebody },
    );
    expect([data.one?.user.name, data.two?.user.name]).toEqual(['One', 'Two']);
  });

  it('tells an unknown user as NOT_FOUND at id, a taken name as DUPLICATE', async () => {
    const user = await create();
    expect(refusals(await mutate(callers.admin, 'updateUser', { id: NOBODY, name: 'x' }, 'user { id }'))).toEqual([
      'id NOT_FOUND',
    ]);
    const taken = { id: user.id, username: 'admin' };
    expect(refusals(await mutate(callers.admin, 'updateUser', taken, 'user { id }'))).toEqual(['username DUPLICATE']);
  });
});

describe('deleteUser', () => {
  it('deletes once; a repeat is NOT_FOUND', async () => {
    const user = await create();
    callers.admin.sandbox.clearLog();
    const payload = await mutate(callers.admin, 'deleteUser', { id: user.id }, 'deletedIds');
    expect(payload.deletedIds).toEqual([user.id]);
    expect(writesOf(callers.admin)).toEqual([`DELETE /api/v1/users/users/${user.uuid}/`]);
    expect(await read(user.id, 'id')).toBeNull();
    const again = await mutate(callers.admin, 'deleteUser', { id: user.id }, 'deletedIds');
    expect(refusals(again)).toEqual(['id NOT_FOUND']);
    expect(again.deletedIds).toEqual([]);
  });

  it('does not let the administrator go', async () => {
    const [admin] = await list(callers.admin, 'users(filter: { username: "admin" })', 'id');
    expect(await failure(callers.admin, 'deleteUser', { id: admin?.id })).toBe('FORBIDDEN');
  });
});

describe('what is done to a user', () => {
  it.each([
    ['unblockUser', 'PATCH', 'unblock/'],
    ['resetUserPassword', 'PATCH', 'password/reset/'],
    ['resetUserPublicKey', 'PATCH', 'pubkey/reset/'],
    ['resetUserMfa', 'GET', 'mfa/reset/'],
  ])('%s is one call, and answers the user as it is then', async (name, method, path) => {
    const user = await create();
    callers.admin.sandbox.clearLog();
    const payload = await mutate(callers.admin, name, { id: user.id }, 'user { uuid isOtpBound isBlocked }');
    expect(payload).toMatchObject({ user: { uuid: user.uuid, isBlocked: false }, userErrors: [] });
    const sent = callers.admin.sandbox.log.filter((entry) => entry.path.endsWith(`${user.uuid}/${path}`));
    expect(sent.map((entry) => entry.method)).toEqual([method]);
  });

  it.each([
    'unblockUser',
    'resetUserPassword',
    'resetUserPublicKey',
    'resetUserMfa',
  ])('%s of nobody is NOT_FOUND', async (name) => {
    expect(refusals(await mutate(callers.admin, name, { id: NOBODY }, 'user { id }'))).toEqual(['id NOT_FOUND']);
  });
});

describe('members of the organisation', () => {
  it('inviting somebody who is there already does no harm', async () => {
    const payload = await mutate(callers.admin, 'inviteUsers', { users: [somebody] }, 'users { id }');
    expect(payload).toMatchObject({ users: [{ id: somebody }], userErrors: [] });
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/users/users/invite/']);
  });

  it('a server that refuses it is told', async () => {
    const newest = await startGraph({ version: '4.10.19' });
    const [member] = await list(newest, 'users(first: 1)', 'id');
    const payload = await mutate(newest, 'inviteUsers', { users: [member?.id] }, 'users { id }');
    expect(refusals(payload)).toEqual([' DUPLICATE']);
    await newest.close();
  });

  it('inviting nobody is REQUIRED and sends nothing', async () => {
    expect(refusals(await mutate(callers.admin, 'inviteUsers', { users: [] }, 'users { id }'))).toEqual([
      'users REQUIRED',
    ]);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('takes users out one by one and tells who is unknown', async () => {
    const user = await create();
    callers.admin.sandbox.clearLog();
    const input = { users: [NOBODY, user.id] };
    const payload = await mutate(callers.admin, 'removeUsersFromOrganization', input, 'removedIds');
    expect(payload.removedIds).toEqual([user.id]);
    expect(payload.userErrors).toMatchObject([{ field: ['users', '0'], code: 'NOT_FOUND', row: 0 }]);
    expect(writesOf(callers.admin)).toHaveLength(2);
  });
});

describe('an ordinary user', () => {
  it.each([
    ['createUser', { name: 'x', username: 'x', email: 'x@corp.example' }],
    ['updateUser', { name: 'x' }],
    ['deleteUser', {}],
    ['unblockUser', {}],
    ['resetUserMfa', {}],
    ['resetUserPassword', {}],
    ['resetUserPublicKey', {}],
    ['setUserPassword', { password: 'N3w-secret!' }],
  ])('may not %s', async (name, input) => {
    const whole = name === 'createUser' ? input : { ...input, id: somebody };
    expect(await failure(callers.user, name, whole)).toBe('FORBIDDEN');
  });

  it.each(['inviteUsers', 'removeUsersFromOrganization'])('may not %s', async (name) => {
    expect(await failure(callers.user, name, { users: [somebody] })).toBe('FORBIDDEN');
  });
});

describe('a write whose answer is lost', () => {
  it('is OUTCOME_UNKNOWN, sent once, and says what to do', async () => {
    const undo = callers.admin.sandbox.faults.add({
      method: 'POST',
      path: '/users/users/',
      fault: { kind: 'reset' },
    });
    const payload = await mutate(callers.admin, 'createUser', newUser(), 'user { id }');
    undo();
    expect(payload.user).toBeNull();
    expect(payload.userErrors).toMatchObject([{ field: [], code: 'OUTCOME_UNKNOWN' }]);
    expect(payload.userErrors[0]?.message).toMatch(/Look it up: user\(username: "new\d+"\)/);
  });

  it('a server that is down is an error of the whole', async () => {
    const fault = { kind: 'status', status: 500 } as const;
    const undo = callers.admin.sandbox.faults.add({ method: 'POST', path: '/users/users/', fault });
    expect(await failure(callers.admin, 'createUser', newUser())).toBe('UPSTREAM_UNAVAILABLE');
    undo();
  });
});

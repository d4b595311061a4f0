import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph } from '../support/graph.ts';
import {
  type Callers,
  failure,
  list,
  mutate,
  type Named,
  NOBODY,
  refusals,
  startCallers,
  writesOf,
} from './support.ts';

let callers: Callers;
let users: Named[];

beforeAll(async () => {
  callers = await startCallers();
  users = await list(callers.admin, 'users(first: 4)', 'id uuid');
});
afterAll(() => callers.close());
beforeEach(() => callers.admin.sandbox.clearLog());

let count = 0;
const GROUP = 'userGroup { id uuid name usersCount users { nodes { uuid } } }';
type Group = { id: string; uuid: string; name: string; usersCount: number; users: { nodes: { uuid: string }[] } };
const create = async (...members: number[]) => {
  count += 1;
  const input = { name: `group-${count}`, users: members.map((at) => users[at]?.id) };
  const group = (await mutate(callers.admin, 'createUserGroup', input, GROUP)).userGroup as Group;
  callers.admin.sandbox.clearLog();
  return group;
};
const membersOf = (group: unknown) => (group as Group).users.nodes.map(({ uuid }) => uuid).sort();
const uuids = (...places: number[]) => places.map((at) => users[at]?.uuid).sort();

describe('createUserGroup', () => {
  it('creates a group with its members', async () => {
    const group = await create(0, 1);
    expect(group).toMatchObject({ name: `group-${count}`, usersCount: 2 });
    expect(membersOf(group)).toEqual(uuids(0, 1));
  });

  it('tells a repeat, an empty name and an unknown member', async () => {
    const group = await create();
    const refused = async (input: object) => refusals(await mutate(callers.admin, 'createUserGroup', input, GROUP));
    expect(await refused({ name: group.name })).toEqual(['name DUPLICATE']);
    expect(await refused({ name: '' })).toEqual(['name REQUIRED']);
    expect(await refused({ name: 'other', users: [users[0]?.id, NOBODY] })).toEqual(['users.1 NOT_FOUND']);
  });
});

describe('updateUserGroup', () => {
  it('changes what is given; members that are named replace all', async () => {
    const group = await create(0, 1);
    const renamed = await mutate(callers.admin, 'updateUserGroup', { id: group.id, comment: 'x' }, GROUP);
    expect(membersOf(renamed.userGroup)).toEqual(uuids(0, 1));
    const replaced = await mutate(callers.admin, 'updateUserGroup', { id: group.id, users: [users[2]?.id] }, GROUP);
    expect(membersOf(replaced.userGroup)).toEqual(uuids(2));
  });

  it('tells an unknown group', async () => {
    const payload = await mutate(callers.admin, 'updateUserGroup', { id: NOBODY, name: 'x' }, GROUP);
    expect(refusals(payload)).toEqual(['id NOT_FOUND']);
  });
});

describe('addUsersToGroup', () => {
  it('adds through joining rows: the others stay, and nothing is overwritten', async () => {
    const group = await create(0);
    const payload = await mutate(callers.admin, 'addUsersToGroup', { id: group.id, users: [users[1]?.id] }, GROUP);
    expect(membersOf(payload.userGroup)).toEqual(uuids(0, 1));
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/users/users-groups-relations/']);
  });

  it('a member who is there already is a warning, the rest is added', async () => {
    const group = await create(0, 2);
    const input = { id: group.id, users: [users[0]?.id, users[1]?.id, users[2]?.id] };
    const payload = await mutate(callers.admin, 'addUsersToGroup', input, GROUP);
    expect(payload.userErrors).toEqual([]);
    expect(payload.warnings).toEqual([
      { code: 'ALREADY_THERE', path: ['users', '0'] },
      { code: 'ALREADY_THERE', path: ['users', '2'] },
    ]);
    expect(membersOf(payload.userGroup)).toEqual(uuids(0, 1, 2));
  });

  it('an unknown user is told by place and nobody is added', async () => {
    const group = await create();
    const input = { id: group.id, users: [users[0]?.id, NOBODY] };
    const payload = await mutate(callers.admin, 'addUsersToGroup', input, GROUP);
    expect(payload.userErrors).toMatchObject([{ field: ['users', '1'], code: 'NOT_FOUND', row: 1 }]);
    const again = await mutate(callers.admin, 'updateUserGroup', { id: group.id, comment: '' }, GROUP);
    expect(membersOf(again.userGroup)).toEqual([]);
  });

  it('an unknown group is told at id; nobody at all is REQUIRED', async () => {
    const unknown = { id: NOBODY, users: [users[0]?.id] };
    expect(refusals(await mutate(callers.admin, 'addUsersToGroup', unknown, GROUP))).toEqual(['id NOT_FOUND']);
    const empty = { id: (await create()).id, users: [] };
    expect(refusals(await mutate(callers.admin, 'addUsersToGroup', empty, GROUP))).toEqual(['users REQUIRED']);
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('addAllUsersToGroup', () => {
  const SIZE = 'userGroup { id usersCount }';
  it.each(SANDBOX_VERSIONS)('adds everybody by one write on JumpServer %s; a repeat does no harm', async (version) => {
    const graph = await startGraph({ version });
    const { data } = await graph.query<{ users: { totalCount: number } }>('{ users { totalCount } }');
    const made = await mutate(graph, 'createUserGroup', { name: 'everybody' }, SIZE);
    const { id } = made['userGroup'] as Group;
    graph.sandbox.clearLog();
    for (let time = 1; time <= 2; time++) {
      const payload = await mutate(graph, 'addAllUsersToGroup', { id }, SIZE);
      expect(payload).toMatchObject({ userErrors: [], userGroup: { usersCount: data.users.totalCount } });
      expect(writesOf(graph)).toHaveLength(time);
    }
    await graph.close();
  });

  it('of nobody is NOT_FOUND', async () => {
    expect(refusals(await mutate(callers.admin, 'addAllUsersToGroup', { id: NOBODY }, SIZE))).toEqual(['id NOT_FOUND']);
  });
});

describe('removeUsersFromGroup', () => {
  it('takes out those who are members, each by both keys; the others are warnings', async () => {
    const group = await create(0, 1, 2);
    const input = { id: group.id, users: [users[1]?.id, users[3]?.id] };
    const payload = await mutate(callers.admin, 'removeUsersFromGroup', input, GROUP);
    expect(payload.userErrors).toEqual([]);
    expect(payload.warnings).toEqual([{ code: 'NOT_THERE', path: ['users', '1'] }]);
    expect(membersOf(payload.userGroup)).toEqual(uuids(0, 2));
    const query = `?usergroup=${group.uuid}&user=${users[1]?.uuid}`;
    expect(writesOf(callers.admin)).toEqual([`DELETE /api/v1/users/users-groups-relations/${query}`]);
  });

  it('reads every member of a server with smaller pages', async () => {
    const group = await create(0, 1, 2);
    const cut = (body: unknown) => ({
      ...(body as object),
      results: (body as { results: unknown[] }).results.slice(0, 1),
    });
    const fault = { kind: 'edit', edit: cut } as const;
    const undo = callers.admin.sandbox.faults.add({ method: 'GET', path: '/users-groups-relations/', fault });
    const input = { id: group.id, users: users.slice(0, 3).map(({ id }) => id) };
    const payload = await mutate(callers.admin, 'removeUsersFromGroup', input, GROUP);
    undo();
    expect(payload.warnings).toEqual([]);
    expect(membersOf(payload.userGroup)).toEqual([]);
  });

  it('refuses to delete by a list that the server did not filter', async () => {
    const group = await create(0);
    const rows = {
      count: 1,
      next: null,
      previous: null,
      results: [{ id: 1, user: users[0]?.uuid, usergroup: NOBODY }],
    };
    const undo = callers.admin.sandbox.faults.add({
      method: 'GET',
      path: '/users/users-groups-relations/',
      fault: { kind: 'edit', edit: () => rows },
    });
    const input = { id: group.id, users: [users[0]?.id] };
    expect(await failure(callers.admin, 'removeUsersFromGroup', input)).toBe('UPSTREAM_CONTRACT');
    undo();
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('deleteUserGroup', () => {
  it('deletes once; a repeat is NOT_FOUND', async () => {
    const { id } = await create();
    expect((await mutate(callers.admin, 'deleteUserGroup', { id }, 'deletedIds')).deletedIds).toEqual([id]);
    expect(refusals(await mutate(callers.admin, 'deleteUserGroup', { id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
  });
});

describe('an ordinary user', () => {
  it.each([
    'createUserGroup',
    'updateUserGroup',
    'deleteUserGroup',
    'addUsersToGroup',
    'addAllUsersToGroup',
    'removeUsersFromGroup',
  ])('may not %s', async (name) => {
    const { id } = await create();
    const inputs: Record<string, object> = {
      createUserGroup: { name: 'mine' },
      updateUserGroup: { id, name: 'mine' },
      deleteUserGroup: { id },
      addAllUsersToGroup: { id },
    };
    expect(await failure(callers.user, name, inputs[name] ?? { id, users: [users[0]?.id] })).toBe('FORBIDDEN');
  });
});

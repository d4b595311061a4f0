import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
let groups: Named[];
let assets: Named[];
let nodes: Named[];

beforeAll(async () => {
  callers = await startCallers();
  users = await list(callers.admin, 'users(first: 3)', 'id uuid');
  groups = await list(callers.admin, 'userGroups(first: 3)', 'id uuid');
  assets = await list(callers.admin, 'assets(first: 3)', 'id uuid');
  nodes = await list(callers.admin, 'assetNodes(first: 3)', 'id uuid');
});
afterAll(() => callers.close());
beforeEach(() => callers.admin.sandbox.clearLog());

let count = 0;
const valid = () => {
  count += 1;
  return {
    name: `grant-${count}`,
    users: [users[0]?.id],
    assets: [assets[0]?.id],
    accounts: ['@ALL'],
    actions: ['CONNECT', 'UPLOAD'],
    startsAt: '2026-01-01T00:00:00Z',
  };
};
const WHOLE = `permission { id uuid name isActive isValid accounts actions protocols startsAt expiresAt comment
  users { nodes { uuid } } userGroups { nodes { uuid } } assets { nodes { uuid } } nodes { nodes { uuid } } }`;
interface Permission {
  readonly id: string;
  readonly uuid: string;
  readonly expiresAt: string;
  readonly accounts: string[];
  readonly actions: string[];
  readonly [members: string]: unknown;
}
const grant = async (more: object = {}): Promise<Permission> => {
  const payload = await mutate(callers.admin, 'grantPermission', { ...valid(), ...more }, WHOLE);
  callers.admin.sandbox.clearLog();
  return payload.permission as Permission;
};
const members = (permission: unknown, name: string) =>
  ((permission as Permission)[name] as { nodes: Named[] }).nodes.map(({ uuid }) => uuid).sort();

describe('grantPermission', () => {
  it('grants in one write, and answers what was granted', async () => {
    const input = {
      ...valid(),
      userGroups: [groups[0]?.id],
      nodes: [nodes[1]?.id],
      protocols: ['ssh'],
      startsAt: '2026-01-02T03:04:05Z',
      expiresAt: '2031-05-06T07:08:09Z',
      comment: 'for a test',
    };
    const { permission, userErrors } = await mutate(callers.admin, 'grantPermission', input, WHOLE);
    expect(userErrors).toEqual([]);
    expect(permission).toMatchObject({
      name: input.name,
      isActive: true,
      accounts: ['@ALL'],
      actions: ['CONNECT', 'UPLOAD'],
      protocols: ['ssh'],
      startsAt: input.startsAt,
      expiresAt: input.expiresAt,
      comment: 'for a test',
    });
    expect(members(permission, 'userGroups')).toEqual([groups[0]?.uuid]);
    expect(members(permission, 'nodes')).toEqual([nodes[1]?.uuid]);
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/perms/asset-permissions/']);
  });

  it.each([
    ['no account', { accounts: [] }, ['accounts REQUIRED']],
    ['an empty account rule', { accounts: ['root', ' '] }, ['accounts INVALID']],
    ['no action', { actions: [] }, ['actions REQUIRED']],
    ['no subject', { users: [] }, ['users REQUIRED']],
    ['no resource', { assets: [] }, ['assets REQUIRED']],
    [
      'nothing at all',
      { accounts: [], actions: [], users: [], assets: [] },
      ['accounts REQUIRED', 'actions REQUIRED', 'users REQUIRED', 'assets REQUIRED'],
    ],
  ])('refuses %s before anything is sent', async (_name, more, want) => {
    const payload = await mutate(callers.admin, 'grantPermission', { ...valid(), ...more }, WHOLE);
    expect(refusals(payload)).toEqual(want);
    expect(payload.permission).toBeNull();
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('gives what is null its default', async () => {
    const protocols = await grant({ protocols: null, expiresAt: null, nodes: null, comment: null });
    expect(protocols).toMatchObject({ protocols: ['all'] });
  });

  it('a group is a subject, a node is a resource', async () => {
    const more = { users: [], userGroups: [groups[0]?.id], assets: [], nodes: [nodes[1]?.id] };
    expect((await mutate(callers.admin, 'grantPermission', { ...valid(), ...more }, WHOLE)).userErrors).toEqual([]);
  });

  it('tells a repeat, an empty name and unknown ids by place', async () => {
    const input = valid();
    await mutate(callers.admin, 'grantPermission', input, WHOLE);
    expect(refusals(await mutate(callers.admin, 'grantPermission', input, WHOLE))).toEqual(['name DUPLICATE']);
    const wrong = { ...valid(), name: '', users: [users[0]?.id, NOBODY] };
    expect(refusals(await mutate(callers.admin, 'grantPermission', wrong, WHOLE))).toEqual([
      'name REQUIRED',
      'users.1 NOT_FOUND',
    ]);
  });
});

describe('updatePermission', () => {
  it('changes what is given and nothing else', async () => {
    const before = await grant();
    const input = { id: before.id, actions: ['CONNECT'], comment: 'less' };
    const { permission } = await mutate(callers.admin, 'updatePermission', input, WHOLE);
    expect(permission).toEqual({ ...before, actions: ['CONNECT'], comment: 'less' });
  });

  it('does not let accounts or actions become empty', async () => {
    const { id } = await grant();
    const payload = await mutate(callers.admin, 'updatePermission', { id, accounts: [], actions: [] }, WHOLE);
    expect(refusals(payload)).toEqual(['accounts REQUIRED', 'actions REQUIRED']);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('tells an unknown permission', async () => {
    const payload = await mutate(callers.admin, 'updatePermission', { id: NOBODY, comment: 'x' }, WHOLE);
    expect(refusals(payload)).toEqual(['id NOT_FOUND']);
  });

  it('setPermissionActive switches it off and on', async () => {
    const { id } = await grant();
    for (const isActive of [false, true]) {
      const { permission } = await mutate(callers.admin, 'setPermissionActive', { id, isActive }, WHOLE);
      expect(permission).toMatchObject({ isActive, isValid: isActive });
    }
  });
});

describe('addToPermission', () => {
  it('adds of every kind and keeps what was there', async () => {
    const before = await grant({ accounts: ['root'] });
    const input = {
      id: before.id,
      users: [users[1]?.id],
      userGroups: [groups[1]?.id],
      assets: [assets[1]?.id],
      nodes: [nodes[1]?.id],
      accounts: ['admin', 'root'],
      actions: ['DOWNLOAD'],
    };
    const { permission, userErrors } = await mutate(callers.admin, 'addToPermission', input, WHOLE);
    expect(userErrors).toEqual([]);
    expect(permission).toMatchObject({ accounts: ['root', 'admin'], actions: ['CONNECT', 'UPLOAD', 'DOWNLOAD'] });
    expect(members(permission, 'users')).toEqual([users[0]?.uuid, users[1]?.uuid].sort());
    expect(members(permission, 'userGroups')).toEqual([groups[1]?.uuid]);
    expect(members(permission, 'assets')).toEqual([assets[0]?.uuid, assets[1]?.uuid].sort());
    expect(members(permission, 'nodes')).toEqual([nodes[1]?.uuid]);
  });

  it('users alone never write the permission itself', async () => {
    const { id } = await grant();
    await mutate(callers.admin, 'addToPermission', { id, users: [users[1]?.id] }, WHOLE);
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/perms/asset-permissions-users-relations/']);
  });

  it('a repeat changes nothing and warns', async () => {
    const { id } = await grant();
    const payload = await mutate(callers.admin, 'addToPermission', { id, users: [users[0]?.id] }, WHOLE);
    expect(payload.userErrors).toEqual([]);
    expect(payload.warnings).toEqual([{ code: 'ALREADY_THERE', path: ['users', '0'] }]);
    expect(members(payload.permission, 'users')).toEqual([users[0]?.uuid]);
  });

  it('takes what is named twice once', async () => {
    const { id } = await grant({ accounts: ['root'], actions: ['CONNECT'] });
    const input = { id, accounts: ['admin', 'admin', 'root'], actions: ['UPLOAD', 'UPLOAD'] };
    const payload = await mutate(callers.admin, 'addToPermission', input, WHOLE);
    expect(refusals(payload)).toEqual([]);
    expect(payload.permission).toMatchObject({ accounts: ['root', 'admin'], actions: ['CONNECT', 'UPLOAD'] });
  });

  it('does nothing at all when one of the ids is unknown', async () => {
    const { id } = await grant();
    const input = { id, users: [users[1]?.id], assets: [NOBODY] };
    const payload = await mutate(callers.admin, 'addToPermission', input, WHOLE);
    expect(payload.userErrors).toMatchObject([{ field: ['assets', '0'], code: 'NOT_FOUND', row: 0 }]);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('tells an unknown permission, and nothing to add', async () => {
    const unknown = { id: NOBODY, users: [users[1]?.id] };
    expect(refusals(await mutate(callers.admin, 'addToPermission', unknown, WHOLE))).toEqual(['id NOT_FOUND']);
    const { id } = await grant();
    expect(refusals(await mutate(callers.admin, 'addToPermission', { id }, WHOLE))).toEqual([' REQUIRED']);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('refuses a malformed id before anything is asked', async () => {
    const { id } = await grant();
    callers.admin.sandbox.clearLog();
    const input = { id, users: [users[0]?.id], nodes: ['nonsense'] };
    expect(await failure(callers.admin, 'addToPermission', input)).toBe('BAD_USER_INPUT');
    expect(callers.admin.sandbox.log).toEqual([]);
  });

  it('keeps what somebody else adds while the members are written', async () => {
    const { id, uuid } = await grant({ accounts: ['root'] });
    const { sandbox } = callers.admin;
    const theirs = async (request: Request) => {
      const body = JSON.stringify({ accounts: ['root', 'theirs'] });
      const url = `http://jumpserver.test/api/v1/perms/asset-permissions/${uuid}/`;
      await sandbox.fetch(new Request(url, { method: 'PATCH', headers: request.headers, body }));
      return sandbox.fetch(request);
    };
    const way = {
      method: 'POST',
      path: 'users-relations',
      count: 1,
      fault: { kind: 'answer', respond: theirs },
    } as const;
    sandbox.faults.add(way);
    const input = { id, users: [users[2]?.id], accounts: ['admin'] };
    const payload = await mutate(callers.admin, 'addToPermission', input, WHOLE);
    expect(refusals(payload)).toEqual([]);
    expect(payload.permission).toMatchObject({ accounts: ['root', 'theirs', 'admin'] });
  });

  it('somebody who overwrites the accounts at the same time makes it a CONFLICT', async () => {
    const { id, uuid } = await grant({ accounts: ['root'] });
    const path = new RegExp(`/perms/asset-permissions/${uuid}/`);
    const undo = callers.admin.sandbox.faults.add({
      method: 'GET',
      path,
      skip: 1,
      fault: { kind: 'edit', edit: (row) => ({ ...(row as object), accounts: ['theirs'] }) },
    });
    const payload = await mutate(callers.admin, 'addToPermission', { id, accounts: ['admin'] }, 'permission { id }');
    undo();
    expect(refusals(payload)).toEqual(['accounts CONFLICT']);
  });
});

describe('removeFromPermission', () => {
  it('takes out what is named, each by both keys, and keeps the rest', async () => {
    const { id, uuid } = await grant({ users: [users[0]?.id, users[1]?.id], accounts: ['root', 'admin'] });
    const input = { id, users: [users[0]?.id, users[2]?.id], accounts: ['admin'], actions: ['UPLOAD'] };
    const payload = await mutate(callers.admin, 'removeFromPermission', input, WHOLE);
    expect(payload.userErrors).toEqual([]);
    expect(payload.warnings).toEqual([{ code: 'NOT_THERE', path: ['users', '1'] }]);
    expect(payload.permission).toMatchObject({ accounts: ['root'], actions: ['CONNECT'] });
    expect(members(payload.permission, 'users')).toEqual([users[1]?.uuid]);
    expect(writesOf(callers.admin)).toEqual([
      `DELETE /api/v1/perms/asset-permissions-users-relations/?assetpermission=${uuid}&user=${users[0]?.uuid}`,
      `PATCH /api/v1/perms/asset-permissions/${uuid}/`,
    ]);
  });

  it('does not take the last account or action', async () => {
    const { id } = await grant();
    const input = { id, users: [users[0]?.id], accounts: ['@ALL'], actions: ['CONNECT', 'UPLOAD'] };
    const payload = await mutate(callers.admin, 'removeFromPermission', input, WHOLE);
    expect(refusals(payload)).toEqual(['accounts REQUIRED', 'actions REQUIRED']);
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('extendPermissions', () => {
  it('moves the end of many in one write, in the order asked', async () => {
    const [first, second] = [await grant({ expiresAt: '2030-01-01T00:00:00Z' }), await grant()];
    callers.admin.sandbox.clearLog();
    const input = { ids: [second.id, first.id], expiresAt: '2040-01-01T00:00:00Z' };
    const payload = await mutate(callers.admin, 'extendPermissions', input, 'permissions { uuid expiresAt }');
    expect(payload.permissions).toEqual([
      { uuid: second.uuid, expiresAt: '2040-01-01T00:00:00Z' },
      { uuid: first.uuid, expiresAt: '2040-01-01T00:00:00Z' },
    ]);
    expect(payload.warnings).toEqual([{ code: 'SHORTENED', path: ['ids', '0'] }]);
    expect(writesOf(callers.admin)).toEqual(['PATCH /api/v1/perms/asset-permissions/']);
  });

  it('changes none when one is unknown', async () => {
    const { id } = await grant();
    const input = { ids: [id, NOBODY], expiresAt: '2040-01-01T00:00:00Z' };
    const payload = await mutate(callers.admin, 'extendPermissions', input, 'permissions { uuid }');
    expect(payload.userErrors).toMatchObject([{ field: ['ids', '1'], code: 'NOT_FOUND', row: 1 }]);
    expect(payload.permissions).toEqual([]);
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('revokePermissions', () => {
  it('deletes each by itself and tells those that are not there', async () => {
    const [first, second] = [await grant(), await grant()];
    const input = { ids: [first.id, NOBODY, second.id] };
    const payload = await mutate(callers.admin, 'revokePermissions', input, 'deletedIds');
    expect(payload.deletedIds).toEqual([first.id, second.id]);
    expect(payload.userErrors).toMatchObject([{ field: ['ids', '1'], code: 'NOT_FOUND', row: 1 }]);
    const deletes = [first.uuid, NOBODY, second.uuid].map((id) => `DELETE /api/v1/perms/asset-permissions/${id}/`);
    expect(writesOf(callers.admin).sort()).toEqual(deletes.sort());
  });

  it('refuses an empty list before anything is sent', async () => {
    const payload = await mutate(callers.admin, 'revokePermissions', { ids: [] }, 'deletedIds');
    expect(refusals(payload)).toEqual(['ids REQUIRED']);
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('an ordinary user', () => {
  it.each([
    ['grantPermission', () => valid()],
    ['updatePermission', (id: string) => ({ id, comment: 'x' })],
    ['addToPermission', (id: string) => ({ id, accounts: ['x'] })],
    ['removeFromPermission', (id: string) => ({ id, users: [users[0]?.id] })],
    ['extendPermissions', (id: string) => ({ ids: [id], expiresAt: '2040-01-01T00:00:00Z' })],
    ['setPermissionActive', (id: string) => ({ id, isActive: false })],
    ['revokePermissions', (id: string) => ({ ids: [id] })],
  ])('may not %s', async (name, toInput) => {
    const { id } = await grant();
    expect(await failure(callers.user, name, toInput(id))).toBe('FORBIDDEN');
  });
});

import { describe, expect, test } from 'vitest';
import { startSandbox } from './ask.ts';

const unknown = '00000000-0000-4000-8000-00000000abcd';
const host = (name: string, extra: object = {}) => ({ name, address: '10.9.0.1', platform: { pk: 1 }, ...extra });

describe('a write', () => {
  const { get, post, patch, put, remove } = startSandbox();

  test('of one thing answers its read shapes, and takes ids, {id} and {pk} alike', async () => {
    const users = (await get('users/users/?limit=3&fields=id')).body.results.map(({ id }: { id: string }) => id);
    const { status, body } = await post('users/groups/', {
      name: 'Trio',
      users: [users[0], { id: users[1] }, { pk: users[2] }],
    });
    expect(status).toBe(201);
    expect(body.users.map(({ id }: { id: string }) => id).sort()).toEqual([...users].sort());
    expect(body.created_by).toBe('Administrator');
    const changed = await patch(`users/groups/${body.id}/`, { comment: 'three' });
    expect([changed.body.comment, changed.body.users.length]).toEqual(['three', 3]);
    const replaced = await put(`users/groups/${body.id}/`, { name: 'Duo', users: users.slice(0, 2) });
    expect([replaced.body.name, replaced.body.users.length]).toEqual(['Duo', 2]);
    expect((await remove(`users/groups/${body.id}/`)).status).toBe(204);
    expect((await get(`users/groups/${body.id}/`)).body.code).toBe('object_does_not_exist');
  });

  test('that is wrong is refused by field, and nothing is stored', async () => {
    const { status, body } = await post('users/users/', { name: '', email: 'nope', mfa_level: 9 });
    expect(status).toBe(400);
    expect(Object.keys(body).sort()).toEqual(['email', 'mfa_level', 'name', 'username']);
    const twice = await post('users/groups/', { name: 'Database Crew' });
    expect([twice.status, Object.keys(twice.body)]).toEqual([400, ['name']]);
    const lost = await post('users/groups/', { name: 'Lost', users: [unknown] });
    expect([lost.status, Object.keys(lost.body)]).toEqual([400, ['users']]);
    expect((await get('users/groups/?name=Lost')).body).toEqual([]);
  });

  test('may choose its id once', async () => {
    const id = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
    expect((await post('assets/hosts/', host('chosen', { id }))).body.id).toBe(id);
    const again = await post('assets/hosts/', host('chosen-too', { id }));
    expect([again.status, Object.keys(again.body)]).toEqual([400, ['id']]);
  });

  test('with a body that is no JSON, or no list where one is due, is refused', async () => {
    const broken = await post('users/groups/', {}, { raw: '{nope' });
    expect([broken.status, broken.body.code]).toEqual([400, 'parse_error']);
    expect(Object.keys((await put('users/users/', {})).body)).toEqual(['non_field_errors']);
  });

  test('is noted in the operate log', async () => {
    const { body } = await post('labels/labels/', { name: 'berth', value: '12' });
    const logs = await get('audits/operate-logs/?limit=1&action=create');
    expect(logs.body.results[0]).toMatchObject({
      user: 'Administrator(admin)',
      resource_type: 'Label',
      org_id: body.org_id,
    });
  });
});

describe('an array', () => {
  const { get, post, patch, ask, all } = startSandbox();

  test('is stored whole', async () => {
    const { status, body } = await post('users/groups/', [{ name: 'One' }, { name: 'Two' }]);
    expect([status, body.map(({ name }: { name: string }) => name)]).toEqual([201, ['One', 'Two']]);
  });

  test('or not at all: the answer tells each item its faults in its place', async () => {
    const { status, body } = await post('users/groups/', [{ name: 'Three' }, { name: '' }, {}]);
    expect(status).toBe(400);
    expect(body.map((item: object) => Object.keys(item))).toEqual([[], ['name'], ['name']]);
    expect((await get('users/groups/?name=Three')).body).toEqual([]);
  });

  test('with twins in it crashes the server and stores nothing', async () => {
    const twin = { name: 'Twin', username: 'twin', email: 'a@b.example' };
    const { status } = await post('users/users/', [twin, { ...twin, email: 'c@d.example' }]);
    expect(status).toBe(500);
    expect((await get('users/users/?username=twin')).body).toEqual([]);
  });

  test('of changes answers in the order of the list; one unknown id refuses all of it', async () => {
    const groups = (await get('users/groups/?limit=3')).body.results;
    const items = groups.map(({ id }: { id: string }) => ({ id, comment: 'many' })).reverse();
    const { body } = await patch('users/groups/', items);
    expect(body.map(({ id }: { id: string }) => id)).toEqual(groups.map(({ id }: { id: string }) => id));
    const refused = await patch('users/groups/', [
      { id: groups[0].id, comment: 'x' },
      { id: unknown, comment: 'x' },
    ]);
    expect([refused.status, refused.body[0], typeof refused.body[1]]).toEqual([400, {}, 'string']);
    expect((await get(`users/groups/${groups[0].id}/`)).body.comment).toBe('many');
    expect((await patch('users/groups/', [{ comment: 'x' }])).status).toBe(400);
  });

  test('of hosts keeps the protocols of its last item only, as the real servers do', async () => {
    const protocols = [{ name: 'ssh', port: 22 }];
    const { body } = await post('assets/hosts/', [host('a', { protocols }), host('b', { protocols })]);
    const stored = await all(`assets/hosts/?ids=${body.map(({ id }: { id: string }) => id)}&fields=name,protocols`);
    expect(stored).toEqual([
      { name: 'a', protocols: [] },
      { name: 'b', protocols },
    ]);
  });

  test('is deleted by a filter that leaves something, never by none', async () => {
    const before = (await get('users/groups/?limit=1')).body.count;
    expect((await ask('DELETE', 'users/groups/')).status).toBe(400);
    expect((await ask('DELETE', 'users/groups/?name=One')).status).toBe(204);
    const two = (await get('users/groups/?name=Two')).body[0].id;
    expect((await ask('DELETE', `users/groups/?ids=${two}`)).status).toBe(204);
    expect((await get('users/groups/?limit=1')).body.count).toBe(before - 2);
  });

  test('of users is never deleted with oneself in it', async () => {
    const { body } = await get('users/users/?limit=2&search=sandbox');
    const ids = body.results.map(({ id }: { id: string }) => id);
    const admin = (await get('users/users/?username=admin')).body[0].id;
    expect((await ask('DELETE', `users/users/?ids=${[...ids, admin]}`)).status).toBe(403);
    expect((await get(`users/users/?ids=${ids}`)).body).toHaveLength(2);
    expect((await ask('DELETE', 'users/users/')).body.code).toBe('unable_to_delete_all_users');
  });
});

describe('side effects', () => {
  const { get, post, patch, remove } = startSandbox();

  test('a host without a node hangs on the root, and its accounts are made with it', async () => {
    const account = { name: 'root', username: 'root', secret: 'x', privileged: true };
    const { body } = await post('assets/hosts/', host('rooted', { accounts: [account] }));
    expect(body.nodes_display).toEqual(['/Default']);
    expect(body.protocols.map(({ name }: { name: string }) => name)).toContain('ssh');
    const accounts = (await get(`accounts/accounts/?asset_id=${body.id}`)).body;
    expect(
      accounts.map(({ username, privileged }: { username: string; privileged: boolean }) => [username, privileged]),
    ).toEqual([['root', true]]);
  });

  test('an asset is not created through the list of all, nor on another category', async () => {
    expect(Object.keys((await post('assets/assets/', host('nowhere'))).body)).toEqual(['error']);
    const { status, body } = await post('assets/databases/', host('no-db', { db_name: 'x' }));
    expect([status, Object.keys(body)]).toEqual([400, ['platform']]);
  });

  test('a deleted asset takes its accounts and grants along; its sessions stay as texts', async () => {
    const { body } = await get('terminal/sessions/?limit=50');
    const session = body.results.find(
      ({ asset_id, asset }: Record<string, string>) => !asset?.startsWith('retired') && asset_id,
    );
    const { category } = (await get(`assets/assets/${session.asset_id}/`)).body;
    expect(category).toBeDefined();
    expect((await remove(`assets/assets/${session.asset_id}/`)).status).toBe(204);
    expect((await get(`accounts/accounts/?asset_id=${session.asset_id}`)).body).toEqual([]);
    expect((await get(`terminal/sessions/${session.id}/`)).body.asset).toBe(session.asset);
  });

  test('a deleted user leaves groups and grants; sessions stay as texts', async () => {
    const { body } = await get('terminal/sessions/?limit=50&is_finished=true');
    const session = body.results.find(({ user }: { user: string }) => !/Former|Sandbox|Administrator/.test(user));
    expect((await remove(`users/users/${session.user_id}/`)).status).toBe(204);
    expect(
      (await get(`users/users-groups-relations/?limit=200`)).body.results.some(
        (link: { user: string }) => link.user === session.user_id,
      ),
    ).toBe(false);
    expect((await get(`terminal/sessions/${session.id}/`)).body.user).toBe(session.user);
  });

  test('a password is never read back', async () => {
    const { body } = await post('users/users/', {
      name: 'New',
      username: 'new',
      email: 'new@harborvale.example',
      password: 'S3cret!',
    });
    expect(JSON.stringify(body)).not.toContain('S3cret!');
    const detail = await patch(`users/users/${body.id}/`, { password: 'Other!1' });
    expect(JSON.stringify(detail.body)).not.toContain('Other!1');
  });

  test('relations of groups and permissions are added one by one and taken away again', async () => {
    const group = (await post('users/groups/', { name: 'Linked' })).body.id;
    const user = (await get('users/users/?username=user')).body[0].id;
    const added = await post('users/users-groups-relations/', [{ user, usergroup: group }]);
    expect([added.status, added.body[0].user]).toEqual([201, user]);
    expect((await post('users/users-groups-relations/', { user, usergroup: group })).status).toBe(400);
    expect((await get(`users/groups/${group}/`)).body.users).toHaveLength(1);
    expect((await remove(`users/users-groups-relations/?user=${user}&usergroup=${group}`)).status).toBe(204);
    const permission = (await post('perms/asset-permissions/', { name: 'Linked', accounts: ['@ALL'] })).body.id;
    const link = await post('perms/asset-permissions-users-relations/', [{ user, assetpermission: permission }]);
    expect(link.body[0].user_display).toBe('Sandbox User(user)');
    expect((await get(`perms/asset-permissions/${permission}/`)).body.users_amount).toBe(1);
    await remove(`perms/asset-permissions-users-relations/?user=${user}&assetpermission=${permission}`);
    expect((await get(`perms/asset-permissions/${permission}/`)).body.users_amount).toBe(0);
  });

  test('one account goes onto many assets, each told how it went', async () => {
    const { body } = await get('assets/hosts/?limit=2&platform=Linux&is_gateway=false');
    const mysql = (await get('assets/databases/?limit=1&type=mysql')).body.results[0].id;
    const assets = [...body.results.map(({ id }: { id: string }) => id), mysql];
    const spread = async (secret_type: string) =>
      (
        await post('accounts/accounts/bulk/', {
          assets,
          name: 'svc',
          username: 'svc',
          secret_type,
          secret: 'x',
          on_invalid: 'skip',
        })
      ).body.map(({ state }: { state: string }) => state);
    expect(await spread('ssh_key')).toEqual(['created', 'created', 'error']);
    expect(await spread('ssh_key')).toEqual(['skipped', 'skipped', 'error']);
  });
});

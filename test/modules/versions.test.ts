import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { list, mutate, type Named, NOBODY, type Payload, refusals } from './support.ts';

const objectOf = (payload: Payload, name: string) => {
  expect(payload.userErrors).toEqual([]);
  return payload[name] as Named & Record<string, unknown>;
};

describe.each(SANDBOX_VERSIONS)('on JumpServer %s', (version) => {
  let graph: TestGraph;
  let platform: string | undefined;
  beforeAll(async () => {
    graph = await startGraph({ version });
    const platforms = await list(graph, 'platforms(first: 100)', 'id name');
    platform = platforms.find(({ name }) => name === 'Linux')?.id;
  });
  afterAll(() => graph.close());

  const run = (name: string, input: object, selection: string) => mutate(graph, name, input, selection);

  it('a person comes, joins a group, changes and goes', async () => {
    const input = { name: 'V', username: 'versioned', email: 'v@corp.example', mfaLevel: 'DISABLED', source: 'LOCAL' };
    const user = objectOf(await run('createUser', input, 'user { id name username isActive groups { id } }'), 'user');
    const group = objectOf(await run('createUserGroup', { name: 'versioned' }, 'userGroup { id }'), 'userGroup');
    const members = { id: group.id, users: [user.id] };
    const joined = await run('addUsersToGroup', members, 'userGroup { users { nodes { id } } }');
    expect(objectOf(joined, 'userGroup')['users']).toEqual({ nodes: [{ id: user.id }] });
    const left = await run('removeUsersFromGroup', members, 'userGroup { users { nodes { id } } }');
    expect(objectOf(left, 'userGroup')['users']).toEqual({ nodes: [] });
    const changed = await run('updateUser', { id: user.id, isActive: false }, 'user { isActive }');
    expect(objectOf(changed, 'user')).toEqual({ isActive: false });
    expect((await run('deleteUser', { id: user.id }, 'deletedIds'))['deletedIds']).toEqual([user.id]);
    expect((await run('deleteUserGroup', { id: group.id }, 'deletedIds'))['deletedIds']).toEqual([group.id]);
  });

  it('what is made carries its labels, whichever form of them the server takes', async () => {
    const [first, second] = await list(graph, 'labels(first: 2)', 'id name: value');
    const labels = [second?.id, first?.id];
    const group = await run('createUserGroup', { name: 'labelled', labels }, 'userGroup { id labels { value } }');
    const made = objectOf(group, 'userGroup');
    const shown = [first, second].map((label) => ({ value: label?.name }));
    expect(made['labels']).toEqual(expect.arrayContaining(shown));
    const kept = await run('updateUserGroup', { id: made.id, labels: [first?.id] }, 'userGroup { labels { value } }');
    expect(objectOf(kept, 'userGroup')).toEqual({ labels: [shown[0]] });
    const lost = await run('updateUserGroup', { id: made.id, labels: [first?.id, NOBODY] }, 'userGroup { name }');
    expect(refusals(lost)).toEqual(['labels.1 NOT_FOUND']);
    expect((await run('deleteUserGroup', { id: made.id }, 'deletedIds'))['deletedIds']).toEqual([made.id]);
  });

  it('an asset comes with zone, node and account, and its zone is what older servers call a domain', async () => {
    const [zone] = await list(graph, 'zones(first: 1)', 'id');
    const node = objectOf(await run('createAssetNode', { name: 'versioned' }, 'assetNode { id path }'), 'assetNode');
    const input = { name: 'versioned', address: '10.98.0.1', platform, zone: zone?.id, nodes: [node.id] };
    const selection = 'asset { id zone { id } nodes { path } accounts { nodes { username } } }';
    const payload = await run('createHost', { ...input, accounts: [{ username: 'root', secret: 'x' }] }, selection);
    const asset = objectOf(payload, 'asset');
    expect(asset).toMatchObject({
      zone: { id: zone?.id },
      nodes: [{ path: node['path'] }],
      accounts: { nodes: [{ username: 'root' }] },
    });
    const freed = await run('updateAsset', { id: asset.id, zone: null }, 'asset { zone { id } }');
    expect(objectOf(freed, 'asset')).toEqual({ zone: null });
    const lost = await run('createHost', { ...input, name: 'other', zone: NOBODY }, 'asset { id }');
    expect(refusals(lost)).toEqual(['zone NOT_FOUND']);
    const account = { asset: asset.id, username: 'svc', secret: 'x' };
    objectOf(await run('createAccount', account, 'account { id }'), 'account');
    const many = await run('createAccounts', { assets: [asset.id], username: 'many' }, 'accounts { username }');
    expect(objectOf(many, 'accounts')).toEqual([{ username: 'many' }]);
    expect((await run('deleteAssets', { ids: [asset.id] }, 'deletedIds'))['deletedIds']).toEqual([asset.id]);
  });

  it('a permission is granted, grows, shrinks, lasts longer and ends', async () => {
    const users = await list(graph, 'users(first: 2)', 'id');
    const [asset] = await list(graph, 'assets(first: 1)', 'id');
    const input = {
      name: 'versioned',
      users: [users[0]?.id],
      assets: [asset?.id],
      accounts: ['@ALL'],
      actions: ['CONNECT'],
    };
    const selection = 'permission { id actions expiresAt users { nodes { id } } }';
    const { id } = objectOf(await run('grantPermission', input, selection), 'permission');
    const more = { id, users: [users[1]?.id], actions: ['UPLOAD'] };
    const grown = objectOf(await run('addToPermission', more, selection), 'permission');
    expect(grown['actions']).toEqual(['CONNECT', 'UPLOAD']);
    expect((grown['users'] as { nodes: unknown[] }).nodes).toHaveLength(2);
    const shrunk = objectOf(await run('removeFromPermission', more, selection), 'permission');
    expect(shrunk).toMatchObject({ actions: ['CONNECT'], users: { nodes: [{ id: users[0]?.id }] } });
    const until = { ids: [id], expiresAt: '2040-01-01T00:00:00Z' };
    const extended = await run('extendPermissions', until, 'permissions { expiresAt }');
    expect(objectOf(extended, 'permissions')).toEqual([{ expiresAt: until.expiresAt }]);
    expect((await run('revokePermissions', { ids: [id] }, 'deletedIds'))['deletedIds']).toEqual([id]);
  });

  it('a session is locked, unlocked and ended', async () => {
    const [session] = await list(graph, 'sessions(first: 1, filter: { isFinished: false })', 'id');
    for (const name of ['lockSessions', 'unlockSessions', 'terminateSessions']) {
      const payload = await run(name, { ids: [session?.id] }, 'sessions { id }');
      expect(objectOf(payload, 'sessions')).toEqual([{ id: session?.id }]);
    }
  });
});

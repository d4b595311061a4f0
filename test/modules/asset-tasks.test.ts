import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { failure, list, mutate, type Named, NOBODY, refusals, writesOf } from './support.ts';

const TASK = expect.stringMatching(/^[0-9a-f-]{36}$/);

describe.each(SANDBOX_VERSIONS)('on JumpServer %s', (version) => {
  let graph: TestGraph;
  let user: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ version });
    user = await startGraph({ sandbox: graph.sandbox, token: 'sandbox-user' });
  });
  afterAll(async () => {
    await user.close();
    await graph.close();
  });
  beforeEach(() => graph.sandbox.clearLog());

  it.each([
    ['testGateway', 'gateway', 'gateways', 'assets/gateways/:id/test-connective/'],
    ['testAssetNode', 'assetNode', 'assetNodes', 'assets/nodes/:id/tasks/'],
    ['refreshAssetNode', 'assetNode', 'assetNodes', 'assets/nodes/:id/tasks/'],
  ])('%s is one write that names its task; a repeat is another task', async (name, field, root, path) => {
    const [row] = (await list(graph, `${root}(first: 1)`, 'id uuid')) as [Named];
    graph.sandbox.clearLog();
    const tasks: unknown[] = [];
    for (let time = 0; time < 2; time++) {
      const payload = await mutate(graph, name, { id: row.id }, `taskId ${field} { uuid }`);
      expect(payload).toMatchObject({ userErrors: [], taskId: TASK, [field]: { uuid: row.uuid } });
      tasks.push(payload['taskId']);
    }
    expect(writesOf(graph)).toEqual(Array(2).fill(`POST /api/v1/${path.replace(':id', row.uuid)}`));
    expect(new Set(tasks).size).toBe(2);
    expect(refusals(await mutate(graph, name, { id: NOBODY }, `${field} { id }`))).toEqual(['id NOT_FOUND']);
    expect(await failure(user, name, { id: row.id })).toBe('FORBIDDEN');
  });

  it('countNodeAssets is one write that names its task', async () => {
    expect(await mutate(graph, 'countNodeAssets', {}, 'taskId')).toMatchObject({ userErrors: [], taskId: TASK });
    expect(writesOf(graph)).toEqual(['POST /api/v1/assets/nodes/check_assets_amount_task/']);
    expect(await failure(user, 'countNodeAssets', {})).toBe('FORBIDDEN');
  });

  it('syncPlatformProtocols adds what assets lack, by one write; a repeat does no harm', async () => {
    const protocols = [
      { name: 'ssh', port: 22, primary: true, default: true },
      { name: 'sftp', port: 2022 },
    ];
    const platform = { name: 'Synced', category: 'HOST', type: 'linux', protocols };
    const { id } = (await mutate(graph, 'createPlatform', platform, 'platform { id }'))['platform'] as Named;
    const host = { name: 'synced', address: '192.0.2.7', platform: id, protocols: [{ name: 'ssh', port: 2200 }] };
    const made = (await mutate(graph, 'createHost', host, 'asset { id }'))['asset'] as Named;
    graph.sandbox.clearLog();
    for (let time = 1; time <= 2; time++) {
      const payload = await mutate(graph, 'syncPlatformProtocols', { id }, 'platform { id name }');
      expect(payload).toMatchObject({ userErrors: [], platform: { id, name: 'Synced' } });
      expect(writesOf(graph)).toHaveLength(time);
    }
    const { data } = await graph.query<Record<string, { protocols: object[] }>>(
      'query($id: ID!) { asset(id: $id) { protocols { name port } } }',
      { id: made.id },
    );
    expect(data['asset']?.protocols).toEqual([
      { name: 'ssh', port: 2200 },
      { name: 'sftp', port: 2022 },
    ]);
    expect(refusals(await mutate(graph, 'syncPlatformProtocols', { id: '99999' }, 'platform { id }'))).toEqual([
      'id NOT_FOUND',
    ]);
    expect(await failure(user, 'syncPlatformProtocols', { id })).toBe('FORBIDDEN');
  });

  it('tells in one call what can be automated', async () => {
    const { data, errors, extensions } = await graph.query('{ platformAutomationMethods }');
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ platformAutomationMethods: { change_secret_posix: { modify_sudo: false } } });
    expect(extensions.upstream.calls).toBe(1);
  });
});

describe.each(['4.9.0', '4.10.16', '4.10.19'] as const)('a name of one’s own, on JumpServer %s', (version) => {
  let user: TestGraph;
  beforeAll(async () => {
    user = await startGraph({ version, token: 'sandbox-user' });
  });
  afterAll(() => user.close());
  const mine = async () => {
    const { data } = await user.query<{ viewer: { assets: { nodes: Named[] } } }>(
      '{ viewer { assets(first: 1) { nodes { id uuid name comment } } } }',
    );
    return data.viewer.assets.nodes[0] as Named;
  };

  it('is given by one write, seen by its owner, and taken back', async () => {
    const { id, uuid, name } = await mine();
    user.sandbox.clearLog();
    for (let time = 1; time <= 2; time++) {
      const input = { id, name: 'a my box', comment: 'the slow one' };
      expect(await mutate(user, 'setOwnAssetName', input, 'asset { id }')).toMatchObject({
        userErrors: [],
        asset: { id },
      });
      expect(writesOf(user)).toHaveLength(time);
    }
    expect(writesOf(user)[0]).toBe('POST /api/v1/assets/my-asset/');
    expect(await mine()).toEqual({ id, uuid, name: 'a my box', comment: 'the slow one' });
    await mutate(user, 'setOwnAssetName', { id, name: '', comment: '' }, 'asset { id }');
    expect((await mine()).name).toBe(name);
  });

  it('of an unknown asset, and one that is too long, are refused', async () => {
    const { id } = await mine();
    const refused = async (input: object) => refusals(await mutate(user, 'setOwnAssetName', input, 'asset { id }'));
    expect(await refused({ id: NOBODY, name: 'x' })).toEqual(['id NOT_FOUND']);
    expect(await refused({ id, name: 'x'.repeat(129) })).toEqual(['name INVALID']);
  });
});

describe('folders of favourites', () => {
  let user: TestGraph;
  let admin: TestGraph;
  beforeAll(async () => {
    admin = await startGraph({ version: '4.10.19' });
    user = await startGraph({ sandbox: admin.sandbox, token: 'sandbox-user' });
  });
  afterAll(async () => {
    await user.close();
    await admin.close();
  });
  beforeEach(() => user.sandbox.clearLog());
  const SHOWN = 'favoriteFolder { id name parent { id } }';
  const create = async (input: object) =>
    (await mutate(user, 'createFavoriteFolder', input, SHOWN))['favoriteFolder'] as Named;

  it('are made, changed and deleted by one write each', async () => {
    const top = await create({ name: 'work' });
    const made = await mutate(user, 'createFavoriteFolder', { name: 'web', parent: top.id }, SHOWN);
    expect(made).toMatchObject({ userErrors: [], favoriteFolder: { name: 'web', parent: { id: top.id } } });
    const { id } = made['favoriteFolder'] as Named;
    const changed = await mutate(user, 'updateFavoriteFolder', { id, name: 'pages', parent: null }, SHOWN);
    expect(changed).toMatchObject({ userErrors: [], favoriteFolder: { id, name: 'pages', parent: null } });
    const gone = await mutate(user, 'deleteFavoriteFolder', { id }, 'deletedIds');
    expect(gone).toMatchObject({ userErrors: [], deletedIds: [id] });
    expect(writesOf(user).map((write) => write.split(' ')[0])).toEqual(['POST', 'POST', 'PATCH', 'DELETE']);
    expect(refusals(await mutate(user, 'deleteFavoriteFolder', { id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
  });

  it('tell an empty name, an unknown parent, and are their owner’s alone', async () => {
    const refused = async (input: object) => refusals(await mutate(user, 'createFavoriteFolder', input, SHOWN));
    expect(await refused({ name: '' })).toEqual(['name REQUIRED']);
    expect(await refused({ name: 'lost', parent: NOBODY })).toEqual(['parent NOT_FOUND']);
    const { id } = await create({ name: 'mine' });
    expect(refusals(await mutate(admin, 'updateFavoriteFolder', { id, name: 'x' }, SHOWN))).toEqual(['id NOT_FOUND']);
    expect(refusals(await mutate(admin, 'deleteFavoriteFolder', { id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
  });

  it('hold favourites, which move from one to the other and back out', async () => {
    const { data } = await user.query<{ viewer: { assets: { nodes: Named[] } } }>(
      '{ viewer { assets(first: 1) { nodes { id uuid } } } }',
    );
    const [asset] = data.viewer.assets.nodes as [Named];
    const [one, two] = [await create({ name: 'one' }), await create({ name: 'two' })];
    const folderOf = async () => {
      const rows = await list<{ asset: Named; folder: Named | null }>(
        user,
        'favoriteAssets(first: 50)',
        'asset { id } folder { id name }',
      );
      return rows.find((row) => row.asset.id === asset.id)?.folder?.name;
    };
    const keep = (folder: string | null) => mutate(user, 'favoriteAsset', { id: asset.id, folder }, 'asset { id }');
    user.sandbox.clearLog();
    expect(await keep(one.id)).toMatchObject({ userErrors: [], warnings: [], asset: { id: asset.id } });
    expect(await folderOf()).toBe('one');
    expect(await keep(one.id)).toMatchObject({ warnings: [{ code: 'ALREADY_THERE' }] });
    expect(await keep(two.id)).toMatchObject({ userErrors: [], warnings: [] });
    expect(await folderOf()).toBe('two');
    expect(await keep(null)).toMatchObject({ userErrors: [], warnings: [] });
    expect(await folderOf()).toBeUndefined();
    const move = [`DELETE /api/v1/assets/favorite-assets/?asset=${asset.uuid}`, 'POST /api/v1/assets/favorite-assets/'];
    expect(writesOf(user)).toEqual([move[1], ...move, ...move]);
    user.sandbox.clearLog();
    expect(refusals(await keep(NOBODY))).toEqual(['folder NOT_FOUND']);
    expect(writesOf(user)).toEqual([]);
    const { data: kept } = await user.query('{ viewer { favorites { nodes { asset { id } } } } }');
    expect(JSON.stringify(kept)).toContain(asset.id);
  });
});

it.each([
  '3.10.23',
  '4.9.0',
  '4.10.16',
] as const)('JumpServer %s has no folders of favourites and says so', async (version) => {
  const old = await startGraph({ version });
  const [asset] = await list(old, 'assets(first: 1)', 'id');
  old.sandbox.clearLog();
  const kept = await mutate(old, 'favoriteAsset', { id: asset?.id, folder: NOBODY }, 'asset { id }');
  expect(refusals(kept)).toEqual(['folder UNSUPPORTED_BY_SERVER']);
  expect(writesOf(old)).toEqual([]);
  const UNSUPPORTED = [' UNSUPPORTED_BY_SERVER'];
  const SHOWN = 'favoriteFolder { id }';
  expect(refusals(await mutate(old, 'createFavoriteFolder', { name: 'x' }, SHOWN))).toEqual(UNSUPPORTED);
  expect(refusals(await mutate(old, 'updateFavoriteFolder', { id: NOBODY, name: 'x' }, SHOWN))).toEqual(UNSUPPORTED);
  expect(refusals(await mutate(old, 'deleteFavoriteFolder', { id: NOBODY }, 'deletedIds'))).toEqual(UNSUPPORTED);
  await old.close();
});

it('JumpServer 3.10.23 knows no names of one’s own and says so', async () => {
  const old = await startGraph({ version: '3.10.23' });
  const payload = await mutate(old, 'setOwnAssetName', { id: NOBODY, name: 'x' }, 'asset { id }');
  expect(refusals(payload)).toEqual([' UNSUPPORTED_BY_SERVER']);
  await old.close();
});

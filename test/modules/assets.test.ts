import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, fromRows, type Json } from '../../src/sandbox/index.ts';
import { startGraph } from '../support/graph.ts';
import { loadSnapshot } from '../support/recordings.ts';
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
let platforms: { id: string; name: string; number: number; category: string }[];
let nodes: Named[];
let zone: Named | undefined;

beforeAll(async () => {
  callers = await startCallers();
  platforms = await list(callers.admin, 'platforms(first: 100)', 'id name number category');
  nodes = await list(callers.admin, 'assetNodes(first: 3)', 'id uuid');
  [zone] = await list(callers.admin, 'zones(first: 1)', 'id uuid name');
});
afterAll(() => callers.close());
beforeEach(() => callers.admin.sandbox.clearLog());

const platform = (name: string) => platforms.find((row) => row.name === name)?.id;
let count = 0;
const host = () => {
  count += 1;
  return { name: `host-${count}`, address: `10.99.0.${count}`, platform: platform('Linux') };
};
const create = async (more: object = {}): Promise<Named> => {
  const payload = await mutate(callers.admin, 'createHost', { ...host(), ...more }, 'asset { id uuid name }');
  callers.admin.sandbox.clearLog();
  return payload.asset as Named;
};
const read = async (id: string, selection: string) => {
  const { data } = await callers.admin.query<{ asset: unknown }>(
    `query($id: ID!) { asset(id: $id) { ${selection} } }`,
    {
      id,
    },
  );
  return data.asset;
};

describe('creating an asset', () => {
  it('creates a host with its place, protocols and accounts in one write', async () => {
    const input = {
      ...host(),
      nodes: [nodes[1]?.id],
      zone: zone?.id,
      protocols: [{ name: 'ssh', port: 2222 }],
      accounts: [
        { username: 'root', secret: 'S3cret!', isPrivileged: true },
        { name: 'ops', username: 'ops' },
      ],
      comment: 'for a test',
    };
    const selection = `asset { id name category platform { name } zone { id } nodes { id } protocols { name port } comment
      accounts { nodes { name username isPrivileged secretType } } }`;
    const { asset, userErrors } = await mutate(callers.admin, 'createHost', input, selection);
    expect(userErrors).toEqual([]);
    expect(asset).toMatchObject({
      name: input.name,
      category: 'HOST',
      platform: { name: 'Linux' },
      zone: { id: zone?.id },
      nodes: [{ id: nodes[1]?.id }],
      protocols: [{ name: 'ssh', port: 2222 }],
      comment: 'for a test',
    });
    expect((asset as { accounts: { nodes: object[] } }).accounts.nodes).toEqual([
      { name: 'ops', username: 'ops', isPrivileged: false, secretType: 'PASSWORD' },
      { name: 'root', username: 'root', isPrivileged: true, secretType: 'PASSWORD' },
    ]);
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/assets/hosts/']);
  });

  it.each([
    ['createDevice', 'Cisco', 'DEVICE', {}, 'name'],
    ['createDatabase', 'MySQL', 'DATABASE', { database: { name: 'shop', useSsl: true } }, 'database { name useSsl }'],
    ['createCloud', 'Kubernetes', 'CLOUD', {}, 'name'],
    [
      'createWeb',
      'Website',
      'WEB',
      { web: { autofill: 'BASIC', usernameSelector: '#user' } },
      'web { autofill usernameSelector }',
    ],
    [
      'createDirectory',
      'WindowsActiveDirectory',
      'DIRECTORY',
      { directory: { domainName: 'corp.example' } },
      'directory { domainName }',
    ],
  ])('%s keeps what only its category has', async (name, platformName, category, part, selection) => {
    const found = platform(platformName) ?? platforms.find((row) => row.category === category)?.id;
    count += 1;
    const input = { name: `${name}-${count}`, address: 'https://x.corp.example', platform: found, ...part };
    const { asset, userErrors } = await mutate(callers.admin, name, input, `asset { id category ${selection} }`);
    expect(userErrors).toEqual([]);
    expect(asset).toMatchObject({ category, ...part });
  });

  it('createGpt keeps its proxy, on servers that have such platforms', async () => {
    const state = fromRows('3.10.23', structuredClone(loadSnapshot('3.10.23')) as Record<string, Json[]>);
    const older = await startGraph({ sandbox: createSandbox({ state, throttle: false }) });
    const rows = await list<{ id: string; category: string }>(older, 'platforms(first: 100)', 'id category');
    const found = rows.find(({ category }) => category === 'GPT')?.id;
    const input = { name: 'gpt-1', address: 'https://gpt.corp.example', platform: found, gpt: { proxy: 'http://p' } };
    const { asset, userErrors } = await mutate(older, 'createGpt', input, 'asset { category gpt { proxy } }');
    expect({ asset, userErrors }).toEqual({ asset: { category: 'GPT', gpt: { proxy: 'http://p' } }, userErrors: [] });
    await older.close();
  });

  it('createCustom keeps the fields that its platform defines', async () => {
    const found = platforms.find((row) => row.category === 'CUSTOM')?.id;
    const input = { name: 'custom-1', address: '10.0.0.1', platform: found, custom: { info: { bay: '7' } } };
    const { asset, userErrors } = await mutate(
      callers.admin,
      'createCustom',
      input,
      'asset { category custom { info } }',
    );
    expect(userErrors).toEqual([]);
    expect(asset).toMatchObject({ category: 'CUSTOM', custom: { info: expect.objectContaining({ bay: '7' }) } });
  });

  it('tells every fault at its place in the input', async () => {
    const input = { name: '', address: '', platform: '99999', protocols: [{ name: 'ssh', port: 99_999_999 }] };
    expect(refusals(await mutate(callers.admin, 'createHost', input, 'asset { id }')).sort()).toEqual([
      'address REQUIRED',
      'name REQUIRED',
      'platform NOT_FOUND',
      'protocols.0.port INVALID',
    ]);
  });

  it('tells protocols that the platform does not offer, which JumpServer leaves out without a word', async () => {
    const protocols = ['ssh', 'mysql'].map((name) => ({ name, port: 22 }));
    const selection = 'asset { id protocols { name } }';
    const created = await mutate(callers.admin, 'createHost', { ...host(), protocols }, selection);
    expect(created.asset).toMatchObject({ protocols: [{ name: 'ssh' }] });
    expect(refusals(created)).toEqual(['protocols.1.name INVALID']);
    const { id } = created.asset as Named;
    expect(refusals(await mutate(callers.admin, 'updateAsset', { id, protocols }, selection))).toEqual([
      'protocols.1.name INVALID',
    ]);
  });

  it('tells a repeat, a platform of another category and unknown references', async () => {
    const input = host();
    await mutate(callers.admin, 'createHost', input, 'asset { id }');
    const refused = async (more: object) =>
      refusals(await mutate(callers.admin, 'createHost', { ...host(), ...more }, 'asset { id }'));
    expect(await refused(input)).toEqual(['name DUPLICATE']);
    expect(await refused({ platform: platform('MySQL') })).toEqual(['platform INVALID']);
    expect(await refused({ zone: NOBODY })).toEqual(['zone NOT_FOUND']);
    expect(await refused({ nodes: [nodes[1]?.id, NOBODY] })).toEqual(['nodes.1 NOT_FOUND']);
  });
});

describe('updateAsset', () => {
  it('changes through the address of the category, and null takes the zone away', async () => {
    const { id, uuid } = await create({ zone: zone?.id });
    const input = { id, name: `${uuid}-new`, zone: null, isActive: false };
    const { asset } = await mutate(callers.admin, 'updateAsset', input, 'asset { name zone { id } isActive }');
    expect(asset).toEqual({ name: `${uuid}-new`, zone: null, isActive: false });
    expect(writesOf(callers.admin)).toEqual([`PATCH /api/v1/assets/hosts/${uuid}/`]);
  });

  it('changes what only the category has', async () => {
    const [database] = await list(callers.admin, 'assets(first: 1, filter: { category: DATABASE })', 'id uuid');
    const input = { id: database?.id, database: { name: 'renamed', allowInvalidCert: true } };
    const { asset } = await mutate(callers.admin, 'updateAsset', input, 'asset { database { name allowInvalidCert } }');
    expect(asset).toEqual({ database: { name: 'renamed', allowInvalidCert: true } });
  });

  it('refuses what belongs to another category, and sends nothing', async () => {
    const { id } = await create();
    const input = { id, database: { name: 'x' }, web: { autofill: 'NO' } };
    expect(refusals(await mutate(callers.admin, 'updateAsset', input, 'asset { id }'))).toEqual([
      'database INVALID',
      'web INVALID',
    ]);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('tells an unknown asset and a taken name', async () => {
    const [first, second] = [await create(), await create()];
    const refused = async (input: object) =>
      refusals(await mutate(callers.admin, 'updateAsset', input, 'asset { id }'));
    expect(await refused({ id: NOBODY, name: 'x' })).toEqual(['id NOT_FOUND']);
    expect(await refused({ id: first.id, name: second.name })).toEqual(['name DUPLICATE']);
  });
});

describe('deleteAssets', () => {
  it('deletes each by itself; a repeat is NOT_FOUND by place', async () => {
    const [first, second] = [await create(), await create()];
    const payload = await mutate(callers.admin, 'deleteAssets', { ids: [first.id, second.uuid] }, 'deletedIds');
    expect(payload.deletedIds).toEqual([first.id, second.id]);
    expect(await read(first.id, 'id')).toBeNull();
    const again = await mutate(callers.admin, 'deleteAssets', { ids: [first.id, second.id] }, 'deletedIds');
    expect(refusals(again)).toEqual(['ids.0 NOT_FOUND', 'ids.1 NOT_FOUND']);
  });

  it('an id given twice is deleted once', async () => {
    const { id, uuid } = await create();
    await mutate(callers.admin, 'deleteAssets', { ids: [id, uuid] }, 'deletedIds');
    expect(writesOf(callers.admin)).toEqual([`DELETE /api/v1/assets/assets/${uuid}/`]);
  });

  it('never deletes by a list: none is REQUIRED, a malformed id is an error', async () => {
    expect(refusals(await mutate(callers.admin, 'deleteAssets', { ids: [] }, 'deletedIds'))).toEqual(['ids REQUIRED']);
    expect(await failure(callers.admin, 'deleteAssets', { ids: ['nonsense'] })).toBe('BAD_USER_INPUT');
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('a server that goes down in the middle stops it: the rest is not sent', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => create()));
    callers.admin.sandbox.clearLog();
    const fault = { kind: 'status', status: 500 } as const;
    const undo = callers.admin.sandbox.faults.add({ method: 'DELETE', skip: 3, fault });
    const payload = await mutate(callers.admin, 'deleteAssets', { ids: made.map(({ id }) => id) }, 'deletedIds');
    undo();
    expect(payload.deletedIds).toHaveLength(3);
    const codes = payload.userErrors.map(({ code }) => code);
    expect(codes).toEqual(['OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN', 'CONFLICT', 'CONFLICT']);
    expect(payload.userErrors.slice(3).map(({ row }) => row)).toEqual([6, 7]);
    expect(writesOf(callers.admin)).toHaveLength(6);
  });

  it('tells what became of the others when one answer is lost', async () => {
    const [first, second] = [await create(), await create()];
    const undo = callers.admin.sandbox.faults.add({
      method: 'DELETE',
      path: first.uuid,
      fault: { kind: 'status', status: 504 },
    });
    const payload = await mutate(callers.admin, 'deleteAssets', { ids: [first.id, second.id] }, 'deletedIds');
    undo();
    expect(payload.deletedIds).toEqual([second.id]);
    expect(payload.userErrors).toMatchObject([{ field: ['ids', '0'], code: 'OUTCOME_UNKNOWN', row: 0 }]);
  });
});

describe('work in the background', () => {
  it.each(['testAssets', 'refreshAssets'])('%s answers the assets and the task, in one write', async (name) => {
    const { id, uuid } = await create();
    const payload = await mutate(callers.admin, name, { ids: [id] }, 'assets { uuid } taskId');
    expect(payload).toMatchObject({
      assets: [{ uuid }],
      taskId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      userErrors: [],
    });
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/assets/assets/tasks/']);
  });

  it.each(['testAssets', 'refreshAssets'])('%s of an unknown asset is told by place and not begun', async (name) => {
    const { id } = await create();
    const payload = await mutate(callers.admin, name, { ids: [id, NOBODY] }, 'assets { uuid }');
    expect(refusals(payload)).toEqual(['ids.1 NOT_FOUND']);
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('favourites', () => {
  it('come and go; a repeat does no harm', async () => {
    const { id, uuid } = await create();
    for (const [name, code] of [
      ['favoriteAsset', 'ALREADY_THERE'],
      ['unfavoriteAsset', 'NOT_THERE'],
    ] as const) {
      const payload = await mutate(callers.admin, name, { id }, 'asset { uuid }');
      expect(payload).toMatchObject({ asset: { uuid }, userErrors: [], warnings: [] });
      const again = await mutate(callers.admin, name, { id }, 'asset { uuid }');
      expect(again).toMatchObject({ asset: { uuid }, userErrors: [], warnings: [{ code, path: ['id'] }] });
    }
    expect(writesOf(callers.admin)).toEqual([
      'POST /api/v1/assets/favorite-assets/',
      `DELETE /api/v1/assets/favorite-assets/?asset=${uuid}`,
    ]);
  });
});

describe('an ordinary user', () => {
  it.each([
    ['createHost', () => host()],
    ['updateAsset', (id: string) => ({ id, name: 'x' })],
    ['deleteAssets', (id: string) => ({ ids: [id] })],
    ['testAssets', (id: string) => ({ ids: [id] })],
    ['refreshAssets', (id: string) => ({ ids: [id] })],
  ])('may not %s', async (name, toInput) => {
    const { id } = await create();
    expect(await failure(callers.user, name, toInput(id))).toBe('FORBIDDEN');
    expect(await read(id, 'id')).toEqual({ id });
  });
});

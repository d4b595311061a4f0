import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { failure, list, mutate, type Named, NOBODY, refusals, writesOf } from './support.ts';

interface Shown extends Named {
  readonly assets: readonly { id: string }[];
  readonly nodes: readonly { id: string }[];
}
const SECRETS = { accounts: ['root'], secretType: 'PASSWORD', secretStrategy: 'RANDOM' };

describe.each([
  ['GatherAccount', 'gather-account', '4.10.19', {}],
  ['PushAccount', 'push-account', '3.10.23', SECRETS],
  ['PushAccount', 'push-account', '4.9.0', SECRETS],
  ['PushAccount', 'push-account', '4.10.16', SECRETS],
  ['PushAccount', 'push-account', '4.10.19', SECRETS],
  ['ChangeSecret', 'change-secret', '3.10.23', SECRETS],
] as const)('what a %s is about (%s on JumpServer %s)', (noun, path, version, more) => {
  const field = `${noun.charAt(0).toLowerCase()}${noun.slice(1)}`;
  const SHOWN = `${field} { id uuid assets { id } nodes { id } }`;
  let graph: TestGraph;
  let user: TestGraph;
  let assets: string[];
  let nodes: string[];
  beforeAll(async () => {
    graph = await startGraph({ version });
    user = await startGraph({ sandbox: graph.sandbox, token: 'sandbox-user' });
    assets = (await list(graph, 'assets(first: 3)', 'id')).map(({ id }) => id);
    nodes = (await list(graph, 'assetNodes(first: 2)', 'id')).map(({ id }) => id);
  });
  afterAll(async () => {
    await user.close();
    await graph.close();
  });
  beforeEach(() => graph.sandbox.clearLog());

  let count = 0;
  const create = async (members: readonly string[]) => {
    count += 1;
    const input = { name: `members-${count}`, assets: members, ...more };
    const row = (await mutate(graph, `create${noun}`, input, SHOWN))[field] as Shown;
    graph.sandbox.clearLog();
    return row;
  };
  const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();
  const run = async (action: string, input: object) => {
    const payload = await mutate(graph, `${action}${noun}`, input, SHOWN);
    return { payload, row: payload[field] as Shown };
  };

  it('grows by assets and nodes, each by one write, and the others stay; a repeat does no harm', async () => {
    const { id, uuid } = await create(assets.slice(0, 1));
    for (let time = 0; time < 2; time++) {
      const { payload, row } = await run('addTo', { id, assets: assets.slice(1), nodes: nodes.slice(0, 1) });
      expect(payload.userErrors).toEqual([]);
      expect(idsOf(row.assets)).toEqual([...assets].sort());
      expect(idsOf(row.nodes)).toEqual(nodes.slice(0, 1));
    }
    const base = `PATCH /api/v1/accounts/${path}/${uuid}`;
    const once = [`${base}/asset/add/`, `${base}/nodes/?action=add`];
    expect(writesOf(graph)).toEqual([...once, ...once]);
  });

  it('shrinks by what is named, and nothing else', async () => {
    const { id, uuid } = await create(assets);
    const { row } = await run('removeFrom', { id, assets: assets.slice(0, 1) });
    expect(idsOf(row.assets)).toEqual(assets.slice(1).sort());
    expect(writesOf(graph)).toEqual([`PATCH /api/v1/accounts/${path}/${uuid}/asset/remove/`]);
    await run('addTo', { id, nodes });
    const gone = await run('removeFrom', { id, nodes: nodes.slice(0, 1) });
    expect(gone.payload.userErrors).toEqual([]);
    expect(idsOf(gone.row.nodes)).toEqual(nodes.slice(1));
  });

  it.each([
    'addTo',
    'removeFrom',
  ])('%s: nothing, unknown members and an unknown automation are told', async (action) => {
    const { id } = await create([]);
    const refused = async (input: object) => refusals((await run(action, input)).payload);
    expect(await refused({ id })).toEqual(['assets REQUIRED']);
    expect(await refused({ id, assets: [assets[0], NOBODY] })).toEqual(['assets.1 NOT_FOUND']);
    expect(await refused({ id, nodes: [NOBODY] })).toEqual(['nodes.0 NOT_FOUND']);
    expect(writesOf(graph)).toEqual([]);
    expect(await refused({ id: NOBODY, assets })).toEqual(['id NOT_FOUND']);
  });

  it.each(['addTo', 'removeFrom'])('%s is refused to an ordinary user', async (action) => {
    const { id } = await create([]);
    expect(await failure(user, `${action}${noun}`, { id, assets: assets.slice(0, 1) })).toBe('FORBIDDEN');
  });
});

it.each([
  ['4.10.16', 'GatherAccount'],
  ['4.10.16', 'ChangeSecret'],
  ['4.10.19', 'ChangeSecret'],
  ['4.10.19', 'CheckAccount'],
] as const)('JumpServer %s can not change the members of a %s and says so', async (version, noun) => {
  const graph = await startGraph({ version });
  const [asset] = await list(graph, 'assets(first: 1)', 'id');
  const field = `${noun.charAt(0).toLowerCase()}${noun.slice(1)}`;
  for (const action of ['addTo', 'removeFrom']) {
    const input = { id: NOBODY, assets: [asset?.id] };
    const payload = await mutate(graph, `${action}${noun}`, input, `${field} { id }`);
    expect(refusals(payload)).toEqual([' UNSUPPORTED_BY_SERVER']);
  }
  await graph.close();
});

import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAsset, loadAssets, loadMoreAssets, loadMoreSessions } from '../../examples/relay/src/asset-list.ts';
import { createEnvironment } from '../../examples/relay/src/environment.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.close());

const connect = () => createEnvironment(`${graph.url}/graphql`, { authorization: 'Bearer sandbox-admin' });

it('the committed artifacts are what the compiler makes of the example and the schema', () => {
  const options = { cwd: 'examples/relay', stdio: 'pipe' } as const;
  execFileSync('../../node_modules/.bin/relay-compiler', ['--validate', 'relay.config.json'], options);
});

describe('the Relay example', () => {
  it('@connection: pages that are read one after the other are one list in the store', async () => {
    const environment = connect();
    const { data } = await graph.query<{ assets: { totalCount: number; nodes: { name: string }[] } }>(
      '{ assets(first: 25, filter: { category: HOST }) { totalCount nodes { name } } }',
    );
    const first = await loadAssets(environment);
    expect(first).toMatchObject({ total: data.assets.totalCount, hasNext: true });
    const second = await loadMoreAssets(environment, first.cursor);
    const third = await loadMoreAssets(environment, second.cursor, 5);
    expect([first, second, third].map(({ rows }) => rows.length)).toEqual([10, 20, 25]);
    expect(third.rows.map(({ name }) => name)).toEqual(data.assets.nodes.map(({ name }) => name));
  });

  it('@refetchable: more of one object is read by node(id)', async () => {
    const environment = connect();
    const { data } = await graph.query<{ sessions: { nodes: { asset: { id: string; name: string } | null }[] } }>(
      '{ sessions(first: 200) { nodes { asset { id name } } } }',
    );
    const counts = new Map<string, number>();
    for (const { asset } of data.sessions.nodes) if (asset) counts.set(asset.id, (counts.get(asset.id) ?? 0) + 1);
    const [[id] = ['']] = [...counts].sort(([, left], [, right]) => right - left);
    const name = data.sessions.nodes.find(({ asset }) => asset?.id === id)?.asset?.name;
    const detail = await loadAsset(environment, id);
    expect(detail).toMatchObject({ name, hasNext: true });
    const more = await loadMoreSessions(environment, id, detail.cursor ?? '');
    expect(more.sessions.length).toBeGreaterThan(detail.sessions.length);
    expect(more.sessions.slice(0, detail.sessions.length)).toEqual(detail.sessions);
    expect(new Set(more.sessions).size).toBe(more.sessions.length);
  });

  it('records of two queries meet under one id', async () => {
    const environment = connect();
    const { rows } = await loadAssets(environment);
    const [row] = rows;
    await loadAsset(environment, row?.id ?? '');
    const record = environment
      .getStore()
      .getSource()
      .get(row?.id ?? '');
    expect(record).toMatchObject({ __typename: 'Asset', name: row?.name, address: row?.address });
    expect(Object.keys(record ?? {}).some((key) => key.startsWith('sessions'))).toBe(true);
  });
});

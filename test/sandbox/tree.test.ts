import { describe, expect, test } from 'vitest';
import { startSandbox } from './ask.ts';

interface Node {
  id: string;
  key: string;
  value: string;
  full_value: string;
}

describe('the asset tree', () => {
  const { get, post, patch, put, remove, all } = startSandbox();
  const node = async (value: string): Promise<Node> =>
    (await get(`assets/nodes/?value=${encodeURIComponent(value)}`)).body[0];

  test('is one root and forty nodes below it, each with a key below its parent’s', async () => {
    const nodes: Node[] = await all('assets/nodes/');
    expect(nodes).toHaveLength(41);
    const keys = new Set(nodes.map(({ key }) => key));
    for (const { key } of nodes.filter(({ key }) => key.includes(':'))) {
      expect(keys.has(key.slice(0, key.lastIndexOf(':')))).toBe(true);
    }
  });

  test('grows by children, whose numbers are never used again', async () => {
    const root = await node('Default');
    const first = await post(`assets/nodes/${root.id}/children/`, { value: 'Annex' });
    expect([first.status, first.body.full_value]).toEqual([201, '/Default/Annex']);
    const twice = await post(`assets/nodes/${root.id}/children/`, { value: 'Annex' });
    expect([twice.status, Object.keys(twice.body)]).toEqual([400, ['detail', 'code']]);
    await remove(`assets/nodes/${first.body.id}/`);
    const second = await post(`assets/nodes/${root.id}/children/`);
    expect(second.body.key).not.toBe(first.body.key);
    expect(second.body.value).toMatch(/1$/);
  });

  test('grows by a whole path', async () => {
    const made = await post('assets/nodes/', { full_value: '/Default/Depot/North/Bay' });
    expect([made.status, made.body.full_value]).toEqual([201, '/Default/Depot/North/Bay']);
    expect((await node('North')).full_value).toBe('/Default/Depot/North');
  });

  test('is renamed with everything below it, but never at its root', async () => {
    const porto = await node('Porto');
    await patch(`assets/nodes/${porto.id}/`, { value: 'Lisbon' });
    const below = (await get(`assets/nodes/${porto.id}/children/`)).body;
    expect(below[0].full_value).toBe('/Default/Lisbon/Production');
    expect((await patch(`assets/nodes/${(await node('Default')).id}/`, { value: 'Other' })).status).toBe(400);
  });

  test('is moved with everything below it', async () => {
    const [cloud, trieste] = [await node('Cloud'), await node('Trieste')];
    expect((await put(`assets/nodes/${trieste.id}/children/add/`, { nodes: [cloud.id] })).body).toBe('OK');
    const moved = await node('Cloud');
    expect(moved.full_value).toBe('/Default/Trieste/Cloud');
    expect(moved.key.startsWith(`${trieste.key}:`)).toBe(true);
    const below: Node[] = (await get(`assets/nodes/${cloud.id}/children/?all=all`)).body;
    for (const { key, full_value } of below) {
      expect([key.startsWith(`${moved.key}:`), full_value.startsWith('/Default/Trieste/Cloud/')]).toEqual([true, true]);
    }
  });

  test('keeps a node that holds assets, and its root', async () => {
    const rotterdam = await node('Rotterdam');
    const refused = await remove(`assets/nodes/${rotterdam.id}/`);
    expect([refused.status, Object.keys(refused.body)]).toEqual([403, ['error']]);
    expect((await remove(`assets/nodes/${(await node('Default')).id}/`)).status).toBe(403);
  });

  test('takes assets in, gives them away, and catches orphans at its root', async () => {
    const root = await node('Default');
    const annex = (await post(`assets/nodes/${root.id}/children/`, { value: 'Dock' })).body;
    const { id, nodes } = (await get('assets/hosts/?limit=1&fields=id,nodes')).body.results[0];
    const paths = async (): Promise<string[]> => (await get(`assets/hosts/${id}/`)).body.nodes_display;
    const added = await put(`assets/nodes/${annex.id}/assets/add/`, { assets: [id] });
    expect(added.body.assets).toEqual([id]);
    expect(await paths()).toHaveLength(nodes.length + 1);
    await put(`assets/nodes/${annex.id}/assets/replace/`, { assets: [id] });
    expect(await paths()).toEqual(['/Default/Dock']);
    await put(`assets/nodes/${annex.id}/assets/remove/`, { assets: [id] });
    expect(await paths()).toEqual(['/Default']);
  });

  test('is drawn with the number of assets in each name', async () => {
    const { body } = await get('assets/nodes/children/tree/?all=all');
    const root = body.find(({ pId }: { pId: string }) => pId === '');
    expect([root.id, root.name]).toEqual(['1', 'Default (212)']);
    const other = body.find(({ id }: { id: string }) => id === '1:0');
    const { count } = (await get(`assets/assets/?limit=1&node=${other.meta.data.id}`)).body;
    expect(other.name).toBe(`${other.meta.data.value} (${count})`);
  });
});

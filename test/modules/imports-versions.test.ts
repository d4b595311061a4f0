import { expect, it } from 'vitest';
import { createSandbox, SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph } from '../support/graph.ts';
import { mutate, type Named } from './support.ts';

const SELECTION = 'created skipped failed rows { status userErrors { field code message } }';

it.each(SANDBOX_VERSIONS)('imports assets with accounts and zones into %s, and resumes', async (version) => {
  const sandbox = createSandbox({ version, throttle: false });
  const hosts: string[] = [];
  const fetch = async (request: Request) => {
    if (request.method === 'POST' && request.url.endsWith('/assets/hosts/')) hosts.push(await request.clone().text());
    return sandbox.fetch(request);
  };
  const graph = await startGraph({ sandbox, fetch });
  const { label } = await mutate(graph, 'createLabel', { name: 'env', value: 'prod' }, 'label { id uuid }');
  const { id, uuid } = label as Named;
  const rows = [
    {
      name: 'v-1',
      labels: [id, 'team:web'],
      address: '10.7.0.1',
      platform: 'Linux',
      zone: 'new zone',
      accounts: [{ username: 'root' }],
    },
    { name: 'v-2', address: '10.7.0.2', platform: 'MySQL', database: { name: 'orders' }, nodes: ['/default/v/a'] },
    { name: 'v-3', address: '10.7.0.3', platform: 'Linux', accounts: [{ username: 'root' }, { username: 'app' }] },
  ];
  const input = { rows, idempotencyKey: version, createMissing: ['NODES', 'ZONES'] };
  expect(await mutate(graph, 'importAssets', input, SELECTION)).toMatchObject({ created: 3, skipped: 0, failed: 0 });
  expect(await mutate(graph, 'importAssets', input, SELECTION)).toMatchObject({ created: 0, skipped: 3, failed: 0 });
  const { tables } = graph.sandbox.exportState();
  const made = tables['assets']?.filter(({ name }) => String(name).startsWith('v-')) ?? [];
  expect(made.map(({ name }) => name).sort()).toEqual(['v-1', 'v-2', 'v-3']);
  expect(made.every(({ protocols }) => Array.isArray(protocols) && protocols.length > 0)).toBe(true);
  const ids = new Set(made.map(({ id }) => id));
  expect(tables['accounts']?.filter(({ asset }) => ids.has(String(asset)))).toHaveLength(3);
  expect(tables['zones']?.filter(({ name }) => name === 'new zone')).toHaveLength(1);
  // The oldest server knows labels as texts alone.
  expect(hosts[0]).toContain(`"labels":["${version === '3.10.23' ? 'env:prod' : uuid}","team:web"]`);
  const bound = await graph.query('{ asset(name: "v-1") { labels { uuid name value } } }');
  expect(bound.data).toMatchObject({
    asset: {
      labels: [
        { uuid, name: 'env' },
        { name: 'team', value: 'web' },
      ],
    },
  });
  await graph.close();
});

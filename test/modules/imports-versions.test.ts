import { expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph } from '../support/graph.ts';
import { mutate } from './support.ts';

const SELECTION = 'created skipped failed rows { status userErrors { field code message } }';

it.each(SANDBOX_VERSIONS)('imports assets with accounts and zones into %s, and resumes', async (version) => {
  const graph = await startGraph({ version });
  const rows = [
    { name: 'v-1', address: '10.7.0.1', platform: 'Linux', zone: 'new zone', accounts: [{ username: 'root' }] },
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
  await graph.close();
});

import { expect, it } from 'vitest';
import { startGraph } from '../support/graph.ts';

const QUERY = `{ assets(first: 20, filter: { category: HOST }) { nodes { name platform { type { value } } accounts { nodes { username } } } } }`;

it('an operation is explained: its plan, what was foreseen and what was read', async () => {
  const graph = await startGraph();
  await graph.query('{ serverInfo { version } }');
  const { extensions } = await graph.query(QUERY, {}, { headers: { 'x-explain': '1' } });
  expect(extensions).toMatchObject({
    explain: {
      calls: { lower: 1, upper: 28, budget: 500, real: 3 },
      bytes: expect.any(Number),
      plan: [
        {
          noun: 'Platform',
          reads: 'ids',
          fields: ['Asset.platform'],
          estimated: { parents: 20, rows: 20, calls: 2 },
          real: { calls: 1, ways: ['ids'] },
        },
        {
          noun: 'Account',
          reads: 'reverse',
          fields: ['Asset.accounts'],
          estimated: { parents: 20, rows: 1000, calls: 22 },
          real: { calls: 1, ways: ['rule'] },
        },
        {
          noun: 'Asset',
          reads: 'list',
          fields: ['Query.assets'],
          real: { calls: 1, rows: 20, milliseconds: expect.any(Number), ways: ['list'] },
        },
      ],
    },
  });
  await graph.close();
});

it('nothing is explained unless it is asked for, nor to callers who may not read the schema', async () => {
  const graph = await startGraph({ config: { INTROSPECTION: 'allowed', INTROSPECTION_KEYS: 'a-key' } });
  const ask = async (headers: Record<string, string>) => (await graph.query(QUERY, {}, { headers })).extensions;
  expect(await ask({})).not.toHaveProperty('explain');
  expect(await ask({ 'x-explain': '1' })).not.toHaveProperty('explain');
  expect(await ask({ 'x-explain': '1', 'x-introspection-key': 'a-key' })).toHaveProperty('explain');
  await graph.close();
});

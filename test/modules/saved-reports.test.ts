import { expect, it } from 'vitest';
import { startGraph } from '../support/graph.ts';
import { describePlainWrites } from './plain-writes.ts';
import { failure, mutate, type Named, NOBODY, refusals, startCallers, writesOf } from './support.ts';

describePlainWrites({
  noun: 'SavedReport',
  field: 'savedReport',
  path: '/api/v1/reports/reports/',
  versions: ['4.10.19'],
  only: 'versions',
  input: () => ({ kind: 'users', days: 30, filters: { org: 'all' } }),
  selection: 'name kind title days filters isActive isBuiltin data',
  created: { kind: 'users', days: 30, filters: { org: 'all' }, isActive: true, isBuiltin: false, data: { days: 30 } },
  change: { days: 7, isActive: false },
  changed: { days: 7, isActive: false, data: { days: 7 } },
  repeat: [],
  refused: [],
});

it('reports that JumpServer keeps may have the same name, and are refused without one or to an ordinary user', async () => {
  const callers = await startCallers('4.10.19');
  const SHOWN = 'savedReport { id }';
  const input = { name: 'users', kind: 'users' };
  const [one, other] = [
    await mutate(callers.admin, 'createSavedReport', input, SHOWN),
    await mutate(callers.admin, 'createSavedReport', input, SHOWN),
  ];
  expect([one.userErrors, other.userErrors]).toEqual([[], []]);
  const empty = await mutate(callers.admin, 'createSavedReport', { name: '', kind: '' }, SHOWN);
  expect(refusals(empty)).toEqual(['name REQUIRED', 'kind REQUIRED']);
  const { id } = one['savedReport'] as Named;
  expect(await failure(callers.user, 'createSavedReport', input)).toBe('FORBIDDEN');
  expect(await failure(callers.user, 'updateSavedReport', { id, days: 1 })).toBe('FORBIDDEN');
  expect(await failure(callers.user, 'deleteSavedReport', { id })).toBe('FORBIDDEN');
  const nobody = await mutate(callers.admin, 'updateSavedReport', { id: NOBODY, days: 1 }, SHOWN);
  expect(refusals(nobody)).toEqual(['id NOT_FOUND']);
  await callers.close();
});

it('JumpServer’s own reports are listed in one call, and each says what it says in one more', async () => {
  const graph = await startGraph({ version: '4.10.19' });
  await mutate(graph, 'createSavedReport', { name: 'people', kind: 'users', days: 3 }, 'savedReport { id }');
  const listed = await graph.query('{ savedReports { totalCount nodes { name days } } }');
  expect(listed.data).toEqual({ savedReports: { totalCount: 1, nodes: [{ name: 'people', days: 3 }] } });
  expect(listed.extensions.upstream.calls).toBe(1);
  const said = await graph.query('{ savedReports { nodes { data } } reportCatalog reportTemplates }');
  expect(said.data).toEqual({
    savedReports: { nodes: [{ data: { days: 3, total: 60 } }] },
    reportCatalog: [
      { tp: 'users', name: 'users' },
      { tp: 'asset_statistics', name: 'asset_statistics' },
    ],
    reportTemplates: [{ name: 'Users', tp: 'users', days: 7 }],
  });
  expect(said.extensions.upstream.calls).toBe(4);
  await graph.close();
});

it('before 4.10.19 there are none, and none is made', async () => {
  const graph = await startGraph();
  const { data, errors } = await graph.query('{ savedReports { totalCount } reportCatalog }');
  expect(data).toEqual({ savedReports: null, reportCatalog: null });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNSUPPORTED_BY_SERVER', 'UNSUPPORTED_BY_SERVER']);
  const payload = await mutate(graph, 'createSavedReport', { name: 'x', kind: 'users' }, 'savedReport { id }');
  expect(refusals(payload)).toEqual([' UNSUPPORTED_BY_SERVER']);
  expect(writesOf(graph)).toHaveLength(1);
  await graph.close();
});

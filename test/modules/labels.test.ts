import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { describePlainWrites } from './plain-writes.ts';
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

describePlainWrites({
  noun: 'Label',
  field: 'label',
  path: '/api/v1/labels/labels/',
  input: () => ({ value: 'x', comment: 'why' }),
  selection: 'name value comment resourcesCount',
  created: { value: 'x', comment: 'why', resourcesCount: 0 },
  change: { value: 'y' },
  changed: { value: 'y', comment: 'why' },
  repeat: ['name DUPLICATE', 'value DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ value: '' }, ['value REQUIRED']],
  ],
});

const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64url');

interface Bound {
  readonly labels: readonly { readonly value: string }[];
}
const createLabel = async (graph: TestGraph, value: string) => {
  const payload = await mutate(graph, 'createLabel', { name: 'bound', value }, 'label { id uuid name }');
  return (payload.label as Named).id;
};
const valuesOf = async (graph: TestGraph, root: string, id: string) => {
  const { data } = await graph.query<{ row: Bound }>(`query($id: ID!) { row: ${root}(id: $id) { labels { value } } }`, {
    id,
  });
  return data.row.labels.map(({ value }) => value).sort();
};

describe.each(SANDBOX_VERSIONS)('labels on JumpServer %s', (version) => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ version });
  });
  afterAll(() => graph.close());

  it('are bound to things of several kinds and taken off again; other labels stay', async () => {
    const [asset] = await list(graph, 'assets(first: 1)', 'id');
    const [user] = await list(graph, 'users(first: 1)', 'id');
    const before = await valuesOf(graph, 'asset', asset?.id ?? '');
    const [first, second] = [await createLabel(graph, 'one'), await createLabel(graph, 'two')];
    const bind = (label: string) =>
      mutate(graph, 'bindLabel', { label, resources: [asset?.id, user?.id] }, 'label { resourcesCount }');
    expect(await bind(first)).toMatchObject({ userErrors: [], label: { resourcesCount: 2 } });
    expect(await bind(second)).toMatchObject({ userErrors: [], label: { resourcesCount: 2 } });
    expect(await valuesOf(graph, 'asset', asset?.id ?? '')).toEqual([...before, 'one', 'two'].sort());
    expect(await valuesOf(graph, 'user', user?.id ?? '')).toEqual(expect.arrayContaining(['one', 'two']));
    const input = { label: first, resources: [asset?.id] };
    const off = await mutate(graph, 'unbindLabel', input, 'label { resourcesCount }');
    expect(off).toMatchObject({ userErrors: [], warnings: [], label: { resourcesCount: 1 } });
    expect(await valuesOf(graph, 'asset', asset?.id ?? '')).toEqual([...before, 'two'].sort());
    expect(await valuesOf(graph, 'user', user?.id ?? '')).toEqual(expect.arrayContaining(['one', 'two']));
  });

  it('with a colon in the name stay themselves, or are refused where the server knows texts alone', async () => {
    const [, , asset] = await list(graph, 'assets(first: 3)', 'id');
    const { label } = await mutate(graph, 'createLabel', { name: 'a:b', value: 'c:d' }, 'label { id }');
    const resources = [asset?.id];
    const bind = (id: string | undefined) => mutate(graph, 'bindLabel', { label: id, resources }, 'label { id }');
    const told = refusals(await bind((label as Named).id));
    expect(told).toEqual(version === '3.10.23' ? ['label UNSUPPORTED_BY_SERVER'] : []);
    expect(refusals(await bind(await createLabel(graph, 'after')))).toEqual([]);
    const values = await valuesOf(graph, 'asset', asset?.id ?? '');
    expect(values.filter((value) => ['after', 'b:c:d', 'c:d'].includes(value))).toEqual(
      version === '3.10.23' ? ['after'] : ['after', 'c:d'],
    );
  });
});

describe('bindLabel and unbindLabel', () => {
  let callers: Callers;
  let label: string;
  let assets: Named[];
  beforeAll(async () => {
    callers = await startCallers();
    label = await createLabel(callers.admin, 'shared');
    assets = await list(callers.admin, 'assets(first: 3)', 'id uuid');
  });
  afterAll(() => callers.close());
  const run = (name: string, resources: readonly (string | undefined)[], of = label) => {
    callers.admin.sandbox.clearLog();
    return mutate(callers.admin, name, { label: of, resources }, 'label { id }');
  };

  it('write only what is not so yet: a repeat sends nothing, or warns', async () => {
    const ids = assets.map(({ id }) => id);
    expect((await run('bindLabel', ids.slice(0, 2))).userErrors).toEqual([]);
    expect(writesOf(callers.admin)).toHaveLength(2);
    expect((await run('bindLabel', ids)).userErrors).toEqual([]);
    expect(writesOf(callers.admin)).toEqual([`PATCH /api/v1/assets/assets/${assets[2]?.uuid}/`]);
    expect((await run('unbindLabel', ids)).warnings).toEqual([]);
    expect(writesOf(callers.admin)).toHaveLength(3);
    const again = await run('unbindLabel', ids.slice(1));
    expect(again.warnings).toEqual([
      { code: 'NOT_THERE', path: ['resources', '0'] },
      { code: 'NOT_THERE', path: ['resources', '1'] },
    ]);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('refuse what is not there, and nothing at all', async () => {
    const strangers = [assets[0]?.id, globalId('Asset', NOBODY), globalId('User', NOBODY)];
    expect(refusals(await run('bindLabel', strangers))).toEqual(['resources.1 NOT_FOUND', 'resources.2 NOT_FOUND']);
    expect(writesOf(callers.admin)).toEqual([]);
    expect(refusals(await run('bindLabel', [assets[0]?.id], NOBODY))).toEqual(['label NOT_FOUND']);
    expect(refusals(await run('unbindLabel', [assets[0]?.id], NOBODY))).toEqual(['label NOT_FOUND']);
    expect(refusals(await run('bindLabel', []))).toEqual(['resources REQUIRED']);
    expect(refusals(await run('unbindLabel', []))).toEqual(['resources REQUIRED']);
  });

  it('refuse what carries no labels, and ids that tell no type', async () => {
    for (const id of [globalId('Session', NOBODY), NOBODY, 'nonsense'])
      expect(await failure(callers.admin, 'bindLabel', { label, resources: [id] })).toBe('BAD_USER_INPUT');
  });

  it('are not for an ordinary user', async () => {
    const input = { label, resources: [assets[0]?.id] };
    expect(await failure(callers.user, 'bindLabel', input)).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'unbindLabel', input)).toBe('FORBIDDEN');
  });
});

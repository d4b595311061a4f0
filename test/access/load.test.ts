import { expect, test } from 'vitest';
import { type AccessList, type AccessReader, loadAccessInputs } from '../../src/access/load.ts';
import { toTimestamp } from '../../src/access/rows.ts';

const options = { organization: 'default', now: () => 5 };

test.each([
  [9, { users: 1000, groups: 40, nodes: 306, assets: 5000, 'asset-permissions': 400 }],
  [60, { users: 2000, groups: 100, nodes: 5000, assets: 50_000, 'asset-permissions': 2000 }],
] as const)('%i calls are enough for %j', async (wanted, sizes) => {
  let calls = 0;
  const reader: AccessReader = {
    async *list(path) {
      const total = sizes[path.split('/').at(-2) as keyof typeof sizes];
      for (let offset = 0; offset < total; offset += 1000) {
        calls += 1;
        const rows = Array.from({ length: Math.min(1000, total - offset) }, (_, at) => rowOf(path, offset + at));
        yield { rows, total };
      }
    },
  };
  const inputs = await loadAccessInputs(reader, options);
  expect(inputs).toMatchObject({ organization: 'default', asOf: 5 });
  expect([inputs.users.length, inputs.assets.length, inputs.nodes.length, inputs.permissions.length]).toEqual([
    sizes.users,
    sizes.assets,
    sizes.nodes,
    sizes['asset-permissions'],
  ]);
  expect(calls).toBe(wanted);
});

test('a row that came twice because rows moved between pages counts once', async () => {
  const inputs = await loadAccessInputs(
    readerOf(
      {
        '/assets/nodes/': [
          ['a', 'b'],
          ['b', 'c'],
        ],
      },
      3,
    ),
    options,
  );
  expect(inputs.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

test('a list that ends before its own total is refused, not answered in part', async () => {
  const loading = loadAccessInputs(readerOf({ '/assets/nodes/': [['a', 'b'], ['b']] }, 3), options);
  await expect(loading).rejects.toMatchObject({ code: 'INCOMPLETE' });
});

test('a list from which a row went while it was read is read again, or the row that moved past the pages would be lost', async () => {
  const limits: (string | undefined)[] = [];
  const reader: AccessReader = {
    async *list(path, { limit }) {
      if (path !== '/assets/nodes/') return;
      limits.push(limit);
      const page = (ids: string[], total: number) => ({ rows: ids.map((id) => ({ ...rowOf(path, 0), id })), total });
      // `a` is deleted between the two pages of the first reading, so `c` is on the first.
      if (limits.length === 1) yield* [page(['a', 'b'], 3), page([], 2)];
      else yield page(['b', 'c'], 2);
    },
  };
  const { nodes } = await loadAccessInputs(reader, options);
  expect([nodes.map(({ id }) => id), limits]).toEqual([
    ['b', 'c'],
    ['1000', '999'],
  ]);
});

test('a refusal of one list is a refusal of all', async () => {
  const reader: AccessReader = {
    async *list(path) {
      if (path === '/perms/asset-permissions/') throw new Error('403');
      yield { rows: [], total: 0 };
    },
  };
  await expect(loadAccessInputs(reader, options)).rejects.toThrow('403');
});

test('permissions without members are refused: an empty grant would be a wrong answer', async () => {
  const reader: AccessReader = {
    async *list(path) {
      const { users: _, ...row } = rowOf('/perms/asset-permissions/', 1);
      yield path === '/perms/asset-permissions/' ? { rows: [row], total: 1 } : { rows: [], total: 0 };
    },
  };
  await expect(loadAccessInputs(reader, options)).rejects.toMatchObject({ code: 'BAD_ROW' });
});

test.each([
  ['2024/01/02 10:11:12 +0800', '2024-01-02T02:11:12.000Z'],
  ['2024-01-02T10:11:12.345678Z', '2024-01-02T10:11:12.000Z'],
  ['2024/01/02 10:11:12 -0330', '2024-01-02T13:41:12.000Z'],
])('%s is %s', (text, iso) => {
  expect(new Date(toTimestamp(text) ?? 0).toISOString()).toBe(iso);
});

test('a date that cannot be read is an error, none is null', () => {
  expect(toTimestamp(null)).toBeNull();
  expect(() => toTimestamp('tomorrow')).toThrow(expect.objectContaining({ code: 'BAD_ROW' }));
});

function readerOf(pages: Partial<Record<AccessList, string[][]>>, total: number): AccessReader {
  return {
    async *list(path) {
      for (const ids of pages[path] ?? []) yield { rows: ids.map((id) => ({ ...rowOf(path, 0), id })), total };
    },
  };
}

function rowOf(path: AccessList, at: number): Record<string, unknown> {
  const members = { users: [], user_groups: [], assets: [], nodes: [{ id: 'n', name: 'n' }] };
  return {
    id: `${path}${at}`,
    name: `row ${at}`,
    username: `user${at}`,
    key: `1:${at}`,
    value: `node ${at}`,
    full_value: `/root/node ${at}`,
    category: { value: 'host', label: 'Host' },
    groups: [],
    accounts: ['@ALL'],
    protocols: ['all'],
    actions: [{ value: 'connect', label: 'Connect' }],
    ...members,
  };
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startSandbox } from './ask.ts';

const LISTS = [
  'users/users',
  'users/groups',
  'assets/assets',
  'assets/nodes',
  'accounts/accounts',
  'perms/asset-permissions',
  'terminal/sessions',
  'labels/labels',
  'audits/login-logs',
];
const ORDERED = new Set(['users/users', 'users/groups', 'assets/assets', 'perms/asset-permissions']);

describe.each(SANDBOX_VERSIONS)('on %s', (version) => {
  // A running session’s duration counts on: the clock stands still.
  const now = () => Date.parse('2026-11-22T12:00:00Z');
  const { get, all } = startSandbox({ version, assets: 60, users: 25, sessions: 120, now });

  test('a list paged through, asked by ids and read one by one gives the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...LISTS),
        fc.integer({ min: 7, max: 90 }),
        fc.nat(1000),
        async (list, size, start) => {
          const rows = await all(`${list}/`, { size });
          expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
          const chosen = [0, 1, 2, 3].map((step) => rows[(start + step * 5) % rows.length]);
          const asked = await get(`${list}/?ids=${chosen.map(({ id }) => id)}&limit=10`);
          const byId = new Map(asked.body.results.map((row: { id: string }) => [row.id, row]));
          for (const row of chosen) {
            expect(byId.get(row.id)).toEqual(row);
            const detail = (await get(`${list}/${row.id}/`)).body;
            for (const name of ['id', 'name', 'username', 'address', 'key', 'comment', 'date_created', 'date_start']) {
              if (name in row) expect([name, detail[name]]).toEqual([name, row[name]]);
            }
          }
        },
      ),
      { numRuns: 25, seed: 11 },
    );
  });

  test('pages of any size are the same list in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...LISTS), fc.integer({ min: 1, max: 40 }), async (list, size) => {
        const order = ORDERED.has(list) ? '?order=-name' : '';
        const whole = await all(`${list}/${order}`, { size: 1000 });
        const pages = await all(`${list}/${order}`, { size: Math.max(size, 8) });
        expect(pages.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
      }),
      { numRuns: 12, seed: 5 },
    );
  });
});

describe('a bulk write that fails', () => {
  const writable = [
    { list: 'users/groups', good: (i: number) => ({ name: `Group ${i}` }), bad: { name: '' } },
    { list: 'labels/labels', good: (i: number) => ({ name: `n${i}`, value: 'v' }), bad: { name: 'n' } },
    {
      list: 'assets/hosts',
      good: (i: number) => ({
        name: `h${i}`,
        address: '10.0.0.1',
        platform: 1,
        protocols: [{ name: 'ssh', port: 22 }],
      }),
      bad: { name: '', platform: 1 },
    },
    {
      list: 'perms/asset-permissions',
      good: (i: number) => ({ name: `p${i}`, accounts: ['@ALL'] }),
      bad: { name: 'p', actions: ['fly'] },
    },
  ];

  test('changes nothing, wherever the bad item stands', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...writable),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(6),
        async ({ list, good, bad }, count, place) => {
          const { sandbox, post } = startSandbox({ assets: 20, users: 8, sessions: 0 });
          const before = sandbox.exportState().tables;
          const items: object[] = Array.from({ length: count }, (_, i) => good(i));
          items.splice(place % (count + 1), 0, bad);
          const { status, body } = await post(`${list}/`, JSON.parse(JSON.stringify(items)));
          expect([status, body.length]).toEqual([400, count + 1]);
          expect(body.filter((item: object) => Object.keys(item).length > 0)).toHaveLength(1);
          expect(sandbox.exportState().tables).toEqual(before);
        },
      ),
      { numRuns: 12, seed: 3 },
    );
  });
});

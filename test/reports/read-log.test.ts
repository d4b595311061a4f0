import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PageReader, readAll, readLog } from '../../src/reports/read-log.ts';

const source = {
  path: '/terminal/sessions/' as const,
  timeField: 'date_start',
  timeOf: (row: Readonly<Record<string, unknown>>) => Date.parse(String(row.date_start)),
};

test('every row of a window comes once, whatever the ties and page sizes', async () => {
  const times = fc.array(fc.integer({ min: 0, max: 12_000 }), { maxLength: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(times, fc.integer({ min: 1, max: 7 }), fc.nat(), async (moments, pageSize, shuffle) => {
      const range = { from: 2000, to: 9000 };
      const server = createServer(moments, shuffle);
      const read: string[] = [];
      for await (const rows of readLog(server.reader, { ...source, pageSize }, range)) {
        for (const row of rows) read.push(String(row.id));
      }
      const wanted = moments.map((at, id) => ({ at, id })).filter(({ at }) => at >= 2000 && Math.floor(at / 1000) < 9);
      expect(read.toSorted()).toEqual(wanted.map(({ id }) => String(id)).toSorted());
    }),
    { numRuns: 300 },
  );
});

test('100,000 sessions that are seconds apart take 101 calls', async () => {
  const server = createServer(Array.from({ length: 100_000 }, (_, at) => at * 60_000));
  let count = 0;
  for await (const rows of readLog(server.reader, source, { from: 0, to: Number.MAX_SAFE_INTEGER / 2 }))
    count += rows.length;
  expect([count, server.calls()]).toEqual([100_000, 101]);
});

test('the next page is on its way while one is worked on, and no further one', async () => {
  const server = createServer(Array.from({ length: 5000 }, (_, at) => at * 60_000));
  const pages = readLog(server.reader, source, { from: 0, to: Number.MAX_SAFE_INTEGER / 2 });
  const asked: number[] = [];
  for await (const _ of pages) {
    await new Promise(setImmediate);
    asked.push(server.calls());
    if (asked.length === 3) break;
  }
  expect(asked).toEqual([2, 3, 4]);
});

test('a window that ends before its own count is refused', async () => {
  const reader: PageReader = { page: async () => ({ rows: [], total: 5 }) };
  await expect(readLog(reader, source, { from: 0, to: 1 }).next()).rejects.toMatchObject({ code: 'INCOMPLETE' });
});

test('a list from which a row went between two pages is refused: another moved past what is read', async () => {
  const pages = [
    { rows: [{ id: 'a' }, { id: 'b' }], total: 3 },
    { rows: [], total: 2 },
  ];
  const reader: PageReader = { page: async () => pages.shift() ?? { rows: [], total: 0 } };
  await expect(drain(readAll(reader, '/accounts/accounts/', {}, 2))).rejects.toMatchObject({ code: 'INCOMPLETE' });
});

test('rows that change places within a second, page after page, are refused and never lost', async () => {
  let calls = 0;
  const names = ['a', 'b', 'c', 'd'];
  const reader: PageReader = {
    page: async (_, { offset }) => {
      calls += 1;
      const row = names[(Number(offset) + (calls % 2)) % 4];
      return { rows: [{ id: row, date_start: new Date(1000).toISOString() }], total: 4 };
    },
  };
  const reading = drain(readLog(reader, { ...source, pageSize: 1 }, { from: 1000, to: 9000 }));
  await expect(reading).rejects.toMatchObject({ code: 'INCOMPLETE' });
});

test('a server that gives shorter pages than asked is read to the end', async () => {
  const ids = Array.from({ length: 25 }, (_, at) => ({ id: String(at) }));
  const reader: PageReader = {
    page: async (_, query) => ({ rows: ids.slice(Number(query.offset), Number(query.offset) + 10), total: 25 }),
  };
  const read: unknown[] = [];
  for await (const rows of readAll(reader, '/accounts/accounts/', {})) read.push(...rows);
  expect(read).toEqual(ids);
});

async function drain(pages: AsyncGenerator<unknown>): Promise<void> {
  for await (const _ of pages);
}

/** A log that keeps milliseconds, shows seconds, and leaves the order of equal times to chance. */
function createServer(moments: readonly number[], shuffle = 0) {
  const rows = moments.map((at, id) => ({ at, id: String(id) }));
  let calls = 0;
  const reader: PageReader = {
    page: async (_, query) => {
      calls += 1;
      const [from, to] = [Date.parse(query.date_from ?? ''), Date.parse(query.date_to ?? '')];
      // Equal times stand in another order in every window, as a database may answer.
      const luck = (id: string) => (Number(id) * 7919 + shuffle * from) % 101;
      const found = rows
        .filter(({ at }) => at >= from && at <= to)
        .sort((left, right) => left.at - right.at || luck(left.id) - luck(right.id));
      const [offset, limit] = [Number(query.offset), Number(query.limit)];
      const page = found.slice(offset, offset + limit).map(({ at, id }) => ({
        id,
        date_start: new Date(Math.floor(at / 1000) * 1000).toISOString(),
      }));
      return { rows: page, total: found.length };
    },
  };
  return { reader, calls: () => calls };
}

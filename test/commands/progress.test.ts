import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import type { RowPage } from '../../src/access/load.ts';
import type { SessionReader } from '../../src/access/session-reader.ts';
import { watchReader } from '../../src/commands/progress.ts';

/** 5,000 users in pages; the last one waits until it is let through. */
function readSlowly(gate: Promise<void>): SessionReader {
  const pageAt = (offset: number): RowPage => ({
    rows: Array.from({ length: 1000 }, (_, at) => ({ id: `${offset + at}` })),
    total: 5000,
  });
  return {
    page: async () => pageAt(0),
    async *list() {
      for (let offset = 0; offset < 5000; offset += 1000) {
        if (offset === 4000) await gate;
        yield pageAt(offset);
      }
    },
  };
}

function createTerminal(isTTY: boolean) {
  const messages = Object.assign(new PassThrough(), { isTTY, columns: 120 });
  let text = '';
  messages.on('data', (chunk) => {
    text += String(chunk);
  });
  return { terminal: { input: new PassThrough(), output: new PassThrough(), messages }, shown: () => text };
}

test('a bar tells rows, rate and remaining time while rows are read, and goes', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { terminal, shown } = createTerminal(true);
  let clock = 0;
  const { reader, stop } = watchReader(readSlowly(gate), terminal, () => {
    clock += 1000;
    return clock;
  });
  const reading = (async () => {
    let rows = 0;
    for await (const page of reader.list('/users/users/', {})) rows += page.rows.length;
    return rows;
  })();
  await vi.waitFor(() => expect(shown()).toMatch(/80% \| 4000 of 5000 rows \| 1000 rows\/s \| \S+ left/), 5000);
  open();
  expect(await reading).toBe(5000);
  stop();
});

test('where no terminal is, nothing is shown and nothing is between', () => {
  const { terminal, shown } = createTerminal(false);
  const reader = readSlowly(Promise.resolve());
  expect(watchReader(reader, terminal, () => 0).reader).toBe(reader);
  expect(shown()).toBe('');
});

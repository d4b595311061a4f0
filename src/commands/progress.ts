import { type Options, Presets, SingleBar } from 'cli-progress';
import type { RowPage } from '../access/load.ts';
import type { SessionReader } from '../access/session-reader.ts';
import type { Terminal } from './surroundings.ts';

/** A reader that shows how far reading has come. */
export interface ProgressReader {
  readonly reader: SessionReader;
  /** Takes the bar away. */
  stop(): void;
}

/** How many rows of a list there are, and how many have come. */
interface Count {
  done: number;
  total: number;
}

/** Watches a reader with a bar of rows, rate and remaining time; without a terminal nothing is shown. */
export function watchReader(reader: SessionReader, { messages }: Terminal, now: () => number): ProgressReader {
  if (!messages.isTTY) return { reader, stop: () => undefined };
  const started = now();
  const counts = new Map<string, Count>();
  const bar = new SingleBar(toOptions(messages), Presets.shades_classic);
  bar.start(1, 0, { rate: '–' });
  const note = (path: string, query: Readonly<Record<string, string>>, page: RowPage) => {
    takeIn(counts, path, query, page);
    const all = [...counts.values()];
    const done = all.reduce((sum, count) => sum + count.done, 0);
    bar.setTotal(
      Math.max(
        1,
        all.reduce((sum, count) => sum + count.total, 0),
      ),
    );
    bar.update(done, { rate: Math.round((done * 1000) / Math.max(1, now() - started)) });
  };
  return {
    reader: {
      page: async (path, query) => {
        const page = await reader.page(path, query);
        note(path, query, page);
        return page;
      },
      list: async function* (path, query) {
        for await (const page of reader.list(path, query)) {
          note(path, query, page);
          yield page;
        }
      },
    },
    stop: () => bar.stop(),
  };
}

/** A window of time counts only what is left of it, a page by offset the whole list. */
function takeIn(
  counts: Map<string, Count>,
  path: string,
  query: Readonly<Record<string, string>>,
  { rows, total }: RowPage,
): void {
  const name = `${path} ${query.command_storage_id ?? ''}`;
  const count = counts.get(name) ?? { done: 0, total: 0 };
  counts.set(name, count);
  const isWindow = query.date_from !== undefined && (query.offset ?? '0') === '0';
  count.total = isWindow ? count.done + total : Math.max(total, count.total);
  count.done = Math.min(count.done + rows.length, count.total);
}

function toOptions(stream: Terminal['messages']): Options {
  return {
    format: '{bar} {percentage}% | {value} of {total} rows | {rate} rows/s | {eta_formatted} left',
    stream: stream as NodeJS.WriteStream,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
  };
}

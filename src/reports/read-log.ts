import { AccessError } from '../access/errors.ts';
import type { RowPage } from '../access/load.ts';
import type { UpstreamRow } from '../access/rows.ts';
import type { ReadPath } from '../graph/fetch.ts';
import type { TimeRange } from './range.ts';

/** One page of a log or list, as the caller may see it. */
export interface PageReader {
  page(path: ReadPath, query: Readonly<Record<string, string>>): Promise<RowPage>;
}

/** A log that grows with time. */
export interface LogSource {
  readonly path: ReadPath;
  /** Upstream name of its time, which is also asked for as the order. */
  readonly timeField: string;
  /** The time of a row in milliseconds; rows show whole seconds although the server stores more. */
  readonly timeOf: (row: UpstreamRow) => number;
  /** What else to ask, such as `fields`. */
  readonly query?: Readonly<Record<string, string>>;
  /** Default 1,000, the most a server gives. */
  readonly pageSize?: number;
}

/**
 * Reads every row of a stretch of time once, oldest first, one call per page and without deep offsets: each page begins at
 * the second in which the one before it ended, and rows known from there are left out. Neither rows that arrive meanwhile
 * nor equal times repeat or lose a row (api.md, Corrections: time windows). Only within a second that fills whole pages
 * offsets are used; when rows change places there the second is read again, and after that `AccessError` INCOMPLETE is thrown.
 * The next page is on its way while the reader works on one.
 */
export function readLog(
  reader: PageReader,
  source: LogSource,
  range: TimeRange,
): AsyncGenerator<readonly UpstreamRow[]> {
  return ahead(readPages(reader, source, range));
}

/** Asks for the next page while the one before it is worked on; one page at a time, so that memory stays flat. */
async function* ahead<T>(pages: AsyncGenerator<T>): AsyncGenerator<T> {
  let coming = pages.next();
  try {
    for (;;) {
      const { done, value } = await coming;
      if (done) return;
      coming = pages.next();
      // It is heard of when its turn comes; until then nobody waits for it.
      coming.catch(() => undefined);
      yield value;
    }
  } finally {
    await pages.return(undefined);
  }
}

async function* readPages(
  reader: PageReader,
  source: LogSource,
  range: TimeRange,
): AsyncGenerator<readonly UpstreamRow[]> {
  let from = range.from;
  let edge = new Set<string>();
  for (;;) {
    const page = yield* readSecond(reader, source, { from, to: range.to }, edge);
    const last = page.at(-1);
    if (!last) return;
    from = toSecond(source.timeOf(last));
    edge = new Set(page.filter((row) => source.timeOf(row) >= from).map(idOf));
  }
}

/** Reads pages until one goes beyond the second of `range.from`; gives that page, or nothing when the range is at its end. */
async function* readSecond(
  reader: PageReader,
  source: LogSource,
  range: TimeRange,
  known: Set<string>,
): AsyncGenerator<readonly UpstreamRow[], readonly UpstreamRow[]> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const here = new Set<string>();
    for (let offset = 0; ; ) {
      const { rows, total } = await reader.page(source.path, toQuery(source, range, offset));
      const fresh = rows.filter((row) => !known.has(idOf(row)) && source.timeOf(row) < range.to);
      for (const row of rows) here.add(idOf(row));
      for (const row of fresh) known.add(idOf(row));
      if (fresh.length > 0) yield fresh;
      offset += rows.length;
      const isWhole = here.size === offset && (rows.length > 0 || offset >= total);
      if (!isWhole) break;
      if (offset >= total) return [];
      const last = rows.at(-1);
      if (last && toSecond(source.timeOf(last)) > range.from) return rows;
    }
  }
  throw new AccessError('INCOMPLETE', `${source.path} gave other rows each time it was asked`);
}

/** Reads every row of a list that is not asked by time, one call per page; a row that comes twice is left out. */
export async function* readAll(
  reader: PageReader,
  path: ReadPath,
  query: Readonly<Record<string, string>>,
  pageSize = 1000,
): AsyncGenerator<readonly UpstreamRow[]> {
  const seen = new Set<string>();
  let most = 0;
  for (let offset = 0; ; ) {
    const { rows, total } = await reader.page(path, { ...query, limit: String(pageSize), offset: String(offset) });
    most = Math.max(most, total);
    const fresh = rows.filter((row) => !seen.has(idOf(row)));
    for (const row of fresh) seen.add(idOf(row));
    if (fresh.length > 0) yield fresh;
    offset += rows.length;
    const isOver = offset >= total || rows.length === 0;
    // Rows that went meanwhile moved others past what is read.
    if (isOver && seen.size < most) throw new AccessError('INCOMPLETE', `${path} ended before its ${most} rows`);
    if (isOver) break;
  }
}

function toQuery(source: LogSource, { from, to }: TimeRange, offset: number): Record<string, string> {
  return {
    ...source.query,
    order: source.timeField,
    date_from: new Date(from).toISOString(),
    date_to: new Date(to).toISOString(),
    limit: String(source.pageSize ?? 1000),
    offset: String(offset),
  };
}

function toSecond(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

function idOf(row: UpstreamRow): string {
  return String(row.id);
}

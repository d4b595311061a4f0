import { AccessError } from '../access/errors.ts';
import type { RowPage } from '../access/load.ts';
import type { UpstreamRow } from '../access/rows.ts';
import type { TimeRange } from './range.ts';

/** One page of a log or list, as the caller may see it. */
export interface PageReader {
  page(path: string, query: Readonly<Record<string, string>>): Promise<RowPage>;
}

/** A log that grows with time. */
export interface LogSource {
  readonly path: string;
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
 * nor equal times repeat or lose a row (api.md, Corrections: time windows).
 */
export async function* readLog(
  reader: PageReader,
  source: LogSource,
  range: TimeRange,
): AsyncGenerator<readonly UpstreamRow[]> {
  let from = range.from;
  let offset = 0;
  let edge = new Set<string>();
  for (;;) {
    const { rows, total } = await reader.page(source.path, toQuery(source, from, range.to, offset));
    const fresh = rows.filter((row) => !edge.has(idOf(row)) && source.timeOf(row) < range.to);
    if (fresh.length > 0) yield fresh;
    const last = rows.at(-1);
    if (!last || offset + rows.length >= total) {
      if (offset + rows.length < total)
        throw new AccessError('INCOMPLETE', `${source.path} ended before its ${total} rows`);
      return;
    }
    const second = Math.floor(source.timeOf(last) / 1000) * 1000;
    if (second > from) {
      edge = new Set(rows.filter((row) => source.timeOf(row) >= second).map(idOf));
      from = second;
      offset = 0;
    } else {
      for (const row of rows) edge.add(idOf(row));
      offset += rows.length;
    }
  }
}

/** Reads every row of a list that is not asked by time, one call per page; a row that comes twice is left out. */
export async function* readAll(
  reader: PageReader,
  path: string,
  query: Readonly<Record<string, string>>,
  pageSize = 1000,
): AsyncGenerator<readonly UpstreamRow[]> {
  const seen = new Set<string>();
  for (let offset = 0; ; ) {
    const { rows, total } = await reader.page(path, { ...query, limit: String(pageSize), offset: String(offset) });
    const fresh = rows.filter((row) => !seen.has(idOf(row)));
    for (const row of fresh) seen.add(idOf(row));
    if (fresh.length > 0) yield fresh;
    offset += rows.length;
    if (offset >= total) break;
    if (rows.length === 0) throw new AccessError('INCOMPLETE', `${path} ended before its ${total} rows`);
  }
}

function toQuery(source: LogSource, from: number, to: number, offset: number): Record<string, string> {
  return {
    ...source.query,
    order: source.timeField,
    date_from: new Date(from).toISOString(),
    date_to: new Date(to).toISOString(),
    limit: String(source.pageSize ?? 1000),
    offset: String(offset),
  };
}

function idOf(row: UpstreamRow): string {
  return String(row.id);
}

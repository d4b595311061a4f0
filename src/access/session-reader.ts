import { brokenContract } from '../graph/errors.ts';
import { getJson, type ReadPath } from '../graph/fetch.ts';
import { isRow } from '../graph/row.ts';
import type { Session } from '../upstream/index.ts';
import type { AccessReader, RowPage } from './load.ts';

/** Reads lists as a session's caller: whole, or one page at a time. */
export interface SessionReader extends AccessReader {
  page(path: ReadPath, query: Readonly<Record<string, string>>): Promise<RowPage>;
}

/** Pages of a list that are asked at a time; the session's own queue may let fewer through. */
const AHEAD = 4;

/** Makes the reader of a session. Refusals of JumpServer pass as they are; what is no list is `UPSTREAM_CONTRACT`. */
export function createSessionReader(session: Session): SessionReader {
  const page = async (path: ReadPath, query: Readonly<Record<string, string>>): Promise<RowPage> =>
    toPage(path, await getJson(session, path, toParameters(query)));
  return {
    page,
    async *list(path, query) {
      const first = await page(path, query);
      yield first;
      // A server may be set up to give fewer than were asked.
      const size = first.rows.length;
      const at = (offset: number) => page(path, { ...query, limit: `${size}`, offset: `${offset}` });
      for (let offset = size; size > 0 && offset < first.total; offset += AHEAD * size) {
        const offsets = Array.from({ length: AHEAD }, (_, index) => offset + index * size);
        const pages = offsets.filter((start) => start < first.total).map(at);
        yield* await Promise.all(pages);
      }
    },
  };
}

/** Fields and orders go as lists, whose commas stay as they are. */
function toParameters(query: Readonly<Record<string, string>>): Record<string, string | readonly string[]> {
  const { fields, offset, ...rest } = query;
  return { ...rest, ...(fields ? { fields: fields.split(',') } : {}), ...(offset && offset !== '0' ? { offset } : {}) };
}

function toPage(path: ReadPath, data: unknown): RowPage {
  const rows = Array.isArray(data) ? data : isRow(data) ? data['results'] : undefined;
  const total = Array.isArray(data) ? data.length : isRow(data) ? data['count'] : undefined;
  if (!Array.isArray(rows) || typeof total !== 'number' || !rows.every(isRow)) {
    throw brokenContract(`JumpServer's answer to GET ${path} is not a page of rows.`);
  }
  return { rows, total };
}

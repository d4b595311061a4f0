import type { Noun } from '../generated/catalogue.ts';
import { isUpstreamError } from '../upstream/errors.ts';
import { brokenContract } from './errors.ts';
import { fetchPage, fetchRow, type ReadPath, type Source } from './fetch.ts';
import { isUpstreamId } from './identity.ts';
import type { Row } from './row.ts';

/** What is read by ids. */
export interface Loading {
  readonly source: Source;
  readonly noun: Noun;
  /** The noun's own list, or the narrower one of a part. */
  readonly path: string;
  readonly wanted: ReadonlySet<string>;
  readonly received: (rows: readonly Row[]) => void;
}

/** One batch by ids: asked with an explicit limit, matched by id, null for the missing; an id that was not asked is an error. */
export async function loadRows(loading: Loading, ids: readonly string[]): Promise<(Row | null | Error)[]> {
  const { noun } = loading;
  const known = ids.filter((id) => isUpstreamId(noun.id, id));
  if (known.length === 0) return ids.map(() => null);
  if (!noun.ids) return Promise.all(ids.map((id) => loadOne(loading, id)));
  const { rows, refusal } = await readKnown(loading, known);
  loading.received(rows);
  const found = new Map(rows.map((row) => [String(row['id']).toLowerCase(), row]));
  const asked = new Set(known);
  for (const id of found.keys()) {
    if (!asked.has(id))
      throw brokenContract(`JumpServer answered ${noun.name} rows that were not asked for: it ignored a filter.`);
  }
  return ids.map((id) => found.get(id) ?? refusal ?? null);
}

/**
 * Rows by their ids; a caller who may not list the noun reads those that are their own where everybody may. Of others nothing is told where
 * there is a list of one's own; where one's own is a single row, they stay refused.
 */
async function readKnown(
  { source, noun, path, wanted: properties }: Loading,
  ids: readonly string[],
): Promise<{ readonly rows: readonly Row[]; readonly refusal?: Error }> {
  const query = { params: { ids }, limit: ids.length, properties };
  try {
    return await fetchPage(source, noun, query, path);
  } catch (error) {
    if (noun.own === undefined || path !== noun.path || !isUpstreamError(error, 'FORBIDDEN')) throw error;
    const route = { path: noun.own as ReadPath, parameters: { user: 'self' } };
    const { rows } = await fetchPage(source, noun, { ...query, route });
    if (noun.own.includes('{')) return { rows };
    return { rows: rows.filter(({ id }) => ids.includes(String(id))), refusal: error };
  }
}

async function loadOne(loading: Loading, id: string): Promise<Row | null | Error> {
  try {
    const row = await readOne(loading, id);
    if (row) loading.received([row]);
    return row;
  } catch (error) {
    return isUpstreamError(error, 'NOT_FOUND') ? null : (error as Error);
  }
}

/** One row by its own address, or by the filter that identifies it. */
async function readOne({ source, noun, wanted }: Loading, id: string): Promise<Row | null> {
  if (noun.key === undefined) return fetchRow(source, noun, id);
  const { rows } = await fetchPage(source, noun, { params: { [noun.key]: id }, limit: 1, properties: wanted });
  return rows.find((row) => row['id'] === id) ?? null;
}

import type { Noun } from '../generated/catalogue.ts';
import { isUpstreamError } from '../upstream/errors.ts';
import { brokenContract } from './errors.ts';
import { fetchAll, fetchPage, fetchRow, type ReadPath, type Route, type Source } from './fetch.ts';
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

/** Rows, and what is said of those that are not among them; nothing where they are taken not to exist. */
interface Known {
  readonly rows: readonly Row[];
  readonly refusal?: Error;
}

/** Rows by their ids; a caller who may not list the noun reads those that are their own where everybody may. */
async function readKnown(loading: Loading, ids: readonly string[]): Promise<Known> {
  const { source, noun, path, wanted: properties } = loading;
  try {
    return await fetchPage(source, noun, { params: { ids }, limit: ids.length, properties }, path);
  } catch (error) {
    if (noun.own === undefined || path !== noun.path || !isUpstreamError(error, 'FORBIDDEN')) throw error;
    return readOwn(loading, { path: noun.own as ReadPath, parameters: { user: 'self' } }, ids, error);
  }
}

/**
 * One's own rows. Where they are found by ids nothing is told of others; else they are read whole, and what is not among them, or not with all
 * that is wanted, stays refused.
 */
async function readOwn({ source, noun, wanted }: Loading, route: Route, ids: readonly string[], refusal: Error) {
  const query = { route, properties: wanted };
  if (noun.ownIds) return fetchPage(source, noun, { ...query, params: { ids }, limit: ids.length });
  const whole = { ...query, limit: 1000 };
  const all = await fetchAll(source, noun, whole, await fetchPage(source, noun, whole));
  const isWanted = (row: Row) => ids.includes(String(row['id'])) && [...wanted].every((property) => property in row);
  return { rows: all.filter(isWanted), refusal };
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

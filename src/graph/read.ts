import DataLoader from 'dataloader';
import type { Catalogue, Noun, PartField } from '../generated/catalogue.ts';
import { isUpstreamError } from '../upstream/errors.ts';
import type { Capabilities, Session } from '../upstream/index.ts';
import { CHUNK } from './chunk.ts';
import type { Slice } from './connection.ts';
import { brokenContract, unsupported } from './errors.ts';
import { fetchAll, fetchPage, fetchRow, type ReadPath, type Source } from './fetch.ts';
import { findRows, propertyOf } from './find.ts';
import { isUpstreamId } from './identity.ts';
import type { Pace } from './pace.ts';
import type { PageRequest } from './page.ts';
import type { Plan } from './plan.ts';
import type { Question } from './question.ts';
import { createReverseLoader, type ReverseLoader, type ReverseQuestion } from './reverse.ts';
import type { Row } from './row.ts';
import { type Place, readSpread } from './spread.ts';
import type { TracedRead, Way } from './trace.ts';
import { settleVariants, wantedOf } from './variants.ts';
import { type ListQuery, readWindow } from './window.ts';

/** Reads rows for one operation, principal, organisation and language. Nothing in it outlives the operation. */
export interface Reader {
  /** The row with this id, projected to what the whole operation wants; null when the caller has no such row. */
  load(noun: string, id: string): Promise<Row | null>;
  /** Rows by their ids, in the order asked. */
  loadMany(noun: string, ids: readonly string[]): Promise<(Row | null)[]>;
  /** Rows by the value of a plain field that tells them (a user name, an asset's name), batched; none when nobody has it. */
  find(noun: string, field: string, value: string): Promise<readonly Row[]>;
  /** The properties that only one kind of rows has. */
  loadPart(part: PartField, noun: string, id: string): Promise<Row | null>;
  /** One page of a list. */
  list(noun: string, question: Question, request: PageRequest, properties: ReadonlySet<string>): Promise<Slice>;
  /** Rows that point to a parent, batched with its siblings at the same place. */
  reverse(site: object, question: ReverseQuestion, parent: Row): Promise<Slice>;
  /** Tells that about so many parents will be asked for at this place: what does not depend on them is read meanwhile. */
  expect(site: object, question: ReverseQuestion, parents: number): void;
  /** Every row of a noun in the organisation, read once per operation. */
  scan(noun: string, properties: Iterable<string>): Promise<readonly Row[]>;
  /** What the connected server can do. */
  capabilities(): Promise<Capabilities>;
  /** Puts a row that is known already into the loader. */
  prime(noun: string, row: Row): void;
  /** Forgets every row read so far: after a write they may be stale. */
  forget(): void;
}

/** What a reader needs; the plan is asked for late, since it is made by the first resolver. */
export interface ReaderOptions {
  readonly session: Session;
  readonly catalogue: Catalogue;
  readonly plan: () => Plan;
  /** Where reads are noted for `explain`. */
  readonly trace?: TracedRead[] | undefined;
  /** What reads take on this JumpServer. */
  readonly pace?: Pace | undefined;
  /** Called with every row read, so that rows of another organisation are marked. */
  readonly received: (rows: readonly Row[]) => void;
}

/** Creates the reader of one scope. */
export function createReader(options: ReaderOptions): Reader {
  const { session, catalogue } = options;
  const loaders = new Map<string, DataLoader<string, Row | null>>();
  /** Rows that are known already; they go into the loader when it is first asked, which most never is. */
  const listed = new Map<string, (readonly Row[])[]>();
  const reverses = new Map<object, Map<string, ReverseLoader>>();
  const scans = new Map<string, Promise<readonly Row[]>>();
  const finders = new Map<string, DataLoader<string, readonly Row[]>>();
  const nounOf = (name: string): Noun => {
    const noun = catalogue.nouns[name];
    if (!noun) throw new Error(`the catalogue has no noun "${name}"`);
    return noun;
  };
  const source = async (way: Way): Promise<Source> => ({
    session,
    catalogue,
    capabilities: await session.capabilities(),
    way,
    trace: options.trace,
    pace: options.pace,
  });
  const loaderOf = (key: string, noun: Noun, path: string, wanted: () => ReadonlySet<string>) => {
    const known = loaders.get(key);
    if (known) return known;
    const from = () => source(path === noun.path ? 'ids' : 'part');
    const load = (ids: readonly string[]) => loadRows({ ...options, source: from, noun, path, wanted: wanted() }, ids);
    const loader = new DataLoader(load, { maxBatchSize: CHUNK, batchScheduleFn: setImmediate });
    loaders.set(key, loader);
    return loader;
  };
  const byId = (name: string) => {
    const loader = loaderOf(name, nounOf(name), nounOf(name).path, () =>
      wantedOf(catalogue, nounOf(name), options.plan()),
    );
    for (const row of listed.get(name)?.flat() ?? []) loader.prime(String(row['id']).toLowerCase(), row);
    listed.delete(name);
    return loader;
  };
  const prime = (name: string, rows: readonly Row[]) => {
    const known = listed.get(name);
    if (known) known.push(rows);
    else listed.set(name, [rows]);
  };
  const primeCovering = (name: string, rows: readonly Row[], properties: ReadonlySet<string>) => {
    if (isCovered(options.plan().union(name), properties)) prime(name, rows);
  };
  const load = async (name: string, id: string): Promise<Row | null> => {
    const noun = nounOf(nounOf(name).variantOf ?? name);
    const row = await byId(noun.name).load(id);
    return row && ((await settle(noun, [row]))[0] ?? null);
  };
  const settle = async (noun: Noun, rows: readonly Row[]): Promise<readonly Row[]> => {
    if (!noun.variants) return rows;
    const settled = await settleVariants(catalogue, noun, rows, options.plan(), (type, id) => byId(type).load(id));
    options.received(settled);
    return settled;
  };
  const scan = (name: string, properties: Iterable<string>) => {
    const wanted = [...new Set([...properties, ...options.plan().union(name)])].sort();
    const key = `${name}:${wanted.join()}`;
    const known = scans.get(key) ?? scanAll(() => source('scan'), nounOf(name), wanted, options.received);
    scans.set(key, known);
    return known;
  };
  const placesOf = async ({ spread }: Noun): Promise<readonly Place[] | undefined> =>
    spread && (await scan(spread.noun, ['id'])).map((row) => ({ [spread.param]: String(row['id']) }));
  const finderOf = (name: string, field: string) => {
    const key = `${name}.${field}`;
    const known = finders.get(key);
    if (known) return known;
    const noun = nounOf(name);
    const property = propertyOf(noun, field);
    const batch = async (values: readonly string[]): Promise<(readonly Row[] | Error)[]> => {
      const wanted = options.plan().union(name);
      const from = await source('find');
      try {
        const rows = await findRows(from, noun, field, values, wanted, () => scan(name, [property]));
        options.received(rows.flat());
        return rows;
      } catch (error) {
        const own = await readOwn(from, noun, new Set([...wanted, property]), error);
        return values.map((value) => (own?.[property] === value ? [own] : (error as Error)));
      }
    };
    const finder = new DataLoader(batch, { batchScheduleFn: setImmediate });
    finders.set(key, finder);
    return finder;
  };
  const reverseOf = (site: object, question: ReverseQuestion): ReverseLoader => {
    const atSite = reverses.get(site) ?? new Map<string, ReverseLoader>();
    reverses.set(site, atSite);
    const from = { ...options, source: () => source('single'), scan, primeCovering };
    const loader = atSite.get(question.key) ?? createReverseLoader(from, nounOf(question.field.noun), question);
    atSite.set(question.key, loader);
    return loader;
  };
  return {
    load,
    loadMany: (name, ids) => Promise.all(ids.map((id) => load(name, id))),
    find: (name, field, value) => finderOf(name, field).load(value),
    loadPart: (part, name, id) => {
      const noun = nounOf(name);
      return loaderOf(part.path, noun, part.path, () => options.plan().part(part.path)).load(id);
    },
    list: async (name, question, request, properties) => {
      const noun = nounOf(name);
      const places = isPlaced(noun, question) ? undefined : await placesOf(noun);
      const slice = await readList(await source('list'), noun, question, request, properties, places);
      options.received(slice.rows);
      if (!question.route) primeCovering(name, slice.rows, properties);
      return { ...slice, rows: await settle(noun, slice.rows) };
    },
    reverse: (site, question, parent) => reverseOf(site, question).load(parent),
    expect: (site, question, parents) => void reverseOf(site, question).begin(parents),
    scan,
    capabilities: () => session.capabilities(),
    prime: (name, row) => prime(name, [row]),
    forget: () => {
      for (const known of [loaders, listed, reverses, scans, finders]) known.clear();
    },
  };
}

function isCovered(wanted: ReadonlySet<string>, properties: ReadonlySet<string>): boolean {
  for (const property of wanted) if (!properties.has(property)) return false;
  return true;
}

async function scanAll(
  source: () => Promise<Source>,
  noun: Noun,
  properties: readonly string[],
  received: (rows: readonly Row[]) => void,
): Promise<readonly Row[]> {
  const query: ListQuery = { properties, order: noun.order };
  const from = await source();
  const first = await fetchPage(from, noun, { ...query, limit: 1000 });
  const rows = noun.paged ? await fetchAll(from, noun, { ...query, limit: 1000 }, first) : first.rows;
  received(rows);
  return rows;
}

/** Reads a page of a root list. */
async function readList(
  source: Source,
  noun: Noun,
  question: Question,
  request: PageRequest,
  properties: ReadonlySet<string>,
  places: readonly Place[] | undefined,
): Promise<Slice> {
  if (question.impossible) return { rows: [], start: 0, total: 0 };
  const query = { ...question, properties };
  if (question.places) return readSpread(source, noun, query, request, question.places);
  if (isPlaced(noun, question)) return readWindow(source, noun, query, request);
  if (!places) throw unsupported(`JumpServer lists ${noun.name} rows only for a parent.`);
  return readSpread(source, noun, query, request, places);
}

/** Whether the question names what the list needs (a session's commands): then it is in one place. */
function isPlaced(noun: Noun, { params }: Question): boolean {
  return noun.needs === undefined || noun.needs in params;
}

interface Loading extends ReaderOptions {
  readonly source: () => Promise<Source>;
  readonly noun: Noun;
  readonly path: string;
  readonly wanted: ReadonlySet<string>;
}

/** One batch by ids: asked with an explicit limit, matched by id, null for the missing; an id that was not asked is an error. */
async function loadRows(loading: Loading, ids: readonly string[]): Promise<(Row | null | Error)[]> {
  const { noun, path, wanted } = loading;
  const source = await loading.source();
  const known = ids.filter((id) => isUpstreamId(noun.id, id));
  if (known.length === 0) return ids.map(() => null);
  if (!noun.ids) return Promise.all(ids.map((id) => loadOne(loading, source, id)));
  const { rows, refusal } = await readKnown(source, noun, known, wanted, path);
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
  source: Source,
  noun: Noun,
  ids: readonly string[],
  properties: ReadonlySet<string>,
  path: string,
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

/** The caller's own row, where it is one that everybody may read and the others were refused. */
async function readOwn(source: Source, noun: Noun, properties: ReadonlySet<string>, error: unknown) {
  if (noun.own === undefined || noun.own.includes('{') || !isUpstreamError(error, 'FORBIDDEN')) throw error;
  return (await fetchPage(source, noun, { route: { path: noun.own as ReadPath }, limit: 1, properties })).rows[0];
}

async function loadOne(loading: Loading, source: Source, id: string): Promise<Row | null | Error> {
  try {
    const row = await readOne(loading, source, id);
    if (row) loading.received([row]);
    return row;
  } catch (error) {
    return isUpstreamError(error, 'NOT_FOUND') ? null : (error as Error);
  }
}

/** One row by its own address, or by the filter that identifies it. */
async function readOne({ noun, wanted }: Loading, source: Source, id: string): Promise<Row | null> {
  if (noun.key === undefined) return fetchRow(source, noun, id);
  const { rows } = await fetchPage(source, noun, { params: { [noun.key]: id }, limit: 1, properties: wanted });
  return rows.find((row) => row['id'] === id) ?? null;
}

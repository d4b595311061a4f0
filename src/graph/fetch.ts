import type { Catalogue, Noun } from '../generated/catalogue.ts';
import type { KnownOperation } from '../generated/operations.ts';
import { isUpstreamError } from '../upstream/errors.ts';
import { type AttrRule, type Capabilities, type Session, toAttrRules } from '../upstream/index.ts';
import { brokenContract, unsupported } from './errors.ts';
import { columnOf, comparing } from './order.ts';
import type { Pace } from './pace.ts';
import type { RuleValue } from './question.ts';
import { isRow, type Json, type Row, relatedId } from './row.ts';
import { splitRules } from './split-rules.ts';
import type { TracedRead, Way } from './trace.ts';

/** What reading lists needs: one caller, one organisation, one language. */
export interface Source {
  readonly session: Session;
  readonly catalogue: Catalogue;
  readonly capabilities: Capabilities;
  /** How rows are asked for here, for `explain`. */
  readonly way?: Way;
  /** Where reads are noted; undefined unless somebody asked for it. */
  readonly trace?: TracedRead[] | undefined;
  /** What reads take here. */
  readonly pace?: Pace | undefined;
}

/** A path of the contract that can be read, such as `"/users/users/"`: another one does not compile. */
export type ReadPath = KnownOperation extends infer Known ? (Known extends `GET ${infer Path}` ? Path : never) : never;

/** An address with the values of its path parameters. */
export interface Route {
  readonly path: ReadPath;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** One page of a list, in JumpServer's terms. */
export interface PageQuery {
  /** Another address that gives the noun's rows, e.g. the caller's own. */
  readonly route?: Route;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly rules?: readonly RuleValue[];
  readonly order?: readonly string[];
  readonly limit: number;
  readonly offset?: number;
  readonly properties: Iterable<string>;
}

/** Rows of a page and the number of rows in the whole list. */
export interface Page {
  readonly rows: readonly Row[];
  readonly count: number;
}

/**
 * Reads one page of a noun's rows: projected, always with a limit where the list takes one (api.md §3.1). A server that is set up to give
 * fewer rows at a time says nothing of it: then the rest of the page is asked for. Paths of nouns were checked by the code generation.
 */
export async function fetchPage(source: Source, noun: Noun, query: PageQuery, path = noun.path): Promise<Page> {
  const parts = splitRules(query.rules ?? []);
  if (parts.length > 1) return fetchParts(source, noun, query, parts);
  let page = await fetchOnce(source, noun, query, path);
  while (isCut(noun, query, page)) {
    const { offset = 0, limit } = query;
    const got = page.rows.length;
    const next = await fetchOnce(source, noun, { ...query, offset: offset + got, limit: limit - got }, path);
    page = { rows: uniqueRows([...page.rows, ...next.rows]), count: next.count };
    if (page.rows.length === got) return page;
  }
  return page;
}

/**
 * A page of a list whose rules are too long for one address: every row of each part is read, and put in order here. The session keeps its
 * answers, so the next page asks for nothing more.
 */
async function fetchParts(
  source: Source,
  noun: Noun,
  query: PageQuery,
  parts: readonly (readonly RuleValue[])[],
): Promise<Page> {
  const { order = [], limit, offset = 0 } = query;
  const properties = new Set([...query.properties, ...order.map(columnOf)]);
  const whole = { ...query, properties, offset: 0, limit: Math.min(1000, source.capabilities.maxPage) };
  const lists = await Promise.all(
    parts.map(async (rules) =>
      fetchAll(source, noun, { ...whole, rules }, await fetchPage(source, noun, { ...whole, rules })),
    ),
  );
  const rows = [...uniqueRows(lists.flat())].sort(comparing(order));
  return { rows: rows.slice(offset, offset + limit), count: rows.length };
}

function isCut({ paged }: Noun, { limit, offset = 0 }: PageQuery, { rows, count }: Page): boolean {
  return paged && rows.length > 0 && rows.length < Math.min(limit, count - offset);
}

async function fetchOnce(source: Source, noun: Noun, query: PageQuery, path: string): Promise<Page> {
  const { path: route, parameters } = query.route ?? { path: path as ReadPath };
  const started = performance.now();
  const session = sessionFor(source, noun);
  const data = await getJson(session, route, toParams(noun, query), parameters).catch(faultOf(source, noun));
  const list = query.route && isIdentified(data) ? [data] : listOf(data);
  const rows = noun.key === undefined ? list : identified(list, noun.key);
  const count = isRow(data) && 'count' in data ? data['count'] : Array.isArray(list) ? list.length : undefined;
  if (!Array.isArray(rows) || !isCount(count) || !rows.every(isIdentified)) {
    throw brokenContract(`JumpServer's answer is not a list of ${noun.name} rows.`);
  }
  noteRead(source, noun, rows.length, started, count / Math.max(1, query.limit));
  return { rows, count };
}

/** As many as GraphQL's `Int` can tell. */
function isCount(count: unknown): count is number {
  return typeof count === 'number' && (count | 0) === count && count >= 0;
}

function listOf(data: Json): unknown {
  return isRow(data) ? data['results'] : data;
}

/** Reads one row by its own address; null when JumpServer does not have it. */
export async function fetchRow(source: Source, noun: Noun, id: string): Promise<Row> {
  const started = performance.now();
  const path = `${noun.path}{id}/` as ReadPath;
  const data = await getJson(sessionFor(source, noun), path, {}, { id }).catch(faultOf(source, noun));
  if (!isIdentified(data)) throw brokenContract(`JumpServer's answer is not a ${noun.name} row.`);
  noteRead(source, noun, 1, started, 1);
  return data;
}

/** Rows whose texts tell what they are about are asked in one language, whoever asks. */
function sessionFor({ session }: Source, { language }: Noun): Session {
  return language === undefined || language === session.language ? session : session.speaking(language);
}

/** An answer that was on its way before it was asked for does not tell how long it took. */
function noteRead(source: Source, noun: Noun, rows: number, started: number, pages: number): void {
  const { trace, pace, session, way = 'list' } = source;
  const milliseconds = performance.now() - started;
  if (session.stats.foreseen === 0) pace?.note(noun.name, way, milliseconds, Math.ceil(pages));
  trace?.push({ noun: noun.name, way, rows, milliseconds });
}

/** Reads an address that wants a licence. */
export async function getLicensed(
  session: Session,
  path: ReadPath,
  query: Readonly<Record<string, unknown>>,
): Promise<Json> {
  const capabilities = await session.capabilities();
  return getJson(session, path, query).catch(licenceFault(capabilities, 'this'));
}

/** Rows without an id of their own get it from the property that identifies them. */
function identified(list: unknown, key: string): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((row) => (isRow(row) ? { ...row, id: relatedId(row[key]) } : row));
}

/**
 * A noun that a server may lack is asked for all the same: the detected version is a lower bound, and a route that is not there says so
 * (an unknown filter would not, so those go by version).
 */
function faultOf({ capabilities }: Source, noun: Noun): (error: unknown) => never {
  const isLicensed = noun.licensed !== undefined && capabilities.since(noun.licensed);
  const fault = isLicensed ? licenceFault(capabilities, `${noun.name} rows`) : rethrow;
  return (error) => {
    if (!isUpstreamError(error, 'UNSUPPORTED_BY_SERVER') || error.status !== 404) return fault(error);
    throw unsupported(`The connected JumpServer (${capabilities.version}) has no ${noun.name} rows.`);
  };
}

function rethrow(error: unknown): never {
  throw error;
}

/** A route that wants a licence answers 403 without one (api.md §1.7): that is the server's lack, not the caller's. */
function licenceFault({ edition }: Capabilities, what: string): (error: unknown) => never {
  return (error) => {
    if (edition === 'COMMUNITY' && isUpstreamError(error, 'FORBIDDEN')) {
      throw unsupported(`JumpServer serves ${what} with an enterprise licence only.`);
    }
    throw error;
  };
}

/** Reads any path of the contract. Which parameters belong to it the type can't say here: the one cast. */
export async function getJson(
  session: Session,
  path: ReadPath,
  query: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Json> {
  // A path chosen at run time has no one type of answer; that it can be read is in `ReadPath`.
  const get = session.api.GET as unknown as (path: string, init: object) => Promise<{ data?: Json }>;
  const { data } = await get(path, { params: { query, path: parameters } });
  return data;
}

/** The rows of an answer that is a list, or a page of one. Anything else is `UPSTREAM_CONTRACT`: it is not the same as no rows. */
export function rowsIn(answer: unknown): Row[] {
  const rows = isRow(answer) ? answer['results'] : answer;
  if (Array.isArray(rows) && rows.every(isRow)) return rows;
  throw brokenContract('JumpServer’s answer is not a list.');
}

function isIdentified(row: unknown): row is Row {
  return isRow(row) && row['id'] !== undefined && row['id'] !== null;
}

function toParams(noun: Noun, query: PageQuery): Record<string, unknown> {
  const properties = [...new Set([noun.key ?? 'id', ...query.properties])].sort();
  const needsDetail = properties.some((property) => noun.detail.includes(property));
  return {
    ...query.params,
    ...(query.rules && query.rules.length > 0 ? { attr_rules: toAttrRules(query.rules as AttrRule[]) } : {}),
    ...(query.order && query.order.length > 0 ? { order: query.order.join(',') } : {}),
    ...(noun.paged ? { limit: query.limit, ...(query.offset ? { offset: query.offset } : {}) } : {}),
    ...(noun.projects ? { fields: properties } : {}),
    ...(needsDetail ? { format: 'json' } : {}),
  };
}

/** How often a list is read that changes between its pages. */
const READINGS = 3;

/**
 * Reads every row that a question matches, page after page; the pages after the first are asked at once. A list that changes meanwhile moves
 * rows from page to page, past what is read: then it is read again. Throws `UPSTREAM_CONTRACT` when it never holds still.
 */
export async function fetchAll(source: Source, noun: Noun, query: PageQuery, first: Page): Promise<readonly Row[]> {
  const most = Math.min(1000, source.capabilities.maxPage);
  for (let reading = 0; reading < READINGS; reading++) {
    // A session keeps its answers, so another reading needs other pages.
    const limit = most - reading;
    const begin = reading === 0 ? first : await fetchPage(source, noun, { ...query, limit });
    const rows = await fetchRest(source, noun, { ...query, limit }, begin);
    if (rows) return rows;
  }
  throw brokenContract(`The list of ${noun.name} rows changed each time while it was read; try again.`);
}

/** The rows of all pages; undefined when they are not one list. */
async function fetchRest(
  source: Source,
  noun: Noun,
  query: PageQuery,
  first: Page,
): Promise<readonly Row[] | undefined> {
  const offsets: number[] = [];
  for (let offset = first.rows.length; offset < first.count; offset += query.limit) offsets.push(offset);
  if (offsets.length === 0) return uniqueRows(first.rows);
  const pages = await Promise.all(offsets.map((offset) => fetchPage(source, noun, { ...query, offset })));
  const rows = uniqueRows([first, ...pages].flatMap((page) => page.rows));
  const isOne = pages.every(({ count }) => count === first.count) && rows.length === first.count;
  return isOne ? rows : undefined;
}

/** Rows without repeats: a list that changes while it is paged may show a row twice. */
export function uniqueRows(rows: readonly Row[]): readonly Row[] {
  const seen = new Set<unknown>();
  return rows.filter((row) => !seen.has(row['id']) && seen.add(row['id']));
}

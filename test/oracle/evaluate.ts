import { catalogue, type Field, type Noun, type ReverseField } from '../../src/generated/catalogue.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { compareVersions } from '../../src/upstream/index.ts';
import { expectedValue } from '../support/expected.ts';
import { type ListArgs, type Operation, propertyOf, type Selected, shownBy } from './generate.ts';

type Row = Readonly<Record<string, unknown>>;

/** Computes what an operation must answer from JumpServer alone: details one by one, and lists by a single key. */
export interface Oracle {
  evaluate(operation: Operation): Promise<unknown>;
  rows(noun: Noun): Promise<readonly Row[]>;
}

/** An oracle over a sandbox. It shares nothing with the kit but the catalogue's facts. */
export function createOracle(sandbox: Sandbox, version: string, organization = 'DEFAULT'): Oracle {
  const isOld = compareVersions(version, '4.10.0') < 0;
  const answers = new Map<string, Promise<unknown>>();
  const get = (path: string): Promise<unknown> => {
    const known =
      answers.get(path) ??
      ask(sandbox, isOld ? oldPath(path) : path, organization).then((answer) => (isOld ? renamed(answer) : answer));
    answers.set(path, known);
    return known;
  };
  const all = async (noun: Noun, params: string): Promise<readonly Row[]> => {
    const paging = noun.paged ? `limit=1000&` : '';
    const answer = await get(`${noun.path}?${paging}${params}`);
    const rows = (Array.isArray(answer) ? answer : (answer as { results: Row[] } | null)?.results) ?? [];
    return Promise.all(rows.map(async (row: Row) => ({ ...row, ...(await detail(noun, String(row['id']))) })));
  };
  /** A detail, with what only the list shows of the row (a group's number of members). */
  const detail = async (noun: Noun, id: string): Promise<Row | null> => {
    const own = (await get(`${noun.path}${id}/`)) as Row | null;
    const listed =
      own && noun.paged ? ((await get(`${noun.path}?limit=1&ids=${id}`)) as { results: Row[] }).results[0] : {};
    return own && { ...listed, ...own };
  };
  const context = { all, detail };
  return {
    rows: (noun) => all(noun, ''),
    evaluate: async ({ root, noun, selected }) => {
      const rows = await all(noun, orderParam(noun, selected.args));
      return { [root]: await connection(context, noun, rows, selected) };
    },
  };
}

/** What zones were called before 4.10 (api.md §7): the oracle speaks the new names too. */
function oldPath(path: string): string {
  return path.replace('/assets/zones/', '/assets/domains/').replace('?zone=', '?domain=');
}

const OLD_NAMES: Readonly<Record<string, string>> = { domain: 'zone', domain_enabled: 'gateway_enabled' };

function renamed(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(renamed);
  if (typeof answer !== 'object' || answer === null) return answer;
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [OLD_NAMES[name] ?? name, renamed(value)]));
}

interface Context {
  all(noun: Noun, params: string): Promise<readonly Row[]>;
  detail(noun: Noun, id: string): Promise<Row | null>;
}

async function ask(sandbox: Sandbox, path: string, organization: string): Promise<unknown> {
  const headers = {
    authorization: 'Bearer sandbox-admin',
    'x-jms-org': organization,
    'x-tz': 'UTC',
    'content-type': 'application/json',
    'accept-language': 'en',
  };
  const response = await sandbox.fetch(new Request(`http://jumpserver.test/api/v1${path}`, { headers }));
  return response.status === 200 ? response.json() : null;
}

function orderParam(noun: Noun, { order }: ListArgs): string {
  const asked = order ? [`${order.descending ? '-' : ''}${order.column}`] : [];
  const rest = noun.order.filter((column) => column.replace('-', '') !== order?.column);
  return `order=${[...asked, ...rest].join(',')}`;
}

async function connection(context: Context, noun: Noun, rows: readonly Row[], selected: Selected): Promise<unknown> {
  const { args } = selected;
  const matching = rows.filter((row) => matches(noun, row, args.filter));
  const start = args.offset ?? 0;
  const page = matching.slice(start, start + (args.first ?? 50));
  const nodes = await Promise.all(page.map((row) => object(context, noun, row, selected.below)));
  return {
    ...(selected.edges ? { edges: nodes.map((node) => ({ node })) } : { nodes }),
    ...(selected.total ? { totalCount: matching.length } : {}),
  };
}

/** Whether a row matches a filter, by comparing its own properties. */
function matches(noun: Noun, row: Row, filter: ListArgs['filter']): boolean {
  return Object.entries(filter ?? {}).every(([name, wanted]) => {
    const known = noun.filters[name];
    const property = known && propertyOf(noun, name, known);
    if (!known || !property) return true;
    const wire = known.enum ? catalogue.enums[known.enum]?.[String(wanted)] : String(wanted);
    const value = shownBy(noun, name, row[property]);
    const items = Array.isArray(value) ? value : [value];
    return items.some((item) => String(plain(item)) === wire);
  });
}

function plain(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  return (item as { value?: unknown }).value ?? (item as { id?: unknown }).id;
}

async function object(
  context: Context,
  noun: Noun,
  row: Row,
  below: readonly Selected[],
): Promise<Record<string, unknown>> {
  const entries = await Promise.all(
    below.map(async (selected) => [selected.alias, await value(context, noun, row, selected)]),
  );
  return Object.fromEntries(entries);
}

async function value(context: Context, noun: Noun, row: Row, selected: Selected): Promise<unknown> {
  const { field } = selected;
  if (field === 'id') return Buffer.from(`${noun.name}:${String(row['id'])}`).toString('base64url');
  if (field === 'uuid') return String(row['id']);
  if (field === 'number') return Number(row['id']);
  if (field.kind === 'value') return expectedValue(field, row[field.from[0] ?? '']);
  if (field.kind === 'ref') return related(context, field, row, selected);
  if (field.kind === 'members') return members(context, field, row, selected);
  if (field.kind === 'reverse') return reverse(context, field, row, selected);
  throw new Error(`the oracle does not know ${field.kind}`);
}

function idOf(item: unknown): string | null {
  const id = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : item;
  return id === null || id === undefined || id === '' ? null : String(id);
}

async function load(
  context: Context,
  noun: Noun,
  item: unknown,
  selected: Selected,
): Promise<Record<string, unknown> | null> {
  const id = idOf(item);
  const row = id === null ? null : await context.detail(noun, id);
  return row && object(context, noun, row, selected.below);
}

async function related(
  context: Context,
  field: Extract<Field, { kind: 'ref' }>,
  row: Row,
  selected: Selected,
): Promise<unknown> {
  const noun = catalogue.nouns[field.noun] as Noun;
  const held = row[field.from[0] ?? ''];
  if (!field.list) return load(context, noun, held, selected);
  if (!Array.isArray(held)) return null;
  const items = await Promise.all(held.map((item) => (field.text ? named(context, noun, field.text, item) : item)));
  const loaded = await Promise.all(items.map((item) => load(context, noun, item, selected)));
  return loaded.filter((item) => item !== null);
}

/** Before 4.0 a label is the text `name:value`: the row that has both. */
async function named(context: Context, noun: Noun, text: readonly string[], item: unknown): Promise<unknown> {
  if (typeof item !== 'string') return item;
  const rows = await context.all(noun, '');
  return rows.find((row) => text.map((property) => String(row[property])).join(':') === item) ?? null;
}

async function members(
  context: Context,
  field: Extract<Field, { kind: 'members' }>,
  row: Row,
  selected: Selected,
): Promise<unknown> {
  const noun = catalogue.nouns[field.noun] as Noun;
  const held = row[field.from[0] ?? ''];
  const ids = (Array.isArray(held) ? held : []).map(idOf);
  const page = await Promise.all(ids.slice(0, selected.args.first).map((id) => load(context, noun, id, selected)));
  const nodes = page.filter((item) => item !== null);
  return {
    ...(selected.edges ? { edges: nodes.map((node) => ({ node })) } : { nodes }),
    ...(selected.total ? { totalCount: ids.length } : {}),
  };
}

/** Rows that point to this one: one list by a single key, `all=false` where the catalogue says so. */
async function reverse(context: Context, field: ReverseField, row: Row, selected: Selected): Promise<unknown> {
  const noun = catalogue.nouns[field.noun] as Noun;
  const also = Object.entries(field.also).map(([name, text]) => `${name}=${text}&`);
  const params = `${field.single}=${String(row['id'])}&${also.join('')}${orderParam(noun, selected.args)}`;
  return connection(context, noun, await context.all(noun, params), selected);
}

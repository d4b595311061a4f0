import { catalogue, type Field, type Noun, type ReverseField } from '../../src/generated/catalogue.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { expectedValue } from '../support/expected.ts';
import { matches } from './filters.ts';
import type { ListArgs, Operation, Selected } from './generate.ts';
import { createReading, type Reading, type Row } from './reading.ts';

/** Computes what an operation must answer from JumpServer alone: details one by one, and lists by a single key. */
export interface Oracle {
  evaluate(operation: Operation): Promise<unknown>;
  /** Every row of a noun; null when the server refuses its list, or has none. */
  rows(noun: Noun): Promise<readonly Row[] | null>;
}

/** An oracle over a sandbox. It shares nothing with the kit but the catalogue's facts. */
export function createOracle(sandbox: Sandbox, version: string, organization = 'DEFAULT'): Oracle {
  const reading = createReading(sandbox, version, organization);
  return {
    rows: (noun) => reading.list(noun, ''),
    evaluate: async ({ root, noun, one, selected }) => {
      if (one) return { [root]: await load(reading, noun, await idBy(reading, noun, one), selected) };
      const rows = await all(reading, noun, orderParam(noun, selected.args));
      return { [root]: await connection(reading, noun, rows, selected) };
    },
  };
}

/** Every row of a list, each with its detail. */
async function all(reading: Reading, noun: Noun, params: string): Promise<readonly Row[]> {
  const rows = (await reading.list(noun, params)) ?? [];
  return Promise.all(rows.map(async (row) => ({ ...row, ...(await reading.detail(noun, String(row['id']))) })));
}

/** JumpServer's id of the row that a root's argument names. */
async function idBy(
  reading: Reading,
  noun: Noun,
  { argument, value }: NonNullable<Operation['one']>,
): Promise<unknown> {
  if (argument !== 'id') return (await reading.list(noun, ''))?.find((row) => row[argument] === value)?.['id'];
  const [, id] = Buffer.from(value, 'base64url').toString().split(':');
  return value.includes('-') || /^\d+$/.test(value) ? value : id;
}

function orderParam(noun: Noun, { order }: ListArgs): string {
  const asked = order ? [`${order.descending ? '-' : ''}${order.column}`] : [];
  const rest = noun.order.filter((column) => column.replace('-', '') !== order?.column);
  return `order=${[...asked, ...rest].join(',')}`;
}

async function connection(reading: Reading, noun: Noun, rows: readonly Row[], selected: Selected): Promise<unknown> {
  const { args } = selected;
  const matching = rows.filter((row) => matches(noun, row, args.filter));
  const start = args.offset ?? 0;
  const page = matching.slice(start, start + (args.first ?? 50));
  return pageOf(
    await Promise.all(page.map((row) => object(reading, noun, row, selected.below))),
    matching.length,
    selected,
  );
}

function pageOf(nodes: readonly unknown[], count: number, { edges, total }: Selected): unknown {
  return {
    ...(edges ? { edges: nodes.map((node) => ({ node })) } : { nodes }),
    ...(total ? { totalCount: count } : {}),
  };
}

/** The concrete type of a row. */
function typeOf({ name, variants }: Noun, row: Row): string {
  if (!variants) return name;
  const value = row[variants.property];
  return variants.types[String((value as { value?: unknown } | null)?.value ?? value)] ?? variants.other;
}

/** A row as selected; what only its type has comes from that type's own list. */
async function object(
  reading: Reading,
  noun: Noun,
  row: Row,
  below: readonly Selected[],
): Promise<Record<string, unknown>> {
  const type = typeOf(noun, row);
  const own = noun.variants && type !== noun.name ? (catalogue.nouns[type] as Noun) : noun;
  const whole = own === noun ? row : { ...(await reading.detail(own, String(row['id']))), ...row };
  return fields(
    reading,
    own,
    whole,
    below.filter(({ on }) => on === undefined || on === type),
  );
}

async function fields(
  reading: Reading,
  noun: Noun | undefined,
  row: Row,
  below: readonly Selected[],
): Promise<Record<string, unknown>> {
  const entries = await Promise.all(
    below.map(async (selected) => [selected.alias, await value(reading, noun, row, selected)]),
  );
  return Object.fromEntries(entries);
}

async function value(reading: Reading, noun: Noun | undefined, row: Row, selected: Selected): Promise<unknown> {
  const { field } = selected;
  if (field === 'id') return Buffer.from(`${noun?.name}:${String(row['id'])}`).toString('base64url');
  if (field === 'uuid') return String(row['id']);
  if (field === 'number') return Number(row['id']);
  switch (field.kind) {
    case 'value':
      return expectedValue(field, at(row, field.from));
    case 'object':
      return objects(reading, at(row, field.from), selected);
    case 'part':
      return part(reading, field, row, selected);
    case 'ref':
      return related(reading, field, row, selected);
    case 'members':
      return members(reading, field, row, selected);
    case 'reverse':
      return reverse(reading, field, row, selected);
    case 'custom':
      throw new Error(`the oracle does not know what is written by hand: ${selected.name}`);
  }
}

/** What stands at a path inside a row. */
function at(row: Row, path: readonly string[]): unknown {
  return path.reduce<unknown>((here, name) => (here as Row | null | undefined)?.[name], row);
}

/** Objects that stand inside the row and have no identity. */
function objects(reading: Reading, held: unknown, selected: Selected): unknown {
  if (held === null || held === undefined) return null;
  if (Array.isArray(held)) return Promise.all(held.map((item) => objects(reading, item, selected)));
  return fields(reading, undefined, held as Row, selected.below);
}

/** What only one kind of rows has, from that kind's own list. */
async function part(
  reading: Reading,
  { path, when }: Extract<Field, { kind: 'part' }>,
  row: Row,
  selected: Selected,
): Promise<unknown> {
  const kind = row[when.property];
  if (String((kind as { value?: unknown } | null)?.value ?? kind) !== when.value) return null;
  return objects(reading, await reading.get(`${path}${String(row['id'])}/`), selected);
}

function idOf(item: unknown): string | null {
  const id = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : item;
  return id === null || id === undefined || id === '' ? null : String(id);
}

async function load(
  reading: Reading,
  noun: Noun,
  item: unknown,
  selected: Selected,
): Promise<Record<string, unknown> | null> {
  const id = idOf(item);
  const row = id === null ? null : await reading.detail(noun, id);
  return row && object(reading, noun, row, selected.below);
}

async function related(
  reading: Reading,
  field: Extract<Field, { kind: 'ref' }>,
  row: Row,
  selected: Selected,
): Promise<unknown> {
  const noun = catalogue.nouns[field.noun] as Noun;
  const held = row[field.from[0] ?? ''];
  if (!field.list) return load(reading, noun, held, selected);
  if (!Array.isArray(held)) return null;
  const items = await Promise.all(held.map((item) => (field.text ? named(reading, noun, field.text, item) : item)));
  const loaded = await Promise.all(items.map((item) => load(reading, noun, item, selected)));
  return loaded.filter((item) => item !== null);
}

/** Before 4.0 a label is the text `name:value`: the row that has both. */
async function named(reading: Reading, noun: Noun, text: readonly string[], item: unknown): Promise<unknown> {
  if (typeof item !== 'string') return item;
  const rows = (await reading.list(noun, '')) ?? [];
  return rows.find((row) => text.map((property) => String(row[property])).join(':') === item) ?? null;
}

async function members(
  reading: Reading,
  field: Extract<Field, { kind: 'members' }>,
  row: Row,
  selected: Selected,
): Promise<unknown> {
  const noun = catalogue.nouns[field.noun] as Noun;
  const held = row[field.from[0] ?? ''];
  const ids = (Array.isArray(held) ? held : []).map(idOf);
  const page = await Promise.all(ids.slice(0, selected.args.first).map((id) => load(reading, noun, id, selected)));
  return pageOf(
    page.filter((item) => item !== null),
    ids.length,
    selected,
  );
}

/** Rows that point to this one: one list by a single key, `all=false` where the catalogue says so. */
async function reverse(reading: Reading, field: ReverseField, row: Row, selected: Selected): Promise<unknown> {
  const noun = catalogue.nouns[field.noun] as Noun;
  const order = orderParam(noun, selected.args);
  const also = Object.entries(field.also).map(([name, text]) => `${name}=${text}&`);
  const params = `${field.single}=${String(row['id'])}&${also.join('')}`;
  const rows = await all(reading, noun, reading.has(field) ? `${params}${order}` : order);
  return connection(
    reading,
    noun,
    reading.has(field) ? rows : rows.filter((one) => pointsTo(one, field, row)),
    selected,
  );
}

/** Whether a row names another by its properties; older servers have no filter for it. */
function pointsTo(row: Row, { by }: ReverseField, other: Row): boolean {
  return by.some(({ theirs, mine }) => [row[theirs]].flat().map(idOf).includes(String(other[mine])));
}

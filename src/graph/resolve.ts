import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import type {
  Catalogue,
  Field,
  MembersField,
  Noun,
  ObjectField,
  PartField,
  RefField,
  ReverseField,
  ValueField,
} from '../generated/catalogue.ts';
import { readAhead } from './ahead.ts';
import { isTotalOnly } from './asks.ts';
import { type Connection, cutPage, toConnection } from './connection.ts';
import type { GraphContext, Scope } from './context.ts';
import { badInput, brokenContract, GraphError, unsupported } from './errors.ts';
import type { Route } from './fetch.ts';
import { toGlobalId, toRowId } from './identity.ts';
import { type Mark, type PageArguments, toMark, toPageRequest } from './page.ts';
import { isEmbedded, type Plan, planFor, type Site } from './plan.ts';
import { type ListArguments, type Question, type RuleValue, toQuestion } from './question.ts';
import { toReading } from './reading.ts';
import { knownCount, toReverseQuestion } from './reverse-question.ts';
import { isRow, type Json, type Row, readPath, relatedId, scopeOf, tagAll, tagForeign, tagRow } from './row.ts';
import { createConverter } from './values.ts';

/** What a resolver answers: JumpServer's JSON, rows or pages of them. */
export type Answer = Json | Connection | readonly Promise<Row | null>[];

/** A resolver: of a row, with any arguments and with an answer that JumpServer gave, or of others, which it names. */
export type Resolver<Result = Answer, Source = Row, Arguments = Record<string, unknown>> = GraphQLFieldResolver<
  Source,
  GraphContext,
  Arguments,
  Result | Promise<Result>
>;

/** The operation's plan, made by the first resolver that needs it. */
export function planOf(context: GraphContext, info: GraphQLResolveInfo): Plan {
  context.plan ??= planFor(context.catalogue, info);
  return context.plan;
}

/** Makes the resolver of a catalogue field; undefined for fields that are served by hand. */
export function createFieldResolver(
  catalogue: Catalogue,
  type: string,
  name: string,
  field: Field,
): Resolver | undefined {
  const coordinate = `${type}.${name}`;
  switch (field.kind) {
    case 'value':
      return createValueResolver(catalogue, type, coordinate, field);
    case 'object':
      return createObjectResolver(catalogue, type, coordinate, field);
    case 'ref':
      return createRefResolver(coordinate, field);
    case 'members':
      return createMembersResolver(coordinate, field);
    case 'reverse':
      return createReverseResolver(catalogue, field);
    case 'part':
      return createPartResolver(type, field);
    case 'custom':
      return undefined;
  }
}

/** The identity fields that every noun has. */
export function identityResolvers(noun: Noun): Record<string, Resolver> {
  const own = (row: Row) => String(row['id']).toLowerCase();
  return {
    id: toReading((row) => toGlobalId(noun.name, own(row))),
    ...(noun.id === 'INT' ? { number: toReading((row) => Number(row['id'])) } : { uuid: toReading(own) }),
  };
}

/**
 * A property that was asked for and did not come: an older server or an edition lacks it. Objects inside a row are looser,
 * their absent properties are null.
 */
function missing(coordinate: string, required: boolean): never {
  if (required) throw brokenContract(`${coordinate}: JumpServer's row lacks it.`);
  throw unsupported(`${coordinate}: the connected JumpServer (or its edition) does not give it.`);
}

function createValueResolver(catalogue: Catalogue, type: string, coordinate: string, field: ValueField): Resolver {
  const convert = createConverter(field, catalogue.enums, coordinate);
  const strict = type in catalogue.nouns;
  const { from } = field;
  const [property] = from;
  const read =
    from.length === 1 && property !== undefined ? (row: Row) => row[property] : (row: Row) => readPath(row, from);
  return toReading((row, context) => {
    const value = read(row);
    if (value === undefined && strict) missing(coordinate, field.required);
    return convert(value, context);
  });
}

function createObjectResolver(catalogue: Catalogue, type: string, coordinate: string, field: ObjectField): Resolver {
  const strict = type in catalogue.nouns;
  return toReading((row, context) => {
    const value = field.from.length === 0 ? row : readPath(row, field.from);
    if (value === undefined && strict) missing(coordinate, field.required);
    assertShape(coordinate, field, value);
    const scope = scopeOf(row, context.scope);
    if (value !== row && scope !== context.scope)
      for (const part of Array.isArray(value) ? value : [value]) if (isRow(part)) tagRow(part, scope);
    return value ?? null;
  });
}

function assertShape(coordinate: string, { list, required }: ObjectField, value: unknown): void {
  const isNone = value === null || value === undefined;
  if (isNone ? required : list && !Array.isArray(value))
    throw brokenContract(
      `${coordinate}: expected ${list ? 'a list' : 'an object'} from JumpServer, got ${isNone ? 'none' : typeof value}.`,
    );
}

function createRefResolver(coordinate: string, field: RefField): Resolver {
  const property = field.from[0] ?? '';
  return (row, _args, context, info) => {
    const value = row[property];
    if (value === undefined) missing(coordinate, false);
    const scope = scopeOf(row, context.scope);
    const site = planOf(context, info).site(info);
    if (field.list) return loadRefs(field, coordinate, value, scope, context, site);
    const id = relatedId(value);
    if (id === null) return null;
    if (isEmbedded(field, site)) return embeddedRow(field, row, value, id, scope, context);
    return scope.reader.load(field.noun, id);
  };
}

/** The related row as far as it stands in the own row. */
function embeddedRow(field: RefField, row: Row, value: unknown, id: string, scope: Scope, context: GraphContext): Row {
  const found = isRow(value) ? value : { id, ...(field.nameKey ? { name: row[field.nameKey] } : {}) };
  return tagForeign(found, scope, context);
}

function loadRefs(
  field: RefField,
  coordinate: string,
  value: unknown,
  scope: Scope,
  context: GraphContext,
  site: Site,
): Answer | Promise<Answer> {
  if (value === null) return null;
  if (!Array.isArray(value)) throw brokenContract(`${coordinate}: expected a list from JumpServer.`);
  if (field.text && value.some((item) => typeof item === 'string'))
    return loadTexts(field, field.text, value, scope, site);
  if (isEmbedded(field, site)) {
    const rows = value.map(toMember);
    return tagAll(rows, scope, context);
  }
  return loadVisible(field.noun, coordinate, value, scope, context);
}

/** Rows that an older server gives as texts: their parts are enough, or the noun's rows are read once and matched. */
async function loadTexts(
  field: RefField,
  text: readonly string[],
  items: readonly unknown[],
  scope: Scope,
  site: Site,
): Promise<Row[]> {
  const keys = items.map(String);
  const keyOf = (row: Row) => text.map((property) => String(row[property])).join(':');
  if (![...site.properties].every((property) => text.includes(property))) {
    const rows = await scope.reader.scan(field.noun, ['id', ...text, ...site.properties]);
    const byText = new Map(rows.map((row) => [keyOf(row), row]));
    return keys.map((key) => byText.get(key)).filter((row) => row !== undefined);
  }
  return keys.map((key) => {
    const parts = key.split(':');
    const rest = parts.slice(text.length - 1).join(':');
    return Object.fromEntries(
      text.map((property, index) => [property, index === text.length - 1 ? rest : parts[index]]),
    );
  });
}

/** Loads related rows by id; those that the caller may not see are left out, with a warning. */
async function loadVisible(
  noun: string,
  coordinate: string,
  items: readonly unknown[],
  scope: Scope,
  context: GraphContext,
): Promise<Row[]> {
  const ids = items.map(relatedId).filter((id) => id !== null);
  const rows = await scope.reader.loadMany(noun, ids);
  const visible = rows.filter((row) => row !== null);
  if (visible.length < items.length) {
    context.warn({
      code: 'HIDDEN',
      message: `${coordinate}: some rows are not visible to the caller and are left out.`,
    });
  }
  return visible;
}

function createMembersResolver(coordinate: string, field: MembersField): Resolver {
  const property = field.from[0] ?? '';
  return async (row, args, context, info) => {
    const scope = scopeOf(row, context.scope);
    const site = planOf(context, info).site(info);
    const mark = toMark([field.noun, coordinate, row['id']]);
    const request = toPageRequest(args as PageArguments, mark);
    const members = row[property];
    if (!Array.isArray(members)) return countOnly(coordinate, field, row, site, mark);
    const slice = cutPage(members.map(toMember), request);
    if (isEmbedded(field, site)) return toConnection({ ...slice, rows: tagAll(slice.rows, scope, context) }, mark);
    const rows = await loadVisible(field.noun, coordinate, slice.rows, scope, context);
    return toConnection({ ...slice, rows }, mark);
  };
}

/** A member is an object, or its id alone. */
function toMember(member: Json): Row {
  return isRow(member) ? member : { id: member };
}

function countOnly(coordinate: string, field: MembersField, row: Row, site: Site, mark: Mark): Connection {
  const count = field.count ? row[field.count] : undefined;
  const onlyTotal = site.parts.size === 1 && site.parts.has('totalCount');
  if (!onlyTotal || typeof count !== 'number') missing(coordinate, false);
  return toConnection({ rows: [], start: 0, total: count }, mark);
}

function createReverseResolver(catalogue: Catalogue, field: ReverseField): Resolver {
  return async (row, args, context, info) => {
    const scope = scopeOf(row, context.scope);
    const site = planOf(context, info).site(info);
    const asked = toReverseQuestion(catalogue, field, await scope.reader.capabilities(), args, site, row['id']);
    const { mark } = asked.request;
    const count = knownCount(asked, row);
    if (count !== undefined) return toConnection({ rows: [], start: 0, total: count }, mark);
    return toConnection(await scope.reader.reverse(site, asked, row), mark);
  };
}

function createPartResolver(type: string, field: PartField): Resolver {
  return (row, _args, context) => {
    const value = row[field.when.property];
    const wire = isRow(value) ? value['value'] : value;
    if (String(wire) !== field.when.value) return null;
    const id = relatedId(row['id']);
    return id === null ? null : scopeOf(row, context.scope).reader.loadPart(field, type, id);
  };
}

/** The root for one row: by id, or by a field that is unique. */
export function createOneResolver(catalogue: Catalogue, noun: Noun): Resolver {
  return async (source, args, context, info) => {
    const scope = scopeOf(source, context.scope);
    planOf(context, info);
    const given = Object.entries(args).filter(([, value]) => value !== null && value !== undefined);
    const [only] = given;
    if (!only || given.length > 1)
      throw badInput(
        `${info.fieldName}: expected one of ${['id', ...Object.keys(noun.unique)].join(', ')}, got ${given.length}.`,
      );
    const [name, value] = only;
    if (name === 'id') return scope.reader.load(noun.name, toRowId(noun, String(value)));
    return findUnique(catalogue, noun, name, String(value), scope, planOf(context, info).site(info));
  };
}

/** Finds a row by a field that is unique; JumpServer's filter may match more loosely, so the row's own value decides. */
async function findUnique(
  catalogue: Catalogue,
  noun: Noun,
  name: string,
  value: string,
  scope: Scope,
  site: Site,
): Promise<Row | null> {
  const field = catalogue.nouns[noun.name]?.fields[name];
  const property = field?.kind === 'value' ? (field.from[0] ?? name) : name;
  const mark = toMark([noun.name, name]);
  const question = {
    params: { [noun.unique[name] ?? property]: value },
    rules: [],
    order: noun.order,
    impossible: value === '',
  };
  const properties = new Set([...site.properties, property]);
  const { rows } = await scope.reader.list(noun.name, question, toPageRequest({ first: 10 }, mark), properties);
  const named = rows.filter((row) => row[property] === value);
  if (named.length > 1) {
    const message = `${name}: ${named.length} ${noun.name} rows have it; ask in one organisation, or by id.`;
    throw new GraphError('CONFLICT', message, { count: named.length });
  }
  return named[0] ?? null;
}

/** The root for a list of rows. */
export function createManyResolver(catalogue: Catalogue, noun: Noun): Resolver {
  return createListResolver(catalogue, noun, () => ({}));
}

/** What a hand-written relation narrows the list to; null when no row can match. */
export interface Narrowing {
  readonly params?: Readonly<Record<string, string>>;
  readonly rules?: readonly RuleValue[];
  /** Another address that gives the noun's rows. */
  readonly route?: Route;
  /** The rows are in several places: what each of them is asked beside the rest. */
  readonly places?: readonly Readonly<Record<string, string>>[];
}

/** A connection of a noun's rows, narrowed by something of the row it stands on: the client's filter, search and order hold within it. */
export function createListResolver(
  catalogue: Catalogue,
  noun: Noun,
  narrow: (row: Row, context: GraphContext, info: GraphQLResolveInfo) => Narrowing | null | Promise<Narrowing | null>,
): Resolver {
  return async (source, args, context, info) => {
    const scope = scopeOf(source, context.scope);
    const plan = planOf(context, info);
    const site = plan.site(info);
    const narrowing = await narrow(source, context, info);
    // `attr_rules` is known to be obeyed at the noun's own address alone
    const { rules: _, ...elsewhere } = noun;
    const asking = narrowing?.route ? elsewhere : noun;
    const capabilities = await scope.reader.capabilities();
    const question = narrowed(toQuestion(catalogue, asking, capabilities, args as ListArguments), narrowing);
    const mark = markOf(await scope.session.organizationId(), noun, question);
    const request = toPageRequest(args as PageArguments, mark);
    if (!question.impossible)
      readAhead(catalogue, scope.reader, capabilities, { site, rows: request.size }, plan, info);
    const page = isTotalOnly(site.parts) ? { ...request, size: 0 } : request;
    return toConnection(await scope.reader.list(noun.name, question, page, site.properties), mark);
  };
}

function narrowed(asked: Question, narrowing: Narrowing | null): Question {
  const { params, rules = [], route, places } = narrowing ?? {};
  return {
    ...asked,
    params: { ...asked.params, ...params },
    rules: [...asked.rules, ...rules],
    impossible: asked.impossible || narrowing === null || isContradiction(asked.params, params),
    ...(route && { route }),
    ...(places && { places }),
  };
}

function markOf(organization: string, noun: Noun, { params, rules, order, route, places }: Question): Mark {
  return toMark([organization, noun.name, params, rules, order, ...(route || places ? [route, places] : [])]);
}

/** Whether the client's filter asks for another value of what the place itself fixes. */
function isContradiction(asked: Readonly<Record<string, string>>, fixed: Narrowing['params']): boolean {
  return Object.entries(fixed ?? {}).some(([name, value]) => asked[name] !== undefined && asked[name] !== value);
}

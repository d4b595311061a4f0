import { catalogue, type Field, type Noun, type ReverseField } from '../../src/generated/catalogue.ts';
import { compareVersions } from '../../src/upstream/index.ts';
import { type Filters, someFilter } from './filters.ts';
import { printOperation } from './print.ts';
import { pick, type Random } from './random.ts';

/** One selected field of an operation. */
export interface Selected {
  readonly alias: string;
  readonly name: string;
  readonly field: Field | 'id' | 'uuid' | 'number';
  /** The one type of an interface's rows that has the field. */
  readonly on?: string;
  readonly args: ListArgs;
  readonly below: readonly Selected[];
  /** For connections: whether `totalCount` is asked, and whether rows come through `edges`. */
  readonly total: boolean;
  readonly edges: boolean;
}

/** Arguments of a list. */
export interface ListArgs {
  readonly first?: number;
  readonly offset?: number;
  readonly filter?: Filters;
  readonly order?: { readonly field: string; readonly column: string; readonly descending: boolean };
}

/** A whole operation: a list, or one row by an argument of its root. */
export interface Operation {
  readonly root: string;
  readonly noun: Noun;
  readonly one?: { readonly argument: string; readonly value: string };
  readonly selected: Selected;
  readonly text: string;
}

/** Rows of each noun as JumpServer gives them: where the values come from that operations ask by. */
export type Samples = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** The roots that list these nouns. */
export function listRoots(nouns: ReadonlySet<string>): string[] {
  return Object.entries(catalogue.roots).flatMap(([root, { noun, list }]) => (list && nouns.has(noun) ? [root] : []));
}

/** What operations are made of: the nouns that may be read, and rows of theirs. */
export interface Material {
  readonly nouns: ReadonlySet<string>;
  readonly samples: Samples;
  readonly version: string;
}

/** Fields that newer servers give no more. */
const GONE: Readonly<Record<string, string>> = {
  'Endpoint.mysqlPort': '4.10.19',
  'Endpoint.mariadbPort': '4.10.19',
  'Endpoint.postgresqlPort': '4.10.19',
  'Endpoint.redisPort': '4.10.19',
  'Endpoint.oraclePort': '4.10.19',
  'Endpoint.sqlserverPort': '4.10.19',
};

/** Fields that are not the same in a row's list and in its detail, and why. */
const AVOID: Readonly<Record<string, string>> = {
  'User.orgRoles': 'some servers do not give it',
  'Session.commandsCount': 'counted anew at every reading',
  'Label.resourcesCount': 'counted anew at every reading',
};

/** Generates one read of a root: filters, orders, pages, relations and fragments, at most `depth` relations deep. */
export function generateOperation(random: Random, root: string, material: Material, depth: number): Operation {
  const { noun: name, list } = catalogue.roots[root] as { noun: string; list: boolean };
  const noun = catalogue.nouns[name] as Noun;
  const one = list ? undefined : someRow(random, noun, material);
  const selected = {
    alias: root,
    name: root,
    field: 'id' as const,
    args: list ? listArgs(random, noun, material, random() < 0.5 ? 10 : 60) : {},
    below: selectRow(random, noun, material, depth),
    total: random() < 0.5,
    edges: random() < 0.3,
  };
  const operation = { root, noun, ...(one ? { one } : {}), selected };
  return { ...operation, text: printOperation(operation, random) };
}

const UNKNOWN_ID = { UUID: '00000000-dead-4bad-8bad-000000000000', INT: '987654321' } as const;

/** One row by its id in either form, or by a field that is unique; now and then nobody's. */
function someRow(random: Random, noun: Noun, { samples }: Material): NonNullable<Operation['one']> {
  const rows = samples[noun.name] ?? [];
  const id = rows.length === 0 || random() < 0.1 ? UNKNOWN_ID[noun.id] : String(pick(random, rows)['id']);
  const [unique] = Object.keys(noun.unique);
  const text = unique && rows.length > 0 ? pick(random, rows)[unique] : undefined;
  if (unique && typeof text === 'string' && random() < 0.3) return { argument: unique, value: text };
  const isGlobal = random() < 0.5;
  return { argument: 'id', value: isGlobal ? Buffer.from(`${noun.name}:${id}`).toString('base64url') : id };
}

function listArgs(random: Random, noun: Noun, { samples, version }: Material, most: number): ListArgs {
  const filter = random() < 0.4 ? someFilter(random, noun, samples[noun.name] ?? [], version) : undefined;
  const orders = Object.entries(noun.orders);
  const [field, column] = orders.length > 0 ? pick(random, orders) : ['', ''];
  return {
    first: 1 + Math.floor(random() * most),
    ...(random() < 0.25 ? { offset: Math.floor(random() * 8) } : {}),
    ...(filter ? { filter } : {}),
    ...(field && random() < 0.4 ? { order: { field, column, descending: random() < 0.5 } } : {}),
  };
}

/** Whether a server of this version gives the field. */
function isGiven(field: Field, version: string): boolean {
  return !('since' in field) || field.since === undefined || compareVersions(version, field.since) >= 0;
}

/** What is selected of a noun's row: its identity and some fields, those of its own type too where rows are of several. */
function selectRow(random: Random, noun: Noun, material: Material, depth: number): Selected[] {
  const name = pick(random, ['id', noun.id === 'INT' ? 'number' : 'uuid'] as const);
  const identity = { alias: 'self', name, field: name, args: {}, below: [], total: false, edges: false };
  const types = [
    ...new Set([...Object.values(noun.variants?.types ?? {}), ...(noun.variants ? [noun.variants.other] : [])]),
  ];
  const special = types.flatMap((type) =>
    selectFields(random, type, material, depth, (field) => !(field in noun.fields)).map((selected) => ({
      ...selected,
      alias: `${selected.name}Of${type}`,
      on: type,
    })),
  );
  return [identity, ...selectFields(random, noun.name, material, depth), ...special];
}

function selectFields(
  random: Random,
  type: string,
  material: Material,
  depth: number,
  isWanted = (_field: string) => true,
): Selected[] {
  const all = (catalogue.nouns[type] ?? catalogue.objects[type])?.fields ?? {};
  const fields = Object.entries(all).filter(
    ([name, field]) =>
      isWanted(name) && isGiven(field, material.version) && isUsable(`${type}.${name}`, field, material, depth),
  );
  if (fields.length === 0) return [];
  const chosen = new Set(Array.from({ length: 1 + Math.floor(random() * 5) }, () => pick(random, fields)));
  return [...chosen].map(([name, field], index) => select(random, name, field, index, material, depth));
}

function isUsable(coordinate: string, field: Field, { nouns, version }: Material, depth: number): boolean {
  if (coordinate in AVOID || field.kind === 'custom') return false;
  if (compareVersions(version, GONE[coordinate] ?? '999') >= 0) return false;
  if (field.kind === 'reverse' && !isAnswered(field, version)) return false;
  if (field.kind === 'ref' || field.kind === 'members' || field.kind === 'reverse') {
    return depth > 0 && nouns.has(field.noun);
  }
  return true;
}

/** Rows that point to one are found by its filter, or, where older servers lack that, among all rows if those may be read. */
function isAnswered({ singleSince, noun }: ReverseField, version: string): boolean {
  const hasFilter = singleSince === undefined || compareVersions(version, singleSince) >= 0;
  return hasFilter || catalogue.nouns[noun]?.scan === true;
}

function select(
  random: Random,
  name: string,
  field: Field,
  index: number,
  material: Material,
  depth: number,
): Selected {
  const alias = random() < 0.3 ? `${name}${index}` : name;
  const args = argsOf(random, field, material);
  return {
    alias,
    name,
    field,
    args,
    below: below(random, field, material, depth),
    total: random() < 0.5,
    edges: random() < 0.3,
  };
}

function below(random: Random, field: Field, material: Material, depth: number): Selected[] {
  if ('noun' in field) return selectRow(random, catalogue.nouns[field.noun] as Noun, material, depth - 1);
  return field.kind === 'object' || field.kind === 'part' ? selectFields(random, field.type, material, depth) : [];
}

function argsOf(random: Random, field: Field, material: Material): ListArgs {
  if (field.kind === 'members') return { first: 1 + Math.floor(random() * 10) };
  return field.kind === 'reverse' ? listArgs(random, catalogue.nouns[field.noun] as Noun, material, 10) : {};
}

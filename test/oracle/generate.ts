import { catalogue, type Field, type Filter, type Noun } from '../../src/generated/catalogue.ts';
import { compareVersions } from '../../src/upstream/index.ts';

/** A source of numbers from 0 to 1. */
export type Random = () => number;

/** A random generator that a seed decides (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One selected field of an operation. */
export interface Selected {
  readonly alias: string;
  readonly name: string;
  readonly field: Field | 'id' | 'uuid' | 'number';
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
  readonly filter?: Readonly<Record<string, string | boolean>>;
  readonly order?: { readonly field: string; readonly column: string; readonly descending: boolean };
}

/** A whole operation. */
export interface Operation {
  readonly root: string;
  readonly noun: Noun;
  readonly selected: Selected;
  readonly text: string;
}

/** What can be picked as a filter's value: rows of each noun as JumpServer gives them. */
export type Samples = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** Fields that some servers do not give, or count anew at every reading. */
const AVOID = new Set(['User.orgRoles', 'Session.commandsCount', 'Label.resourcesCount']);

/** A filter that looks at roles in every organisation, while the row shows those of one. */
const AVOID_FILTERS = new Set(['User.orgRole']);

function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** What operations are made of. */
export interface Material {
  readonly nouns: readonly string[];
  readonly samples: Samples;
  readonly version: string;
}

/** Generates one read: a root list, filters, orders, pages, relations and fragments, at most `depth` relations deep. */
export function generateOperation(random: Random, material: Material, depth: number): Operation {
  const { nouns } = material;
  const roots = Object.entries(catalogue.roots).filter(([, root]) => root.list && nouns.includes(root.noun));
  const [root, { noun: name }] = pick(random, roots);
  const noun = catalogue.nouns[name] as Noun;
  const args = listArgs(random, noun, material, random() < 0.5 ? 10 : 60);
  const below = selectFields(random, noun, material, depth);
  const selected = {
    alias: root,
    name: root,
    field: 'id' as const,
    args,
    below,
    total: random() < 0.5,
    edges: random() < 0.3,
  };
  return { root, noun, selected, text: `query Generated { ${printList(selected, noun, random)} }` };
}

function listArgs(random: Random, noun: Noun, material: Material, most: number): ListArgs {
  const filter = random() < 0.4 ? someFilter(random, noun, material) : undefined;
  const orders = Object.entries(noun.orders);
  const [field, column] = orders.length > 0 ? pick(random, orders) : ['', ''];
  return {
    first: 1 + Math.floor(random() * most),
    ...(random() < 0.25 ? { offset: Math.floor(random() * 8) } : {}),
    ...(filter ? { filter } : {}),
    ...(field && random() < 0.4 ? { order: { field, column, descending: random() < 0.5 } } : {}),
  };
}

/** A filter by a value that one of the rows has, so that it matches something. */
function someFilter(random: Random, noun: Noun, { samples, version }: Material): ListArgs['filter'] {
  const candidates = Object.entries(noun.filters).filter(
    ([name, filter]) => propertyOf(noun, name, filter) !== undefined && isThere(filter, noun, version),
  );
  if (candidates.length === 0) return undefined;
  const [name, filter] = pick(random, candidates);
  const row = pick(random, samples[noun.name] ?? []);
  const value = row && sampleValue(shownBy(noun, name, row[propertyOf(noun, name, filter) ?? '']), filter);
  return value === undefined ? undefined : { [name]: value };
}

/** Whether a server of this version has the filter; one that lacks it is tested elsewhere. */
function isThere({ paramSince, rule }: Filter, noun: Noun, version: string): boolean {
  const ruled = rule !== undefined && (noun.rules === 'always' || compareVersions(version, '4.9.0') >= 0);
  return ruled || paramSince === undefined || compareVersions(version, paramSince) >= 0;
}

/** Whether a server of this version gives the field. */
function isGiven(field: Field, version: string): boolean {
  return !('since' in field) || field.since === undefined || compareVersions(version, field.since) >= 0;
}

/** The property that a filter compares, where it is a field of the noun. */
export function propertyOf(noun: Noun, name: string, filter: Filter): string | undefined {
  if (filter.list || filter.range || AVOID_FILTERS.has(`${noun.name}.${name}`)) return undefined;
  const field = fieldOf(noun, name);
  return field && 'from' in field && field.from.length === 1 && field.kind !== 'members' ? field.from[0] : undefined;
}

const fieldOf = (noun: Noun, filter: string): Field | undefined => noun.fields[filter] ?? noun.fields[`${filter}s`];

/** What a filter compares of a property: labels are asked as `name:value`, whatever the row shows of them. */
export function shownBy(noun: Noun, filter: string, value: unknown): unknown {
  const field = fieldOf(noun, filter);
  const text = field?.kind === 'ref' ? field.text : undefined;
  if (!text || !Array.isArray(value)) return value;
  return value.map((item) =>
    typeof item === 'string' ? item : text.map((property) => String(item[property])).join(':'),
  );
}

function sampleValue(value: unknown, filter: Filter): string | boolean | undefined {
  const item = Array.isArray(value) ? value[0] : value;
  const wire =
    typeof item === 'object' && item !== null
      ? ((item as { value?: unknown }).value ?? (item as { id?: unknown }).id)
      : item;
  if (wire === null || wire === undefined || wire === '') return undefined;
  if (filter.value === 'Boolean') return wire === true;
  if (filter.enum)
    return Object.entries(catalogue.enums[filter.enum] ?? {}).find(([, known]) => known === String(wire))?.[0];
  return String(wire);
}

function selectFields(random: Random, noun: Noun, material: Material, depth: number): Selected[] {
  const fields = Object.entries(noun.fields).filter(
    ([name, field]) =>
      isGiven(field, material.version) && isUsable(`${noun.name}.${name}`, field, material.nouns, depth),
  );
  const count = 1 + Math.floor(random() * 5);
  const chosen = new Set(Array.from({ length: count }, () => pick(random, fields)));
  const identity = pick(random, ['id', noun.id === 'INT' ? 'number' : 'uuid'] as const);
  const first: Selected = {
    alias: 'self',
    name: identity,
    field: identity,
    args: {},
    below: [],
    total: false,
    edges: false,
  };
  return [first, ...[...chosen].map(([name, field], index) => select(random, name, field, index, material, depth))];
}

function isUsable(coordinate: string, field: Field, nouns: readonly string[], depth: number): boolean {
  if (AVOID.has(coordinate)) return false;
  if (field.kind === 'value') return true;
  if (field.kind === 'ref' || field.kind === 'members' || field.kind === 'reverse') {
    return depth > 0 && nouns.includes(field.noun);
  }
  return false;
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
  const noun = 'noun' in field ? (catalogue.nouns[field.noun] as Noun) : undefined;
  const below = noun ? selectFields(random, noun, material, depth - 1) : [];
  const args = argsOf(random, field, noun, material);
  return { alias, name, field, args, below, total: random() < 0.5, edges: random() < 0.3 };
}

function argsOf(random: Random, field: Field, noun: Noun | undefined, material: Material): ListArgs {
  if (field.kind === 'members') return { first: 1 + Math.floor(random() * 10) };
  return field.kind === 'reverse' && noun ? listArgs(random, noun, material, 10) : {};
}

function printList(selected: Selected, noun: Noun, random: Random): string {
  const rows = printFields(selected.below, noun, random);
  const nodes = selected.edges ? `edges { cursor node { ${rows} } }` : `nodes { ${rows} }`;
  const alias = selected.alias === selected.name ? '' : `${selected.alias}: `;
  return `${alias}${selected.name}${printArgs(selected.args)} { ${nodes} ${selected.total ? 'totalCount' : ''} }`;
}

function printFields(fields: readonly Selected[], noun: Noun, random: Random): string {
  const texts = fields.map((field) => printField(field, random));
  const cut = random() < 0.3 ? Math.floor(random() * texts.length) : texts.length;
  const inline = texts.slice(cut);
  const fragment = inline.length > 0 ? `... on ${noun.name} @include(if: true) { ${inline.join(' ')} }` : '';
  return [...texts.slice(0, cut), fragment].join(' ');
}

function printField(selected: Selected, random: Random): string {
  const { alias, name, field } = selected;
  const label = alias === name ? name : `${alias}: ${name}`;
  if (typeof field === 'string') return label;
  if (field.kind === 'members' || field.kind === 'reverse') {
    return printList(selected, catalogue.nouns[field.noun] as Noun, random);
  }
  if (field.kind === 'ref')
    return `${label} { ${printFields(selected.below, catalogue.nouns[field.noun] as Noun, random)} }`;
  return field.kind === 'value' && field.value === 'Choice' ? `${label} { value label }` : label;
}

function printArgs({ first, offset, filter, order }: ListArgs): string {
  const parts = [
    ...(first === undefined ? [] : [`first: ${first}`]),
    ...(offset === undefined ? [] : [`offset: ${offset}`]),
    ...(filter
      ? [
          `filter: { ${Object.entries(filter)
            .map(([name, value]) => `${name}: ${printValue(name, value)}`)
            .join(', ')} }`,
        ]
      : []),
    ...(order ? [`orderBy: [{ field: ${order.field}, direction: ${order.descending ? 'DESC' : 'ASC'} }]`] : []),
  ];
  return parts.length > 0 ? `(${parts.join(', ')})` : '';
}

const ENUM_VALUE = /^[A-Z][A-Z0-9_]*$/;
const enumFilters = new Set(
  Object.values(catalogue.nouns).flatMap((noun) =>
    Object.entries(noun.filters)
      .filter(([, filter]) => filter.enum)
      .map(([name]) => name),
  ),
);

function printValue(name: string, value: string | boolean): string {
  return typeof value === 'string' && enumFilters.has(name) && ENUM_VALUE.test(value) ? value : JSON.stringify(value);
}

import {
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import type {
  Catalogue,
  Field,
  Filter,
  Inheritance,
  InputField,
  Match,
  Noun,
  ObjectType,
  Rule,
  ValueKind,
} from './catalogue-type.ts';
import {
  directiveOf,
  faultAt,
  type NounNode,
  nounsOf,
  type SourceModel,
  shapeOf,
  toConstant,
  toUpstreamName,
} from './source.ts';

/** Answers which embedded properties of a reference have the same shape as in the noun's own rows. */
export type EmbeddedShapes = (path: string, property: string, targetPath: string) => readonly string[];

const SCALARS: Readonly<Record<string, ValueKind>> = {
  String: 'String',
  Int: 'Int',
  Float: 'Float',
  Boolean: 'Boolean',
  ID: 'ID',
  DateTime: 'DateTime',
  Duration: 'Duration',
  JSON: 'JSON',
  Secret: 'Secret',
  Choice: 'Choice',
};

interface Building {
  readonly model: SourceModel;
  readonly nouns: ReadonlyMap<string, NounNode>;
  readonly objects: ReadonlyMap<string, ObjectTypeDefinitionNode>;
  readonly enums: ReadonlyMap<string, EnumTypeDefinitionNode>;
  readonly inputs: ReadonlyMap<string, InputObjectTypeDefinitionNode>;
  readonly embedded: EmbeddedShapes;
}

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

export type { Catalogue };

/** Turns the source SDL into the catalogue. Throws a {@link SourceError} with its place for a declaration that makes no sense. */
export function createCatalogue(model: SourceModel, embedded: EmbeddedShapes): Catalogue {
  const building = toBuilding(model, embedded);
  const nouns = Object.fromEntries([...building.nouns].map(([name, node]) => [name, toNoun(building, node)]));
  return {
    nouns,
    objects: Object.fromEntries([...building.objects].map(([name, node]) => [name, toObjectType(building, node)])),
    enums: Object.fromEntries([...building.enums].map(([name, node]) => [name, toEnum(node)])),
    inputs: Object.fromEntries([...building.inputs].map(([name, node]) => [name, toInput(building, node)])),
    roots: toRoots(building),
    calls: toCalls(model),
  };
}

function toBuilding(model: SourceModel, embedded: EmbeddedShapes): Building {
  const all = model.document.definitions;
  const byName = <T extends { name: { value: string } }>(nodes: readonly T[]) =>
    new Map(nodes.map((node) => [node.name.value, node]));
  const types = all.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);
  return {
    model,
    nouns: byName(nounsOf(model)),
    objects: byName(
      types.filter((node) => !directiveOf(node, 'rows') && !ROOTS.has(node.name.value) && node.name.value !== 'Choice'),
    ),
    enums: byName(all.filter((node) => node.kind === Kind.ENUM_TYPE_DEFINITION)),
    inputs: byName(all.filter((node) => node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)),
    embedded,
  };
}

function toEnum(node: EnumTypeDefinitionNode): Record<string, string> {
  return Object.fromEntries(
    (node.values ?? [])
      .filter((value) => value.name.value !== 'UNKNOWN')
      .map((value) => [value.name.value, String(directiveOf(value, 'from')?.['name'] ?? value.name.value)]),
  );
}

function toNoun(building: Building, node: NounNode): Noun {
  const rows = directiveOf(node, 'rows') ?? {};
  const fields = node.fields ?? [];
  return {
    name: node.name.value,
    path: String(rows['path']),
    id: rows['id'] === 'INT' ? 'INT' : 'UUID',
    scope: rows['scope'] === 'GLOBAL' ? 'GLOBAL' : 'ORGANIZATION',
    paged: rows['paged'] !== false,
    projects: rows['projects'] !== false,
    ids: rows['ids'] !== false,
    ...(rows['rules'] ? { rules: String(rows['rules']) } : {}),
    scan: rows['scan'] === true,
    detail: toStrings(rows['detail']),
    order: toStrings(rows['order']),
    ...(rows['needs'] ? { needs: String(rows['needs']) } : {}),
    ...(rows['spread'] ? { spread: toSpread(rows['spread']) } : {}),
    ...(rows['key'] ? { key: String(rows['key']) } : {}),
    ...(rows['capability'] ? { capability: String(rows['capability']) } : {}),
    ...(rows['language'] ? { language: String(rows['language']) } : {}),
    ...(rows['own'] ? { own: String(rows['own']) } : {}),
    ...(rows['licensed'] ? { licensed: String(rows['licensed']) } : {}),
    ...toVariants(building, node),
    unique: Object.fromEntries(toStrings(rows['unique']).map((field) => [field, uniqueParam(node, field)])),
    fields: Object.fromEntries(fields.map((field) => [field.name.value, toField(building, node, field)])),
    filters: toFilters(building, node),
    orders: Object.fromEntries(fields.flatMap((field) => toOrder(field))),
  };
}

function uniqueParam(node: NounNode, field: string): string {
  const found = node.fields?.find((candidate) => candidate.name.value === field);
  if (!found) throw faultAt(node, `${node.name.value}: "${field}" of unique is not a field.`);
  return String(directiveOf(found, 'filter')?.['as'] ?? upstreamPath(found).join('.'));
}

function toSpread(value: unknown): { noun: string; param: string } {
  const [noun = '', param = ''] = String(value).split(':');
  return { noun, param };
}

/** The concrete types of an interface's rows: those that implement it, each with the value that tells it. */
function toVariants(building: Building, node: NounNode): Pick<Noun, 'variants' | 'variantOf'> {
  if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION) {
    const base = node.interfaces?.find((name) => building.nouns.has(name.name.value));
    return base ? { variantOf: base.name.value } : {};
  }
  const property = directiveOf(node, 'rows')?.['by'];
  const types: Record<string, string> = {};
  let other: string | undefined;
  for (const type of building.nouns.values()) {
    const implemented = type.interfaces?.some((name) => name.name.value === node.name.value);
    if (!implemented) continue;
    const values = toStrings(directiveOf(type, 'variant')?.['when']);
    for (const value of values) types[value] = type.name.value;
    if (values.length === 0) other = type.name.value;
  }
  if (!property || !other)
    throw faultAt(node, `${node.name.value}: an interface needs by: and a type for other values.`);
  return { variants: { property: String(property), types, other } };
}

function toStrings(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function toObjectType(building: Building, node: ObjectTypeDefinitionNode): ObjectType {
  return {
    fields: Object.fromEntries((node.fields ?? []).map((field) => [field.name.value, toField(building, node, field)])),
  };
}

function upstreamPath(field: FieldDefinitionNode): string[] {
  const from = directiveOf(field, 'from')?.['name'];
  if (from === '') return [];
  return String(from ?? toUpstreamName(field.name.value)).split('.');
}

function toField(building: Building, owner: NounNode, field: FieldDefinitionNode): Field {
  const coordinate = `${owner.name.value}.${field.name.value}`;
  const shape = shapeOf(field.type);
  const needs = directiveOf(field, 'needs');
  if (needs || directiveOf(field, 'calls')) return toCustom(building, field, toStrings(needs?.['rows']));
  const since = directiveOf(field, 'since')?.['version'];
  const common = {
    from: upstreamPath(field),
    list: shape.list,
    required: shape.required,
    ...(since ? { since: String(since) } : {}),
  };
  const part = directiveOf(field, 'part');
  if (part)
    return {
      kind: 'part',
      type: shape.name,
      path: String(part['path']),
      when: toCondition(field, String(part['when'])),
    };
  if (building.nouns.has(shape.name)) return toRelation(building, owner, field, coordinate);
  if (building.objects.has(shape.name)) return { kind: 'object', type: shape.name, ...common };
  if (building.enums.has(shape.name)) return { kind: 'value', value: 'Enum', enum: shape.name, ...common };
  const value = SCALARS[shape.name];
  if (!value) throw faultAt(field, `${coordinate}: "${shape.name}" is not a type of the source SDL.`);
  return { kind: 'value', value, ...common };
}

function toCustom(building: Building, field: FieldDefinitionNode, needs: string[]): Field {
  if (!directiveOf(field, 'connection')) return { kind: 'custom', needs };
  const { name } = shapeOf(field.type);
  if (!building.nouns.has(name)) throw faultAt(field, `@connection: "${name}" is not a noun.`);
  return { kind: 'custom', needs, lists: name };
}

function toCondition(field: FieldDefinitionNode, when: string): { property: string; value: string } {
  const [property, value] = when.split('=');
  if (!property || value === undefined) throw faultAt(field, `@part(when: "${when}"): expected property=value.`);
  return { property, value };
}

function toRelation(building: Building, owner: NounNode, field: FieldDefinitionNode, coordinate: string): Field {
  const shape = shapeOf(field.type);
  const reverse = directiveOf(field, 'reverse');
  if (reverse) return toReverse(shape.name, reverse);
  const members = directiveOf(field, 'members');
  const ref = directiveOf(field, 'ref');
  if (!members && !ref)
    throw faultAt(field, `${coordinate}: a relation needs @ref, @members, @reverse or a resolver (@needs).`);
  const key = ref?.['key'];
  const from = key ? [String(key)] : upstreamPath(field);
  const nameKey = ref?.['name'];
  const alone = nameKey ? ['id', 'name'] : ['id'];
  const embedded = key ? alone : embeddedOf(building, owner, from[0] ?? '', shape.name);
  if (members) {
    const count = members['count'];
    return { kind: 'members', from, noun: shape.name, embedded, ...(count ? { count: String(count) } : {}) };
  }
  const since = directiveOf(field, 'since')?.['version'];
  return {
    kind: 'ref',
    from,
    noun: shape.name,
    list: shape.list,
    required: shape.required,
    idOnly: key !== undefined,
    embedded,
    ...(nameKey ? { nameKey: String(nameKey) } : {}),
    ...(ref?.['text'] ? { text: String(ref['text']).split(':') } : {}),
    ...(since ? { since: String(since) } : {}),
  };
}

function embeddedOf(building: Building, owner: NounNode, property: string, noun: string): readonly string[] {
  const path = directiveOf(owner, 'rows')?.['path'];
  const target = building.nouns.get(noun);
  const targetPath = target && directiveOf(target, 'rows')?.['path'];
  if (!path || !targetPath || target.kind === Kind.INTERFACE_TYPE_DEFINITION) return ['id'];
  return building.embedded(String(path), property, String(targetPath));
}

function toReverse(noun: string, reverse: Record<string, unknown>): Field {
  const also = toStrings(reverse['also']).map((pair) => pair.split('=', 2) as [string, string]);
  const by = toStrings(reverse['by']).map(toMatch);
  return {
    kind: 'reverse',
    noun,
    single: String(reverse['single']),
    also: Object.fromEntries(also),
    by,
    ...(reverse['rule'] ? { rule: toRule(reverse['rule']) } : {}),
    ...(reverse['lookup'] ? { lookup: String(reverse['lookup']) } : {}),
    ...(reverse['count'] ? { count: String(reverse['count']) } : {}),
    ...(reverse['inherit'] ? { inherit: toInheritance(reverse['inherit']) } : {}),
  };
}

/** `theirs`, or `theirs:mine`. */
function toMatch(text: string): Match {
  const [theirs = '', mine = 'id'] = text.split(':');
  return { theirs, mine };
}

function toInheritance(value: unknown): Inheritance {
  const { argument, along, above, below } = value as Record<'argument' | 'along' | 'above' | 'below', string>;
  const [tree = '', key = ''] = along.split(':');
  return { argument, tree, key, ...(above && { above: toMatch(above) }), ...(below && { below: toMatch(below) }) };
}

function toRule(value: unknown): Rule {
  const rule = value as { name: string; match?: string };
  return { name: rule.name, match: rule.match ?? 'in' };
}

function toOrder(field: FieldDefinitionNode): [string, string][] {
  const order = directiveOf(field, 'order');
  if (!order) return [];
  return [[toConstant(field.name.value), String(order['as'] ?? upstreamPath(field)[0])]];
}

function toFilters(building: Building, node: NounNode): Record<string, Filter> {
  const filters: Record<string, Filter> = {};
  for (const field of node.fields ?? []) {
    const directive = directiveOf(field, 'filter');
    if (!directive) continue;
    const param = String(directive['as'] ?? upstreamPath(field)[0]);
    addFilter(filters, filterName(field), toFilter(building, field, directive, param));
  }
  for (const field of building.inputs.get(`${node.name.value}Filter`)?.fields ?? []) {
    const directive = directiveOf(field, 'filter');
    if (!directive) throw faultAt(field, `${node.name.value}Filter.${field.name.value} needs @filter.`);
    const param = directive['as'] ? String(directive['as']) : undefined;
    filters[field.name.value] = { ...toFilter(building, field, directive, param), list: shapeOf(field.type).list };
  }
  return filters;
}

/** A list of references is filtered by one of them: `groups` → `group`. */
function filterName(field: FieldDefinitionNode): string {
  const name = field.name.value;
  return shapeOf(field.type).list && name.endsWith('s') ? name.slice(0, -1) : name;
}

function addFilter(filters: Record<string, Filter>, name: string, filter: Filter): void {
  filters[name] = filter;
  if (filter.rule && !filter.range) filters[`${name}In`] = { ...filter, list: true };
}

function toFilter(
  building: Building,
  field: FieldDefinitionNode | InputValueDefinitionNode,
  directive: Record<string, unknown>,
  param: string | undefined,
): Filter {
  const name = shapeOf(field.type).name;
  const target = directiveOf(field, 'id')?.['of'] ?? (building.nouns.has(name) ? name : undefined);
  return {
    ...(target ? { value: 'ID' as const, noun: String(target) } : toFilterValue(building, field, name)),
    list: false,
    ...(param && !directive['range'] ? { param } : {}),
    ...(directive['rule'] ? { rule: toRule(directive['rule']) } : {}),
    ...(directive['range'] ? { range: true } : {}),
    ...(directive['since'] ? { since: String(directive['since']) } : {}),
  };
}

function toFilterValue(
  building: Building,
  field: FieldDefinitionNode | InputValueDefinitionNode,
  name: string,
): { value: ValueKind; enum?: string } {
  if (building.enums.has(name)) return { value: 'Enum', enum: name };
  const value = SCALARS[name];
  if (!value) throw faultAt(field, `${field.name.value}: can't be filtered by "${name}".`);
  return { value: value === 'Choice' ? 'String' : value };
}

function toInput(building: Building, node: InputObjectTypeDefinitionNode): Record<string, InputField> {
  return Object.fromEntries((node.fields ?? []).map((field) => [field.name.value, toInputField(building, field)]));
}

function toInputField(building: Building, field: InputValueDefinitionNode): InputField {
  const shape = shapeOf(field.type);
  const to = String(directiveOf(field, 'from')?.['name'] ?? toUpstreamName(field.name.value));
  const noun = directiveOf(field, 'id')?.['of'];
  const text = noun ? textOf(building, String(noun)) : undefined;
  const base = { to, list: shape.list, ...(noun ? { noun: String(noun) } : {}), ...(text ? { text } : {}) };
  if (building.enums.has(shape.name)) return { ...base, value: 'Enum', enum: shape.name };
  if (building.inputs.has(shape.name)) return { ...base, value: 'Input', input: shape.name };
  const value = SCALARS[shape.name];
  if (!value) throw faultAt(field, `${field.name.value}: "${shape.name}" is not an input type of the source SDL.`);
  return { ...base, value };
}

/** How older servers tell, and take, rows of this noun where they stand in others: as texts of these properties. */
function textOf({ nouns }: Building, noun: string): string[] | undefined {
  const fields = [...nouns.values()].flatMap((node) => node.fields ?? []);
  const texts = fields.filter((field) => shapeOf(field.type).name === noun).map((field) => directiveOf(field, 'ref'));
  return texts.flatMap((ref) => (ref?.['text'] ? [String(ref['text']).split(':')] : []))[0];
}

function toRoots(building: Building): Catalogue['roots'] {
  const roots: Record<string, { noun: string; list: boolean }> = {};
  for (const [noun, node] of building.nouns) {
    const rows = directiveOf(node, 'rows') ?? {};
    if (rows['one']) roots[String(rows['one'])] = { noun, list: false };
    if (rows['many']) roots[String(rows['many'])] = { noun, list: true };
  }
  return roots;
}

function toCalls(model: SourceModel): Record<string, string[]> {
  const calls: Record<string, string[]> = {};
  for (const node of model.document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    const own = directiveOf(node, 'calls');
    if (own) calls[node.name.value] = toStrings(own['operations']);
    for (const field of node.fields ?? []) {
      const directive = directiveOf(field, 'calls');
      if (directive) calls[`${node.name.value}.${field.name.value}`] = toStrings(directive['operations']);
    }
  }
  return calls;
}

/** Every upstream operation that the source SDL uses: rows (list, detail), parts and `@calls`. Sorted, each once. */
export function operationsOf(catalogue: Catalogue): string[] {
  const operations = new Set<string>(Object.values(catalogue.calls).flat());
  for (const noun of Object.values(catalogue.nouns)) {
    operations.add(`GET ${noun.path}`);
    operations.add(`GET ${noun.path}{id}/`);
    if (noun.own) operations.add(`GET ${noun.own}`);
    for (const field of Object.values(noun.fields)) if (field.kind === 'part') operations.add(`GET ${field.path}`);
  }
  return [...operations].sort();
}

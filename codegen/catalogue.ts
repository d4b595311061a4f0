import { type EnumTypeDefinitionNode, Kind, type ObjectTypeDefinitionNode } from 'graphql';
import { toField } from './catalogue-fields.ts';
import { toFilters, toOrder } from './catalogue-filters.ts';
import { toInput } from './catalogue-inputs.ts';
import type { Catalogue, Noun, ObjectType } from './catalogue-type.ts';
import {
  type Declarations,
  type EmbeddedShapes,
  textsOf,
  toDeclarations,
  toStrings,
  upstreamPath,
} from './declarations.ts';
import { directiveOf, faultAt, type NounNode, type SourceModel } from './source.ts';

/** Turns the source SDL into the catalogue. Throws a {@link SourceError} with its place for a declaration that makes no sense. */
export function createCatalogue(model: SourceModel, embedded: EmbeddedShapes): Catalogue {
  const declared = toDeclarations(model, embedded);
  const nouns = Object.fromEntries([...declared.nouns].map(([name, node]) => [name, toNoun(declared, node)]));
  return {
    nouns,
    objects: Object.fromEntries([...declared.objects].map(([name, node]) => [name, toObjectType(declared, node)])),
    enums: Object.fromEntries([...declared.enums].map(([name, node]) => [name, toEnum(node)])),
    inputs: Object.fromEntries([...declared.inputs].map(([name, node]) => [name, toInput(declared, node)])),
    roots: toRoots(declared),
    calls: toCalls(model),
  };
}

function toEnum(node: EnumTypeDefinitionNode): Record<string, string> {
  return Object.fromEntries(
    (node.values ?? [])
      .filter((value) => value.name.value !== 'UNKNOWN')
      .map((value) => [value.name.value, String(directiveOf(value, 'from')?.['name'] ?? value.name.value)]),
  );
}

function toNoun(declared: Declarations, node: NounNode): Noun {
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
    scan: rows['scan'] === true,
    detail: toStrings(rows['detail']),
    order: toStrings(rows['order']),
    ...textsOf(rows, ['rules', 'needs', 'key', 'capability', 'language', 'own', 'licensed']),
    ...(rows['ownIds'] === true ? { ownIds: true } : {}),
    ...(rows['spread'] ? { spread: toSpread(rows['spread']) } : {}),
    ...toVariants(declared, node),
    unique: Object.fromEntries(toStrings(rows['unique']).map((field) => [field, uniqueParam(node, field)])),
    fields: Object.fromEntries(fields.map((field) => [field.name.value, toField(declared, node, field)])),
    filters: toFilters(declared, node),
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
function toVariants(declared: Declarations, node: NounNode): Pick<Noun, 'variants' | 'variantOf'> {
  if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION) {
    const base = node.interfaces?.find((name) => declared.nouns.has(name.name.value));
    return base ? { variantOf: base.name.value } : {};
  }
  const property = directiveOf(node, 'rows')?.['by'];
  const types: Record<string, string> = {};
  let other: string | undefined;
  for (const type of declared.nouns.values()) {
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

function toObjectType(declared: Declarations, node: ObjectTypeDefinitionNode): ObjectType {
  return {
    fields: Object.fromEntries((node.fields ?? []).map((field) => [field.name.value, toField(declared, node, field)])),
  };
}

function toRoots(declared: Declarations): Catalogue['roots'] {
  const roots: Record<string, { noun: string; list: boolean }> = {};
  for (const [noun, node] of declared.nouns) {
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

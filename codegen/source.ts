import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DefinitionNode,
  type DocumentNode,
  getLocation,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  Source,
  type TypeNode,
} from 'graphql';

/** A fault in the source SDL, with its place in `file:line:col` form. */
class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** The source SDL: all files of `schema/graph`, parsed, in the order of their names. */
export interface SourceModel {
  readonly document: DocumentNode;
}

type Located = { readonly loc?: DefinitionNode['loc'] };

/** Where a piece of source SDL stands, as `file:line:col`. */
function placeOf(node: Located): string {
  if (!node.loc) return 'schema/graph';
  const { line, column } = getLocation(node.loc.source, node.loc.start);
  return `${node.loc.source.name}:${line}:${column}`;
}

/** Makes the error for a fault at a node of the source SDL. */
export function faultAt(node: Located, message: string): SourceError {
  return new SourceError(`${placeOf(node)} ${message}`);
}

/** Reads and parses every `.graphql` file of a folder; definitions of one name in several files are told apart by the caller. */
export function readSource(folder: string, shown: string): SourceModel {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort();
  const definitions = files.flatMap(
    (file) => parse(new Source(readFileSync(join(folder, file), 'utf8'), `${shown}/${file}`)).definitions,
  );
  return { document: { kind: Kind.DOCUMENT, definitions: withInherited(definitions) } };
}

/** Parses source SDL from a text, for tests. */
export function parseSource(text: string, name = 'test.graphql'): SourceModel {
  return { document: { kind: Kind.DOCUMENT, definitions: withInherited(parse(new Source(text, name)).definitions) } };
}

/** A type that implements an interface which is a noun has that interface's fields without repeating them. */
function withInherited(definitions: readonly DefinitionNode[]): DefinitionNode[] {
  const interfaces = new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.INTERFACE_TYPE_DEFINITION && isNoun(node) ? [[node.name.value, node] as const] : [],
    ),
  );
  return definitions.map((node) => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return node;
    const own = new Set(node.fields?.map((field) => field.name.value));
    const inherited = (node.interfaces ?? [])
      .flatMap((name) => interfaces.get(name.name.value)?.fields ?? [])
      .filter((field) => !own.has(field.name.value));
    return inherited.length > 0 ? { ...node, fields: [...inherited, ...(node.fields ?? [])] } : node;
  });
}

/** The value of a directive's argument as plain data. */
function toPlain(value: ConstValueNode): unknown {
  switch (value.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return Number(value.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return value.value;
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return value.values.map(toPlain);
    case Kind.OBJECT:
      return Object.fromEntries(value.fields.map((field) => [field.name.value, toPlain(field.value)]));
  }
}

/** A directive of a node with its arguments as plain data, or undefined. */
export function directiveOf(
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  name: string,
): Record<string, unknown> | undefined {
  const found = node.directives?.find((directive) => directive.name.value === name);
  if (!found) return undefined;
  return Object.fromEntries((found.arguments ?? []).map((argument) => [argument.name.value, toPlain(argument.value)]));
}

/** What a type reference says: the named type, whether it is a list, whether it may be null. */
export interface TypeShape {
  readonly name: string;
  readonly list: boolean;
  readonly required: boolean;
}

/** Takes a type reference apart. */
export function shapeOf(type: TypeNode): TypeShape {
  const required = type.kind === Kind.NON_NULL_TYPE;
  const bare = required ? type.type : type;
  if (bare.kind === Kind.LIST_TYPE) return { name: shapeOf(bare.type).name, list: true, required };
  return { name: bare.name.value, list: false, required };
}

/** A noun as it is declared: an object type, or an interface whose rows are of several types. */
export type NounNode = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** Whether a definition is a noun: an object type or an interface with `@rows`. */
export function isNoun(node: DefinitionNode): node is NounNode {
  const isType = node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
  return isType && directiveOf(node, 'rows') !== undefined;
}

/** The nouns of the source. */
export function nounsOf(model: SourceModel): NounNode[] {
  return model.document.definitions.filter(isNoun);
}

/** `createdAt` → `date_created`, `lastLoginAt` → `date_last_login`, `isActive` → `is_active` (architecture.md §4). */
export function toUpstreamName(field: string): string {
  const snake = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return snake.endsWith('_at') ? `date_${snake.slice(0, -3)}` : snake;
}

/** `startedAt` → `STARTED_AT`. */
export function toConstant(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

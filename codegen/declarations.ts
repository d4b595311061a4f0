import {
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import type { ValueKind } from './catalogue-type.ts';
import { directiveOf, type NounNode, nounsOf, type SourceModel, toUpstreamName } from './source.ts';

/** Answers which embedded properties of a reference have the same shape as in the noun's own rows. */
export type EmbeddedShapes = (path: string, property: string, targetPath: string) => readonly string[];

/** The scalars of the source SDL, each of which is a kind of value. */
const SCALARS: readonly ValueKind[] = [
  'String',
  'Int',
  'Float',
  'Boolean',
  'ID',
  'DateTime',
  'Duration',
  'JSON',
  'Secret',
  'Choice',
];

/** What the source SDL declares, by kind and name, with what the contracts say of references. */
export interface Declarations {
  readonly model: SourceModel;
  readonly nouns: ReadonlyMap<string, NounNode>;
  readonly objects: ReadonlyMap<string, ObjectTypeDefinitionNode>;
  readonly enums: ReadonlyMap<string, EnumTypeDefinitionNode>;
  readonly inputs: ReadonlyMap<string, InputObjectTypeDefinitionNode>;
  readonly embedded: EmbeddedShapes;
}

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

/** Gathers the declarations of the source SDL. */
export function toDeclarations(model: SourceModel, embedded: EmbeddedShapes): Declarations {
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

/** A list of texts, of an argument that is one, a single text, or nothing. */
export function toStrings(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** Where a field stands in the row: `@from`, or its own name in upstream's spelling. */
export function upstreamPath(field: FieldDefinitionNode): string[] {
  const from = directiveOf(field, 'from')?.['name'];
  if (from === '') return [];
  return String(from ?? toUpstreamName(field.name.value)).split('.');
}

/** The kind of value that a scalar is; undefined for the name of anything else. */
export function scalarOf(name: string): ValueKind | undefined {
  return SCALARS.find((scalar) => scalar === name);
}

/** Of a directive's arguments those that are given, as texts. */
export function textsOf<Name extends string>(
  directive: Readonly<Record<string, unknown>> | undefined,
  names: readonly Name[],
): { readonly [N in Name]?: string } {
  const given = names.filter((name) => directive?.[name]);
  return Object.fromEntries(given.map((name) => [name, String(directive?.[name])])) as { [N in Name]?: string };
}

/** The version since which a field is there, if it says one. */
export function sinceOf(field: FieldDefinitionNode): { readonly since?: string } {
  const { version } = textsOf(directiveOf(field, 'since'), ['version']);
  return version ? { since: version } : {};
}

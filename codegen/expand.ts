import {
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import type { Catalogue, Noun } from './catalogue-type.ts';
import { connectionArguments, listTypesOf, PAGE_ARGUMENTS, rootsOf } from './expand-lists.ts';
import { payloadsOf, toMutation } from './expand-payloads.ts';
import { withFederation } from './federation.ts';
import { directiveOf, faultAt, isNoun, type NounNode, type SourceModel } from './source.ts';

const INTERNAL = new Set([
  'rows',
  'part',
  'from',
  'ref',
  'members',
  'reverse',
  'filter',
  'order',
  'since',
  'hidden',
  'needs',
  'calls',
  'id',
  'connection',
  'variant',
]);
const INTERNAL_TYPES = new Set(['IdKind', 'Inherit', 'RowScope', 'Rule']);

/** Prints the public SDL: nouns with identity, connections, filters, orders, roots and payloads, without internal directives. */
export function expandSource(model: SourceModel, catalogue: Catalogue): string {
  const kept = model.document.definitions.filter((node) => isPublic(node, catalogue));
  const merged = mergeObjects(kept, catalogue);
  const listed = listedNouns(catalogue);
  const added = Object.values(catalogue.nouns).flatMap((noun) =>
    listed.has(noun.name) ? listTypesOf(model, noun) : [],
  );
  const payloads = payloadsOf(model, catalogue);
  const roots = parse(rootsOf(catalogue)).definitions;
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: withRoots([...merged, ...added, ...payloads], roots),
  };
  const stripped = visit(document, { Directive: (node) => (INTERNAL.has(node.name.value) ? null : undefined) });
  const published = withFederation(stripped, catalogue);
  return `${published.definitions.map((node: DefinitionNode) => print(node)).join('\n\n')}\n`;
}

/** Nouns that a root or a relation lists; the others need no connection. */
function listedNouns(catalogue: Catalogue): ReadonlySet<string> {
  const roots = Object.values(catalogue.roots).flatMap(({ noun, list }) => (list ? [noun] : []));
  const owners = [...Object.values(catalogue.nouns), ...Object.values(catalogue.objects)];
  const relations = owners.flatMap(({ fields }) =>
    Object.values(fields).flatMap((field) => {
      if (field.kind === 'reverse' || field.kind === 'members') return [field.noun];
      return field.kind === 'custom' && field.lists ? [field.lists] : [];
    }),
  );
  return new Set([...roots, ...relations]);
}

function isPublic(node: DefinitionNode, catalogue: Catalogue): boolean {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return !INTERNAL.has(node.name.value);
  if (!('name' in node) || !node.name) return true;
  const name = node.name.value;
  if (INTERNAL_TYPES.has(name)) return false;
  return !(
    node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION &&
    name.endsWith('Filter') &&
    name.slice(0, -6) in catalogue.nouns
  );
}

function mergeObjects(nodes: readonly DefinitionNode[], catalogue: Catalogue): DefinitionNode[] {
  return nodes.map((node) => {
    const noun = 'name' in node && node.name ? catalogue.nouns[node.name.value] : undefined;
    if (noun && isNoun(node)) return toNounType(node, noun, catalogue);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) return node;
    if (node.name.value === 'Mutation')
      return { ...node, fields: (node.fields ?? []).map((field) => toMutation(field)) };
    return { ...node, fields: visibleFields(node.fields, catalogue, catalogue.objects[node.name.value]) };
  });
}

function visibleFields(
  fields: readonly FieldDefinitionNode[] | undefined,
  catalogue: Catalogue,
  owner: Pick<Noun, 'fields'> | undefined,
): FieldDefinitionNode[] {
  return (fields ?? [])
    .filter((field) => !directiveOf(field, 'hidden'))
    .map((field) => toPublicField(field, catalogue, owner));
}

function toPublicField(
  field: FieldDefinitionNode,
  catalogue: Catalogue,
  owner: Pick<Noun, 'fields'> | undefined,
): FieldDefinitionNode {
  const known = owner?.fields[field.name.value];
  if (known?.kind === 'custom' && known.lists !== undefined) {
    const target = catalogue.nouns[known.lists];
    return withDescription(field, `${field.name.value}${connectionArguments(target)}: ${known.lists}Connection`);
  }
  if (known?.kind === 'reverse') {
    const target = catalogue.nouns[known.noun];
    return withDescription(
      field,
      `${field.name.value}${connectionArguments(target, known.inherit?.argument)}: ${known.noun}Connection`,
    );
  }
  if (known?.kind === 'members') {
    return withDescription(field, `${field.name.value}(${PAGE_ARGUMENTS}): ${known.noun}Connection`);
  }
  return field;
}

/** Parses one field from text and gives it the description of another. */
function withDescription(field: FieldDefinitionNode, text: string): FieldDefinitionNode {
  const parsed = parse(`type T { ${text} }`).definitions[0] as ObjectTypeDefinitionNode;
  const made = parsed.fields?.[0];
  if (!made) throw faultAt(field, `can't expand "${text}"`);
  return { ...made, ...(field.description ? { description: field.description } : {}) };
}

function toNounType(node: NounNode, noun: Noun, catalogue: Catalogue): NounNode {
  const own =
    noun.id === 'INT'
      ? `"JumpServer's own number." number: Int!`
      : `"JumpServer's own id, a lower-case UUID." uuid: ID!`;
  const head = parse(`type T implements Node { "Opaque, unique over all types." id: ID! ${own} }`)
    .definitions[0] as ObjectTypeDefinitionNode;
  return {
    ...node,
    interfaces: [...(head.interfaces ?? []), ...(node.interfaces ?? [])],
    fields: [...(head.fields ?? []), ...visibleFields(node.fields, catalogue, noun), ...insideRoots(noun, catalogue)],
  };
}

/** An organisation has every root that is read inside one. */
function insideRoots(noun: Noun, catalogue: Catalogue): readonly FieldDefinitionNode[] {
  if (noun.name !== 'Organization') return [];
  const [type] = parse(rootsOf(catalogue, (target) => target.scope === 'ORGANIZATION')).definitions;
  const known = new Set(Object.keys(noun.fields));
  return ((type as ObjectTypeDefinitionNode).fields ?? []).filter((field) => !known.has(field.name.value));
}

/** Adds the generated roots to `Query` and folds extensions into their types. */
function withRoots(nodes: readonly DefinitionNode[], roots: readonly DefinitionNode[]): DefinitionNode[] {
  const extensions = [
    ...nodes,
    ...roots.map((node) => ({ ...node, kind: Kind.OBJECT_TYPE_EXTENSION }) as DefinitionNode),
  ].filter((node) => node.kind === Kind.OBJECT_TYPE_EXTENSION);
  return nodes
    .filter((node) => node.kind !== Kind.OBJECT_TYPE_EXTENSION)
    .map((node) => {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return node;
      const more = extensions.filter((extension) => extension.name.value === node.name.value);
      return more.length > 0
        ? { ...node, fields: [...(node.fields ?? []), ...more.flatMap((extension) => extension.fields ?? [])] }
        : node;
    })
    .filter((node) => node.kind !== Kind.OBJECT_TYPE_DEFINITION || (node.fields?.length ?? 0) > 0);
}

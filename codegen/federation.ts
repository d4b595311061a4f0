import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
} from 'graphql';
import type { Catalogue, Noun } from './catalogue-type.ts';

/** Types that every Relay server has alike, so that several subgraphs can bring them. */
const SHAREABLE = new Set(['PageInfo']);

/**
 * Makes a public schema a Federation 2 subgraph's: every noun an entity by `id` and by JumpServer's own id, connections with the number of
 * rows they can have, and the union of all entities. Documents without `_entities` stay as they are.
 */
export function withFederation(document: DocumentNode, catalogue: Catalogue): DocumentNode {
  if (!document.definitions.some(isLink)) return document;
  const definitions = document.definitions.map((node) => {
    if (node.kind === Kind.SCHEMA_EXTENSION) return toSchema(node, document);
    return node.kind === Kind.OBJECT_TYPE_DEFINITION ? toSubgraphType(node, catalogue.nouns[node.name.value]) : node;
  });
  const entities = definitions.flatMap((node) => (isEntity(node) ? [node.name.value] : []));
  const union = `"Any object that other subgraphs can refer to." union _Entity = ${entities.join(' | ')}`;
  return {
    kind: Kind.DOCUMENT,
    definitions: entities.length > 0 ? [...definitions, ...parse(union).definitions] : definitions,
  };
}

function isLink(node: DefinitionNode): boolean {
  return node.kind === Kind.SCHEMA_EXTENSION && (node.directives ?? []).some(({ name }) => name.value === 'link');
}

/** The extension that links the specification as a whole definition: some tools (Relay's compiler) know no extension of a schema. */
function toSchema({ directives }: SchemaExtensionNode, { definitions }: DocumentNode): SchemaDefinitionNode {
  const names = new Set(definitions.flatMap((node) => ('name' in node && node.name ? [node.name.value] : [])));
  const roots = ['Query', 'Mutation', 'Subscription'].filter((name) => names.has(name));
  const [schema] = parse(`schema { ${roots.map((name) => `${name.toLowerCase()}: ${name}`).join(' ')} }`).definitions;
  return { ...(schema as SchemaDefinitionNode), directives: directives ?? [] };
}

function isEntity(node: DefinitionNode): node is ObjectTypeDefinitionNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION && (node.directives ?? []).some(({ name }) => name.value === 'key');
}

function toSubgraphType(node: ObjectTypeDefinitionNode, noun: Noun | undefined): ObjectTypeDefinitionNode {
  const keys = noun ? ['id', noun.id === 'INT' ? 'number' : 'uuid'].map((field) => `@key(fields: "${field}")`) : [];
  const shared = SHAREABLE.has(node.name.value) ? ['@shareable'] : [];
  return {
    ...node,
    directives: [...directives([...keys, ...shared].join(' ')), ...(node.directives ?? [])],
    fields: (node.fields ?? []).map(toSizedField),
  };
}

/** A connection says how many rows it has: what `first` or `last` ask for, 50 without them (graph.md §1). */
function toSizedField(field: FieldDefinitionNode): FieldDefinitionNode {
  const names = new Set(field.arguments?.map(({ name }) => name.value));
  if (!names.has('first')) return field;
  const slicing = ['first', 'last'].filter((name) => names.has(name));
  const size = `@listSize(assumedSize: 50, slicingArguments: ${JSON.stringify(slicing)}, sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)`;
  return { ...field, directives: [...(field.directives ?? []), ...directives(size)] };
}

function directives(text: string): readonly ConstDirectiveNode[] {
  const [type] = parse(`type T ${text}`).definitions;
  return (type as ObjectTypeDefinitionNode).directives ?? [];
}

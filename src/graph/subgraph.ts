import {
  type DefinitionNode,
  type DocumentNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isUnionType,
  Kind,
  print,
} from 'graphql';
import { badInput } from './errors.ts';
import { isRow, nameType, type Row, typeOf } from './row.ts';

/** A reference to an object as another subgraph gives it: `__typename` and the fields of a key. */
export type Representation = Row;

/** Finds the object that a representation names; null when there is none, or none for the caller. */
export type ReferenceResolver<Context> = (
  representation: Representation,
  context: Context,
  info: GraphQLResolveInfo,
) => unknown;

/** The definitions that a gateway knows by itself, or that only serve it. */
const OWN_TO_FEDERATION = new Set(['_Any', '_Entity', '_Service', '_entities', '_service']);

/**
 * The SDL that a subgraph tells of itself: the public one without `_service`, `_entities` and what belongs to them, and without the
 * definitions of linked directives, which composers know.
 */
export function toServiceSdl(document: DocumentNode): string {
  const imported = importsOf(document);
  const kept = document.definitions.filter((node) => !isFederations(node, imported)).flatMap(withoutOwnRoots);
  return `${kept.map((node) => print(node)).join('\n\n')}\n`;
}

function isFederations(node: DefinitionNode, imported: ReadonlySet<string>): boolean {
  if (!('name' in node) || !node.name) return false;
  const name = node.name.value;
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return imported.has(`@${name}`);
  return OWN_TO_FEDERATION.has(name) || name.startsWith('link__') || name.startsWith('federation__');
}

/** The directives that the schema takes over from a specification, with `@link` itself. */
function importsOf({ definitions }: DocumentNode): ReadonlySet<string> {
  const names = new Set(['@link']);
  for (const node of definitions) {
    if (node.kind !== Kind.SCHEMA_EXTENSION && node.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const directive of node.directives ?? []) {
      const url = directive.arguments?.find(({ name }) => name.value === 'url')?.value;
      const value = directive.arguments?.find(({ name }) => name.value === 'import')?.value;
      if (url?.kind !== Kind.STRING || !url.value.includes('/federation/') || value?.kind !== Kind.LIST) continue;
      for (const item of value.values) if (item.kind === Kind.STRING) names.add(item.value);
    }
  }
  return names;
}

function withoutOwnRoots(node: DefinitionNode): DefinitionNode[] {
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) return [node];
  if (node.name.value !== 'Query') return [node];
  const fields = (node.fields ?? []).filter(({ name }) => !OWN_TO_FEDERATION.has(name.value));
  return fields.length > 0 ? [{ ...node, fields }] : [];
}

/** Serves `_service` and `_entities` of a schema that has them; each reference is resolved, and fails, on its own. */
export function attachSubgraph<Context>(
  schema: GraphQLSchema,
  document: DocumentNode,
  references: ReadonlyMap<string, ReferenceResolver<Context>>,
): void {
  const fields = schema.getQueryType()?.getFields() ?? {};
  const { _service: service, _entities: entities } = fields;
  if (service) {
    const sdl = toServiceSdl(document);
    service.resolve = () => ({ sdl });
  }
  if (!entities) return;
  const union = schema.getType('_Entity');
  if (isUnionType(union)) union.resolveType = (row) => typeOf(row as Row);
  entities.resolve = (_source, args, context: Context, info) => {
    const representations = args['representations'] as readonly unknown[];
    if (representations.length > MOST) throw tooMany(representations.length);
    return representations.map((representation) => resolveReference(references, representation, context, info));
  };
}

/** References in one question: each that names nothing is an error of its own, which takes time to tell. */
const MOST = 10_000;

function tooMany(count: number): Error {
  return badInput(`representations: expected at most ${MOST}, got ${count}.`);
}

async function resolveReference<Context>(
  references: ReadonlyMap<string, ReferenceResolver<Context>>,
  representation: unknown,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  const type = isRow(representation) ? representation['__typename'] : undefined;
  const resolve = typeof type === 'string' ? references.get(type) : undefined;
  if (!resolve || !isRow(representation)) {
    const got = typeof type === 'string' ? JSON.stringify(type.slice(0, 80)) : typeof type;
    throw badInput(`representations: expected an object whose __typename is an entity, got ${got}.`);
  }
  const row = await resolve(representation, context, info);
  return isRow(row) ? nameType(row, String(type)) : null;
}

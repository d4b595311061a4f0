import { type GraphQLSchema, isObjectType, Kind } from 'graphql';
import type { Catalogue, Noun } from '../generated/catalogue.ts';
import type { GraphContext } from './context.ts';
import { badInput, GraphError } from './errors.ts';
import { fromGlobalId, isUpstreamId, toUpstreamId } from './identity.ts';
import { planOf } from './resolve.ts';
import type { Row } from './row.ts';
import type { ReferenceResolver, Representation } from './subgraph.ts';

/** How references to every noun are resolved: by the keys that the public schema declares, through the operation's loaders. */
export function createReferences(
  catalogue: Catalogue,
  schema: GraphQLSchema,
): ReadonlyMap<string, ReferenceResolver<GraphContext>> {
  return new Map(
    Object.values(catalogue.nouns).flatMap((noun): [string, ReferenceResolver<GraphContext>][] => {
      const keys = keysOf(schema, noun);
      return keys.length > 0 ? [[noun.name, createReference(noun, keys)]] : [];
    }),
  );
}

/** The keys of a noun: each is one field, by `@key` in the public schema. */
function keysOf(schema: GraphQLSchema, noun: Noun): readonly string[] {
  const type = schema.getType(noun.name);
  if (!isObjectType(type)) return [];
  return (type.astNode?.directives ?? [])
    .filter(({ name }) => name.value === 'key')
    .flatMap((directive) => {
      const fields = directive.arguments?.find(({ name }) => name.value === 'fields')?.value;
      return fields?.kind === Kind.STRING ? [fields.value] : [];
    });
}

function createReference(noun: Noun, keys: readonly string[]): ReferenceResolver<GraphContext> {
  return (representation, context, info) => {
    const key = keys.find((field) => representation[field] !== undefined && representation[field] !== null);
    if (!key) {
      throw badInput(`representations: expected one of ${noun.name}'s keys ${keys.join(', ')}.`);
    }
    planOf(context, info);
    return key in noun.fields
      ? findOne(noun, key, representation, context)
      : loadOne(noun, key, representation, context);
  };
}

/** By one of its ids. A malformed one, and one of another type, belongs to no row. */
async function loadOne(
  noun: Noun,
  key: string,
  representation: Representation,
  context: GraphContext,
): Promise<Row | null> {
  const value = representation[key];
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw badInput(
      `representations: expected ${key} as text or a number, got ${Array.isArray(value) ? 'a list' : typeof value}.`,
    );
  }
  const given = String(value);
  const id = key === 'id' ? idIn(noun, given) : given;
  if (id === undefined || !isUpstreamId(noun.id, id)) return null;
  return context.scope.reader.load(noun.name, toUpstreamId(id));
}

function idIn(noun: Noun, text: string): string | undefined {
  const global = fromGlobalId(text);
  return global?.type === noun.name ? global.id : undefined;
}

/** By a field that should tell the row: a value that several rows have names none of them. */
async function findOne(
  noun: Noun,
  key: string,
  representation: Representation,
  context: GraphContext,
): Promise<Row | null> {
  const value = representation[key];
  if (typeof value !== 'string' || value === '') return null;
  const rows = await context.scope.reader.find(noun.name, key, value);
  if (rows.length > 1) {
    const message = `representations: ${rows.length} ${noun.name} rows have this ${key}, so that it names none of them.`;
    throw new GraphError('CONFLICT', message, { count: rows.length });
  }
  return rows[0] ?? null;
}

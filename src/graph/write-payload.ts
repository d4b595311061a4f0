import { type GraphQLObjectType, getNamedType } from 'graphql';
import type { Catalogue } from '../generated/catalogue.ts';
import type { GraphContext, Scope } from './context.ts';
import type { Site } from './plan.ts';
import { planOf, type Resolver } from './resolve.ts';
import { isRow, type Row, relatedId, scopeOf } from './row.ts';

/**
 * The resolvers of a mutation's payload. Its objects are the rows that the write answered; what is selected and does not stand there is
 * loaded by id, so that a payload reads like any other place.
 */
export function payloadResolvers(catalogue: Catalogue, type: GraphQLObjectType): Record<string, Resolver> {
  return Object.fromEntries(
    Object.values(type.getFields()).map((field) => {
      const noun = getNamedType(field.type).name;
      return [field.name, noun in catalogue.nouns ? rowResolver(noun) : (payload: Row) => payload[field.name]];
    }),
  );
}

function rowResolver(noun: string): Resolver {
  return (payload, _args, context, info) => {
    const value = payload[info.fieldName];
    const site = planOf(context, info).site(info);
    if (Array.isArray(value)) return Promise.all(value.filter(isRow).map((row) => complete(noun, row, context, site)));
    return isRow(value) ? complete(noun, value, context, site) : null;
  };
}

/** The row with everything that is selected of it. When it can't be read any more, what the write answered has to do. */
async function complete(noun: string, row: Row, context: GraphContext, site: Site): Promise<Row> {
  const scope: Scope = scopeOf(row, context.scope);
  const id = relatedId(row['id']);
  const isComplete = [...site.properties].every((property) => property in row);
  if (isComplete || id === null) return row;
  return (await scope.reader.load(noun, id)) ?? row;
}

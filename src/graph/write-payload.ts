import { type GraphQLObjectType, getNamedType } from 'graphql';
import type { Catalogue } from '../generated/catalogue.ts';
import { completeRow } from './complete.ts';
import type { Resolver } from './resolve.ts';
import { isRow, type Row, scopeOf } from './row.ts';

/**
 * The resolvers of a mutation's payload. Its objects are the rows that the write answered; what is selected and does not stand there is
 * loaded by id, so that a payload reads like any other place. What can't be read any more stays as the write answered it.
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
    const complete = async (row: Row) =>
      (await completeRow(noun, row, scopeOf(row, context.scope), context, info)) ?? row;
    if (Array.isArray(value)) return Promise.all(value.filter(isRow).map(complete));
    return isRow(value) ? complete(value) : null;
  };
}

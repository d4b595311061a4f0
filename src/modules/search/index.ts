import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext } from '../../graph/context.ts';
import { badInput } from '../../graph/errors.ts';
import { getJson, rowsIn } from '../../graph/fetch.ts';
import { planOf } from '../../graph/resolve.ts';
import { nameType, type Row } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { nounOfModel } from '../models.ts';

async function search(_source: unknown, { text }: { text: string }, context: GraphContext): Promise<Row[]> {
  const words = text.trim();
  if (words === '') throw badInput('text: expected some words, got none.');
  return rowsIn(await getJson(context.session, '/search/', { q: words }));
}

async function nodeOf(row: Row, _args: object, context: GraphContext, info: GraphQLResolveInfo): Promise<Row | null> {
  planOf(context, info);
  const noun = nounOfModel(String(row['model']));
  const found = noun ? await context.scope.reader.load(noun, String(row['id'])) : null;
  return found && noun ? nameType(found, noun) : null;
}

/** The search through everything. */
export const globalSearch = { Query: { search }, SearchHit: { node: nodeOf } } satisfies Resolvers;

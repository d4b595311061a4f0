import type { GraphQLTypeResolver } from 'graphql';
import type { Catalogue } from '../generated/catalogue.ts';
import type { GraphContext } from './context.ts';
import { badInput } from './errors.ts';
import { fromGlobalId, isUpstreamId, toUpstreamId } from './identity.ts';
import { planOf, type Resolver } from './resolve.ts';
import { nameType, type Row, typeOf } from './row.ts';

/** The most ids that `nodes` takes (graph.md §1). */
const MAX_IDS = 100;

/** The concrete type of a row at a field of an abstract type. */
export const resolveRowType: GraphQLTypeResolver<Row, GraphContext> = (row) => typeOf(row);

async function load(catalogue: Catalogue, context: GraphContext, text: string): Promise<Row | null> {
  const known = fromGlobalId(text);
  const noun = known && catalogue.nouns[known.type];
  if (!known || !noun || !isUpstreamId(noun.id, known.id)) {
    throw badInput(`id: expected a global id, got ${JSON.stringify(text.slice(0, 80))}.`);
  }
  const row = await context.scope.reader.load(noun.name, toUpstreamId(known.id));
  return row && (noun.variants ? row : nameType(row, noun.name));
}

/** `node(id)`. */
export function createNodeResolver(catalogue: Catalogue): Resolver {
  return (_source, args, context, info) => {
    planOf(context, info);
    return load(catalogue, context, String(args['id']));
  };
}

/** `nodes(ids)`: in the order asked, null for what does not exist; one id's failure is its own. */
export function createNodesResolver(catalogue: Catalogue): Resolver {
  return (_source, args, context, info) => {
    const ids = args['ids'] as readonly string[];
    if (ids.length > MAX_IDS) throw badInput(`ids: expected at most ${MAX_IDS}, got ${ids.length}.`);
    planOf(context, info);
    return ids.map((id) => load(catalogue, context, id));
  };
}

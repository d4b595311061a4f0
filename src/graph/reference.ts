import type { GraphQLTypeResolver } from 'graphql';
import type { Catalogue } from '../generated/catalogue.ts';
import type { GraphContext } from './context.ts';
import { badInput } from './errors.ts';
import { fromGlobalId, isUpstreamId, toUpstreamId } from './identity.ts';
import { planOf, type Resolver } from './resolve.ts';
import type { Row } from './row.ts';

/** The most ids that `nodes` takes (graph.md §1). */
const MAX_IDS = 100;

const types = new WeakMap<Row, string>();

/** Notes of which noun a row is, for fields of an abstract type. A row of several places keeps its own object. */
export function nameType(row: Row, type: string): Row {
  types.set(row, type);
  return row;
}

/** The concrete type of a row at a field of an abstract type. */
export const resolveRowType: GraphQLTypeResolver<Row, GraphContext> = (row) => types.get(row);

async function load(catalogue: Catalogue, context: GraphContext, text: string): Promise<Row | null> {
  const known = fromGlobalId(text);
  const noun = known && catalogue.nouns[known.type];
  if (!known || !noun || !isUpstreamId(noun.id, known.id)) {
    throw badInput(`id: expected a global id, got ${JSON.stringify(text.slice(0, 80))}.`);
  }
  const row = await context.scope.reader.load(noun.name, toUpstreamId(known.id));
  return row && nameType(row, noun.name);
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

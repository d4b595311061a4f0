import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext, Scope } from '../../graph/context.ts';
import { getJson, rowsIn } from '../../graph/fetch.ts';
import { planOf } from '../../graph/resolve.ts';
import { isRow, nameType, type Row, scopeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { nounOfModel } from '../models.ts';

const kinds = new WeakMap<Scope, Promise<ReadonlyMap<string, string>>>();

/** Which noun each of the server's own numbers stands for; read once per operation, independent of languages. */
function kindsOf(scope: Scope): Promise<ReadonlyMap<string, string>> {
  const known = kinds.get(scope) ?? readKinds(scope);
  kinds.set(scope, known);
  return known;
}

async function readKinds(scope: Scope): Promise<ReadonlyMap<string, string>> {
  const rows = rowsIn(await getJson(scope.session, '/labels/resource-types/', {}));
  return new Map(rows.map((row) => [String(row['id']), nounOfModel(String(row['model'])) ?? '']));
}

async function resourceOf(
  row: Row,
  _args: object,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  planOf(context, info);
  const scope = scopeOf(row, context.scope);
  const type = row['res_type'];
  const noun = (await kindsOf(scope)).get(String(isRow(type) ? type['value'] : type));
  const found = noun ? await scope.reader.load(noun, String(row['res_id'])) : null;
  return found && noun ? nameType(found, noun) : null;
}

/** What labels are bound to. */
export const labels = { LabeledResource: { resource: resourceOf } } satisfies Resolvers;

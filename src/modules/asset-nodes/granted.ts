import type { GraphQLResolveInfo } from 'graphql';
import { completeRow } from '../../graph/complete.ts';
import type { GraphContext, Scope } from '../../graph/context.ts';
import { getJson } from '../../graph/fetch.ts';
import { isUpstreamId } from '../../graph/identity.ts';
import { planOf } from '../../graph/resolve.ts';
import { isRow, type Row } from '../../graph/row.ts';

/** The nodes that an address of granted ones tells, with those above them. Old servers tell little of each: the rest is read by id. */
export async function readGrantedNodes(
  path: string,
  parameters: Readonly<Record<string, string>>,
  scope: Scope,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<(Row | null)[]> {
  planOf(context, info);
  const rows = await getJson(scope.session, path, {}, parameters);
  return Promise.all(
    (Array.isArray(rows) ? rows : [])
      .filter((row): row is Row => isRow(row) && isUpstreamId('UUID', String(row['id'])))
      .map((row) => completeRow('AssetNode', row, scope, context, info)),
  );
}

import type { GraphQLResolveInfo } from 'graphql';
import { completeRow } from '../../graph/complete.ts';
import type { GraphContext, Scope } from '../../graph/context.ts';
import type { ReadPath } from '../../graph/fetch.ts';
import { getAll } from '../../graph/fetch-all.ts';
import { isUpstreamId } from '../../graph/identity.ts';
import { planOf } from '../../graph/resolve.ts';
import type { Row } from '../../graph/row.ts';

/**
 * The nodes that an address of granted ones tells, with those above them. Old servers tell little of each: paths are put together of the
 * nodes above, which an ordinary user could not read; the rest is read by id.
 */
export async function readGrantedNodes(
  path: ReadPath,
  parameters: Readonly<Record<string, string>>,
  scope: Scope,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<(Row | null)[]> {
  planOf(context, info);
  const rows = await getAll(scope.session, path, {}, parameters);
  const nodes = rows.filter((row) => isUpstreamId('UUID', String(row['id'])));
  return Promise.all(withPaths(nodes).map((row) => completeRow('AssetNode', row, scope, context, info)));
}

/** Nodes with their full paths, where the rows themselves or all nodes above them tell. */
function withPaths(nodes: readonly Row[]): readonly Row[] {
  const byKey = new Map(nodes.map((node) => [String(node['key']), node]));
  return nodes.map((node) => {
    if (node['full_value'] !== undefined) return node;
    const steps = String(node['key']).split(':');
    const above = steps.map((_, index) => byKey.get(steps.slice(0, index + 1).join(':'))?.['value']);
    return above.includes(undefined) ? node : { ...node, full_value: `/${above.join('/')}` };
  });
}

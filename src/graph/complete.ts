import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext, Scope } from './context.ts';
import { planOf } from './resolve.ts';
import { type Row, relatedId } from './row.ts';

/**
 * A row that came another way than through its own list (an answer of a write, the caller's profile): it is enough when it has every
 * property that is selected here, and is read again by its id when it has not.
 */
export async function completeRow(
  noun: string,
  row: Row,
  scope: Scope,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  const { properties } = planOf(context, info).site(info);
  const lacks = [...properties].some((property) => !(property in row));
  const id = relatedId(row);
  return lacks && id !== null ? scope.reader.load(noun, id) : row;
}

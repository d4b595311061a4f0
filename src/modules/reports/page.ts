import { type Connection, cutPage, toConnection } from '../../graph/connection.ts';
import { toMark, toPageRequest } from '../../graph/page.ts';
import type { Row } from '../../graph/row.ts';
import type { PageArguments } from '../access/page.ts';

/** Cuts a page out of a report's list, which is in memory whole; each item has an `id` of its own. */
export function toListConnection(
  items: readonly (object & { readonly id: string })[],
  { first, after }: PageArguments,
  question: unknown,
): Connection {
  const mark = toMark(question);
  // Findings are no rows of JumpServer; of what is cut the kit looks at nothing but the id.
  const rows = items as unknown as readonly Row[];
  return toConnection(cutPage(rows, toPageRequest({ first: first ?? null, after: after ?? null }, mark)), mark);
}

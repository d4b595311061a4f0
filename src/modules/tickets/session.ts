import type { GraphQLResolveInfo } from 'graphql';
import { completeRow } from '../../graph/complete.ts';
import type { GraphContext } from '../../graph/context.ts';
import { getJson } from '../../graph/fetch.ts';
import { isRow, type Row, relatedId } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { isUpstreamError } from '../../upstream/index.ts';

/** The session that came of a ticket; null while there is none. */
async function sessionOf(
  row: Row,
  _args: object,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  try {
    const path = '/tickets/tickets/{ticket_id}/session/';
    const answer = await getJson(context.session, path, {}, { ticket_id: String(row['id']) });
    const isThere = isRow(answer) && relatedId(answer['id']) !== null;
    return isThere ? completeRow('Session', answer, context.scope, context, info) : null;
  } catch (error) {
    if (isUpstreamError(error, 'NOT_FOUND')) return null;
    throw error;
  }
}

/** What came of tickets. */
export const ticketSessions = { LoginAssetConfirmTicket: { session: sessionOf } } satisfies Resolvers;

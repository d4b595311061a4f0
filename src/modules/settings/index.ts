import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext } from '../../graph/context.ts';
import { getJson } from '../../graph/fetch.ts';
import type { Row } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/schema.ts';
import { readDashboard, toDays } from './dashboard.ts';

interface Days {
  readonly days?: number | null;
}

/** The server's public settings, and figures of an organisation. */
export const settings: Resolvers = {
  Query: {
    publicSettings: (_source: unknown, _args: object, context: GraphContext) =>
      getJson(context.session, '/settings/public/', {}),
    dashboard: (_source: unknown, args: Days, context: GraphContext, info: GraphQLResolveInfo) =>
      readDashboard(context.scope, args, context, info),
  },
  Organization: {
    dashboard: (row: Row, args: Days, context: GraphContext, info: GraphQLResolveInfo) =>
      readDashboard(context.enter(String(row['id'])), args, context, info),
  },
  Dashboard: { days: toDays },
};

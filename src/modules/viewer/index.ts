import type { GraphQLResolveInfo } from 'graphql';
import { catalogue } from '../../generated/catalogue.ts';
import { completeRow } from '../../graph/complete.ts';
import type { GraphContext } from '../../graph/context.ts';
import { toIso } from '../../graph/dates.ts';
import { brokenContract } from '../../graph/errors.ts';
import { getJson, type ReadPath } from '../../graph/fetch.ts';
import { toRowId } from '../../graph/identity.ts';
import { createListResolver, type Resolver } from '../../graph/resolve.ts';
import { isRow, type Json, type Row } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { fromHandle } from '../../graph/write-confirm.ts';
import { sendOnce } from '../../graph/write-send.ts';
import { isUpstreamError } from '../../upstream/index.ts';
import { readGrantedNodes } from '../asset-nodes/granted.ts';
import { nounOf } from '../noun.ts';

const ORGANIZATION_LISTS = ['console_orgs', 'audit_orgs', 'workbench_orgs', 'pam_orgs'];

/** The caller's profile, which everybody may read; equal reads within an operation are one call. */
async function profile(context: GraphContext, path: ReadPath = '/users/profile/'): Promise<Row> {
  const row = await getJson(context.session, path, {});
  if (!isRow(row)) throw brokenContract('JumpServer gave no profile.');
  return row;
}

/** What the caller may do and where; older servers have it in the profile itself, and the version is a lower bound. */
async function permissions(context: GraphContext): Promise<Row> {
  const apart = (await context.session.capabilities()).has('profilePermissions');
  const whole = apart ? undefined : await profile(context);
  return whole && 'perms' in whole ? whole : profile(context, '/users/profile/permissions/');
}

async function codesOf(context: GraphContext): Promise<Json> {
  return (await permissions(context))['perms'] ?? null;
}

async function organizationsOf(context: GraphContext): Promise<Row[]> {
  const found = await permissions(context);
  const rows = ORGANIZATION_LISTS.flatMap((name) => (Array.isArray(found[name]) ? found[name].filter(isRow) : []));
  return [...new Map(rows.map((row) => [row['id'], row])).values()];
}

/** The nodes in which the caller's assets stand, with those above them. */
const nodesOf: Resolver = (_source, _args, context, info) =>
  readGrantedNodes('/perms/users/{user}/nodes/', { user: 'self' }, context.scope, context, info);

/** Rows of a noun through an address that everybody has for what is their own. */
const own = (noun: string, path: ReadPath, parameters: Readonly<Record<string, string>> = {}) =>
  createListResolver(catalogue, nounOf(noun), () => ({ route: { path, parameters } }));

const ownAssets = own('Asset', '/perms/users/{user}/assets/', { user: 'self' });

/** The caller's assets; those of one tree node and below have an address of their own. */
const assetsOf: Resolver = (source, args, context, info) => {
  const { node, ...filter } = (args['filter'] ?? {}) as Record<string, unknown>;
  if (typeof node !== 'string') return ownAssets(source, args, context, info);
  const parameters = { user: 'self', node_id: toRowId(nounOf('AssetNode'), node, 'filter.node') };
  const below = own('Asset', '/perms/users/{user}/nodes/{node_id}/assets/', parameters);
  return below(source, { ...args, filter }, context, info);
};

/** A list that shows everybody their own rows. */
const all = (noun: string) => createListResolver(catalogue, nounOf(noun), () => ({}));

/** What the caller may do with an asset of theirs; null for one that is not. */
async function permittedAsset(_source: unknown, { id }: { id: string }, context: GraphContext): Promise<Row | null> {
  const parameters = { user: 'self', id: toRowId(nounOf('Asset'), id) };
  try {
    const row = await getJson(context.session, '/perms/users/{user}/assets/{id}/', {}, parameters);
    return isRow(row) ? row : null;
  } catch (error) {
    if (isUpstreamError(error, 'NOT_FOUND')) return null;
    throw error;
  }
}

/** Whether the proof in a challenge's session still holds. A 412 says that it does not. */
async function isConfirmed(_source: unknown, { challenge }: { challenge: string }, context: GraphContext) {
  const { level, cookie } = fromHandle(context, challenge, 'confirm');
  try {
    await sendOnce(context.session, 'GET /authentication/confirm/check/', { query: { confirm_type: level }, cookie });
    return true;
  } catch (error) {
    if (isUpstreamError(error, 'CONFIRMATION_REQUIRED')) return false;
    throw error;
  }
}

async function unreadOf(context: GraphContext): Promise<number> {
  const answer = await getJson(context.session, '/notifications/site-messages/unread-total/', {});
  if (!isRow(answer) || typeof answer['total'] !== 'number')
    throw brokenContract('Viewer.unreadMessagesCount: expected a number from JumpServer, got none.');
  return answer['total'];
}

/** JumpServer says where something fails in the place of the time: that stays with it. */
async function healthOf(context: GraphContext): Promise<Row> {
  const answer = await getJson(context.session, '/health/', {});
  if (!isRow(answer)) throw brokenContract('JumpServer did not say how it is.');
  const seconds = (name: string) => (typeof answer[name] === 'number' ? answer[name] : null);
  return { ...answer, db_time: seconds('db_time'), redis_time: seconds('redis_time') };
}

/** The caller, and the server behind the graph. */
export const viewer = {
  Query: {
    viewer: () => ({}),
    serverInfo: (_source: unknown, _args: object, context: GraphContext) => context.session.capabilities(),
  },
  Viewer: {
    user: async (_source: unknown, _args: object, context: GraphContext, info: GraphQLResolveInfo) =>
      completeRow('User', await profile(context), context.scope, context, info),
    roleCodes: (_source: unknown, _args: object, context: GraphContext) => codesOf(context),
    organizations: (_source: unknown, _args: object, context: GraphContext) => organizationsOf(context),
    capabilities: async (_source: unknown, _args: object, context: GraphContext) => [
      ...(await context.session.capabilities()).features,
    ],
    assets: assetsOf,
    favoriteAssets: own('Asset', '/perms/users/{user}/nodes/favorite/assets/', { user: 'self' }),
    ungroupedAssets: own('Asset', '/perms/users/{user}/nodes/ungrouped/assets/', { user: 'self' }),
    nodes: nodesOf,
    favorites: all('FavoriteAsset'),
    sessions: own('Session', '/terminal/my-sessions/'),
    loginLogs: own('LoginLog', '/audits/my-login-logs/'),
    asset: permittedAsset,
    tickets: all('Ticket'),
    auditedTickets: own('Ticket', '/audits/tickets/'),
    requestableAssets: own('Asset', '/tickets/apply-assets/'),
    requestableNodes: own('AssetNode', '/tickets/apply-nodes/'),
    messageBackends: async (_source: unknown, _args: object, context: GraphContext) =>
      (await profile(context))['receive_backends'] ?? null,
    preferences: (_source: unknown, { category }: { category: string }, context: GraphContext) =>
      getJson(context.session, '/users/preference/', { category }),
    isConfirmed,
    messages: all('SiteMessage'),
    unreadMessagesCount: (_source: unknown, _args: object, context: GraphContext) => unreadOf(context),
  },
  PermittedAsset: {
    asset: (row: Row, _args: object, context: GraphContext, info: GraphQLResolveInfo) =>
      completeRow('Asset', row, context.scope, context, info),
  },
  ServerInfo: {
    health: (_source: unknown, _args: object, context: GraphContext) => healthOf(context),
    time: async (_source: unknown, _args: object, context: GraphContext) => {
      const answer = await getJson(context.session, '/settings/server-info/', {});
      return isRow(answer) ? toIso(answer['CURRENT_TIME']) : null;
    },
    version: ({ version }: { version: string }) => version,
    edition: ({ edition }: { edition: string }) => edition,
    capabilities: ({ features }: { features: ReadonlySet<string> }) => [...features],
  },
} satisfies Resolvers;

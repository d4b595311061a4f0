import type { GraphQLResolveInfo } from 'graphql';
import { catalogue } from '../../generated/catalogue.ts';
import type { GraphContext } from '../../graph/context.ts';
import { getJson } from '../../graph/fetch.ts';
import { createListResolver, planOf } from '../../graph/resolve.ts';
import { isRow, type Json, nameType, type Row, scopeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { nounOf } from '../noun.ts';
import { findResource } from './resources.ts';
import { toDescribed, toUsername, toUserText } from './text.ts';

type RowResolver = (row: Row, args: object, context: GraphContext, info: GraphQLResolveInfo) => Promise<Row | null>;

/** The user whose text stands in a property; user names are unique, so the first is the only one. */
const userOf =
  (property: string): RowResolver =>
  async (row, _args, context, info) => {
    planOf(context, info);
    const username = toUsername(String(row[property] ?? ''));
    if (username === '') return null;
    return (await scopeOf(row, context.scope).reader.find('User', 'username', username))[0] ?? null;
  };

/** The asset whose text, `name(address)`, stands in a property. */
const assetOf =
  (property: string): RowResolver =>
  async (row, _args, context, info) => {
    planOf(context, info);
    const text = String(row[property] ?? '');
    const name = toDescribed(text)?.name ?? text;
    return name === '' ? null : ((await scopeOf(row, context.scope).reader.find('Asset', 'name', name))[0] ?? null);
  };

const resourceOf: RowResolver = (row, _args, context, info) => {
  const scope = scopeOf(row, context.scope);
  const plan = planOf(context, info);
  return findResource(scope, plan, String(row['resource_type']), String(row['resource']));
};

/** What changed. Lists give it under `format=json`; where they do not, each entry's own address does. */
async function diffOf(row: Row, _args: object, context: GraphContext): Promise<Json> {
  if (Array.isArray(row['diff'])) return row['diff'];
  const session = scopeOf(row, context.scope).session.speaking('en');
  const query = { type: 'action_detail' };
  const answer = await getJson(session, '/audits/operate-logs/{id}/', query, { id: String(row['id']) });
  return isRow(answer) ? (answer['diff'] ?? null) : null;
}

/** The logs that a line of a thing's story stands for; its id is the entry's own. */
const LOGS: Readonly<Record<string, string>> = { O: 'OperateLog', L: 'LoginLog' };

const logOf: RowResolver = async (row, _args, context, info) => {
  planOf(context, info);
  const noun = LOGS[String(row['r_type'])];
  const found = noun ? await scopeOf(row, context.scope).reader.load(noun, String(row['id'])) : null;
  return found && noun ? nameType(found, noun) : null;
};

/** Attempts under a user's name: successful ones may be kept as `Name(username)`, others as what was typed. */
const loginLogsOf = createListResolver(catalogue, nounOf('LoginLog'), ({ name, username }) => ({
  places: [{ username: toUserText(String(name), String(username)) }, { username: String(username) }],
}));

const operateLogsOf = createListResolver(catalogue, nounOf('OperateLog'), ({ name, username }) => ({
  params: { user: toUserText(String(name), String(username)) },
}));

/** Logs name people and things by texts: here they become rows. */
export const audits = {
  LoginLog: { user: userOf('username') },
  OperateLog: { user: userOf('user'), resource: resourceOf, diff: diffOf },
  FileTransferLog: { user: userOf('user'), asset: assetOf('asset') },
  PasswordChangeLog: { user: userOf('user'), changedBy: userOf('change_by') },
  ActivityLog: { log: logOf },
  User: { loginLogs: loginLogsOf, operateLogs: operateLogsOf },
} satisfies Resolvers;

import { ApiError, notFound, says } from '../errors.ts';
import { caller, type Exchange, lookOf, objectBody, param } from '../exchange.ts';
import { kindOf } from '../fields.ts';
import { toRelatedIds } from '../related-fields.ts';
import type { Route } from '../routes.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { idsOf, textOf } from '../world.ts';

/** What users are told about, by part of the server. */
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  Operations: ['ServerPerformanceMessage'],
  AccountSecurity: ['ChangeSecretFailedMsg', 'StorageConnectivityMessage'],
};

const inWords = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2');

const kept = (x: Exchange, type: string): Row | undefined =>
  x.world.store.table('message-subscriptions').where('message_type', type)[0];

function shown(x: Exchange, type: string): JsonObject {
  const row = kept(x, type);
  return {
    message_type: type,
    message_type_label: inWords(type),
    users: row?.users ?? [],
    groups: row?.groups ?? [],
    receive_backends: row?.receive_backends ?? ['site_msg', 'email'],
    receivers: [],
  };
}

const listed = (x: Exchange): Json =>
  Object.entries(MESSAGES).map(([category, types]) => ({
    category,
    category_label: inWords(category),
    children: types.map((type) => shown(x, type)),
  }));

function backendsOf(value: Json): Json {
  if (!Array.isArray(value)) throw new ApiError(400, { receive_backends: [says.notAList(kindOf(value))] });
  return value.map(textOf);
}

function related(x: Exchange, name: string, table: string, value: Json): Json {
  const wrong = idsOf(value).find((id) => x.world.store.table(table).get(id) === undefined);
  if (wrong !== undefined) throw new ApiError(400, { [name]: [says.noObject(String(wrong))] });
  return toRelatedIds(table, value, lookOf(x, 'W'));
}

function change(x: Exchange): Json {
  const type = param(x, 'type');
  if (!Object.values(MESSAGES).flat().includes(type)) throw notFound('SystemMsgSubscription');
  const { users, groups, receive_backends } = objectBody(x);
  const changes = {
    ...(users === undefined ? {} : { users: related(x, 'users', 'users', users) }),
    ...(groups === undefined ? {} : { groups: related(x, 'groups', 'user-groups', groups) }),
    ...(receive_backends === undefined ? {} : { receive_backends: backendsOf(receive_backends) }),
  };
  const table = x.world.store.table('message-subscriptions');
  const row = kept(x, type);
  if (row) table.update(row.id, changes);
  else table.insert({ id: x.world.chance.uuid(), message_type: type, ...changes });
  return shown(x, type);
}

/** How a user is told things, as their profile tells too. */
export function backendsOfUser(x: Exchange, user: Row): Json {
  const [row] = x.world.store.table('user-subscriptions').where('user', user.id);
  return row?.receive_backends ?? (user.username === 'admin' ? ['site_msg', 'email'] : ['email', 'site_msg']);
}

/** Everybody's own only: somebody else's is not there. */
function changeOwn(x: Exchange): Json {
  const user = caller(x);
  if (param(x, 'user') !== user.id) throw notFound('UserMsgSubscription');
  const receive_backends = backendsOf(objectBody(x).receive_backends ?? null);
  const table = x.world.store.table('user-subscriptions');
  const [row] = table.where('user', user.id);
  if (row) table.update(row.id, { receive_backends });
  else table.insert({ id: x.world.chance.uuid(), user: user.id, receive_backends });
  return { user_id: user.id, receive_backends };
}

const base = '/api/v1/notifications';
const perm = 'settings.change_systemmsgsubscription';

/** Who is told what, and how (api.md §5.18). */
export const subscriptionRoutes: readonly Route[] = [
  { method: 'GET', path: `${base}/system-msg-subscription`, perm, run: listed },
  { method: 'PUT PATCH', path: `${base}/system-msg-subscription/:type`, perm, run: change },
  { method: 'PUT PATCH', path: `${base}/user-msg-subscription/:user`, perm: 'any', run: changeOwn },
];

import { OPERATIONS } from '../choices.ts';
import { ApiError, says } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { toChoice } from '../fields.ts';
import { userText } from '../operate-log.ts';
import type { Route } from '../routes.ts';
import { toServerTime } from '../time.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { textOf } from '../world.ts';

const MOST_ACTIVITIES = 30;

function activities(x: Exchange): Json {
  const key = x.query.get('resource_id') ?? '';
  if (key === '') throw new ApiError(400, { resource_id: [says.required] });
  const logs = [...x.world.store.table('operate-logs').where('resource_id', key)].map((row) => ({
    at: Number(row.datetime),
    row,
    kind: 'O',
  }));
  const user = x.world.store.table('users').get(key);
  const names = user === undefined ? [] : [textOf(user.username), userText(user)];
  const logins = names
    .flatMap((name) => [...x.world.store.table('login-logs').where('username', name)])
    .map((row) => ({ at: Number(row.datetime), row, kind: 'L' }));
  return [...logs, ...logins]
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST_ACTIVITIES)
    .map(({ at, row, kind }) => toActivity(at, row, kind));
}

function toActivity(at: number, row: Row, kind: string): JsonObject {
  const time = toServerTime(at, null).slice(0, 19).replaceAll('/', '-');
  const isLogin = kind === 'L';
  return {
    id: row.id,
    timestamp: time,
    detail_url: isLogin
      ? `/ui/#/audit/audits/login-logs/${row.id}`
      : `/api/v1/audits/operate-logs/${row.id}/?type=action_detail`,
    content: isLogin
      ? `${textOf(row.username)} signed in: ${row.status === true ? 'success' : 'failure'}`
      : `${textOf(row.user)}: ${textOf((toChoice(row.action, OPERATIONS) as JsonObject).label)} ${textOf(row.resource)}`,
    r_type: kind,
  };
}

/** What was done to a thing, and the sign-ins of a user; the newest first. */
export const activityRoutes: Route[] = [
  { method: 'GET', path: '/api/v1/audits/activities', perm: 'audits.view_activitylog', run: activities },
];

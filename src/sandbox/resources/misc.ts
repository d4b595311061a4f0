import { ApiError } from '../errors.ts';
import { caller, type Exchange, lookOf, objectBody } from '../exchange.ts';
import { may } from '../rights.ts';
import type { Route } from '../routes.ts';
import { fieldsOf, listOf, toAnswer } from '../rows.ts';
import { openSettings, publicSettings } from '../settings.ts';
import { toServerTime } from '../time.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { isIn } from '../versions.ts';
import { readInput, storeChange } from '../writes.ts';
import { rightsOf } from './orgs.ts';
import { backendsOfUser } from './subscriptions.ts';
import { users } from './users.ts';

function health(x: Exchange): Json {
  return {
    status: true,
    db_status: true,
    db_time: 0.002,
    redis_status: true,
    redis_time: 0.0002,
    time: Math.floor(x.world.now() / 1000),
  };
}

/** A user as they see themselves: in their profile, and with more of it in the answer to a sign-in. */
export function profileOf(x: Exchange, row: Row, view: 'D' | 'W'): JsonObject {
  const { version } = x.world;
  const own: Exchange = { ...x, user: row };
  const shown = fieldsOf(users, version, view).filter((field) => field.name !== 'has_public_keys');
  const isOld = isIn(version, { until: '4.10.16' });
  return {
    ...toAnswer(row, shown, lookOf(own, view)),
    public_key_comment: '',
    public_key_hash_md5: '',
    guide_url: '',
    ...(isOld ? {} : { lang: 'en' }),
    ...(version === '4.10.19' ? { has_jdmc: may(x.world, row, x.org, 'rbac.view_jdmc') } : {}),
    ...(isOld ? rightsOf(own) : {}),
    receive_backends: backendsOfUser(x, row),
  };
}

const profile = (x: Exchange): JsonObject => profileOf(x, caller(x), 'D');

/** Name, user name and address are told, not written; what is not known is dropped. */
function changeProfile(x: Exchange): Json {
  const row = caller(x);
  const allowed = Object.fromEntries(
    Object.entries(objectBody(x)).filter(([name]) => ['phone', 'wechat', 'mfa_level', 'comment'].includes(name)),
  );
  const input = readInput(users, x, allowed, row, { partial: true, bulk: false });
  if (Object.keys(input.faults).length > 0) throw new ApiError(400, input.faults);
  storeChange(users, input);
  return profile(x);
}

/** The settings of a server whose rows were loaded; `{}` in a generated company. */
function loadedSettings(x: Exchange): JsonObject {
  const [row] = x.world.store.table('settings-public').all();
  const { id: _, ...settings } = row ?? { id: 0 };
  return settings;
}

/** What of the settings anybody may read. */
function openOf(x: Exchange): JsonObject {
  const open = openSettings(x.world.version);
  const all: JsonObject = { ...open, ...loadedSettings(x) };
  return Object.fromEntries(Object.keys(open).map((name) => [name, all[name] ?? null]));
}

function stash(x: Exchange): Json {
  const ids = listOf(objectBody(x).resources);
  const spm = x.world.chance.uuid();
  x.world.memory.stashes.set(spm, { ids, until: x.world.now() + 300_000 });
  return { spm };
}

const route = (
  method: string,
  path: string,
  perm: string,
  run: Route['run'],
  span: Pick<Route, 'since' | 'until'> = {},
): Route => ({
  method,
  path: `/api/v1/${path}`,
  perm,
  run,
  ...span,
});

/** Small things that follow no convention: health, settings, own profile, stashed ids. */
export const miscRoutes: Route[] = [
  { method: 'GET', path: '/api/health', perm: 'open', run: health },
  route('GET', 'health', 'open', health),
  route('GET', 'settings/server-info', 'any', (x) => ({ CURRENT_TIME: toServerTime(x.world.now(), x.zone) })),
  route('GET', 'settings/public', 'any', (x) => ({ ...publicSettings(x.world.version), ...loadedSettings(x) })),
  route('GET', 'settings/public/open', 'open', (x) => openOf(x)),
  route('GET', 'users/profile', 'any', profile),
  route('PUT PATCH', 'users/profile', 'any', changeProfile),
  route('POST', 'common/resources/cache', 'any', stash),
  route('GET', 'notifications/site-messages/unread-total', 'any', (x) => ({
    total: x.world.store
      .table('site-messages')
      .where('user', caller(x).id)
      .filter((row) => row.has_read !== true).length,
  })),
];

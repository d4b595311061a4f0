import { caller, type Exchange, objectBody } from '../exchange.ts';
import { type Route, route } from '../routes.ts';
import { listOf } from '../rows.ts';
import { openSettings, publicSettings } from '../settings.ts';
import { toServerTime } from '../time.ts';
import type { Json, JsonObject } from '../types.ts';

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

/** Small things that follow no convention: health, settings, stashed ids. */
export const miscRoutes: Route[] = [
  { method: 'GET', path: '/api/health', perm: 'open', run: health },
  route('GET', 'health', 'open', health),
  route('GET', 'settings/server-info', 'any', (x) => ({ CURRENT_TIME: toServerTime(x.world.now(), x.zone) })),
  route('GET', 'settings/public', 'any', (x) => ({ ...publicSettings(x.world.version), ...loadedSettings(x) })),
  route('GET', 'settings/public/open', 'open', (x) => openOf(x)),
  route('POST', 'common/resources/cache', 'any', stash),
  route('GET', 'notifications/site-messages/unread-total', 'any', (x) => ({
    total: x.world.store
      .table('site-messages')
      .where('user', caller(x).id)
      .filter((row) => row.has_read !== true).length,
  })),
];

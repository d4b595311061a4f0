import type { Home } from '../graph/context.ts';
import type { Session } from '../upstream/index.ts';
import { type AccessEngine, createAccessEngine } from './engine.ts';
import { createEngineCache, type EngineCache } from './engine-cache.ts';
import { loadAccessInputs } from './load.ts';
import { createSessionReader } from './session-reader.ts';

const kept = new WeakMap<Home, { readonly cache: EngineCache; writes: number }>();

/**
 * The engine of a session's caller and organisation: kept for 30 seconds, and forgotten by every write through the same graph. What
 * JumpServer refuses is refused here: the engine knows all or nothing.
 */
export async function engineOf(home: Home, session: Session, now: () => number = Date.now): Promise<AccessEngine> {
  const cache = cacheOf(home, now);
  const { id: organization } = await session.organization();
  const key = { principal: session.principal, organization };
  let isOurs = false;
  const load = () => {
    isOurs = true;
    return loadEngine(session, organization, now);
  };
  return cache.get(key, load).catch((error: unknown) => {
    // Somebody else's loading ended with their request: that is no answer for us.
    if (isOurs) throw error;
    return cache.get(key, load);
  });
}

/** Reads everything and makes the engine, past the cache. */
export async function loadEngine(session: Session, organization: string, now: () => number): Promise<AccessEngine> {
  return createAccessEngine(await loadAccessInputs(createSessionReader(session), { organization, now }));
}

function cacheOf(home: Home, now: () => number): EngineCache {
  const known = kept.get(home) ?? { cache: createEngineCache({ now }), writes: home.writes };
  kept.set(home, known);
  if (known.writes !== home.writes) known.cache.drop();
  known.writes = home.writes;
  return known.cache;
}

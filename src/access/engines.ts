import type { Home } from '../graph/context.ts';
import type { Session } from '../upstream/index.ts';
import { type AccessEngine, createAccessEngine } from './engine.ts';
import { createEngineCache, type EngineCache } from './engine-cache.ts';
import type { Timestamp } from './inputs.ts';
import { type AccessReader, loadAccessInputs } from './load.ts';
import { createSessionReader } from './session-reader.ts';

const kept = new WeakMap<Home, { readonly cache: EngineCache; writes: number }>();

/** What loading an engine may be given; all of it optional. */
export interface EngineOptions {
  readonly now?: () => number;
  /** Reads the lists; the session's own reader unless given. */
  readonly reader?: AccessReader;
  /** What was read before this is not good enough, however fresh. */
  readonly notBefore?: Timestamp | undefined;
}

/**
 * The engine of a session's caller and organisation: kept for 30 seconds, and forgotten by every write through the same graph. What
 * JumpServer refuses is refused here: the engine knows all or nothing.
 */
export async function engineOf(home: Home, session: Session, options: EngineOptions = {}): Promise<AccessEngine> {
  const { now = Date.now, reader = createSessionReader(session), notBefore } = options;
  const cache = cacheOf(home, now);
  const { id: organization } = await session.organization();
  const key = { principal: session.principal, organization };
  let isOurs = false;
  const load = async () => {
    isOurs = true;
    return createAccessEngine(await loadAccessInputs(reader, { organization, now }));
  };
  return cache.get(key, load, notBefore).catch((error: unknown) => {
    // Somebody else's loading ended with their request: that is no answer for us.
    if (isOurs) throw error;
    return cache.get(key, load, notBefore);
  });
}

function cacheOf(home: Home, now: () => number): EngineCache {
  const known = kept.get(home) ?? { cache: createEngineCache({ now }), writes: home.writes };
  kept.set(home, known);
  if (known.writes !== home.writes) known.cache.drop();
  known.writes = home.writes;
  return known.cache;
}

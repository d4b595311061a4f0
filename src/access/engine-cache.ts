import type { AccessEngine } from './engine.ts';
import type { Timestamp } from './inputs.ts';

/** Whose view of which organisation: an engine is never shared between principals. */
export interface EngineKey {
  readonly principal: string;
  readonly organization: string;
}

/** How long and how many engines are kept, and the clock. */
export interface EngineCacheOptions {
  readonly now: () => Timestamp;
  /** Default 30 seconds from the beginning of loading. */
  readonly lifetimeMilliseconds?: number;
  /** Default 20; the one asked longest ago goes first. */
  readonly maximum?: number;
}

/** Engines kept for a short while, each loaded once however many ask for it at the same time. */
export interface EngineCache {
  /**
   * The kept engine (with `notBefore` only if its loading began then or later), or the one that `load` makes; what `load` throws is
   * thrown to all who wait, and not kept.
   */
  get(key: EngineKey, load: () => Promise<AccessEngine>, notBefore?: Timestamp): Promise<AccessEngine>;
  /** Forgets all engines, or those of one organisation, those still loading too: call it after every write of ours. */
  drop(organization?: string): void;
}

/** Makes an empty cache. */
export function createEngineCache(options: EngineCacheOptions): EngineCache {
  const { now, lifetimeMilliseconds = 30_000, maximum = 20 } = options;
  const entries = new Map<string, Entry>();

  const keep = (name: string, entry: Entry) => {
    entries.delete(name);
    entries.set(name, entry);
    const [oldest] = entries.keys();
    if (entries.size > maximum && oldest !== undefined) entries.delete(oldest);
  };
  return {
    get({ principal, organization }, load, notBefore = Number.NEGATIVE_INFINITY) {
      const name = JSON.stringify([principal, organization]);
      const known = entries.get(name);
      const isFresh = known && known.since >= notBefore && now() - known.since < lifetimeMilliseconds;
      // What is past its time holds memory only.
      for (const [other, { since }] of entries) if (now() - since >= lifetimeMilliseconds) entries.delete(other);
      const entry = isFresh ? known : { organization, since: now(), engine: load() };
      keep(name, entry);
      entry.engine.catch(() => {
        if (entries.get(name) === entry) entries.delete(name);
      });
      return entry.engine;
    },
    drop(organization) {
      for (const [name, entry] of entries) {
        if (organization === undefined || entry.organization === organization) entries.delete(name);
      }
    },
  };
}

interface Entry {
  readonly organization: string;
  readonly since: Timestamp;
  readonly engine: Promise<AccessEngine>;
}

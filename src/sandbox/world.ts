import type { Chance } from './ids.ts';
import type { Resource } from './resource.ts';
import type { Store } from './tables/store.ts';
import type { Table } from './tables/table.ts';
import type { Id, Json, JsonObject, Row, SandboxSeed, SandboxVersion } from './types.ts';
import type { VersionFacts } from './versions.ts';

/** One running sandbox: its rows, its clock and what it remembers between requests. */
export interface World {
  readonly version: SandboxVersion;
  readonly facts: VersionFacts;
  readonly store: Store;
  readonly resources: readonly Resource[];
  readonly chance: Chance;
  readonly memory: Memory;
  readonly seed: SandboxSeed | null;
  readonly tokens: ReadonlyMap<string, string>;
  now(): number;
}

/** A browser-like session, needed by sign-in with a second factor and by confirmations (api.md §1.3, §1.6). */
export interface WebSession {
  id: string;
  csrf: string;
  expires: number;
  user: Id | null;
  /** Signed in with password, waiting for more. */
  pending: Id | null;
  secondFactor: boolean;
  ticket: Id | null;
  /** Until when a confirmation of this level (1 relogin, 2 password, 3 mfa) holds. */
  confirmed: { level: number; until: number } | null;
  org: string | null;
}

/** What a server keeps in its cache and not in its tables. */
export interface Memory {
  sessions: Map<string, WebSession>;
  /** Bearer tokens: user and end. */
  bearers: Map<string, { user: Id; expires: number; address: string }>;
  /** Failed sign-ins by username. */
  failures: Map<string, { count: number; until: number }>;
  /** Ids stored by `common/resources/cache/`. */
  stashes: Map<string, { ids: Json[]; until: number }>;
  /** Times of the calls of the last minute by caller. */
  calls: Map<string, number[]>;
  /** Serializer classes of assets whose lists carry detail properties. */
  leaks: Set<string>;
  /** When replays were first asked for, by session. */
  replays: Map<Id, number>;
  /** Things that will be done later: terminations, executions. */
  later: { at: number; run: () => void }[];
  /** Anything derived from the tables, kept while they do not change. */
  derived: Map<string, { stamp: string; value: unknown }>;
}

/** Makes an empty memory. */
export function createMemory(): Memory {
  return {
    sessions: new Map(),
    bearers: new Map(),
    failures: new Map(),
    stashes: new Map(),
    calls: new Map(),
    leaks: new Set(),
    replays: new Map(),
    later: [],
    derived: new Map(),
  };
}

/** Keeps `make()` until one of the tables changes, or `moment` (a second, say) passes. */
export function derived<T>(world: World, key: string, tables: readonly Table[], make: () => T, moment = 0): T {
  const stamp = `${tables.map((table) => table.revision).join()}@${moment}`;
  const known = world.memory.derived.get(key);
  if (known !== undefined && known.stamp === stamp) return known.value as T;
  const value = make();
  if (world.memory.derived.size > 5000) world.memory.derived.clear();
  world.memory.derived.set(key, { stamp, value });
  return value;
}

/** The three organisations that every server has (api.md §2). */
export const ROOT_ORG = '00000000-0000-0000-0000-000000000000';
/** The organisation of those who name none. */
export const DEFAULT_ORG = '00000000-0000-0000-0000-000000000002';
/** The organisation that holds what belongs to no other. */
export const SYSTEM_ORG = '00000000-0000-0000-0000-000000000004';

/** What a serializer needs to know of the one who asks. */
export interface Look {
  readonly world: World;
  /** Time zone asked for by `X-TZ`; null is the server's own. */
  readonly zone: string | null;
  /** Organisation of the request. */
  readonly org: string;
  readonly user: Row | null;
  /** Which serializer: list, detail or answer of a write. */
  readonly view: View;
}

/** Serializers of a resource: `L`ist, `D`etail, answer of a `W`rite. */
export type View = 'L' | 'D' | 'W';

/** A column as text; other kinds are ''. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Whether a value is a JSON object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A column as a list of ids. */
export function idsOf(value: Json | undefined): Id[] {
  return Array.isArray(value) ? value.filter((id): id is Id => typeof id === 'string' || typeof id === 'number') : [];
}

/** A column as one id, null when unset. */
export function idOf(value: Json | undefined): Id | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** A column as a moment, null when unset. */
export function momentOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

/** Name of an organisation; '' when unknown. */
export function orgName(world: World, id: Json | undefined): string {
  const key = idOf(id);
  if (key === null) return '';
  return textOf(world.store.table('orgs').get(key)?.name) || (key === ROOT_ORG ? 'GLOBAL' : '');
}

/** The row of a table behind an id column. */
export function rowOf(world: World, table: string, id: Json | undefined): Row | undefined {
  const key = idOf(id);
  return key === null ? undefined : world.store.table(table).get(key);
}

/** A JSON value, the only thing the sandbox stores and answers. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A JSON object. */
export type JsonObject = { [name: string]: Json };

/** Key of a row: a UUID, or an integer for platforms, permission codes and relations (api.md §3.5). */
export type Id = string | number;

/**
 * A stored row. Choices are bare values, references are ids, moments are milliseconds since 1970,
 * so that every answer's shape is made in one place (`rows.ts`).
 */
export interface Row {
  id: Id;
  [column: string]: Json;
}

/** The servers the sandbox can stand in for: those that were recorded. */
export type SandboxVersion = '3.10.23' | '4.9.0' | '4.10.16' | '4.10.19';

/** Everything a sandbox holds, as plain JSON: what `exportState` gives and `load` takes. */
export interface SandboxState {
  version: SandboxVersion;
  /** Rows by resource, in their stored form. */
  tables: Record<string, Row[]>;
  /** How the lazily generated logs are made again, when the state came from a seed. */
  seed?: SandboxSeed;
  /** What happened to the generated logs since: rows changed or added, ids deleted. */
  logs?: Record<string, { rows: Row[]; gone: Id[] }>;
}

/** What decides a generated company: equal numbers give an equal company. */
export interface SandboxSeed {
  seed: number;
  assets: number;
  users: number;
  sessions: number;
  /** The moment the company was made, in milliseconds; its history ends here. */
  at: number;
}

/** One served request, as kept in `sandbox.log`. */
export interface SandboxLogEntry {
  method: string;
  path: string;
  query: string;
  status: number;
  /** Bytes of the answer's body. */
  bytes: number;
  /** Username of the caller, null when anonymous. */
  principal: string | null;
  /** Milliseconds the sandbox worked on it, artificial latency left out. */
  milliseconds: number;
}

/** How a sandbox is made; all of it optional. */
export interface SandboxOptions {
  /** The server to stand in for; default 4.10.16. */
  version?: SandboxVersion;
  /** Start from this state instead of a generated company. */
  state?: SandboxState;
  /** Number that decides the generated company; default 1. */
  seed?: number;
  /** Assets of the generated company; default 210. */
  assets?: number;
  /** Users of the generated company; default 60. */
  users?: number;
  /** Sessions of the generated company; default 500. */
  sessions?: number;
  /** Whether requests are throttled; default: as the version does (api.md §1.7). */
  throttle?: boolean;
  /**
   * Public settings that are otherwise than a new Community server's, by their names: `XPACK_ENABLED` and `XPACK_LICENSE_IS_VALID` make it an
   * enterprise one, `SECURITY_COMMAND_EXECUTION` lets it run jobs.
   */
  settings?: JsonObject;
  /** Clock in milliseconds; default `Date.now`. */
  now?: () => number;
  /** Add a real server's times to each answer: two workers, so much per call and per row. */
  latency?: boolean;
  /** Further credentials: token to username, accepted as `Bearer x` and `Token x`. */
  tokens?: Record<string, string>;
  /** Requests kept in `log`; default 2,000. */
  logSize?: number;
}

import type { Clock } from './clock.ts';

/** What the pipeline may use; every figure has a default in {@link defaultLimits}. */
export interface Limits {
  /** Calls in flight at a time for one principal. JumpServer's core runs few workers (api.md §8). */
  readonly concurrency: number;
  /** Calls in flight at a time for all principals together. */
  readonly totalConcurrency: number;
  /** Calls in flight at a time on one route of the contract, so that a slow one can't take every place. */
  readonly routeConcurrency: number;
  /** Calls that may wait for a place; more are refused as `OVERLOADED`. */
  readonly waiting: number;
  /** Calls of one principal that may wait. */
  readonly waitingPerPrincipal: number;
  /** Milliseconds one call may take, body included. */
  readonly timeout: number;
  /** Milliseconds a connection may take to be made. */
  readonly connectTimeout: number;
  /** Longest wait in milliseconds for a throttled principal when the operation has no deadline. */
  readonly longestWait: number;
  /** Largest answer, in decoded bytes. */
  readonly maxBodyBytes: number;
  /** How often a failed read is repeated. */
  readonly retries: number;
  /** Bytes of answers that one session keeps to answer the same read again. */
  readonly repeatBytes: number;
  /** Reads of a question that are sent at once when the same caller asks it again; 0 waits for each. */
  readonly foreseenReads: number;
  /** Milliseconds for which answers of slow-changing rows are kept beyond their operation, each for its own caller; 0 keeps none. */
  readonly slowRowsLifetime: number;
  /** Bytes of such answers that are kept. */
  readonly slowRowsBytes: number;
}

/** The limits that hold where the options say nothing else. */
export const defaultLimits: Limits = {
  concurrency: 6,
  totalConcurrency: 64,
  routeConcurrency: 48,
  waiting: 10_000,
  waitingPerPrincipal: 1_000,
  timeout: 30_000,
  connectTimeout: 5_000,
  longestWait: 90_000,
  maxBodyBytes: 64 * 1024 ** 2,
  retries: 2,
  repeatBytes: 8 * 1024 ** 2,
  foreseenReads: 24,
  slowRowsLifetime: 0,
  slowRowsBytes: 16 * 1024 ** 2,
};

/** The part of a pino logger that is used here. */
export interface Logger {
  debug(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** What {@link createUpstream} needs; only `url` is required. */
export interface UpstreamOptions {
  /** JumpServer's address, without `/api/v1`; a path prefix is kept. */
  readonly url: string;
  /** Replaces the network (the embedded sandbox, tests); undici with keep-alive and compression otherwise. */
  readonly fetch?: ((input: string, init: RequestInit) => Promise<Response>) | undefined;
  readonly clock?: Clock | undefined;
  /** A number in [0, 1), for jitter. */
  readonly random?: (() => number) | undefined;
  readonly logger?: Logger | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** Overrides detection: `JUMPSERVER_VERSION`. */
  readonly version?: string | undefined;
  /** Organisation (id or name) of callers who name none: `JUMPSERVER_ORG`. */
  readonly organization?: string | undefined;
  /** Prefix of JumpServer's cookie names (`SESSION_COOKIE_NAME_PREFIX`); `jms_` unless set. */
  readonly cookiePrefix?: string | undefined;
  /** Processes with the same key know callers by the same principals; one of the process's own unless set. */
  readonly principalKey?: string | undefined;
  /** PEM of the authority that signed JumpServer's certificate, in addition to none: it replaces the system's list. */
  readonly ca?: string | undefined;
  /** The allow-list (`GET /users/users/{id}/`); anything else is refused before it is sent. Everything typed is allowed without it. */
  readonly operations?: ReadonlySet<string> | undefined;
}

/** How a caller signs in to JumpServer; passed on as it is (api.md §1.1). */
export interface Credentials {
  /** `Bearer …` or `Token …`. */
  readonly authorization?: string | undefined;
  /** A `Cookie` header; only JumpServer's session and CSRF cookies are taken from it. */
  readonly cookie?: string | undefined;
  /** `X-CSRFToken`. */
  readonly csrfToken?: string | undefined;
}

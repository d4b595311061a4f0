/** Every way a call to JumpServer can fail, as the closed set of codes that clients see (graph.md §5). */
export type UpstreamErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'CONFIRMATION_REQUIRED'
  | 'UPSTREAM_THROTTLED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_CONTRACT'
  | 'UNSUPPORTED_BY_SERVER'
  | 'COST_LIMIT'
  | 'OVERLOADED'
  | 'OUTCOME_UNKNOWN';

/** What went wrong on the wire, when no usable answer came: decides about retries and whether a write may have happened. */
export type Failure =
  | 'refused'
  | 'reset'
  | 'certificate'
  | 'timeout'
  | 'cancelled'
  | 'truncated'
  | 'too large'
  | 'circuit open';

/** Names a call without its values: the method and the contract's path (`/users/users/{id}/`), never ids, query or body. */
export interface RequestName {
  readonly method: string;
  readonly path: string;
}

/** The details of an {@link UpstreamError}; all but `reason` are optional. */
export interface UpstreamErrorDetails {
  /** Ends the message: a status or a few words of ours, safe to log. */
  readonly reason: string | number;
  readonly status?: number | undefined;
  readonly body?: unknown;
  readonly retryAfter?: number | undefined;
  readonly hint?: string | undefined;
  readonly failure?: Failure | undefined;
  readonly cause?: unknown;
}

/** A call to JumpServer that gave no usable answer. The message (`[GET] /assets/hosts/: 403`) is safe to log. */
export class UpstreamError extends Error {
  readonly code: UpstreamErrorCode;
  /** JumpServer's HTTP status, when it answered at all. */
  readonly status: number | undefined;
  /** Seconds until a repeat may succeed. */
  readonly retryAfter: number | undefined;
  /** What the caller can do about it, in our own words: the only text here that clients may see. */
  readonly hint: string | undefined;
  readonly failure: Failure | undefined;
  readonly request: RequestName;
  /** The parsed error body, for the write runner alone: never shown to clients and, being not enumerable, never logged by accident. */
  declare readonly body?: unknown;

  constructor(code: UpstreamErrorCode, request: RequestName, details: UpstreamErrorDetails) {
    const hint = details.hint === undefined ? '' : ` (${details.hint})`;
    super(
      `[${request.method}] ${request.path}: ${details.reason}${hint}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = 'UpstreamError';
    this.code = code;
    this.request = { method: request.method, path: request.path };
    this.status = details.status;
    this.retryAfter = details.retryAfter;
    this.hint = details.hint;
    this.failure = details.failure;
    Object.defineProperty(this, 'body', { value: details.body, enumerable: false });
  }
}

/** Whether this is one of ours, optionally of one of these codes. */
export const isUpstreamError = (error: unknown, ...codes: readonly UpstreamErrorCode[]): error is UpstreamError =>
  error instanceof UpstreamError && (codes.length === 0 || codes.includes(error.code));

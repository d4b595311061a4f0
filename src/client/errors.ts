/** An error of an answer, as docs/errors.md explains them. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly requestId?: string;
    /** Seconds until a repeat may succeed. */
    readonly retryAfter?: number;
    readonly [name: string]: unknown;
  };
}

/** What a request came to when it did not come to data: the server's errors, or none when nothing usable was answered. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** HTTP status; undefined when there was no answer at all. */
  readonly status: number | undefined;
  readonly errors: readonly AnswerError[];
  /** The code of the first error: `UNAUTHENTICATED`, `FORBIDDEN`, …; `NETWORK` when there was no answer. */
  readonly code: string;

  constructor(message: string, status: number | undefined, errors: readonly AnswerError[], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.errors = errors;
    this.code = errors[0]?.extensions?.code ?? (status === undefined ? 'NETWORK' : 'INTERNAL');
  }
}

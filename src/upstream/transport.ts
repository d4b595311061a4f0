/** One HTTP request as it goes out: a whole URL, final headers. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
  /** Largest decoded body in bytes; reading stops there with a {@link BodyError}. */
  readonly maxBytes: number;
}

/** The whole answer, body read and decoded. */
export interface Incoming {
  readonly status: number;
  readonly body: Buffer;
  /** The value of a header by its lower-case name. */
  header(name: string): string | undefined;
  /** Each `Set-Cookie` header. */
  setCookie(): readonly string[];
}

/** Sends one request and reads its whole answer, redirects included as they are. Rejects with whatever the network says, or a {@link BodyError}. */
export interface Transport {
  send(request: Outgoing): Promise<Incoming>;
  close(): Promise<void>;
}

/** The status line came, the body did not arrive whole. */
export class BodyError extends Error {
  readonly failure: 'truncated' | 'too large';
  readonly status: number;

  constructor(failure: 'truncated' | 'too large', status: number, cause?: unknown) {
    super(`body ${failure}`, { cause });
    this.name = 'BodyError';
    this.failure = failure;
    this.status = status;
  }
}

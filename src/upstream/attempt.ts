import { isRead, toAnswerError } from './answer.ts';
import type { Breaker } from './breaker.ts';
import type { Clock } from './clock.ts';
import { isUpstreamError, type RequestName, UpstreamError } from './errors.ts';
import { toFailure } from './failure.ts';
import type { Limits } from './options.ts';
import type { FairQueue, Release } from './queue.ts';
import { BodyError, type Incoming, type Transport } from './transport.ts';

/** What a session's calls cost so far. */
export interface Stats {
  calls: number;
  /** Decoded bytes of answers. */
  bytes: number;
  /** Time spent in calls, each counted in full also where they ran side by side. */
  milliseconds: number;
  /** Repeats, after 429 and failures; not part of `calls`. */
  retries: number;
  /** Reads that were begun before the operation asked for them; part of `calls`. */
  foreseen: number;
  /** What was sent that is no read, as `POST /users/users/`: no id, no value. */
  readonly writes: string[];
}

/** One call on its way: what to send, on whose account, until when. */
export interface Call {
  readonly name: RequestName;
  /** Path and query as sent, from the server's root. */
  readonly target: string;
  readonly body: string | undefined;
  readonly principal: string;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds since the epoch. */
  readonly deadline: number | undefined;
  readonly requestId: string | undefined;
  readonly stats: Stats;
  /** Whether an answer of this status is an answer; 2xx unless set. */
  readonly accepts?: ((status: number) => boolean) | undefined;
  /** The final headers; asked again for each try, since a signature is dated. */
  headers(): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
}

/** The parts of an upstream that every try passes through. */
export interface AttemptParts {
  readonly origin: string;
  readonly transport: Transport;
  readonly queue: FairQueue;
  readonly breaker: Breaker;
  readonly clock: Clock;
  readonly limits: Limits;
}

/** The call ended before it was sent, so nothing can have happened. */
export const toCancelled = (name: RequestName, cause: unknown): UpstreamError =>
  new UpstreamError('UPSTREAM_TIMEOUT', name, { reason: 'cancelled before it was sent', failure: 'cancelled', cause });

/** One try: a place in the queue, then the network. */
export const attempt = async (parts: AttemptParts, call: Call): Promise<Incoming> => {
  const release = await enter(parts, call);
  try {
    if (!isRead(call.name.method)) return await exchange(parts, call);
    return await parts.breaker.guard(call.name, () => exchange(parts, call));
  } finally {
    release();
  }
};

const enter = async ({ queue, clock, limits }: AttemptParts, call: Call): Promise<Release> => {
  const place = queue.enter(call.principal, call.name.path);
  if (place) return place;
  const ending = createEnding(clock, (call.deadline ?? clock.now() + limits.longestWait) - clock.now(), call.signal);
  try {
    const release = await queue.wait(call.principal, call.name.path, ending.signal);
    if (release) return release;
  } catch (reason) {
    throw toCancelled(call.name, reason);
  } finally {
    ending.clear();
  }
  throw new UpstreamError('OVERLOADED', call.name, { reason: 'too many calls are waiting', retryAfter: 1 });
};

const exchange = async (parts: AttemptParts, call: Call): Promise<Incoming> => {
  const { clock, limits, transport } = parts;
  const left = Math.min(limits.timeout, (call.deadline ?? Number.POSITIVE_INFINITY) - clock.now());
  if (call.signal?.aborted) throw toCancelled(call.name, call.signal.reason);
  if (left <= 0)
    throw new UpstreamError('UPSTREAM_TIMEOUT', call.name, {
      reason: 'the deadline passed before it was sent',
      failure: 'cancelled',
    });
  const headers = await call.headers();
  const ending = createEnding(clock, left, call.signal);
  try {
    const answer = await transport.send({
      method: call.name.method,
      url: parts.origin + call.target,
      headers,
      body: call.body,
      signal: ending.signal,
      maxBytes: limits.maxBodyBytes,
    });
    call.stats.bytes += answer.body.byteLength;
    if (call.accepts ? call.accepts(answer.status) : answer.status >= 200 && answer.status < 300) return answer;
    throw toAnswerError(answer, call.name, clock.now());
  } catch (error) {
    throw isUpstreamError(error) ? error : toNetworkError(error, call.name, ending.failure());
  } finally {
    ending.clear();
  }
};

interface Ending {
  readonly signal: AbortSignal;
  /** Why we gave up ourselves, if we did. */
  failure(): 'timeout' | 'cancelled' | undefined;
  clear(): void;
}

const createEnding = (clock: Clock, milliseconds: number, outer: AbortSignal | undefined): Ending => {
  const controller = new AbortController();
  let failure: 'timeout' | 'cancelled' | undefined;
  const end = (why: 'timeout' | 'cancelled') => {
    failure ??= why;
    controller.abort();
  };
  const cancel = () => end('cancelled');
  const stop = clock.timer(milliseconds, () => end('timeout'));
  outer?.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    failure: () => failure,
    clear: () => {
      stop();
      outer?.removeEventListener('abort', cancel);
    },
  };
};

/** No usable answer came. A write may have been carried out unless the connection was never made. */
const toNetworkError = (
  cause: unknown,
  name: RequestName,
  ended: 'timeout' | 'cancelled' | undefined,
): UpstreamError => {
  const broken = cause instanceof BodyError ? cause : undefined;
  const failure = ended ?? broken?.failure ?? toFailure(cause);
  const sent = failure !== 'refused' && failure !== 'certificate';
  const code = !isRead(name.method) && sent ? 'OUTCOME_UNKNOWN' : CODES[failure];
  const status = broken?.status;
  return new UpstreamError(code, name, {
    reason: status === undefined ? WORDS[failure] : `${status}, ${WORDS[failure]}`,
    status,
    failure,
    cause,
  });
};

const CODES = {
  refused: 'UPSTREAM_UNAVAILABLE',
  reset: 'UPSTREAM_UNAVAILABLE',
  certificate: 'UPSTREAM_UNAVAILABLE',
  timeout: 'UPSTREAM_TIMEOUT',
  cancelled: 'UPSTREAM_TIMEOUT',
  truncated: 'UPSTREAM_CONTRACT',
  'too large': 'UPSTREAM_CONTRACT',
} as const;

const WORDS = {
  refused: 'no connection',
  reset: 'connection reset',
  certificate: "JumpServer's certificate is not trusted",
  timeout: 'no answer in time',
  cancelled: 'cancelled',
  truncated: 'the body broke off',
  'too large': 'the body is too large',
} as const;

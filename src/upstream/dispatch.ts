import { isRead, toAnswerError } from './answer.ts';
import type { Breaker } from './breaker.ts';
import { type Clock, sleep } from './clock.ts';
import { isUpstreamError, type RequestName, UpstreamError } from './errors.ts';
import { toFailure } from './failure.ts';
import type { Limits, Logger } from './options.ts';
import type { FairQueue, Release } from './queue.ts';
import type { Quota } from './quota.ts';
import { type RetryBudget, toRetryWait, toThrottleWait } from './retry.ts';
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

/** The parts of an upstream that every call passes through. */
export interface DispatchParts {
  readonly origin: string;
  readonly transport: Transport;
  readonly queue: FairQueue;
  readonly quota: Quota;
  readonly breaker: Breaker;
  readonly retryBudget: RetryBudget;
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: Limits;
  readonly logger: Logger | undefined;
}

/** Sends a call and answers its 2xx answer; everything else rejects with an UpstreamError. */
export type Dispatch = (call: Call) => Promise<Incoming>;

/** Joins quota, queue, circuit, network and repeats into the one way that a call takes. */
export const createDispatch = (parts: DispatchParts): Dispatch => {
  const { quota, clock, random, limits } = parts;

  const pause = async (call: Call, milliseconds: number, until: number, error?: UpstreamError): Promise<void> => {
    if (clock.now() + milliseconds > until) throw toThrottled(call.name, milliseconds, error);
    try {
      await sleep(clock, milliseconds, call.signal);
    } catch (reason) {
      throw toCancelled(call.name, reason);
    }
  };

  /** Waits for the principal's turn in its quota; the usual case costs no turn of the event loop. */
  const admit = (call: Call, until: number): Promise<void> | undefined => {
    const wait = quota.admit(call.principal);
    return wait > 0 ? pause(call, wait, until).then(() => admit(call, until)) : undefined;
  };

  /** Waits until the call may be repeated, or throws the error that it ends with. */
  const prepareRepeat = async (call: Call, error: UpstreamError, counts: Counts): Promise<void> => {
    if (error.status === 429) {
      const wait = toThrottleWait(error, counts.refusals++, random);
      quota.refuse(call.principal, wait);
      // The wait itself happens in admit(), for all calls of the principal; here it only has to fit.
      if (clock.now() + wait > counts.until) throw toThrottled(call.name, wait, error);
      return;
    }
    const mayRepeat = isRead(call.name.method) && counts.repeats < limits.retries;
    const wait = mayRepeat ? toRetryWait(error, counts.repeats++, random) : undefined;
    if (wait === undefined || clock.now() + wait > counts.until || !parts.retryBudget.spend()) throw error;
    if (wait > 0) await pause(call, wait, counts.until, error);
  };

  const persist = async (call: Call, error: unknown, counts: Counts): Promise<Incoming> => {
    if (!isUpstreamError(error)) throw error;
    logFailure(parts, call, error);
    await prepareRepeat(call, error, counts);
    call.stats.retries++;
    try {
      await admit(call, counts.until);
      return await attempt(parts, call);
    } catch (next) {
      return persist(call, next, counts);
    }
  };

  return async (call) => {
    const started = clock.now();
    const until = call.deadline ?? started + limits.longestWait;
    parts.retryBudget.earn();
    try {
      const turn = admit(call, until);
      if (turn) await turn;
      return await attempt(parts, call);
    } catch (error) {
      return await persist(call, error, { until, refusals: 0, repeats: 0 });
    } finally {
      call.stats.milliseconds += clock.now() - started;
    }
  };
};

/** How a call fared so far, and until when it may go on. */
interface Counts {
  readonly until: number;
  refusals: number;
  repeats: number;
}

const logFailure = ({ logger }: DispatchParts, call: Call, error: UpstreamError): void => {
  if (error.status !== undefined && error.status < 500 && error.status !== 429) return;
  logger?.warn(
    { requestId: call.requestId, ...call.name, code: error.code, status: error.status, failure: error.failure },
    'a call to JumpServer failed',
  );
};

const toThrottled = (name: RequestName, milliseconds: number, error: UpstreamError | undefined): UpstreamError =>
  error && error.status !== 429
    ? error
    : new UpstreamError('UPSTREAM_THROTTLED', name, {
        reason: error?.status ?? 'quota used up',
        status: error?.status,
        body: error?.body,
        retryAfter: Math.ceil(milliseconds / 1000),
      });

const toCancelled = (name: RequestName, cause: unknown): UpstreamError =>
  new UpstreamError('UPSTREAM_TIMEOUT', name, { reason: 'cancelled before it was sent', failure: 'cancelled', cause });

/** One try: a place in the queue, then the network. */
const attempt = async (parts: DispatchParts, call: Call): Promise<Incoming> => {
  const release = await enter(parts, call);
  try {
    if (!isRead(call.name.method)) return await exchange(parts, call);
    return await parts.breaker.guard(call.name, () => exchange(parts, call));
  } finally {
    release();
  }
};

const enter = async ({ queue, clock, limits }: DispatchParts, call: Call): Promise<Release> => {
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

const exchange = async (parts: DispatchParts, call: Call): Promise<Incoming> => {
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

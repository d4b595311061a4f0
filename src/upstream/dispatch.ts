import { isRead } from './answer.ts';
import { type AttemptParts, attempt, type Call, toCancelled } from './attempt.ts';
import { sleep } from './clock.ts';
import { isUpstreamError, type RequestName, UpstreamError } from './errors.ts';
import type { Logger } from './options.ts';
import type { Quota } from './quota.ts';
import { type RetryBudget, toRetryWait, toThrottleWait } from './retry.ts';
import type { Incoming } from './transport.ts';

/** The parts of an upstream that every call passes through. */
export interface DispatchParts extends AttemptParts {
  readonly quota: Quota;
  readonly retryBudget: RetryBudget;
  readonly random: () => number;
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

import type { FormattedExecutionResult } from 'graphql';
import { type Admission, createAdmission } from './admission.ts';
import type { Caller } from './caller.ts';
import { toClientError } from './errors.ts';
import type { OperationContext } from './graph.ts';
import type { Offer } from './live-graph.ts';
import type { Parameters } from './parameters.ts';
import { type OperationOptions, runOperation } from './run-operation.ts';

/** Subscriptions at a time, over all callers. */
const MOST = 1_000;

/** An operation that came over a connection which can answer more than once. */
export interface LiveOperation {
  readonly caller: Caller;
  readonly parameters: Parameters;
  readonly requestId: string;
  /** Whether it came by GET, as a stream of events may. */
  readonly isGet?: boolean;
  /** `X-Introspection-Key`. */
  readonly introspectionKey: unknown;
  /** Counts the operation against its caller, where no request has been; the answer says that it has ended. */
  readonly enter?: () => Promise<() => void>;
}

/** The answers of an operation: one of a query or mutation, any number of a subscription. Never rejects. */
export type Answers = AsyncGenerator<FormattedExecutionResult, void>;

/** Runs an operation and gives its answers; returning them ends it. */
export type RunLive = (operation: LiveOperation) => Answers;

/**
 * Runs operations for connections that can answer more than once, under the limits and the mask of all others: a subscription runs
 * through the same pipeline, once to begin and once for each event. What goes wrong with the stream is its last answer.
 */
export const createLiveOperations = (options: OperationOptions): RunLive => {
  const { graph, telemetry } = options;
  const places = createAdmission(MOST);
  return (operation) => {
    const leaving = new AbortController();
    const mask = { requestId: operation.requestId, logger: telemetry.logger, toGraphQLError: graph.toGraphQLError };
    const inner = answer(options, places, operation, leaving.signal);
    const guarded = guard(counted(inner, operation.enter), (error) => ({ errors: [toClientError(error, mask)] }));
    return endingAtOnce(guarded, () => leaving.abort(new DOMException('the caller has gone', 'AbortError')));
  };
};

/** Answers as far as the caller's own limits let it. */
async function* counted(answers: Answers, enter: LiveOperation['enter']): Answers {
  const leave = await enter?.();
  try {
    yield* answers;
  } finally {
    leave?.();
  }
}

async function* answer(
  options: OperationOptions,
  places: Admission,
  given: LiveOperation,
  signal: AbortSignal,
): Answers {
  const { graph, telemetry, trust } = options;
  const { logger } = telemetry;
  const operation = { ...given, parameters: trust(given.parameters) };
  const { caller, requestId } = operation;
  let offer: Offer | undefined;
  const first = await runOnce(options, operation, signal, (context) => {
    offer = graph.live?.offer(context, { caller, requestId, logger });
  });
  const events = offer?.events;
  if (!events || first.errors) {
    yield first;
    await events?.return();
    return;
  }
  const end = () => void events.return();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const leave = places.enter();
    try {
      for await (const event of events)
        yield await runOnce(options, operation, signal, (context) => graph.live?.deliver(context, event));
    } finally {
      leave();
    }
  } finally {
    end();
  }
}

/** One run: to begin, or for one event. */
const runOnce = async (
  options: OperationOptions,
  operation: LiveOperation,
  gone: AbortSignal,
  prepare: (context: OperationContext) => void,
): Promise<FormattedExecutionResult> => {
  const timeout = options.config.OPERATION_TIMEOUT;
  const signal = AbortSignal.any([gone, AbortSignal.timeout(timeout)]);
  const deadline = Date.now() + timeout;
  const startedAt = performance.now();
  const run = { ...operation, method: 'POST', signal, deadline, startedAt, prepare };
  const { outcome, context } = await runOperation(options, run);
  return withWarnings(outcome.result, context);
};

const withWarnings = (
  { data, errors, extensions }: FormattedExecutionResult,
  { warnings }: OperationContext,
): FormattedExecutionResult => ({
  ...(errors && { errors }),
  ...(data !== undefined && { data }),
  ...((extensions || warnings.length > 0) && {
    extensions: { ...extensions, ...(warnings.length > 0 && { warnings }) },
  }),
});

/** Makes an error the last answer. */
async function* guard(answers: Answers, toAnswer: (error: unknown) => FormattedExecutionResult): Answers {
  try {
    yield* answers;
  } catch (error) {
    yield toAnswer(error);
  }
}

/** A generator that waits does not hear that it is returned: this one first wakes what it waits for. */
const endingAtOnce = (answers: Answers, wake: () => void): Answers => {
  const generator: Answers = {
    next: () => answers.next(),
    return: (value) => {
      wake();
      return answers.return(value);
    },
    throw: (error) => {
      wake();
      return answers.throw(error);
    },
    [Symbol.asyncIterator]: () => generator,
  };
  return generator;
};

import type { OperationDefinitionNode } from 'graphql';
import type { Config } from '../config.ts';
import type { Admission } from './admission.ts';
import type { Caller } from './caller.ts';
import type { Graph, OperationContext, OperationRequest } from './graph.ts';
import { mayIntrospect } from './introspection.ts';
import type { Parameters } from './parameters.ts';
import type { Outcome, Pipeline } from './pipeline.ts';
import { refuseWithoutCsrfToken, refuseWriteByGet } from './preflight.ts';
import { createQuestion } from './question.ts';
import type { Telemetry } from './telemetry.ts';
import type { Trust } from './trusted-documents.ts';

/** What operations stand on. */
export interface OperationOptions {
  readonly config: Config;
  readonly graph: Graph;
  readonly pipeline: Pipeline;
  readonly admission: Admission;
  readonly telemetry: Telemetry;
  readonly trust: Trust;
}

/** An operation about to run, whichever way it came. */
export interface Operation extends Pick<OperationRequest, 'requestId' | 'signal' | 'deadline'> {
  readonly method: string;
  /** Whether it came by GET, in whichever way it is answered. */
  readonly isGet?: boolean;
  /** Whether it is one of several in a request. */
  readonly isBatched?: boolean;
  readonly caller: Caller;
  /** As a trusted document has them. */
  readonly parameters: Parameters;
  /** `X-Introspection-Key`. */
  readonly introspectionKey: unknown;
  /** What is granted to those who may read the schema: the operation's plan and reads, the time of each field. */
  readonly wishes?: { readonly explain: boolean; readonly trace: boolean };
  /** When it came, by `performance.now()`. */
  readonly startedAt: number;
  /** Told the context before anything runs. */
  readonly prepare?: (context: OperationContext) => void;
}

/** One run through the pipeline, with a context of its own, counted and told to the telemetry. */
export const runOperation = async (
  { config, graph, pipeline, admission, telemetry }: OperationOptions,
  {
    method,
    isGet = method === 'GET',
    isBatched = false,
    caller,
    parameters,
    requestId,
    introspectionKey,
    wishes,
    startedAt,
    prepare,
    signal,
    deadline,
  }: Operation,
): Promise<{ readonly outcome: Outcome; readonly context: OperationContext }> => {
  const { logger } = telemetry;
  const policy = { mode: config.INTROSPECTION, keys: config.INTROSPECTION_KEYS };
  const isAllowed = mayIntrospect(policy, introspectionKey);
  const leave = admission.enter();
  try {
    const explain = isAllowed && wishes?.explain === true;
    const context = await graph.createContext({ caller, requestId, logger, signal, deadline, explain });
    prepare?.(context);
    const question = createQuestion(context, parameters);
    const judged = {
      requestId,
      logger,
      mayIntrospect: isAllowed,
      isBatched,
      isTraced: isAllowed && wishes?.trace === true,
      refuse: (operation: OperationDefinitionNode) =>
        (isGet ? refuseWriteByGet(operation) : undefined) ?? refuseWithoutCsrfToken(caller, operation),
      begin: question.begin,
    };
    const outcome = await pipeline.run(method, parameters, judged, context);
    question.end();
    const { stats, principal } = context.session;
    const audited = { principal, address: caller.address, variables: parameters.variables };
    telemetry.operationEnded({ requestId, outcome, stats, audited, milliseconds: performance.now() - startedAt });
    return { outcome, context };
  } finally {
    leave();
  }
};

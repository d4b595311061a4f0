import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import type { Config } from '../config.ts';
import type { Admission } from './admission.ts';
import { sendBatch, sendRefusal, sendResult } from './answer.ts';
import { toBatch } from './batch.ts';
import { type Caller, toCaller } from './caller.ts';
import { type MaskOptions, toClientError } from './errors.ts';
import { toExplanation } from './explain.ts';
import type { Graph, OperationContext } from './graph.ts';
import { type IntrospectionPolicy, mayIntrospect } from './introspection.ts';
import { createLifetime, type Lifetime } from './lifetime.ts';
import { type LiveEventStream, wantsEventStream } from './live-sse.ts';
import { type MediaType, negotiateMediaType } from './media-type.ts';
import { badRequest, fromBody, fromQueryString, type Parameters } from './parameters.ts';
import type { Outcome, Pipeline, PipelineContext } from './pipeline.ts';
import { assertPreflighted, refuseWithoutCsrfToken } from './preflight.ts';
import { createQuestion } from './question.ts';
import type { Telemetry } from './telemetry.ts';
import { createTrust, readManifest, withoutName } from './trusted-documents.ts';

/** What the route stands on. */
export interface GraphqlRouteOptions {
  readonly config: Config;
  readonly graph: Graph;
  readonly pipeline: Pipeline;
  readonly admission: Admission;
  readonly telemetry: Telemetry;
  /** Answers those who want a stream of events. */
  readonly eventStreams: LiveEventStream;
}

/** GraphQL over HTTP at `/graphql`: GET for queries, POST for everything; and the same as Server-Sent Events. */
export const registerGraphqlRoute = (app: FastifyInstance, options: GraphqlRouteOptions): void => {
  const answer = createAnswer(options);
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const mediaType = negotiateMediaType(request.headers.accept);
      const mask = toMask(request, options);
      const isStream = wantsEventStream(request.headers.accept);
      if (!mediaType && !isStream)
        return sendRefusal(reply, toClientError(notAcceptable(), mask), 'application/json', 406);
      try {
        if (isStream || !mediaType) return await options.eventStreams.answer(request, reply);
        return await answer(request, reply, mediaType);
      } catch (error) {
        return sendRefusal(reply, toClientError(error, mask), mediaType);
      }
    },
  });
};

const notAcceptable = () => badRequest('Only application/json and application/graphql-response+json are offered.');

const toMask = (request: FastifyRequest, { telemetry, graph }: GraphqlRouteOptions): MaskOptions => ({
  requestId: request.id,
  logger: telemetry.logger,
  toGraphQLError: graph.toGraphQLError,
});

type Answer = (request: FastifyRequest, reply: FastifyReply, mediaType: MediaType) => Promise<FastifyReply>;

const createAnswer = (options: GraphqlRouteOptions): Answer => {
  const { config, graph, pipeline, admission, telemetry } = options;
  const callerOptions = { cookiePrefix: config.SESSION_COOKIE_PREFIX, defaultOrganization: config.JUMPSERVER_ORG };
  const trust = config.TRUSTED_DOCUMENTS ? createTrust(readManifest(config.TRUSTED_DOCUMENTS)) : withoutName;
  const policy = { mode: config.INTROSPECTION, keys: config.INTROSPECTION_KEYS };
  const run: Run = async (given, { request, reply, lifetime }) => {
    const parameters = trust(given());
    const caller = toCaller(request.headers, request.ip, callerOptions);
    assertPreflighted(caller, request.headers);
    const leave = admission.enter();
    try {
      const { logger } = telemetry;
      const running = toPipelineContext(request, caller, policy, telemetry);
      // Whoever may read the schema may read how an operation is served.
      const explain = running.mayIntrospect && request.headers['x-explain'] === '1';
      const context = await graph.createContext({ caller, requestId: request.id, logger, explain, ...lifetime });
      const question = createQuestion(context, parameters);
      const outcome = await pipeline.run(request.method, parameters, { ...running, begin: question.begin }, context);
      question.end();
      telemetry.operationEnded({
        requestId: request.id,
        outcome,
        stats: context.session.stats,
        audited: { principal: context.session.principal, address: caller.address, variables: parameters.variables },
        milliseconds: reply.elapsedTime,
      });
      const result = withExtensions(outcome, context, request, config.MAX_UPSTREAM_CALLS);
      return { result, isWrongMethod: outcome.isWrongMethod };
    } finally {
      leave();
    }
  };
  return async (request, reply, mediaType) => {
    const lifetime = createLifetime(reply, config.OPERATION_TIMEOUT);
    const surroundings = { request, reply, lifetime };
    try {
      const batch = toBatch(request.body, config.MAX_BATCH);
      if (batch) {
        const mask = toMask(request, options);
        const refuse = (error: unknown) => ({ result: { errors: [toClientError(error, mask)] } });
        const answers = batch.map((one) => run(() => fromBody(one), surroundings).catch(refuse));
        return sendBatch(
          reply,
          (await Promise.all(answers)).map(({ result }) => result),
        );
      }
      const given = () => (request.method === 'GET' ? fromQueryString(request.query) : fromBody(request.body));
      const { result, isWrongMethod } = await run(given, surroundings);
      return sendResult(reply, result, mediaType, isWrongMethod);
    } finally {
      lifetime.end();
    }
  };
};

/** Runs one operation of a request; `given` reads its parameters. */
type Run = (
  given: () => Parameters,
  surroundings: { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly lifetime: Lifetime },
) => Promise<{ readonly result: FormattedExecutionResult; readonly isWrongMethod: boolean }>;

const toPipelineContext = (
  request: FastifyRequest,
  caller: Caller,
  policy: IntrospectionPolicy,
  { logger }: Telemetry,
): PipelineContext => ({
  requestId: request.id,
  logger,
  mayIntrospect: mayIntrospect(policy, request.headers['x-introspection-key']),
  isTraced: isTraced(request, mayIntrospect(policy, request.headers['x-introspection-key'])),
  refuse: (operation) => refuseWithoutCsrfToken(caller, operation),
});

/** A gateway's wish to know how long each field took; granted to whoever may read the schema. */
const isTraced = ({ headers }: FastifyRequest, isAllowed: boolean): boolean =>
  isAllowed && headers['apollo-federation-include-trace'] === 'ftv1';

const withExtensions = (
  { result, assessment }: Outcome,
  context: OperationContext,
  request: FastifyRequest,
  budget: number,
): FormattedExecutionResult => {
  const { calls, bytes, milliseconds, retries } = context.session.stats;
  const extensions = {
    ...result.extensions,
    ...(context.warnings.length > 0 && { warnings: context.warnings }),
    ...(request.headers['x-upstream-stats'] === '1' && {
      upstream: { calls, bytes, milliseconds: Math.round(milliseconds), retries },
    }),
    ...(context.trace && assessment && { explain: toExplanation(assessment, context, budget) }),
  };
  const { errors, data } = result;
  return {
    ...(errors && { errors }),
    ...(data !== undefined && { data }),
    ...(Object.keys(extensions).length > 0 && { extensions }),
  };
};

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { sendBatch, sendRefusal, sendResult } from './answer.ts';
import { toBatch } from './batch.ts';
import { toCaller } from './caller.ts';
import { type MaskOptions, toClientError } from './errors.ts';
import { toExplanation } from './explain.ts';
import type { OperationContext } from './graph.ts';
import { createLifetime, type Lifetime } from './lifetime.ts';
import { type LiveEventStream, wantsEventStream } from './live-sse.ts';
import { type MediaType, negotiateMediaType } from './media-type.ts';
import { badRequest, fromBody, fromQueryString, type Parameters } from './parameters.ts';
import type { Outcome } from './pipeline.ts';
import { assertPreflighted } from './preflight.ts';
import { type OperationOptions, runOperation } from './run-operation.ts';

/** What the route stands on. */
export interface GraphqlRouteOptions extends OperationOptions {
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
  const { config, trust } = options;
  const callerOptions = { cookiePrefix: config.SESSION_COOKIE_PREFIX, defaultOrganization: config.JUMPSERVER_ORG };
  const run: Run = async (given, { request, reply, lifetime, isBatched }) => {
    const { headers, method, id: requestId } = request;
    const parameters = trust(given());
    const caller = toCaller(headers, request.ip, callerOptions);
    assertPreflighted(caller, headers);
    const { outcome, context } = await runOperation(options, {
      ...lifetime,
      method,
      isBatched,
      caller,
      parameters,
      requestId,
      introspectionKey: headers['x-introspection-key'],
      wishes: { explain: headers['x-explain'] === '1', trace: headers['apollo-federation-include-trace'] === 'ftv1' },
      startedAt: performance.now() - reply.elapsedTime,
    });
    const result = withExtensions(outcome, context, request, config.MAX_UPSTREAM_CALLS);
    return { result, isWrongMethod: outcome.isWrongMethod };
  };
  return async (request, reply, mediaType) => {
    const lifetime = createLifetime(reply, config.OPERATION_TIMEOUT);
    try {
      const batch = toBatch(request.body, config.MAX_BATCH);
      const surroundings = { request, reply, lifetime, isBatched: batch !== undefined && batch.length > 1 };
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
  surroundings: {
    readonly request: FastifyRequest;
    readonly reply: FastifyReply;
    readonly lifetime: Lifetime;
    readonly isBatched: boolean;
  },
) => Promise<{ readonly result: FormattedExecutionResult; readonly isWrongMethod: boolean }>;

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

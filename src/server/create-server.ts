import type { FastifyInstance } from 'fastify';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createAdmission } from './admission.ts';
import { createApp } from './create-app.ts';
import { createDrain } from './drain.ts';
import { type EditorPrefill, registerEditor } from './editor.ts';
import { toClientError } from './errors.ts';
import type { Execute } from './execute.ts';
import { createCompiledExecute } from './execute-compiled.ts';
import type { Graph } from './graph.ts';
import { registerGraphqlRoute } from './graphql-route.ts';
import { registerHealth } from './health.ts';
import { createLiveOperations } from './live-operations.ts';
import { serveSockets } from './live-sockets.ts';
import { createEventStreams } from './live-sse.ts';
import { createMetrics } from './metrics.ts';
import { createPipeline } from './pipeline.ts';
import { createRateLimit, registerRateLimit } from './rate-limit.ts';
import { handleFault, handleUnknownRoute } from './refusals.ts';
import { registerReports } from './reports-route.ts';
import { registerShedding, type Shedding } from './shedding.ts';
import { createTelemetry } from './telemetry.ts';
import { createTrust, readManifest, withoutName } from './trusted-documents.ts';

/** What the server stands on; effects come in from outside. */
export interface ServerOptions {
  readonly config: Config;
  readonly graph: Graph;
  readonly logger: Logger;
  readonly execute?: Execute;
  /** What the query editor opens with; nothing unless the sandbox is embedded. */
  readonly prefill?: EditorPrefill;
}

/** A server that is ready to listen. */
export interface Server {
  readonly app: FastifyInstance;
  /** Answers `/readyz` with 503 and ends each connection with its next answer; still takes requests. */
  drain(): void;
  /** Drains, takes no more requests, waits for running operations, then frees everything. */
  close(): Promise<void>;
}

/** Assembles the HTTP side: `/graphql`, the query editor, health and metrics, under `BASE_PATH`. */
export const createServer = async (options: ServerOptions): Promise<Server> => {
  const { config, graph, logger, prefill, execute = createCompiledExecute() } = options;
  const admission = createAdmission(config.MAX_OPERATIONS);
  const metrics = config.METRICS ? createMetrics(admission) : undefined;
  const telemetry = createTelemetry(logger, metrics);
  const pipeline = await createPipeline({ ...graph, execute, limits: toLimits(config) });
  const app = await createApp(config, logger);
  const drain = createDrain(app);
  const trust = config.TRUSTED_DOCUMENTS ? createTrust(readManifest(config.TRUSTED_DOCUMENTS)) : withoutName;
  const operations = { config, graph, pipeline, admission, telemetry, trust };
  const run = createLiveOperations(operations);
  const eventStreams = createEventStreams(config, run);
  const rateLimit = createRateLimit(toRateLimits(config));
  let shed: Shedding = () => {};
  const sockets = serveSockets(app.server, { config, run, rateLimit, telemetry, shed: () => shed() });
  const { toGraphQLError } = graph;
  const toShown = (error: GraphQLError, requestId: string) =>
    toClientError(error, { requestId, logger, toGraphQLError });
  app.setErrorHandler(handleFault(telemetry, graph));
  app.setNotFoundHandler(handleUnknownRoute(config.BASE_PATH));
  await app.register(
    async (scope) => {
      await scope.register(async (guarded) => {
        shed = await registerShedding(guarded, config.MAX_EVENT_LOOP_DELAY);
        registerRateLimit(guarded, rateLimit, toShown, config.SESSION_COOKIE_PREFIX);
        registerGraphqlRoute(guarded, { ...operations, eventStreams });
        registerReports(guarded, { config, graph, admission, telemetry });
      });
      registerHealth(scope, { metrics, isReady: () => !drain.isDraining });
      if (config.QUERY_EDITOR) await registerEditor(scope, { config, prefill });
    },
    { prefix: config.BASE_PATH },
  );
  const startDraining = (): void => {
    drain.start();
    eventStreams.stop();
    sockets.stop();
  };
  const close = async (): Promise<void> => {
    startDraining();
    await drain.finish();
    await pipeline.stop();
    metrics?.close();
    await graph.close?.();
  };
  return { app, drain: startDraining, close };
};

const toRateLimits = (config: Config) => ({
  perMinute: config.RATE_LIMIT,
  atATime: config.MAX_OPERATIONS_PER_CALLER,
  cookiePrefix: config.SESSION_COOKIE_PREFIX,
});

const toLimits = (config: Config) => ({
  tokens: config.MAX_TOKENS,
  depth: config.MAX_DEPTH,
  fields: config.MAX_FIELDS,
  aliases: config.MAX_ALIASES,
  directives: config.MAX_DIRECTIVES,
  rootFields: config.MAX_ROOT_FIELDS,
  rows: config.MAX_ROWS,
  calls: config.MAX_UPSTREAM_CALLS,
});

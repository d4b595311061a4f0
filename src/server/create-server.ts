import { randomUUID } from 'node:crypto';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createAdmission } from './admission.ts';
import { type EditorPrefill, registerEditor } from './editor.ts';
import { type Execute, execute as executeByGraphql } from './execute.ts';
import type { Graph } from './graph.ts';
import { registerGraphqlRoute } from './graphql-route.ts';
import { registerHealth } from './health.ts';
import { createMetrics } from './metrics.ts';
import { createPipeline } from './pipeline.ts';
import { handleFault, handleUnknownRoute } from './refusals.ts';
import { securityHeaders } from './security-headers.ts';
import { createTelemetry } from './telemetry.ts';

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
  const { config, graph, logger, execute = executeByGraphql } = options;
  const admission = createAdmission(config.MAX_OPERATIONS);
  const metrics = config.METRICS ? createMetrics(admission) : undefined;
  const telemetry = createTelemetry(logger, metrics);
  const pipeline = await createPipeline({ ...graph, execute, limits: toLimits(config) });
  const state = { isDraining: false };
  const app = createApp(config, logger);
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(handleFault(telemetry, graph));
  app.setNotFoundHandler(handleUnknownRoute);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (state.isDraining) reply.header('connection', 'close');
  });
  await app.register(helmet, securityHeaders);
  if (config.CORS_ORIGINS.length > 0) await app.register(cors, toCorsOptions(config.CORS_ORIGINS));
  await app.register(compress, { threshold: 1024, encodings: ['br', 'gzip'] });
  await app.register(
    async (scope) => {
      registerGraphqlRoute(scope, { config, graph, pipeline, admission, telemetry });
      registerHealth(scope, { metrics, isReady: () => !state.isDraining });
      if (config.QUERY_EDITOR) await registerEditor(scope, { config, prefill: options.prefill });
    },
    { prefix: config.BASE_PATH },
  );
  const drain = () => {
    state.isDraining = true;
  };
  const close = async (): Promise<void> => {
    drain();
    await app.close();
    await pipeline.stop();
    metrics?.close();
    await graph.close?.();
  };
  return { app, drain, close };
};

const toLimits = (config: Config) => ({
  tokens: config.MAX_TOKENS,
  depth: config.MAX_DEPTH,
  fields: config.MAX_FIELDS,
  aliases: config.MAX_ALIASES,
  directives: config.MAX_DIRECTIVES,
  rootFields: config.MAX_ROOT_FIELDS,
  rows: config.MAX_ROWS,
});

/** Fastify's own request log is off: it would show the query strings of GET requests, variables included. */
const createApp = (config: Config, logger: FastifyBaseLogger): FastifyInstance =>
  fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.TRUST_PROXY,
    bodyLimit: config.BODY_LIMIT,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
  });

const toCorsOptions = (origins: readonly string[]) => ({
  origin: [...origins],
  credentials: true,
  methods: ['GET', 'POST'],
  exposedHeaders: ['x-request-id', 'retry-after'],
  maxAge: 600,
});

import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createAdmission } from './admission.ts';
import { createApp } from './create-app.ts';
import { createDrain } from './drain.ts';
import { type EditorPrefill, registerEditor } from './editor.ts';
import type { Execute } from './execute.ts';
import { createCompiledExecute } from './execute-compiled.ts';
import type { Graph } from './graph.ts';
import { registerGraphqlRoute } from './graphql-route.ts';
import { registerHealth } from './health.ts';
import { createMetrics } from './metrics.ts';
import { createPipeline } from './pipeline.ts';
import { handleFault, handleUnknownRoute } from './refusals.ts';
import { registerReports } from './reports-route.ts';
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
  const { config, graph, logger, prefill, execute = createCompiledExecute() } = options;
  const admission = createAdmission(config.MAX_OPERATIONS);
  const metrics = config.METRICS ? createMetrics(admission) : undefined;
  const telemetry = createTelemetry(logger, metrics);
  const pipeline = await createPipeline({ ...graph, execute, limits: toLimits(config) });
  const app = await createApp(config, logger);
  const drain = createDrain(app);
  app.setErrorHandler(handleFault(telemetry, graph));
  app.setNotFoundHandler(handleUnknownRoute);
  await app.register(
    async (scope) => {
      registerGraphqlRoute(scope, { config, graph, pipeline, admission, telemetry });
      registerReports(scope, { config, graph, admission, telemetry });
      registerHealth(scope, { metrics, isReady: () => !drain.isDraining });
      if (config.QUERY_EDITOR) await registerEditor(scope, { config, prefill });
    },
    { prefix: config.BASE_PATH },
  );
  const close = async (): Promise<void> => {
    await drain.finish();
    await pipeline.stop();
    metrics?.close();
    await graph.close?.();
  };
  return { app, drain: drain.start, close };
};

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

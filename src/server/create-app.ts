import { randomUUID } from 'node:crypto';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Config } from '../config.ts';
import { securityHeaders } from './security-headers.ts';

/** Creates the HTTP server with what holds for every route: request ids, security headers, CORS as configured, compression. */
export const createApp = async (config: Config, logger: FastifyBaseLogger): Promise<FastifyInstance> => {
  const app = createFastify(config, logger);
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  await app.register(helmet, securityHeaders);
  if (config.CORS_ORIGINS.length > 0) await app.register(cors, toCorsOptions(config.CORS_ORIGINS));
  await app.register(compress, { threshold: 1024, encodings: ['br', 'gzip'] });
  return app;
};

/** Fastify's own request log is off: it would show the query strings of GET requests, variables included. */
const createFastify = (config: Config, logger: FastifyBaseLogger): FastifyInstance =>
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

import { randomUUID } from 'node:crypto';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Config } from '../config.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { registerSlowReaders } from './slow-readers.ts';

/** Creates the HTTP server with what holds for every route: request ids, security headers, CORS as configured, compression, slow readers cut. */
export const createApp = async (config: Config, logger: FastifyBaseLogger): Promise<FastifyInstance> => {
  const app = createFastify(config, logger);
  app.removeContentTypeParser('text/plain');
  const securityHeaders = createSecurityHeaders();
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders).header('x-request-id', request.id);
    done();
  });
  registerSlowReaders(app, config.READ_TIMEOUT);
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

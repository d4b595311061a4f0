import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** What the probes report. */
export interface HealthOptions {
  readonly metrics: Metrics | undefined;
  /** False once the server drains. */
  readonly isReady: () => boolean;
}

/** Registers `/healthz` (the process answers), `/readyz` (it takes requests; says nothing about JumpServer) and `/metrics`. */
export const registerHealth = (app: FastifyInstance, { metrics, isReady }: HealthOptions): void => {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    if (isReady()) return { status: 'ready' };
    reply.code(503);
    return { status: 'draining' };
  });
  if (!metrics) return;
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.expose();
    return reply.type(contentType).send(text);
  });
};

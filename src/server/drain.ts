import { finished } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/** How a server ends without losing a request that it has taken. */
export interface Drain {
  readonly isDraining: boolean;
  /** From now on each connection ends with its next answer; requests are still taken. */
  start(): void;
  /** Takes no more requests; resolves when everything taken has been answered and every connection is closed. */
  finish(): Promise<void>;
}

/** Watches the requests of a server from first to last byte, so that it can end after them. */
export const createDrain = (app: FastifyInstance): Drain => {
  let isDraining = false;
  let running = 0;
  let tell: (() => void) | undefined;
  app.addHook('onRequest', async (_request, reply) => {
    running += 1;
    finished(reply.raw, () => {
      running -= 1;
      if (running === 0) tell?.();
    });
  });
  app.addHook('onSend', async (_request, reply) => {
    if (isDraining) reply.header('connection', 'close');
  });
  const start = () => {
    isDraining = true;
  };
  const answered = async () => {
    if (running > 0)
      await new Promise<void>((resolve) => {
        tell = resolve;
      });
  };
  const finish = async () => {
    start();
    const closed = app.close();
    await answered();
    // Node waits for connections on which no request has ever come, so they are cut.
    const cutting = setInterval(() => app.server.closeAllConnections(), 50);
    await closed;
    clearInterval(cutting);
  };
  return {
    get isDraining() {
      return isDraining;
    },
    start,
    finish,
  };
};

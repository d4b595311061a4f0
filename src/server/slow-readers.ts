import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Ends a connection that has taken nothing of what waits for it for so many milliseconds; 0 lets it be. */
export const limitStall = (socket: unknown, milliseconds: number): void => {
  // Requests that were injected have none.
  if (socket instanceof Socket) socket.setTimeout(milliseconds);
};

/** Cuts connections whose clients take nothing of their answers for that long: what waits for them fills the memory, and holds their places. */
export const registerSlowReaders = (app: FastifyInstance, milliseconds: number): void => {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    // The answer before may have left its limit on the connection.
    limitStall(raw.socket, 0);
    done();
  });
  app.addHook('onSend', ({ raw }, _reply, payload, done) => {
    limitStall(raw.socket, milliseconds);
    done(null, payload);
  });
};

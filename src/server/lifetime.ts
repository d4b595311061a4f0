import type { FastifyReply } from 'fastify';

/** How long an operation may live. */
export interface Lifetime {
  /** Aborts when the caller has gone or the deadline has passed. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Ends the watch over caller and clock. */
  end(): void;
}

/** Watches over one operation: it ends with its caller's connection, and after `timeout` milliseconds at the latest. */
export const createLifetime = (reply: FastifyReply, timeout: number): Lifetime => {
  const controller = new AbortController();
  const abort = (name: string, message: string) => controller.abort(new DOMException(message, name));
  const timer = setTimeout(() => abort('TimeoutError', 'the deadline of the operation has passed'), timeout);
  const leave = () => abort('AbortError', 'the caller has gone');
  reply.raw.once('close', leave);
  return {
    signal: controller.signal,
    deadline: Date.now() + timeout,
    end: () => {
      clearTimeout(timer);
      reply.raw.off('close', leave);
    },
  };
};

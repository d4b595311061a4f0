import { getHeapStatistics } from 'node:v8';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';

/** Share of the heap's limit from which on nothing more is taken. */
const HEAP_SHARE = 0.9;
/** Seconds after which a client may try again: the window over which the delay is measured. */
const RETRY_AFTER = 2;

/** Throws `OVERLOADED` while the process can't keep up: for operations that come past the routes, over WebSocket. */
export type Shedding = () => void;

/**
 * Turns requests away with 503 and `Retry-After` while the process can't keep up, before memory or delay end it.
 *
 * @param maxEventLoopDelay mean delay of the event loop in milliseconds from which on nothing more is taken; 0 takes everything
 *
 * Holds for the routes registered after it on `app`; probes stand outside, so that a busy server is not taken for a dead one.
 */
export const registerShedding = async (app: FastifyInstance, maxEventLoopDelay: number): Promise<Shedding> => {
  if (maxEventLoopDelay === 0) return () => {};
  await app.register(underPressure, {
    maxEventLoopDelay,
    maxHeapUsedBytes: HEAP_SHARE * getHeapStatistics().heap_size_limit,
    sampleInterval: RETRY_AFTER * 1000,
    // Rejected, the request goes to the error handler; resolved, it would be served all the same.
    pressureHandler: async () => {
      throw overloaded();
    },
  });
  return () => {
    if (app.isUnderPressure()) throw overloaded();
  };
};

const overloaded = (): GraphQLError & { readonly statusCode: number } => {
  const extensions = { code: 'OVERLOADED', retryAfter: RETRY_AFTER };
  return Object.assign(new GraphQLError('This server can not keep up; try again shortly.', { extensions }), {
    statusCode: 503,
  });
};

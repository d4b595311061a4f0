import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { isLarge, toJsonChunks } from './json-chunks.ts';
import type { MediaType } from './media-type.ts';

/** Statuses of refused requests: no operation was looked at, so they hold under both media types. */
const REFUSALS: Readonly<Record<string, number>> = {
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  OVERLOADED: 503,
};

/**
 * Sends the result of an operation. Without data (it could not start) the status depends on the media type
 * (GraphQL over HTTP §6.4): 200 under `application/json`, 400 under `application/graphql-response+json`; a mutation by GET is 405.
 */
export const sendResult = (
  reply: FastifyReply,
  result: FormattedExecutionResult,
  mediaType: MediaType,
  isWrongMethod: boolean,
): FastifyReply => {
  if (isWrongMethod) reply.code(405).header('allow', 'POST');
  else reply.code(result.data !== undefined || mediaType === 'application/json' ? 200 : 400);
  return send(reply, result, mediaType);
};

/** Sends the results of a batch in its order: each says itself what became of it. */
export const sendBatch = (reply: FastifyReply, results: readonly FormattedExecutionResult[]): FastifyReply =>
  send(reply.code(200), results, 'application/json');

/** Sends why a request was refused before there was an operation, with a 4xx or 5xx status. */
export const sendRefusal = (
  reply: FastifyReply,
  error: GraphQLFormattedError,
  mediaType: MediaType = 'application/json',
  status?: number,
): FastifyReply => {
  reply.code(status ?? REFUSALS[String(error.extensions?.code)] ?? 400);
  const retryAfter = error.extensions?.retryAfter;
  if (typeof retryAfter === 'number') reply.header('retry-after', Math.ceil(retryAfter));
  return send(reply, { errors: [error] }, mediaType);
};

const send = (reply: FastifyReply, result: object, mediaType: MediaType): FastifyReply =>
  reply.type(`${mediaType}; charset=utf-8`).header('cache-control', 'no-store').send(toBody(result));

/**
 * The status is known by now, so that a large answer may leave while it is still being written, as fast as its reader takes it. Bytes, since
 * a text would be gone through three times: for its length, and twice by the socket.
 */
const toBody = (result: object): Buffer | Readable =>
  isLarge(result) ? Readable.from(toJsonChunks(result), { objectMode: false }) : Buffer.from(JSON.stringify(result));

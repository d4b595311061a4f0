import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { sendRefusal } from './answer.ts';
import { toClientError } from './errors.ts';
import type { Graph } from './graph.ts';
import { badRequest } from './parameters.ts';
import type { Telemetry } from './telemetry.ts';

/** Our words for what Fastify refuses before a route sees it. */
const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The body is not JSON.',
  413: 'The body is too large.',
  415: 'The body must be application/json.',
};

/** Answers requests that failed outside an operation in the same form as all other errors; what is not the client's fault is masked. */
export const handleFault =
  (telemetry: Telemetry, { toGraphQLError }: Graph) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const status = error.statusCode ?? 500;
    const shown = status < 500 ? badRequest(MESSAGES[status] ?? 'The request could not be read.') : error;
    const mask = { requestId: request.id, logger: telemetry.logger, toGraphQLError };
    return sendRefusal(reply, toClientError(shown, mask), 'application/json', status);
  };

/** Answers requests for which there is no route: under `basePath` the graph is there, but for GET and POST alone. */
export const handleUnknownRoute =
  (basePath: string) =>
  (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const graph = `${basePath}/graphql`;
    if (request.url.split('?')[0] === graph) {
      const message = `${graph} takes GET and POST, not ${request.method}.`;
      reply.header('allow', 'GET, POST');
      return sendRefusal(
        reply,
        { message, extensions: { code: 'BAD_REQUEST', requestId: request.id } },
        undefined,
        405,
      );
    }
    const message = `There is nothing here; the graph is at ${graph}.`;
    return sendRefusal(reply, { message, extensions: { code: 'NOT_FOUND', requestId: request.id } }, undefined, 404);
  };

import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Config } from '../config.ts';
import { toCaller } from './caller.ts';
import type { Answers, RunLive } from './live-operations.ts';
import { fromBody, fromQueryString } from './parameters.ts';
import { assertPreflighted } from './preflight.ts';
import { limitStall } from './slow-readers.ts';

/** Milliseconds between two signs of life, so that nobody on the way takes the line for dead. */
const KEEP_ALIVE = 12_000;

/** Answers operations as Server-Sent Events: GraphQL over SSE, distinct connections mode. */
export interface LiveEventStream {
  /** @throws GraphQLError for a request that is no operation; everything later is told in the stream */
  answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
  /** Ends every stream, saying why; refuses others. */
  stop(): void;
}

/** Whether a request wants its answer as a stream of events. */
export const wantsEventStream = (accept: string | undefined): boolean =>
  accept?.split(',').some((part) => /^\s*text\/event-stream\s*(;|$)/i.test(part)) ?? false;

/** Why streams end when the server does. Clients reconnect with the last cursor. */
const STOPPING = 'The server is shutting down; reconnect and go on after the last cursor.';

/** Creates the event streams over an application's requests. */
export const createEventStreams = (config: Config, run: RunLive): LiveEventStream => {
  const open = new Map<Answers, FastifyReply>();
  let isStopping = false;
  const tellEnd = (reply: FastifyReply): void => {
    const error = { message: STOPPING, extensions: { code: 'OVERLOADED', requestId: reply.request.id } };
    reply.raw.write(toEvent('next', { errors: [error] }));
  };
  return {
    answer: async (request, reply) => {
      if (isStopping) throw new GraphQLError(STOPPING, { extensions: { code: 'OVERLOADED', retryAfter: 1 } });
      const answers = run(toOperation(request, config));
      open.set(answers, reply);
      reply.hijack();
      try {
        await send(reply, answers, config.READ_TIMEOUT);
      } finally {
        open.delete(answers);
      }
      return reply;
    },
    stop: () => {
      isStopping = true;
      for (const [answers, reply] of open) {
        tellEnd(reply);
        void answers.return();
      }
    },
  };
};

const toOperation = (request: FastifyRequest, config: Config) => {
  const isGet = request.method === 'GET';
  const parameters = isGet ? fromQueryString(request.query) : fromBody(request.body);
  const caller = toCaller(request.headers, request.ip, {
    cookiePrefix: config.SESSION_COOKIE_PREFIX,
    defaultOrganization: config.JUMPSERVER_ORG,
  });
  assertPreflighted(caller, request.headers);
  const introspectionKey = request.headers['x-introspection-key'];
  return { caller, parameters, isGet, requestId: request.id, introspectionKey };
};

const send = async (reply: FastifyReply, answers: Answers, readTimeout: number): Promise<void> => {
  const { raw } = reply;
  // Those of security, CORS's and ours, which Fastify would have sent.
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.flushHeaders();
  // A connection that is well takes signs of life.
  limitStall(raw.socket, Math.max(readTimeout, 3 * KEEP_ALIVE));
  const beat = setInterval(() => raw.write(':\n\n'), KEEP_ALIVE);
  raw.once('close', () => void answers.return());
  try {
    for await (const answer of answers) if (!raw.write(toEvent('next', answer))) await drained(raw);
  } finally {
    clearInterval(beat);
  }
  raw.end('event: complete\ndata:\n\n');
};

const toEvent = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** Waits until a slow reader has taken what was written, or has gone. */
const drained = (raw: FastifyReply['raw']): Promise<void> =>
  new Promise((resolve) => {
    if (raw.destroyed) return resolve();
    raw.once('drain', resolve);
    raw.once('close', resolve);
  });

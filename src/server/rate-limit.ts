import { createHmac, randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { sendRefusal } from './answer.ts';
import { toCaller } from './caller.ts';

/** How much one caller may ask; 0 lifts a limit. */
export interface RateLimitOptions {
  /** Requests in a minute. */
  readonly perMinute: number;
  /** Requests at a time. */
  readonly atATime: number;
  /** Prefix of JumpServer's cookies, which tell callers apart. */
  readonly cookiePrefix: string;
  /** Turns the refusal into what the client sees. */
  readonly toClientError: (error: GraphQLError, requestId: string) => GraphQLFormattedError;
}

/** What is counted of each caller. Both throw when there is too much. */
interface RateLimit {
  /** Takes a request in; the answer says that it has ended. */
  readonly enter: (caller: string) => Promise<() => void>;
  /** Counts operations of a request beyond its first. */
  readonly charge: (caller: string, operations: number) => Promise<void>;
}

/** Keeps one caller from taking everything: the routes registered after it on `app` answer 429 and `RATE_LIMITED` beyond the limits. */
export const registerRateLimit = (app: FastifyInstance, options: RateLimitOptions): void => {
  const { enter, charge } = createRateLimit(options);
  const refuse = (error: GraphQLError, request: FastifyRequest, reply: FastifyReply) =>
    sendRefusal(reply, options.toClientError(error, request.id));
  const guard = (count: (request: FastifyRequest, reply: FastifyReply) => Promise<void>) => {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        return await count(request, reply);
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        return refuse(error, request, reply);
      }
    };
  };
  const keyOf = (request: FastifyRequest) => toCallerKey(request, options.cookiePrefix);
  const take = guard(async (request, reply) => {
    reply.raw.once('close', await enter(keyOf(request)));
  });
  const count = guard(async (request) => {
    if (Array.isArray(request.body)) await charge(keyOf(request), request.body.length - 1);
  });
  app.addHook('onRequest', take);
  app.addHook('preHandler', count);
};

/** Counts requests and those under way for each caller. */
export const createRateLimit = ({ perMinute, atATime }: Pick<RateLimitOptions, 'perMinute' | 'atATime'>): RateLimit => {
  const rate = perMinute > 0 ? new RateLimiterMemory({ points: perMinute, duration: 60 }) : undefined;
  const running = new Map<string, number>();
  const leave = (caller: string) => {
    const left = (running.get(caller) ?? 1) - 1;
    if (left > 0) running.set(caller, left);
    else running.delete(caller);
  };
  const charge: RateLimit['charge'] = async (caller, operations) => {
    if (operations < 1) return;
    try {
      await rate?.consume(caller, operations);
    } catch (refusal) {
      throw toRefusal(`more than ${perMinute} a minute`, toSeconds(refusal));
    }
  };
  const enter: RateLimit['enter'] = async (caller) => {
    const before = running.get(caller) ?? 0;
    if (atATime > 0 && before >= atATime) throw toRefusal(`more than ${atATime} at a time`, 1);
    running.set(caller, before + 1);
    await charge(caller, 1).catch((refusal) => {
      leave(caller);
      throw refusal;
    });
    return () => leave(caller);
  };
  return { enter, charge };
};

const toSeconds = (refusal: unknown): number =>
  refusal instanceof RateLimiterRes ? Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) : 60;

const toRefusal = (excess: string, retryAfter: number): GraphQLError =>
  new GraphQLError(`You have sent too many requests: ${excess}.`, { extensions: { code: 'RATE_LIMITED', retryAfter } });

/** Worth nothing outside this process. */
const secret = randomBytes(32);

/** Tells callers apart without keeping their credentials; those without any are told apart by address. */
const toCallerKey = ({ headers, ip }: FastifyRequest, cookiePrefix: string): string => {
  const { credentials } = toCaller(headers, ip, { cookiePrefix, defaultOrganization: undefined });
  const proof = credentials.authorization ?? sessionOf(credentials.cookie, cookiePrefix);
  return proof === undefined ? `address ${ip}` : createHmac('sha256', secret).update(proof).digest('base64url');
};

/** The session alone: other cookies may change with every request. */
const sessionOf = (cookie: string | undefined, prefix: string): string | undefined =>
  cookie?.split('; ').find((pair) => pair.startsWith(`${prefix}sessionid=`));

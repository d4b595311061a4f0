import { hash, randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { sendRefusal } from './answer.ts';
import { type Caller, toCaller } from './caller.ts';

/** How much one caller may ask; 0 lifts a limit. */
export interface RateLimitOptions {
  /** Requests in a minute. */
  readonly perMinute: number;
  /** Requests at a time. */
  readonly atATime: number;
  /** Prefix of JumpServer's cookies, which tell callers apart. */
  readonly cookiePrefix: string;
}

/** What is counted of each caller, over HTTP and WebSocket together. Both throw when there is too much. */
export interface RateLimit {
  /** Takes a request in; the answer says that it has ended. */
  readonly enter: (caller: Caller) => Promise<() => void>;
  /** Counts operations of a request beyond its first. */
  readonly charge: (caller: Caller, operations: number) => Promise<void>;
}

/** Turns a refusal into what the client sees. */
type ToClientError = (error: GraphQLError, requestId: string) => GraphQLFormattedError;

/** Keeps one caller from taking everything: the routes registered after it on `app` answer 429 and `RATE_LIMITED` beyond the limits. */
export const registerRateLimit = (
  app: FastifyInstance,
  { enter, charge }: RateLimit,
  toShown: ToClientError,
  cookiePrefix: string,
): void => {
  const refuse = (error: GraphQLError, request: FastifyRequest, reply: FastifyReply) =>
    sendRefusal(reply, toShown(error, request.id));
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
  const callerOf = ({ headers, ip }: FastifyRequest) =>
    toCaller(headers, ip, { cookiePrefix, defaultOrganization: undefined });
  const take = guard(async (request, reply) => {
    reply.raw.once('close', await enter(callerOf(request)));
  });
  const count = guard(async (request) => {
    if (Array.isArray(request.body)) await charge(callerOf(request), request.body.length - 1);
  });
  app.addHook('onRequest', take);
  app.addHook('preHandler', count);
};

/** Counts requests and those under way for each caller. */
export const createRateLimit = ({ perMinute, atATime, cookiePrefix }: RateLimitOptions): RateLimit => {
  const rate = perMinute > 0 ? new RateLimiterMemory({ points: perMinute, duration: 60 }) : undefined;
  const running = new Map<string, number>();
  const keyOf = (caller: Caller) => toCallerKey(caller, cookiePrefix);
  const leave = (key: string) => {
    const left = (running.get(key) ?? 1) - 1;
    if (left > 0) running.set(key, left);
    else running.delete(key);
  };
  const charge: RateLimit['charge'] = async (caller, operations) => {
    if (operations < 1) return;
    try {
      await rate?.consume(keyOf(caller), operations);
    } catch (refusal) {
      throw toRefusal(`more than ${perMinute} a minute`, toSeconds(refusal));
    }
  };
  const enter: RateLimit['enter'] = async (caller) => {
    const key = keyOf(caller);
    const before = running.get(key) ?? 0;
    if (atATime > 0 && before >= atATime) throw toRefusal(`more than ${atATime} at a time`, 1);
    running.set(key, before + 1);
    await charge(caller, 1).catch((refusal) => {
      leave(key);
      throw refusal;
    });
    return () => leave(key);
  };
  return { enter, charge };
};

const toSeconds = (refusal: unknown): number =>
  refusal instanceof RateLimiterRes ? Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) : 60;

const toRefusal = (excess: string, retryAfter: number): GraphQLError =>
  new GraphQLError(`You have sent too many requests: ${excess}.`, { extensions: { code: 'RATE_LIMITED', retryAfter } });

/** Worth nothing outside this process. */
const secret = randomBytes(32).toString('base64url');

/** Tells callers apart without keeping their credentials; those without any are told apart by address. */
const toCallerKey = ({ credentials, address }: Caller, cookiePrefix: string): string => {
  const proof = credentials.authorization ?? sessionOf(credentials.cookie, cookiePrefix);
  return proof === undefined ? `address ${address}` : hash('sha256', `${secret} ${proof}`, 'base64url');
};

/** The session alone: other cookies may change with every request. */
const sessionOf = (cookie: string | undefined, prefix: string): string | undefined =>
  cookie
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${prefix}sessionid=`));

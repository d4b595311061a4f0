import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import proxyAddress from '@fastify/proxy-addr';
import { GraphQLError, parse } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Config } from '../config.ts';
import { type Caller, isCookieCaller, toCaller } from './caller.ts';
import type { RunLive } from './live-operations.ts';
import { fromBody, type Parameters } from './parameters.ts';
import { serveWithoutUpgrade, wantsWebSocket } from './plain-upgrades.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Shedding } from './shedding.ts';
import type { Telemetry } from './telemetry.ts';

/** Milliseconds between two pings; who has not answered by the next one is gone. */
const KEEP_ALIVE = 12_000;
/** Operations at a time on one connection. */
const MOST = 100;
/** Milliseconds that clients have to close when the server does. */
const FAREWELL = 500;
/** What of `connection_init` counts as a header. Browsers can't send headers with a WebSocket. */
const PAYLOAD_HEADERS = [
  'authorization',
  'cookie',
  'x-csrftoken',
  'x-jms-org',
  'accept-language',
  'x-introspection-key',
];

/** GraphQL over WebSocket (`graphql-transport-ws`). */
export interface LiveSockets {
  /** Closes every connection with 1012 (service restart), saying why; refuses others. */
  stop(): void;
}

/** What sockets stand on. */
export interface LiveSocketsOptions {
  readonly config: Config;
  readonly run: RunLive;
  readonly rateLimit: RateLimit;
  readonly telemetry: Telemetry;
  readonly shed: Shedding;
}

/** Who is at the other end: known once `connection_init` has come. */
interface Extra {
  readonly request: IncomingMessage;
  caller?: Caller;
  headers?: IncomingHttpHeaders;
}

/** Takes WebSocket connections at `/graphql` of an HTTP server. Queries and mutations are answered too, subscriptions until they end. */
export const serveSockets = (server: Server, options: LiveSocketsOptions): LiveSockets => {
  const { config } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: config.BODY_LIMIT, handleProtocols });
  const graphql = createProtocol(options);
  let isStopping = false;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (!wantsWebSocket(request)) return serveWithoutUpgrade(server, request, socket, head);
    if (request.url?.split('?')[0] !== `${config.BASE_PATH}/graphql`) return refuse(socket, '404 Not Found');
    if (isStopping) return refuse(socket, '503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (webSocket) => connect(webSocket, request, graphql, options));
  });
  return {
    stop: () => {
      isStopping = true;
      for (const client of sockets.clients) {
        client.close(1012, 'shutting down; reconnect and go on after the last cursor');
        setTimeout(() => client.terminate(), FAREWELL).unref();
      }
    },
  };
};

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
};

type Protocol = ReturnType<typeof makeServer<Record<string, unknown>, Extra>>;

/** graphql-ws wants a document to tell subscriptions apart; ours are read by the pipeline, which tells them itself. */
const ANY = parse('subscription { any }');

/** graphql-ws types arguments and answers as those of graphql-js; ours go through `run`, which makes them itself: hence the casts. */
const createProtocol = ({ config, run, rateLimit, shed }: LiveSocketsOptions): Protocol =>
  makeServer<Record<string, unknown>, Extra>({
    onConnect: ({ connectionParams, extra }) => {
      extra.headers = withPayload(extra.request.headers, connectionParams);
      extra.caller = toCaller(extra.headers, toAddress(extra.request, config), {
        cookiePrefix: config.SESSION_COOKIE_PREFIX,
        defaultOrganization: config.JUMPSERVER_ORG,
      });
      return mayConnect(extra, connectionParams, config);
    },
    onSubscribe: ({ extra, subscriptions }, _id, payload) => {
      if (Object.keys(subscriptions).length > MOST) return [tooMany()];
      try {
        return { schema: undefined as never, document: ANY, contextValue: { extra, parameters: fromBody(payload) } };
      } catch (error) {
        return [error as GraphQLError];
      }
    },
    subscribe: ({ contextValue }) => {
      const { extra, parameters } = contextValue as { readonly extra: Extra; readonly parameters: Parameters };
      const { caller, headers } = extra;
      if (!caller) throw new Error('an operation came before connection_init');
      const introspectionKey = headers?.['x-introspection-key'];
      const enter = () => {
        shed();
        return rateLimit.enter(caller);
      };
      return run({ caller, parameters, requestId: randomUUID(), introspectionKey, enter }) as never;
    },
    // They are masked and formatted already, which graphql-ws would do itself.
    onNext: (_context, _id, _payload, _args, result) => result as never,
  });

/** Browsers send cookies along whatever page asks, and ask nobody before: only pages of our own host and configured ones count. */
const mayConnect = ({ request, caller }: Extra, payload: unknown, { CORS_ORIGINS }: Config): boolean => {
  if (!caller || !isCookieCaller(caller) || 'cookie' in fromPayload(payload)) return true;
  const { origin, host } = request.headers;
  if (origin === undefined || CORS_ORIGINS.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
};

const withPayload = (headers: IncomingHttpHeaders, payload: unknown): IncomingHttpHeaders => ({
  ...headers,
  ...fromPayload(payload),
});

const fromPayload = (payload: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typeof payload === 'object' && payload !== null ? payload : {}).flatMap(([name, value]) =>
      typeof value === 'string' && PAYLOAD_HEADERS.includes(name.toLowerCase()) ? [[name.toLowerCase(), value]] : [],
    ),
  );

/** The peer's address, or that of `X-Forwarded-For` as far as `TRUST_PROXY` believes it: as Fastify does for requests. */
const toAddress = (request: IncomingMessage, { TRUST_PROXY }: Config): string =>
  proxyAddress(request, TRUST_PROXY ? proxyAddress.compile(TRUST_PROXY) : () => false) ?? '';

const tooMany = (): GraphQLError =>
  new GraphQLError(`At most ${MOST} operations run on one connection.`, { extensions: { code: 'OVERLOADED' } });

/** Joins a socket to the protocol, and keeps it alive. */
const connect = (
  socket: WebSocket,
  request: IncomingMessage,
  graphql: Protocol,
  { telemetry: { logger } }: LiveSocketsOptions,
): void => {
  const end = keepAlive(socket);
  const closed = graphql.opened(
    {
      protocol: socket.protocol,
      send: (data) => new Promise((resolve) => socket.send(data, () => resolve())),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (take) =>
        socket.on('message', (data) => {
          take(String(data)).catch((error: unknown) => {
            logger.error({ error }, 'an unexpected error ended a WebSocket');
            socket.close(4500, 'Internal server error');
          });
        }),
    },
    { request },
  );
  socket.on('error', () => socket.terminate());
  socket.once('close', (code, reason) => {
    end();
    void closed(code, String(reason));
  });
};

const keepAlive = (socket: WebSocket): (() => void) => {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const beat = setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    socket.ping();
  }, KEEP_ALIVE);
  return () => clearInterval(beat);
};

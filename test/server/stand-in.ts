import { setTimeout as sleep } from 'node:timers/promises';
import { assertObjectType, buildSchema, GraphQLError, type GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import { type Config, loadConfig } from '../../src/config.ts';
import { createServer, type Server } from '../../src/server/create-server.ts';
import type { OperationContext, OperationRequest } from '../../src/server/graph.ts';

/** A graph of a few fields that behave as the real one's can: answer, wait, warn, fail in a known and an unknown way. */
const typeDefs = /* GraphQL */ `
  type Query {
    hello(name: String = "world"): String
    whoAmI: Caller
    warned: Boolean
    hang: Boolean
    refused: String
    broken: String
    required: String!
    rows(first: Int, after: String): Connection!
    node(id: ID!): Row
  }
  type Mutation { rename(input: RenameInput!): String }
  input RenameInput { name: String! password: String count: Int }
  type Caller { authorization: String cookie: String csrfToken: String organization: String language: String address: String }
  type Connection { nodes: [Row!]! totalCount: Int! }
  type Row { id: ID! self: Row rows(first: Int): Connection! }
`;

interface StandInContext extends OperationContext {
  readonly request: OperationRequest;
  readonly warnings: { code: string; message: string }[];
}

const row = () => ({ id: '1', self: () => row(), rows: () => connection() });
const connection = () => ({ nodes: () => [row()], totalCount: 1 });

const resolvers = {
  Query: {
    hello: (_: unknown, { name }: { name: string }) => `Hello ${name}`,
    whoAmI: (_: unknown, __: unknown, { request: { caller } }: StandInContext) => ({
      ...caller.credentials,
      ...caller,
    }),
    warned: (_: unknown, __: unknown, { warnings }: StandInContext) =>
      warnings.push({ code: 'UNKNOWN_VALUE', message: 'a new value' }) > 0,
    hang: async (_: unknown, __: unknown, { request: { signal, logger } }: StandInContext) => {
      logger.info('hanging');
      return sleep(10_000, true, { signal });
    },
    refused: () => Promise.reject(new GraphQLError('You may not see this.', { extensions: { code: 'FORBIDDEN' } })),
    broken: () => Promise.reject(new TypeError('connect ECONNREFUSED 10.0.0.7:5432')),
    required: () => null,
    rows: connection,
    node: row,
  },
  Mutation: { rename: (_: unknown, { input }: { input: { name: string } }) => input.name },
};

const toSchema = (): GraphQLSchema => {
  const schema = buildSchema(typeDefs);
  for (const [type, served] of Object.entries(resolvers)) {
    const fields = assertObjectType(schema.getType(type)).getFields();
    for (const [name, resolve] of Object.entries(served)) {
      if (!fields[name]) throw new Error(`the stand-in has no ${type}.${name}`);
      Object.assign(fields[name], { resolve });
    }
  }
  return schema;
};

/** What a test started, with every line that was logged. */
export interface StandIn extends Server {
  readonly log: Record<string, unknown>[];
}

/** Starts the real server over the stand-in graph. */
export const startStandIn = async (environment: Record<string, string> = {}): Promise<StandIn> => {
  const log: Record<string, unknown>[] = [];
  const config: Config = loadConfig({ PORT: '0', MAX_EVENT_LOOP_DELAY: '0', ...environment });
  const logger = pino({ level: 'debug' }, { write: (line: string) => log.push(JSON.parse(line)) });
  const server = await createServer({
    config,
    logger,
    graph: {
      schema: toSchema(),
      createContext: (request) => ({
        request,
        warnings: [],
        session: { stats: { calls: 2, bytes: 300, milliseconds: 4.6, retries: 0 } },
      }),
      toGraphQLError: (error) => new GraphQLError(error instanceof Error ? error.message : String(error)),
    },
  });
  return { ...server, log };
};

/** An answer as a test looks at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: {
    data?: unknown;
    errors?: { message: string; extensions: Record<string, unknown> }[];
    extensions?: Record<string, unknown>;
  };
}

/** Sends one query as plain JSON. */
export const ask = async (
  server: Server,
  query: string,
  headers: Record<string, string> = {},
  rest: object = {},
): Promise<Answer> => {
  const response = await server.app.inject({ method: 'POST', url: '/graphql', headers, payload: { query, ...rest } });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
};

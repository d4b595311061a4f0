import {
  ApolloServer,
  type ApolloServerOptions,
  type ApolloServerPlugin,
  type GraphQLRequest,
  type GraphQLRequestContext,
  type GraphQLRequestListener,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import {
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  lexicographicSortSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Logger } from 'pino';
import { type Assessed, type Assessment, assertAffordable } from './assess.ts';
import { createDocumentStore } from './document-store.ts';
import { toClientError } from './errors.ts';
import { type Execute, execute as executeByGraphql } from './execute.ts';
import { withoutFlood } from './flood.ts';
import { flatValidationError, flatVariableErrors, isIntrospection } from './introspection.ts';
import { assertAtMost, assertWithinLimits, type Limits } from './limits.ts';
import type { Parameters } from './parameters.ts';
import { countRows } from './rows.ts';
import { createPersistedQueries, holdsSecret } from './secret-literals.ts';

/** What every operation runs with, whatever else the graph keeps in its context. */
export interface PipelineContext {
  readonly requestId: string;
  readonly logger: Logger;
  readonly mayIntrospect: boolean;
  /** Whether it is one of several in a request. */
  readonly isBatched: boolean;
  /** Whether a federation gateway asked how long each field took (`apollo-federation-include-trace: ftv1`). */
  readonly isTraced?: boolean;
  /** Answers with why the caller may not run this operation; nothing when they may. */
  readonly refuse: (operation: OperationDefinitionNode) => GraphQLError | undefined;
  /** Told that an operation is about to run, with what it will cost. */
  readonly begin?: (operation: OperationDefinitionNode, assessment: Assessment | undefined) => void;
}

/** How operations are read, judged and run. */
export interface PipelineOptions {
  readonly schema: GraphQLSchema;
  readonly execute: Execute;
  readonly toGraphQLError: (error: unknown) => GraphQLError;
  readonly assess?: ((assessed: Assessed) => Assessment | undefined) | undefined;
  readonly limits: Limits & { readonly tokens: number; readonly rows: number; readonly calls: number };
}

/** What became of an operation. `operation` is there when the document was valid. */
export interface Outcome {
  readonly result: FormattedExecutionResult;
  readonly operation: { readonly name: string | null; readonly type: string; readonly hash: string } | undefined;
  readonly assessment: Assessment | undefined;
  /** A mutation was sent by GET. */
  readonly isWrongMethod: boolean;
}

/** Parse, validate, judge, execute, mask: from the parameters of a request to its result. */
export interface Pipeline {
  run<T extends object>(method: string, parameters: Parameters, context: PipelineContext, graph: T): Promise<Outcome>;
  stop(): Promise<void>;
}

/** What Apollo carries along: ours, and the context that resolvers see. */
interface Carried extends PipelineContext {
  readonly graph: object;
  readonly outcome: { operation?: Outcome['operation']; assessment?: Assessment | undefined };
}

/** Apollo Server as a pipeline without HTTP: documents cached, persisted queries, limits, one executor, one mask. */
export const createPipeline = async (options: PipelineOptions): Promise<Pipeline> => {
  const { schema } = options;
  const plain = await startServer(options, { schema }, [
    createRunner(options),
    ApolloServerPluginInlineTraceDisabled(),
  ]);
  let traced: Promise<ApolloServer<Carried>> | undefined;
  const serverOf = ({ isTraced }: PipelineContext): ApolloServer<Carried> | Promise<ApolloServer<Carried>> => {
    if (!isTraced) return plain;
    traced ??= startServer(options, { gateway: createTracedGateway(options) }, [ApolloServerPluginInlineTrace()]);
    return traced;
  };
  return {
    run: async (method, parameters, context, graph) => {
      const server = await serverOf(context);
      const carried: Carried = { ...context, graph, outcome: {} };
      const request = { method, headers: toHeaders(context), search: '', body: undefined };
      const { body, http } = await server.executeOperation({ ...parameters, http: request }, { contextValue: carried });
      if (body.kind !== 'single') throw new Error('incremental delivery is not offered');
      const { operation, assessment } = carried.outcome;
      return { result: body.singleResult, operation, assessment, isWrongMethod: http.status === 405 };
    },
    stop: async () => {
      await Promise.all([plain.stop(), traced?.then((server) => server.stop())]);
    },
  };
};

const startServer = async (
  options: PipelineOptions,
  served: { readonly schema: GraphQLSchema } | { readonly gateway: Gateway },
  plugins: readonly ApolloServerPlugin<Carried>[],
): Promise<ApolloServer<Carried>> => {
  const server = new ApolloServer<Carried>({
    ...served,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ...plugins,
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      createGuard(options),
    ],
    persistedQueries: { cache: createPersistedQueries(options.schema) },
    documentStore: createDocumentStore(),
    parseOptions: { maxTokens: options.limits.tokens },
    validationOptions: { maxErrors: 20 },
    introspection: true, // who may read the schema is judged per caller below
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: silent,
  });
  await server.start();
  return server;
};

const toHeaders = ({ isTraced }: PipelineContext): HeaderMap => {
  const headers = new HeaderMap();
  if (isTraced) headers.set('apollo-federation-include-trace', 'ftv1');
  return headers;
};

/** Apollo's own messages repeat parts of requests; what matters of them is logged by the mask. */
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

type Gateway = NonNullable<ApolloServerOptions<Carried>['gateway']>;

/** Apollo wraps the resolvers of the schema that it traces, for good: so it gets a copy, which graphql-js runs. */
const createTracedGateway = (options: PipelineOptions): Gateway => {
  const schema = lexicographicSortSchema(options.schema);
  return {
    onSchemaLoadOrUpdate: (tell) => {
      tell({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({
      executor: async ({ document, request, context }) =>
        execute(document, request, withHooks(context as Carried), { ...options, schema, execute: executeByGraphql }),
    }),
    stop: async () => {},
  };
};

/** The wrapped resolvers look on the graph's context for what Apollo leaves on its own. */
const withHooks = (carried: Carried): object => {
  const hooks = Object.getOwnPropertySymbols(carried).map((hook) => [hook, Reflect.get(carried, hook)] as const);
  return Object.assign(carried.graph, Object.fromEntries(hooks));
};

/** Judges each operation before it runs, and masks the errors of its result. */
const createGuard = (options: PipelineOptions): ApolloServerPlugin<Carried> => ({
  requestDidStart: async (): Promise<GraphQLRequestListener<Carried>> => ({
    didResolveOperation: async (context) => judge(context, options),
    willSendResponse: async ({ response, errors, contextValue }) => {
      if (response.body.kind === 'single' && errors)
        response.body.singleResult.errors = mask(flatten(errors, contextValue), contextValue, options);
    },
  }),
});

/** Runs each operation in Apollo's place. */
const createRunner = (options: PipelineOptions): ApolloServerPlugin<Carried> => ({
  requestDidStart: async (): Promise<GraphQLRequestListener<Carried>> => ({
    responseForOperation: async (context) => respond(context, options),
  }),
});

/**
 * The seam through which our executor runs. The documented one, a gateway, makes an object with accessors for each operation, and V8 then
 * keeps every row that it reaches until the next full collection. Without an operation Apollo has an error to tell.
 */
const respond = async (
  { document, operation, request, contextValue }: GraphQLRequestContext<Carried>,
  options: PipelineOptions,
): Promise<GraphQLResponse | null> => {
  if (!document || !operation) return null;
  const { data, errors, extensions } = await execute(document, request, contextValue.graph, options);
  const singleResult = {
    ...(errors && { errors: mask(errors, contextValue, options) }),
    ...(data !== undefined && { data }),
    ...(extensions && { extensions }),
  };
  return { body: { kind: 'single', singleResult }, http: { headers: new HeaderMap() } };
};

const execute = async (
  document: DocumentNode,
  { variables, operationName }: Pick<GraphQLRequest, 'variables' | 'operationName'>,
  contextValue: object,
  { schema, execute }: PipelineOptions,
): Promise<ExecutionResult> => {
  try {
    const args = { schema, document, contextValue, variableValues: variables ?? null };
    return await execute({ ...args, operationName: operationName ?? null });
  } catch (error) {
    return { errors: [new GraphQLError('the executor failed', { originalError: ensureError(error) })] };
  }
};

const ensureError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

const mask = (
  errors: readonly GraphQLError[],
  contextValue: Carried,
  { toGraphQLError }: PipelineOptions,
): readonly GraphQLFormattedError[] => {
  const masked = errors.map((error) => toClientError(error, { ...contextValue, toGraphQLError }));
  return withoutFlood(contextValue.mayIntrospect ? masked : flatVariableErrors(masked));
};

const flatten = (errors: readonly GraphQLError[], { mayIntrospect }: Carried): readonly GraphQLError[] =>
  !mayIntrospect && errors.some(({ extensions }) => extensions.code === 'GRAPHQL_VALIDATION_FAILED')
    ? [flatValidationError()]
    : errors;

const judge = (context: GraphQLRequestContext<Carried>, { schema, limits, assess }: PipelineOptions): void => {
  const { document, operation, contextValue, queryHash } = context;
  if (!document || !operation) return;
  contextValue.outcome.operation = {
    name: operation.name?.value ?? null,
    type: operation.operation,
    // A hash of a text with a short secret in it can be guessed.
    hash: holdsSecret(schema, document) ? '' : (queryHash ?? ''),
  };
  const refusal = contextValue.refuse(operation);
  if (refusal) throw refusal;
  assertMayIntrospect(document, contextValue);
  assertWithinLimits(document, operation, limits, contextValue.isBatched);
  const assessed = { schema, document, operation, variables: context.request.variables ?? {} };
  assertAtMost('COST_LIMIT', 'rows by its page sizes', countRows(assessed), limits.rows);
  const assessment = assess?.(assessed);
  if (assessment) assertAffordable(assessment, limits.calls);
  contextValue.outcome.assessment = assessment;
  contextValue.begin?.(operation, assessment);
};

const assertMayIntrospect = (document: DocumentNode, { mayIntrospect }: Carried): void => {
  if (!mayIntrospect && isIntrospection(document))
    throw new GraphQLError('Reading the schema is not allowed here.', { extensions: { code: 'FORBIDDEN' } });
};

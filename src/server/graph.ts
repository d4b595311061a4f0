import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Caller } from './caller.ts';

/** What JumpServer was asked for one operation; `extensions.upstream` when the caller sends `X-Upstream-Stats: 1`. */
export interface UpstreamStats {
  readonly calls: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly retries: number;
}

/** One operation about to run. */
export interface OperationRequest {
  readonly caller: Caller;
  readonly requestId: string;
  /** Aborts when the caller goes away or the deadline passes. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly logger: Logger;
}

/** The part of the graph's context that the server reads. */
export interface OperationContext {
  readonly warnings: readonly object[];
  readonly session: { readonly stats: UpstreamStats };
}

/** The graph as the server sees it: a schema, and a context for each operation. */
export interface Graph {
  readonly schema: GraphQLSchema;
  readonly createContext: (request: OperationRequest) => OperationContext | Promise<OperationContext>;
  readonly toGraphQLError: (error: unknown) => GraphQLError;
  close?(): Promise<void>;
}

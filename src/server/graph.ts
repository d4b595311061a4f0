import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { TracedRead } from '../graph/trace.ts';
import type { ReportSource } from '../reports/sources.ts';
import type { Assessed, Assessment } from './assess.ts';
import type { Caller } from './caller.ts';
import type { LiveGraph } from './live-graph.ts';

/** What JumpServer was asked for one operation; `extensions.upstream` when the caller sends `X-Upstream-Stats: 1`. */
export interface UpstreamStats {
  readonly calls: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly retries: number;
  /** Reads that were begun at once because the same question needed them before; part of `calls`. */
  readonly foreseen?: number;
  /** What was sent that may have changed something, as `POST /users/users/`, for the audit. */
  readonly writes?: readonly string[];
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
  /** Whether reads are noted, to be explained. */
  readonly explain?: boolean;
}

/** The part of the graph's context that the server reads. */
export interface OperationContext {
  readonly warnings: readonly object[];
  readonly session: {
    readonly stats: UpstreamStats;
    readonly principal?: string;
    /** Begins what the same question read before; the answer is called when the operation has ended. */
    foresee?(question: string): () => void;
  };
  /** Milliseconds that each way to the rows of a noun took lately. */
  measured?(noun: string): Readonly<Record<string, number>>;
  /** The reads of an operation that is explained. */
  readonly trace?: readonly TracedRead[] | undefined;
}

/** A report's rows as one caller may read them, and what reading them cost. */
export interface OpenReport {
  readonly source: ReportSource;
  readonly stats: UpstreamStats;
}

/** The graph as the server sees it: a schema, and a context for each operation. */
export interface Graph {
  readonly schema: GraphQLSchema;
  readonly createContext: (request: OperationRequest) => OperationContext | Promise<OperationContext>;
  readonly toGraphQLError: (error: unknown) => GraphQLError;
  /** What an operation will cost, before it runs; undefined where that can't be told. */
  readonly assess?: (assessed: Assessed) => Assessment | undefined;
  /** Opens the rows of a report; without it there are no reports. */
  readonly openReport?: (request: OperationRequest) => OpenReport;
  /** Begins subscriptions and tells their events; without it there are none. */
  readonly live?: LiveGraph;
  close?(): Promise<void>;
}

import type { ExecutionResult } from 'graphql';

/** A query with what came along with it. */
export interface GatewayRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string>>;
}

/** A gateway of either make. */
export interface Gateway {
  run(request: GatewayRequest): Promise<ExecutionResult>;
  close(): Promise<void>;
}

import { type ExecutionArgs, type ExecutionResult, execute as executeByGraphql } from 'graphql';

/** Runs a validated operation. The one seam behind which another executor (a compiled one) can stand. */
export type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** The reference executor of graphql-js. */
export const execute: Execute = (args) => executeByGraphql(args);

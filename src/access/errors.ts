import { badInput, brokenContract } from '../graph/errors.ts';

/** Why the engine refuses a question. */
export type AccessErrorCode = 'BAD_CURSOR' | 'BAD_SUBJECT' | 'BAD_ROW' | 'BAD_SNAPSHOT' | 'INCOMPLETE';

/** A question or an input the access engine cannot answer ({@link toGraphFault} tells it in the graph's codes). */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code: AccessErrorCode;

  constructor(code: AccessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An error of the engine in the graph's codes: `BAD_USER_INPUT` for questions, `UPSTREAM_CONTRACT` for rows; any other as it is. */
export function toGraphFault(error: unknown): unknown {
  if (!(error instanceof AccessError)) return error;
  if (error.code === 'INCOMPLETE') return brokenContract('A list changed each time while it was read; try again.');
  const isQuestion = error.code === 'BAD_CURSOR' || error.code === 'BAD_SUBJECT' || error.code === 'BAD_SNAPSHOT';
  return isQuestion ? badInput(`${error.message}.`) : brokenContract(`${error.message}.`);
}

import { GraphQLError } from 'graphql';
import { isUpstreamError, type UpstreamError, type UpstreamErrorCode } from '../upstream/errors.ts';

/** Codes that the kit itself can answer, besides those that come from upstream (graph.md §5). */
export type GraphErrorCode = UpstreamErrorCode | 'DEPTH_LIMIT';

/** A fault that clients may read: a code of the closed set and a sentence of ours. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly code: GraphErrorCode;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: GraphErrorCode, message: string, extensions: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.extensions = extensions;
  }
}

/** The client asked for something that makes no sense: says what was expected and what came. */
export function badInput(message: string): GraphError {
  return new GraphError('BAD_USER_INPUT', message);
}

/** JumpServer answered something that its contract does not allow. */
export function brokenContract(message: string): GraphError {
  return new GraphError('UPSTREAM_CONTRACT', message);
}

/** The connected JumpServer does not have it. */
export function unsupported(message: string): GraphError {
  return new GraphError('UNSUPPORTED_BY_SERVER', message);
}

/** What a client reads for each way a call can fail; nothing of the call itself. */
const MESSAGES: Readonly<Record<UpstreamErrorCode, string>> = {
  UNAUTHENTICATED: 'JumpServer does not accept these credentials, or none were sent.',
  FORBIDDEN: 'JumpServer does not let the caller do this.',
  NOT_FOUND: 'JumpServer does not have it, or not for the caller.',
  BAD_USER_INPUT: 'JumpServer does not accept a value of this request.',
  CONFLICT: 'Somebody else is changing the same thing; try again.',
  CONFIRMATION_REQUIRED: 'JumpServer wants the caller to confirm who they are first.',
  UPSTREAM_THROTTLED: 'JumpServer has served this user too many requests; try again later.',
  UPSTREAM_TIMEOUT: 'JumpServer did not answer in time.',
  UPSTREAM_UNAVAILABLE: 'JumpServer is not available.',
  UPSTREAM_CONTRACT: 'JumpServer answered something that its contract does not allow.',
  UNSUPPORTED_BY_SERVER: 'The connected JumpServer does not have this.',
  COST_LIMIT: 'The operation needs more calls to JumpServer than it may make.',
  OVERLOADED: 'Too many requests are waiting; try again later.',
  OUTCOME_UNKNOWN:
    'The write was sent and its answer was lost: it may have been done. Look it up before sending it again.',
};

/** Turns any thrown value into the error that a client gets; an unknown one keeps no code and is masked by the server. */
export function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError && !error.originalError) return error;
  const original = error instanceof GraphQLError ? error.originalError : error;
  if (original instanceof GraphError) {
    return new GraphQLError(original.message, {
      originalError: original,
      extensions: { ...original.extensions, code: original.code },
    });
  }
  if (isUpstreamError(original)) return fromUpstream(original);
  return error instanceof GraphQLError ? error : new GraphQLError('Internal error', { originalError: error as Error });
}

function fromUpstream(error: UpstreamError): GraphQLError {
  const sentence = MESSAGES[error.code];
  const message = error.hint ? `${sentence.slice(0, -1)}: ${error.hint}.` : sentence;
  const extensions = { code: error.code, ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }) };
  return new GraphQLError(message, { originalError: error, extensions });
}

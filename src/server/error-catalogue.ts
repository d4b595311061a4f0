import type { GraphErrorCode } from '../graph/errors.ts';

/** What is known of an error code, for the mask that lets it through and for the page that explains it. */
export interface ErrorEntry {
  /** What happened. */
  readonly meaning: string;
  /** What a client does about it. */
  readonly remedy: string;
  /** Further fields of `extensions`. */
  readonly extensions?: readonly string[];
  /** HTTP status when the request was refused before an operation ran; operations that ran answer 200. */
  readonly status?: number;
}

type ServerErrorCode = 'RATE_LIMITED' | 'INTERNAL' | 'BAD_REQUEST';
type GraphqlErrorCode =
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'OPERATION_RESOLUTION_FAILURE'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'PERSISTED_QUERY_NOT_SUPPORTED';

/** Every code that may reach a client (graph.md §5, GraphQL's own, those of automatic persisted queries); a missing one doesn't compile. */
export const errorCatalogue: Readonly<Record<GraphErrorCode | ServerErrorCode | GraphqlErrorCode, ErrorEntry>> = {
  UNAUTHENTICATED: {
    meaning: 'JumpServer does not accept the credentials, or none were sent.',
    remedy: 'Sign in (`login`, `verifyMfa`) and send the token as `Authorization: Bearer …`.',
  },
  FORBIDDEN: {
    meaning: 'JumpServer does not let the caller do this, or the request lacks what cookie callers have to send.',
    remedy: 'Ask an administrator for the role; cookie callers send `X-CSRFToken`.',
    status: 403,
  },
  NOT_FOUND: {
    meaning: 'What a write or an address refers to does not exist, or not for the caller. On reads it is null instead.',
    remedy: 'Look the object up again.',
  },
  BAD_USER_INPUT: {
    meaning: 'An argument makes no sense; the message says what was expected and what came.',
    remedy: 'Correct the argument. Sending it again unchanged gives the same answer.',
  },
  CONFLICT: {
    meaning: 'Somebody else is changing the same thing, or a natural key (an address) names several objects.',
    remedy: 'Read the object again and repeat; name it by `id` or `uuid`.',
    extensions: ['count'],
  },
  CONFIRMATION_REQUIRED: {
    meaning: 'JumpServer wants the caller to confirm who they are before this.',
    remedy: 'Call `confirm` with the challenge, then send the same request again with it.',
    extensions: ['confirmation'],
  },
  UPSTREAM_THROTTLED: {
    meaning: 'JumpServer has served this user as many requests as it allows, and the wait exceeds the deadline.',
    remedy: 'Repeat after `retryAfter` seconds.',
    extensions: ['retryAfter'],
  },
  UPSTREAM_TIMEOUT: {
    meaning: 'JumpServer did not answer in time.',
    remedy: 'Repeat a read later, or ask for less. For a write see `OUTCOME_UNKNOWN`.',
  },
  UPSTREAM_UNAVAILABLE: {
    meaning: 'JumpServer is down, unreachable or failed on its own.',
    remedy: 'Repeat a read later; tell the operator the `requestId` when it stays.',
  },
  UPSTREAM_CONTRACT: {
    meaning: 'JumpServer answered something that its contract does not allow.',
    remedy: 'Report it with the `requestId`: the server may be of an unsupported version, or a proxy interferes.',
  },
  UNSUPPORTED_BY_SERVER: {
    meaning: 'The connected JumpServer, its edition or its version, does not have this field, filter or write.',
    remedy: 'Ask `serverInfo { version edition capabilities }` and leave it out there.',
  },
  COST_LIMIT: {
    meaning: 'The operation is too broad, may bring too many rows, or needs too many calls to JumpServer.',
    remedy: 'Ask for smaller pages or fewer relations at once.',
  },
  DEPTH_LIMIT: {
    meaning: 'The operation is nested too deeply.',
    remedy: 'Split it into several.',
  },
  RATE_LIMITED: {
    meaning: 'The caller sends requests faster than this server allows.',
    remedy: 'Repeat after `retryAfter` seconds.',
    extensions: ['retryAfter'],
    status: 429,
  },
  OVERLOADED: {
    meaning: 'Too many requests are running or waiting.',
    remedy: 'Repeat after `retryAfter` seconds, or after a second when it is not said.',
    extensions: ['retryAfter'],
    status: 503,
  },
  OUTCOME_UNKNOWN: {
    meaning: 'A write was sent and its answer was lost: it may have been done.',
    remedy: 'Look it up before sending it again. It is never repeated by itself.',
  },
  INTERNAL: {
    meaning: 'Something went wrong on our side; the cause is in the log under `requestId`.',
    remedy: 'Report it with the `requestId`.',
    status: 500,
  },
  BAD_REQUEST: {
    meaning: 'The HTTP request is no GraphQL request: its body, parameters or media types.',
    remedy: 'Correct the request; the message says what is wrong.',
    status: 400,
  },
  GRAPHQL_PARSE_FAILED: {
    meaning: 'The document is not GraphQL.',
    remedy: 'Correct the syntax at `locations`.',
    status: 400,
  },
  GRAPHQL_VALIDATION_FAILED: {
    meaning: 'The document asks for something that the schema does not have.',
    remedy: 'Compare it with the schema. Where reading the schema is not allowed, no detail is given.',
    status: 400,
  },
  OPERATION_RESOLUTION_FAILURE: {
    meaning: 'The document holds several operations and none, or an unknown one, was chosen.',
    remedy: 'Send `operationName`.',
    status: 400,
  },
  PERSISTED_QUERY_NOT_FOUND: {
    meaning: 'The server does not know the document of this hash yet.',
    remedy: 'Send the document along with its hash once; clients with automatic persisted queries do so by themselves.',
    status: 400,
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    meaning: 'Automatic persisted queries are switched off here.',
    remedy: 'Send the document itself.',
    status: 400,
  },
};

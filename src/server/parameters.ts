import { hash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { isDeeperThan, MOST_LEVELS } from '../graph/nesting.ts';

/** The parameters of a GraphQL request, as GraphQL over HTTP names them. */
export interface Parameters {
  readonly query?: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
  readonly extensions?: Record<string, unknown>;
  /** Name of a registered document; only of use with `TRUSTED_DOCUMENTS`. */
  readonly documentId?: string;
}

/**
 * Reads the parameters from the query string of a GET.
 * @throws GraphQLError `BAD_REQUEST` when one is repeated or not JSON
 */
export const fromQueryString = (search: unknown): Parameters => {
  const given = isRecord(search) ? search : {};
  return toParameters({
    query: given.query,
    operationName: given.operationName || undefined,
    variables: parseJson('variables', given.variables),
    extensions: parseJson('extensions', given.extensions),
    documentId: given.documentId || undefined,
  });
};

/**
 * Reads the parameters from the JSON body of a POST.
 * @throws GraphQLError `BAD_REQUEST` when the body is no object or a parameter has the wrong type
 */
export const fromBody = (body: unknown): Parameters => {
  if (!isRecord(body)) throw badRequest('Expected a JSON object with "query" as the body.');
  return toParameters(body);
};

/** An error of the request itself, before there is an operation: always answered with a 4xx status. */
export const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });

const toParameters = (given: Record<string, unknown>): Parameters => {
  const { query, operationName, variables, extensions, documentId } = given;
  if (!isAbsent(query) && typeof query !== 'string') throw badRequest('"query" must be a string.');
  if (!isAbsent(operationName) && typeof operationName !== 'string')
    throw badRequest('"operationName" must be a string.');
  if (!isAbsent(variables) && !isRecord(variables)) throw badRequest('"variables" must be an object.');
  if (!isAbsent(extensions) && !isRecord(extensions)) throw badRequest('"extensions" must be an object.');
  if (isDeeperThan(MOST_LEVELS, { variables, extensions }))
    throw badRequest(`"variables" and "extensions" may have ${MOST_LEVELS} levels.`);
  if (!isAbsent(documentId) && typeof documentId !== 'string') throw badRequest('"documentId" must be a string.');
  assertPersistedQuery(query, extensions?.['persistedQuery']);
  if (!query && !documentId && !isRecord(extensions?.persistedQuery)) throw badRequest('"query" is missing.');
  return {
    ...(query && { query }),
    ...(operationName && { operationName }),
    ...(variables && { variables }),
    ...(extensions && { extensions }),
    ...(documentId && { documentId }),
  };
};

/** @throws GraphQLError `BAD_REQUEST` unless a persisted query is named as the protocol says, by the hash of its own text */
const assertPersistedQuery = (query: unknown, persisted: unknown): void => {
  if (!isRecord(persisted)) return;
  const { version, sha256Hash } = persisted;
  if (version !== 1 || typeof sha256Hash !== 'string')
    throw badRequest('"persistedQuery" must have version 1 and sha256Hash.');
  if (typeof query === 'string' && hash('sha256', query) !== sha256Hash)
    throw badRequest('"sha256Hash" is not the hash of "query".');
};

const parseJson = (name: string, value: unknown): unknown => {
  if (isAbsent(value) || value === '') return undefined;
  if (typeof value !== 'string') throw badRequest(`"${name}" must be given once.`);
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest(`"${name}" must be JSON.`);
  }
};

const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import type { IncomingHttpHeaders } from 'node:http';
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { type Caller, isCookieCaller } from './caller.ts';
import { badRequest } from './parameters.ts';

/** Headers that a page of another site can't send without the browser asking us first. */
const PREFLIGHT_HEADERS = [
  'x-csrftoken',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-require-preflight',
];

/**
 * Cookies travel by themselves, so a request that rests on them alone could come from any page; Bearer and Token can't.
 * @throws GraphQLError `FORBIDDEN` when a cookie caller sends none of the preflight headers
 */
export const assertPreflighted = (caller: Caller, headers: IncomingHttpHeaders): void => {
  if (!isCookieCaller(caller) || PREFLIGHT_HEADERS.some((name) => headers[name])) return;
  throw forbidden(`Requests signed in by cookie need one of the headers ${PREFLIGHT_HEADERS.join(', ')}.`);
};

/** Why a cookie caller may not write: JumpServer demands its own token of them, and so do we before anything is sent. */
export const refuseWithoutCsrfToken = (caller: Caller, operation: OperationDefinitionNode): GraphQLError | undefined =>
  operation.operation === 'mutation' && isCookieCaller(caller) && !caller.credentials.csrfToken
    ? forbidden("Mutations signed in by cookie need X-CSRFToken with the value of JumpServer's CSRF cookie.")
    : undefined;

/** Why what came by GET may not write: addresses are kept, repeated and followed by whoever sees them. */
export const refuseWriteByGet = (operation: OperationDefinitionNode): GraphQLError | undefined =>
  operation.operation === 'mutation'
    ? badRequest('GET requests support queries and subscriptions, not mutations.')
    : undefined;

const forbidden = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });

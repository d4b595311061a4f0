import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { errorCatalogue } from './error-catalogue.ts';

/** The codes that may reach a client. */
const KNOWN_CODES: ReadonlySet<unknown> = new Set(Object.keys(errorCatalogue));

/** What masking needs besides the error. */
export interface MaskOptions {
  readonly requestId: string;
  readonly logger: Logger;
  /** Turns an error of ours (of upstream, of the kit) into a GraphQL error with a code; anything else it leaves without one. */
  readonly toGraphQLError: (error: unknown) => GraphQLError;
}

/**
 * The one place where an error becomes an answer: known codes pass, everything else is logged once and masked as `INTERNAL`.
 * Every error carries the request's id, with which it is found in the log.
 */
export const toClientError = (error: unknown, options: MaskOptions): GraphQLFormattedError => {
  const known = toKnownError(error, options.toGraphQLError);
  if (!known) options.logger.error({ error, 'http.request.id': options.requestId }, 'an unexpected error was masked');
  const { http: _, stacktrace: __, ...extensions } = known?.extensions ?? { code: 'INTERNAL' };
  const { locations, path } = error instanceof GraphQLError ? error : ({} as Partial<GraphQLError>);
  return {
    message: known ? withoutValue(known.message) : 'Something went wrong on our side.',
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { ...extensions, requestId: options.requestId },
  };
};

const toKnownError = (error: unknown, toGraphQLError: MaskOptions['toGraphQLError']): GraphQLError | undefined => {
  const candidates = error instanceof GraphQLError && error.originalError ? [error.originalError, error] : [error];
  const converted = candidates.map((each) => (each instanceof GraphQLError ? withCode(each) : toGraphQLError(each)));
  return converted.find(({ extensions }) => KNOWN_CODES.has(extensions.code));
};

/** graphql-js reports variables that do not fit, and an argument that is missing only at run time (an unset variable), without a code. */
const withCode = (error: GraphQLError): GraphQLError =>
  error.extensions.code === undefined && UNFIT.test(error.message)
    ? new GraphQLError(error.message, { originalError: error, extensions: { code: 'BAD_USER_INPUT' } })
    : error;

/** Of a variable of the document that is used wrongly it says other words: that is no error of a value. */
const UNFIT = /^(Variable "\$\w+" (got|of required|of non-null) |Argument ")/;

/** graphql-js repeats the whole value of a refused variable, passwords beside the faulty field included. */
const withoutValue = (message: string): string =>
  message.replace(/^(Variable "\$\w+" got invalid value) [\s\S]*?((?: at "[^"]*")?; [^;]*)$/, '$1$2');

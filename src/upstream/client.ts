import createClient, { type Client } from 'openapi-fetch';
import type { paths } from '../generated/openapi.ts';
import { UpstreamError } from './errors.ts';
import { serializeQuery } from './query.ts';

/** The typed client that every call goes through: paths, parameters and answers are those of the contract. */
export type Api = Client<paths, 'application/json'>;

/** A call as the typed client made it. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query, parameters filled in. */
  readonly url: string;
  readonly body: string | undefined;
  readonly accept: string | undefined;
  /** The contract's path with its `{parameters}`; set by the client before sending. */
  template: string;
}

/** An answer as the typed client reads it: parsed at most once. */
export interface ApiResponse {
  readonly ok: true;
  readonly status: number;
  readonly bytes: number;
  json(): unknown;
  text(): string;
  arrayBuffer(): ArrayBuffer;
  header(name: string): string | undefined;
}

interface RequestParts {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: string;
}

/** Stands in for `Request`, whose construction alone costs more than the rest of a call. */
function toApiRequest(url: string, { method, headers, body }: RequestParts): ApiRequest {
  return { method, url, body, accept: headers.get('accept') ?? undefined, template: '' };
}

/** What openapi-fetch reads of a Response. A length makes it take `json()` instead of parsing the text itself. */
const toResponse = (answer: ApiResponse) => ({
  ok: answer.ok,
  status: answer.status,
  headers: {
    get: (name: string) =>
      name === 'Content-Length' ? String(answer.bytes) : (answer.header(name.toLowerCase()) ?? null),
  },
  json: async () => answer.json(),
  text: async () => answer.text(),
  arrayBuffer: async () => answer.arrayBuffer(),
});

/**
 * Creates the client over `send`. Errors of `send` reach the caller as they are, so an answer always has `data` (undefined for 204).
 * openapi-fetch wants the platform's classes; both casts stand here and nowhere else.
 */
export const createApi = (send: (request: ApiRequest) => Promise<ApiResponse>): Api => {
  const client = createClient<paths>({
    Request: toApiRequest as unknown as typeof Request,
    fetch: async (request) => toResponse(await send(request as unknown as ApiRequest)) as unknown as Response,
    querySerializer: serializeQuery,
    pathSerializer: fillPath,
  });
  client.use({
    onRequest: ({ request, schemaPath }) => {
      (request as unknown as ApiRequest).template = schemaPath;
      return undefined;
    },
  });
  return client;
};

/**
 * A path parameter must stay one segment: no `..`, nothing empty, no slash (servers decode `%2F` before they look for a route), nothing that
 * can't be encoded.
 */
export const fillPath = (template: string, parameters: Readonly<Record<string, unknown>>): string =>
  template.replace(/\{([^{}]+)\}/g, (_match, name: string) => {
    const value = String(parameters[name] ?? '');
    if (value === '' || /^\.+$|[/\\]|\p{Cc}|\p{Cs}/u.test(value)) {
      throw new UpstreamError(
        'BAD_USER_INPUT',
        { method: 'any', path: template },
        { reason: 'not sent', hint: `"${name}" is not an id` },
      );
    }
    return encodeURIComponent(value);
  });

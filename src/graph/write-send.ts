import type { paths } from '../generated/openapi.ts';
import { type RawAnswer, type Session, UpstreamError, type UpstreamErrorCode } from '../upstream/index.ts';
import { isRow, type Json } from './row.ts';

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** An operation of the contract, such as `"POST /users/users/"`: a path or a verb outside it does not compile. */
export type Operation = {
  [P in keyof paths & string]: {
    [V in Verb]: paths[P] extends { readonly [K in V]: infer Known }
      ? Known extends object
        ? `${Uppercase<V>} ${P}`
        : never
      : never;
  }[Verb];
}[keyof paths & string];

/** What goes along with an operation. */
export interface Parts {
  /** Values of the path's `{parameters}`. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
}

/** Sends one call. The body was made from the catalogue, whose names the code generation has checked: the one cast of writes. */
export async function send(session: Session, operation: Operation, parts: Parts = {}): Promise<Json> {
  const [verb = 'GET', path = ''] = operation.split(' ');
  const api = session.api as unknown as Record<string, (path: string, init: object) => Promise<{ data?: Json }>>;
  const { path: parameters = {}, query = {}, body } = parts;
  const call = api[verb];
  if (!call) throw new Error(`"${verb}" is no verb of the client`);
  const { data } = await call(path, { params: { path: parameters, query }, ...(body === undefined ? {} : { body }) });
  return data;
}

/** What goes along with a call that is sent past everything that remembers answers. */
export interface OnceParts {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The sign-in session that carries the proof of a confirmation. */
  readonly cookie?: string | undefined;
}

/**
 * A GET that changes something, or a call that needs the cookie of a confirmation: sent once, never repeated or remembered.
 * Anything but a 2xx answer throws like any other call.
 */
export async function sendOnce(
  session: Session,
  operation: Operation & `${'GET' | 'POST'} ${string}`,
  { path: parameters, query, body, cookie }: OnceParts,
): Promise<Json> {
  const [method, path] = operation.split(' ') as ['GET' | 'POST', string];
  const answer = await session.exchange(method, path, body, { parameters, query, cookie });
  if (answer.status >= 200 && answer.status < 300) return answer.body as Json;
  const details = { reason: answer.status, status: answer.status, body: answer.body };
  throw new UpstreamError(codeOf(answer), { method, path }, details);
}

const CODES: Readonly<Record<number, UpstreamErrorCode>> = {
  400: 'BAD_USER_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  405: 'UNSUPPORTED_BY_SERVER',
  409: 'CONFLICT',
  412: 'CONFIRMATION_REQUIRED',
};

/** As for every other call: a 404 without JumpServer's own `{detail}` is a route that is not there. */
function codeOf({ status, body }: RawAnswer): UpstreamErrorCode {
  if (status === 404) return isRow(body) && 'detail' in body ? 'NOT_FOUND' : 'UNSUPPORTED_BY_SERVER';
  return CODES[status] ?? 'UPSTREAM_UNAVAILABLE';
}

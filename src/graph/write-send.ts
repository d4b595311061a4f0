import type { paths } from '../generated/openapi.ts';
import type { Session } from '../upstream/index.ts';

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
export async function send(session: Session, operation: Operation, parts: Parts = {}): Promise<unknown> {
  const [verb = 'GET', path = ''] = operation.split(' ');
  const api = session.api as unknown as Record<string, (path: string, init: object) => Promise<{ data?: unknown }>>;
  const { path: parameters = {}, query = {}, body } = parts;
  const call = api[verb];
  if (!call) throw new Error(`"${verb}" is no verb of the client`);
  const { data } = await call(path, { params: { path: parameters, query }, ...(body === undefined ? {} : { body }) });
  return data;
}

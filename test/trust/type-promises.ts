// What the compiler refuses: each line below `@ts-expect-error` fails `npm run typecheck` as soon as it would compile.

import { catalogue } from '../../src/generated/catalogue.ts';
import type { Resolvers as TypesOfResolvers } from '../../src/generated/resolvers.ts';
import { createContext } from '../../src/graph/create-context.ts';
import { getJson } from '../../src/graph/fetch.ts';
import { createReader, type ReaderOptions } from '../../src/graph/read.ts';
import type { Resolver } from '../../src/graph/resolve.ts';
import type { Row } from '../../src/graph/row.ts';
import { createGraphSchema } from '../../src/graph/schema.ts';
import { Secret, type Untainted } from '../../src/graph/secret.ts';
import { type Resolvers, served } from '../../src/graph/served.ts';
import { mutation } from '../../src/graph/write.ts';
import { send } from '../../src/graph/write-send.ts';
import { withSource } from '../../src/modules/reports/source.ts';
import type { Session, Upstream } from '../../src/upstream/index.ts';

const secret = new Secret('s3cr3t');

// @ts-expect-error a secret is no text: it can't be put into a message, a URL or a log field
export const text: string = secret;

// @ts-expect-error a secret in the payload of a mutation
export const leaving = mutation(async () => ({ token: secret }));

// @ts-expect-error nor deeper inside it
export const deeper = mutation(async () => ({ account: { name: 'root', history: [{ secret }] } }));

export const kept = mutation(async () => ({ account: { name: 'root' } }));

// @ts-expect-error a secret in a field of a type
export const field: TypesOfResolvers['User'] = { comment: () => secret };

// @ts-expect-error an object that holds one is nothing that may be told
export const told: Untainted<{ readonly input: { readonly password: Secret } }> = { input: { password: secret } };

// @ts-expect-error a row with one: rows are JumpServer's JSON
export const row: Row = { id: '1', password: secret };

// @ts-expect-error the value of an input that nobody looked at: it may be one
export const echoed = mutation(async ({ input }) => ({ token: input['token'] }));

// @ts-expect-error what goes to JumpServer, in which secrets are revealed
export const returned = mutation(async (write) => ({ account: write.body() }));

// @ts-expect-error an argument that nobody looked at, from a resolver of the kit's type
export const argument: Resolver = (_source, args) => args['password'];

// @ts-expect-error a secret in a report
export const report = withSource(async () => ({ totals: [{ secret }] }));

// @ts-expect-error a resolver of a field that the schema does not have
export const absent = { Viewer: { nobody: async () => null } } satisfies Resolvers;

// @ts-expect-error an argument taken for something else than the schema says
export const misread = { Query: { asset: async (_source: unknown, args: { id: number }) => args } } satisfies Resolvers;

const guessing = { Viewer: { user: async () => ({ name: 'root', keys: [{ secret }] }) } } satisfies Resolvers;
const careless = { Viewer: { user: (_source: unknown, args: Row & { readonly password: unknown }) => args.password } };
const mannerly = { Viewer: { user: async (): Promise<Row> => ({ name: 'root' }) } } satisfies Resolvers;

// @ts-expect-error a secret in what a hand-written query answers
served([mannerly, guessing]);
// @ts-expect-error something of unknown kind in it
served([careless, mannerly]);
served([mannerly]);

// @ts-expect-error a schema of modules that were not looked at
createGraphSchema({ sdl: '', catalogue, modules: [[mannerly]] });

/** Never called: what it does is refused before. */
export function refused(session: Session, upstream: Upstream, options: ReaderOptions): void {
  const { session: _, ...nobody } = options;
  // @ts-expect-error loaders of nobody: a reader belongs to the session of one principal
  createReader(nobody);
  // @ts-expect-error a context without one
  createContext({ catalogue: options.catalogue, requestId: 'x' });
  // @ts-expect-error a session without credentials
  upstream.session({ organization: 'DEFAULT' });
  // @ts-expect-error an upstream path outside the contract
  void session.api.GET('/settings/setting/secrets/', {});
  // @ts-expect-error a method that a path of the contract does not have
  void session.api.DELETE('/users/users/', {});
  // @ts-expect-error … read by a hand-written resolver
  void getJson(session, '/settings/setting/secrets/', {});
  // @ts-expect-error … or written
  void send(session, 'DELETE /users/users/');
  // @ts-expect-error a path made of what a client sent
  void session.api.GET(`/users/${options.catalogue}/`, {});
}

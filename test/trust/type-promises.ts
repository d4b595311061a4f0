// What the compiler refuses: each line below `@ts-expect-error` fails `npm run typecheck` as soon as it would compile.

import type { Resolvers } from '../../src/generated/resolvers.ts';
import { createContext } from '../../src/graph/create-context.ts';
import { createReader, type ReaderOptions } from '../../src/graph/read.ts';
import { Secret, type Untainted } from '../../src/graph/secret.ts';
import { mutation } from '../../src/graph/write.ts';
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
export const field: Resolvers['User'] = { comment: () => secret };

// @ts-expect-error an object that holds one is nothing that may be told
export const told: Untainted<{ readonly input: { readonly password: Secret } }> = { input: { password: secret } };

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
  // @ts-expect-error a path made of what a client sent
  void session.api.GET(`/users/${options.catalogue}/`, {});
}

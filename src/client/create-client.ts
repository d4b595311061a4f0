import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { ClientError } from './errors.ts';
import type { ClientOptions, Credentials } from './options.ts';
import { type Page, walk } from './pages.ts';
import { type Answer, type Operation, send } from './request.ts';
import { withRetries } from './retry.ts';
import { type SignIn, type SignInInput, startSignIn } from './sign-in.ts';

/** A document whose result and variables are known, or its text. */
export type Document<Result, Variables> = TypedDocumentNode<Result, Variables> | string;

/** What one request can choose. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
}

/** A typed client of the graph, for browsers and Node. */
export interface Client {
  /** Reads. Answers the data; throws a {@link ClientError} when any part of it failed. Passing failures are repeated. */
  query<Result, Variables>(
    document: Document<Result, Variables>,
    variables?: Variables,
    options?: RequestOptions,
  ): Promise<Result>;
  /** Reads, and answers data and errors side by side: what failed is null, everything else is there. */
  read<Result, Variables>(
    document: Document<Result, Variables>,
    variables?: Variables,
    options?: RequestOptions,
  ): Promise<Answer<Result>>;
  /** Writes; never repeated, but for credentials that were not accepted. Refusals are in the payload's `userErrors`. */
  mutate<Result, Variables>(
    document: Document<Result, Variables>,
    variables?: Variables,
    options?: RequestOptions,
  ): Promise<Result>;
  /** Goes through a connection, page after page. The document takes `$after` and selects `nodes` and `pageInfo { hasNextPage endCursor }`. */
  pages<Result, Variables extends { readonly after?: unknown }, Node>(
    document: Document<Result, Variables>,
    variables: Omit<Variables, 'after'>,
    select: (result: Result) => Page<Node> | null | undefined,
    options?: RequestOptions,
  ): AsyncGenerator<Node>;
  /** Signs in; from then on the client uses the token. */
  signIn(input: SignInInput): Promise<SignIn>;
  /** Uses other credentials from now on; none when left out. */
  setCredentials(credentials?: Credentials): void;
  /** The same client inside another organisation: who signs in with one is signed in with both. */
  inOrganization(organization: string): Client;
}

/** Creates a client. Nothing is sent before the first operation. */
export function createClient(options: ClientOptions): Client {
  return createClientAs(createAccount(options), options);
}

/** Who asks, for a client and those of other organisations that were made of it. */
interface Account {
  credentials: Credentials;
  /** What `onUnauthenticated` answers; one call for all who ask at the same time. */
  renew(): Promise<Credentials>;
}

function createAccount({ credentials, onUnauthenticated }: ClientOptions): Account {
  let renewal: Promise<Credentials> | undefined;
  const renew = async (): Promise<Credentials> => {
    renewal ??= Promise.resolve(onUnauthenticated?.()).finally(() => {
      renewal = undefined;
    });
    return renewal;
  };
  return { credentials, renew };
}

function createClientAs(account: Account, options: ClientOptions): Client {
  const sendAs = async <Result>(operation: Operation, isWrite: boolean): Promise<Answer<Result>> => {
    const used = account.credentials;
    const answer = await send<Result>(options, used, operation);
    if (!options.onUnauthenticated || !isUnauthenticated(answer, isWrite)) return answer;
    // Another request may have renewed them meanwhile.
    if (account.credentials === used) {
      const renewed = await account.renew();
      if (renewed === undefined) return answer;
      account.credentials = renewed;
    }
    return send(options, account.credentials, operation);
  };
  const setCredentials = (next?: Credentials) => {
    account.credentials = next;
  };
  const client: Client = {
    read: (document, variables, { signal } = {}) =>
      withRetries(
        options,
        () => sendAs({ document, variables: variables as object | undefined, signal }, false),
        signal,
      ),
    query: async (document, variables, more) => toData(await client.read(document, variables, more)),
    mutate: async (document, variables, { signal } = {}) =>
      toData(await sendAs({ document, variables: variables as object | undefined, signal }, true)),
    pages: <Result, Variables extends { readonly after?: unknown }, Node>(
      document: Document<Result, Variables>,
      variables: Omit<Variables, 'after'>,
      select: (result: Result) => Page<Node> | null | undefined,
      more?: RequestOptions,
    ) => walk(async (after) => select(await client.query(document, { ...variables, after } as Variables, more))),
    signIn: (input) => startSignIn({ mutate: mutateAsNobody(options), setCredentials }, input),
    setCredentials,
    inOrganization: (organization) => createClientAs(account, { ...options, organization }),
  };
  return client;
}

/** A sign-in is asked by nobody: a token that has expired would be refused before the password is looked at, and a wrong password is no reason to renew. */
const mutateAsNobody =
  (options: ClientOptions): Client['mutate'] =>
  async (document, variables, { signal } = {}) =>
    toData(await send(options, undefined, { document, variables: variables as object | undefined, signal }));

/** Whether the credentials are not accepted; for a write also that nothing at all was done, so that it may be sent again. */
function isUnauthenticated({ data, errors = [] }: Answer<unknown>, isWrite: boolean): boolean {
  const isRefusal = ({ extensions }: (typeof errors)[number]) => extensions?.code === 'UNAUTHENTICATED';
  const isEmpty = data === null || Object.values(data as object).every((value) => value === null);
  return isWrite ? isEmpty && errors.length > 0 && errors.every(isRefusal) : errors.some(isRefusal);
}

function toData<Result>({ data, errors = [], status }: Answer<Result>): Result {
  const [first] = errors;
  if (first) throw new ClientError(first.message, status, errors);
  if (data === null) throw new ClientError('The answer holds no data.', status, []);
  return data;
}

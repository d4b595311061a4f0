import { type DocumentNode, print } from 'graphql';
import { type AnswerError, ClientError } from './errors.ts';
import type { ClientOptions, Credentials } from './options.ts';

/** An operation as it is sent. */
export interface Operation {
  readonly document: DocumentNode | string;
  readonly variables: object | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The server's answer, errors included. */
export interface Answer<Result> {
  readonly data: Result | null;
  readonly errors?: readonly AnswerError[];
  readonly extensions?: {
    /** What the caller should know all the same: hidden rows, unknown values. */
    readonly warnings?: readonly { readonly code: string; readonly message: string }[];
    readonly [name: string]: unknown;
  };
  /** HTTP status. */
  readonly status: number;
}

const texts = new WeakMap<DocumentNode, string>();

function textOf(document: DocumentNode | string): string {
  if (typeof document === 'string') return document;
  const known = texts.get(document) ?? print(document);
  texts.set(document, known);
  return known;
}

/** Sends an operation once. Throws a {@link ClientError} when no GraphQL answer comes; an aborted request throws what aborted it. */
export async function send<Result>(
  options: ClientOptions,
  credentials: Credentials,
  { document, variables, signal }: Operation,
): Promise<Answer<Result>> {
  const ask = options.fetch ?? globalThis.fetch;
  const response = await ask(options.url, {
    method: 'POST',
    headers: toHeaders(options, credentials),
    body: JSON.stringify({ query: textOf(document), variables }),
    credentials: credentials && 'csrfToken' in credentials ? 'include' : 'omit',
    ...(signal === undefined ? {} : { signal }),
  }).catch(toFailure(options.url, signal));
  const body = await readBody(response).catch(toFailure(options.url, signal));
  if (!isAnswer(body))
    throw new ClientError(`${options.url} answered ${response.status}, and no GraphQL.`, response.status, []);
  return { data: null, ...(body as object), status: response.status };
}

/** No answer, or one that broke off; unless the caller wanted no more of it. */
function toFailure(url: string, signal: AbortSignal | undefined): (error: unknown) => never {
  return (error) => {
    if (signal?.aborted) throw error;
    throw new ClientError(`${url} can't be reached.`, undefined, [], error);
  };
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAnswer(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ('data' in body || 'errors' in body);
}

function toHeaders({ organization, language }: ClientOptions, credentials: Credentials): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
    ...toAuthorization(credentials),
    ...(organization === undefined ? {} : { 'x-jms-org': organization }),
    ...(language === undefined ? {} : { 'accept-language': language }),
  };
}

function toAuthorization(credentials: Credentials): Record<string, string> {
  if (credentials === undefined) return {};
  if ('token' in credentials) return { authorization: `Bearer ${credentials.token}` };
  if ('privateToken' in credentials) return { authorization: `Token ${credentials.privateToken}` };
  return { 'x-csrftoken': credentials.csrfToken };
}

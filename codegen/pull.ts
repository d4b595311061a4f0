/** Fetches JumpServer's own API document: from a running server, or from a file. */
import { readFile } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { RawDocument } from './upgrade.ts';

/** Effects and credentials. */
export interface PullOptions {
  fetch: typeof fetch;
  /** Any of JumpServer's credentials: `Authorization`, or `Cookie`; sent as given. */
  headers?: Readonly<Record<string, string>>;
}

/** The document could not be had; the message says what was expected, what came, and what to do. */
export class PullError extends Error {
  override readonly name = 'PullError';
}

const isUrl = (source: string): boolean => /^https?:\/\//i.test(source);

/**
 * The address of the document behind an address that people know: `/api/docs/` (the page) and the server's root lead to `/api/swagger.json`
 * (api.md §6), below the server's own path prefix if it has one.
 */
export const toDocumentUrl = (source: string): string => {
  const url = new URL(source);
  url.hash = '';
  if (url.pathname.endsWith('.json')) return url.href;
  url.search = '';
  const base = url.pathname.replace(/\/(core\/)?api(\/(docs|redoc|swagger|v1))?(\.yaml)?\/?$/, '').replace(/\/$/, '');
  url.pathname = `${base}/api/swagger.json`;
  return url.href;
};

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Throws `PullError` unless the text is a Swagger 2.0 or OpenAPI 3.0 document. */
const parseDocument = (text: string, source: string): RawDocument => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const what = /^\s*</.test(text) ? 'an HTML page' : 'something that is not JSON';
    throw new PullError(`${source}: expected the API document, ${what} came`, { cause });
  }
  const document: RawDocument | undefined = isObject(value) ? value : undefined;
  const isKnown = document?.swagger === '2.0' || document?.openapi?.startsWith('3.0') === true;
  if (document === undefined || !isKnown || !isObject(document.paths)) {
    throw new PullError(`${source}: expected a Swagger 2.0 or OpenAPI 3.0 document, other JSON came`);
  }
  return document;
};

const hints: Record<number, string> = {
  401: 'it wants a credential: give an Authorization header (Bearer, or Token with a private token) or a session cookie',
  403: 'the credential is known but may not read the document',
  404: 'there is no JumpServer at this address',
};

const request = async (url: string, { fetch, headers }: PullOptions): Promise<Response> => {
  try {
    return await fetch(url, { headers: { accept: 'application/json', ...headers }, redirect: 'manual' });
  } catch (cause) {
    throw new PullError(`${url}: no answer (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
  }
};

const download = async (url: string, options: PullOptions): Promise<string> => {
  const response = await request(url, options);
  const { status } = response;
  if (status >= 300 && status < 400) {
    throw new PullError(
      `${url}: ${status}, sent to ${response.headers.get('location') ?? 'another address'}; ${hints[401]}`,
    );
  }
  if (status !== 200)
    throw new PullError(`${url}: expected 200, ${status} came${hints[status] ? `; ${hints[status]}` : ''}`);
  return response.text();
};

const readText = async (path: string): Promise<string> => {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new PullError(`${path}: no such file; give a file or the address of a running server`, { cause });
  });
  if (path.endsWith('.br')) return brotliDecompressSync(bytes).toString('utf8');
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
};

/** The API document of a running server (`https://jms.example/api/docs/`) or of a file (`.json`, also `.gz` and `.br`). Throws `PullError`. */
export const pullDocument = async (source: string, options: PullOptions): Promise<RawDocument> => {
  if (!isUrl(source)) return parseDocument(await readText(source), source);
  const url = toDocumentUrl(source);
  return parseDocument(await download(url, options), url);
};

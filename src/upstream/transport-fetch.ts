import { BodyError, type Incoming, type Transport } from './transport.ts';

/** A fetch as the platform has it: what the sandbox and tests bring. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** Speaks through a given fetch. Redirects are never followed. */
export const createFetchTransport = (fetch: Fetch): Transport => ({
  send: async ({ method, url, headers, body, signal, maxBytes }) => {
    const init: RequestInit = { method, headers, signal, redirect: 'manual' };
    if (body !== undefined) init.body = body;
    const response = await abortable(fetch(url, init), signal);
    return toIncoming(response, await readBody(response, maxBytes, signal));
  },
  close: async () => undefined,
});

/** A fetch that does not listen to its signal must not keep us waiting. */
const abortable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

const toIncoming = (response: Response, body: Buffer): Incoming => ({
  // A browser-like fetch hides a redirect behind status 0.
  status: response.type === 'opaqueredirect' ? 302 : response.status,
  body,
  header: (name) => response.headers.get(name) ?? undefined,
  setCookie: () => response.headers.getSetCookie(),
});

const readBody = async (response: Response, maxBytes: number, signal: AbortSignal): Promise<Buffer> => {
  if (!response.body) return Buffer.alloc(0);
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await abortable(reader.read(), signal);
      if (done) return Buffer.concat(chunks, size);
      size += value.byteLength;
      if (size > maxBytes) throw new BodyError('too large', response.status);
      chunks.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    if (error instanceof BodyError || signal.aborted) throw error;
    throw new BodyError('truncated', response.status, error);
  }
};

import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { BodyError, type Incoming, type Transport } from './transport.ts';

/** What the network transport needs to know; times in milliseconds. */
export interface UndiciTransportOptions {
  readonly connections: number;
  readonly connectTimeout: number;
  readonly ca?: string | undefined;
}

/** JumpServer closes idle connections after about five seconds (api.md, Corrections); we give them up before. */
const KEEP_ALIVE = 3_000;

const decoders: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip),
  deflate: promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate),
  br: promisify<Buffer, { maxOutputLength: number }, Buffer>(brotliDecompress),
};

/**
 * Speaks HTTP through undici's request API, which costs a fraction of its fetch.
 * Writes get a connection of their own each: on a reused one that the server has just given up, nobody could tell whether the write arrived.
 */
export const createUndiciTransport = (options: UndiciTransportOptions): Transport => {
  const connect = { timeout: options.connectTimeout, ...(options.ca === undefined ? {} : { ca: options.ca }) };
  // Our own timer ends a call, body included, so undici's are off.
  const common = { connect, connections: options.connections, headersTimeout: 0, bodyTimeout: 0 };
  const reads = new Agent({ ...common, keepAliveTimeout: KEEP_ALIVE, keepAliveMaxTimeout: KEEP_ALIVE });
  const writes = new Agent({ ...common, pipelining: 0 });
  return {
    send: async ({ method, url, headers, body, signal, maxBytes }) => {
      const { origin, length } = splitOrigin(url);
      const agent = method === 'GET' || method === 'HEAD' ? reads : writes;
      const answer = await agent.request({
        origin,
        path: url.slice(length),
        method: method as Dispatcher.HttpMethod,
        headers: { ...headers, 'accept-encoding': 'gzip, deflate' },
        body: body ?? null,
        signal,
      });
      return toIncoming(answer, await readBody(answer, maxBytes, signal));
    },
    close: async () => {
      await Promise.all([reads.close(), writes.close()]);
    },
  };
};

/** The path must go out byte for byte as it was signed, so no URL parser touches it. */
const splitOrigin = (url: string): { origin: string; length: number } => {
  const length = url.indexOf('/', url.indexOf('://') + 3);
  return { origin: url.slice(0, length), length };
};

const headerOf = (headers: Dispatcher.ResponseData['headers'], name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const toIncoming = ({ statusCode, headers }: Dispatcher.ResponseData, body: Buffer): Incoming => ({
  status: statusCode,
  body,
  header: (name) => headerOf(headers, name),
  setCookie: () => [headers['set-cookie'] ?? []].flat(),
});

const readBody = async (answer: Dispatcher.ResponseData, maxBytes: number, signal: AbortSignal): Promise<Buffer> => {
  const raw = await collect(answer, maxBytes, signal);
  const decode = decoders[headerOf(answer.headers, 'content-encoding') ?? 'identity'];
  if (!decode || raw.byteLength === 0) return raw;
  try {
    return await decode(raw, { maxOutputLength: maxBytes });
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    throw new BodyError(tooLarge ? 'too large' : 'truncated', answer.statusCode, error);
  }
};

const collect = (
  { body, statusCode }: Dispatcher.ResponseData,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let ended = false;
    body.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size <= maxBytes) return;
      reject(new BodyError('too large', statusCode));
      body.destroy();
    });
    body.on('end', () => {
      ended = true;
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
    });
    body.on('error', (error) => reject(signal.aborted ? error : new BodyError('truncated', statusCode, error)));
    body.on('close', () => {
      if (!ended) reject(new BodyError('truncated', statusCode));
    });
  });

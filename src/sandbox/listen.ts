import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

type Answer = (request: Request) => Promise<Response>;

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : Buffer.concat(chunks);
}

async function toRequest(request: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const body = await bodyOf(request);
  const url = `http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`;
  const method = request.method ?? 'GET';
  return new Request(url, {
    method,
    headers,
    signal,
    ...(body === undefined || method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(body) }),
  });
}

async function send(response: Response, out: ServerResponse): Promise<void> {
  out.statusCode = response.status;
  for (const [name, value] of response.headers) out.setHeader(name, value);
  if (response.body === null) {
    out.end();
    return;
  }
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || out.destroyed) break;
    if (!out.write(value)) await drained(out);
  }
  // A body without end would be made for nobody.
  await reader.cancel();
  out.end();
}

/** Waits until the client has taken what was written, or has gone. */
const drained = (out: ServerResponse): Promise<unknown> =>
  new Promise((resolve) => {
    out.once('drain', resolve);
    out.once('close', resolve);
  });

/** Serves requests of a port with `answer`; an answer that rejects drops the line, as a dying server does. */
export function listen(
  answer: Answer,
  place: { port: number; host?: string },
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, out) => {
    const gone = new AbortController();
    out.on('close', () => gone.abort());
    toRequest(request, gone.signal)
      .then(answer)
      .then((response) => send(response, out))
      .catch(() => out.destroy());
  });
  const host = place.host ?? '127.0.0.1';
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(place.port, host, () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : place.port;
      done({
        url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

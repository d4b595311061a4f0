import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createUpstream, type Session, type Upstream, type UpstreamOptions } from '../../src/upstream/index.ts';
import { loadExchanges } from '../support/recordings.ts';
import { CERTIFICATE, KEY } from './support/certificate.ts';
import { administrator } from './support/server.ts';

const users = JSON.stringify(loadExchanges('4.10.16').find(({ name }) => name === 'list users')?.response.body);

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

interface Host {
  readonly upstream: Upstream;
  readonly session: () => Session;
  readonly requests: { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] }[];
  readonly connections: () => number;
}

/** A real server on a port, and an upstream that reaches it over the network. */
const host = async (
  handle: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  options: Partial<UpstreamOptions> = {},
): Promise<Host> => {
  const requests: Host['requests'] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    request.resume().on('end', () => handle(request, response, requests.length));
  });
  let connections = 0;
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jump`;
  const upstream = createUpstream({ url, version: '4.10.19', ...options });
  endings.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await upstream.close();
  });
  return {
    upstream,
    requests,
    connections: () => connections,
    session: () => upstream.session({ credentials: administrator }),
  };
};

const json = (response: ServerResponse, text = users): void => {
  response.setHeader('content-type', 'application/json');
  response.end(text);
};

const read = (session: Session, offset = 0) =>
  session.api.GET('/users/users/', { params: { query: { offset, 'id!': ['a', 'b c'] } as object } });
const write = (session: Session) => session.api.POST('/users/groups/', { body: { name: 'temp' } });

describe('over the network', () => {
  test('a read goes out byte for byte as written, under the path of JUMPSERVER_URL', async () => {
    const { session, requests } = await host((_request, response) => json(response));
    expect((await read(session())).data).toMatchObject({ count: 61 });
    expect(requests[0]).toMatchObject({ method: 'GET', url: '/jump/api/v1/users/users/?offset=0&id%21=a,b%20c' });
    expect(requests[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'accept-encoding': 'gzip, deflate',
      authorization: administrator.authorization,
    });
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('an answer in %s is read, and counted in decoded bytes', async (encoding, compress) => {
    const { session } = await host((_request, response) => {
      response.setHeader('content-encoding', encoding);
      response.end(compress(users));
    });
    const open = session();
    expect((await read(open)).data).toMatchObject({ count: 61 });
    expect(open.stats.bytes).toBe(Buffer.byteLength(users));
  });

  test('reads share connections, each write has its own', async () => {
    const { session, connections } = await host((_request, response) => json(response));
    for (let offset = 0; offset < 5; offset++) await read(session(), offset);
    const shared = connections();
    expect(shared).toBeLessThan(3);
    await write(session());
    await write(session());
    expect(connections()).toBe(shared + 2);
  });

  test('a read on a connection that the server has just dropped is repeated unseen', async () => {
    const { session, requests } = await host((request, response, count) =>
      count === 2 ? request.socket.destroy() : json(response),
    );
    await read(session(), 0);
    const second = session();
    expect((await read(second, 1)).data).toMatchObject({ count: 61 });
    expect(second.stats).toMatchObject({ calls: 1, retries: 1 });
    expect(requests).toHaveLength(3);
  });

  test('a write on a dropped connection is not', async () => {
    const { session, requests } = await host((request) => request.socket.destroy());
    await expect(write(session())).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', failure: 'reset' });
    expect(requests).toHaveLength(1);
  });

  test('a body that breaks off is UPSTREAM_CONTRACT after repeats', async () => {
    const { session, requests } = await host((_request, response) => {
      response.writeHead(200, { 'content-length': String(users.length), 'content-type': 'application/json' });
      response.write(users.slice(0, 100), () => response.destroy());
    });
    await expect(read(session())).rejects.toMatchObject({ code: 'UPSTREAM_CONTRACT', failure: 'truncated' });
    expect(requests).toHaveLength(3);
  });

  test('an endless body is given up at the limit, compressed or not', async () => {
    const endless = (response: ServerResponse): void => {
      if (response.write(' '.repeat(64 * 1024))) setImmediate(endless, response);
      else response.once('drain', () => endless(response));
    };
    const plain = await host((_request, response) => endless(response), { limits: { maxBodyBytes: 1024 ** 2 } });
    await expect(read(plain.session())).rejects.toMatchObject({ code: 'UPSTREAM_CONTRACT', failure: 'too large' });
    const bomb = gzipSync(Buffer.alloc(4 * 1024 ** 2));
    const packed = await host((_request, response) => response.setHeader('content-encoding', 'gzip').end(bomb), {
      limits: { maxBodyBytes: 1024 ** 2 },
    });
    await expect(read(packed.session())).rejects.toMatchObject({ code: 'UPSTREAM_CONTRACT', failure: 'too large' });
  });

  test('a body that drips slower than the limit ends in time', async () => {
    const { session } = await host(
      (_request, response) => {
        const drip = setInterval(() => response.write(' '), 5);
        response.on('close', () => clearInterval(drip));
      },
      { limits: { timeout: 60 } },
    );
    await expect(read(session())).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT', failure: 'timeout' });
  });

  test('redirects are not followed', async () => {
    const { session, requests } = await host((_request, response) =>
      response.writeHead(301, { location: 'http://127.0.0.1:1/elsewhere/' }).end(),
    );
    await expect(read(session())).rejects.toMatchObject({
      code: 'UPSTREAM_CONTRACT',
      status: 301,
      hint: 'redirects are refused; check JUMPSERVER_URL',
    });
    expect(requests).toHaveLength(1);
  });

  test('a server that is not there is UPSTREAM_UNAVAILABLE, for writes too', async () => {
    const upstream = createUpstream({ url: 'http://127.0.0.1:1', version: '4.10.19', limits: { retries: 0 } });
    endings.push(() => upstream.close());
    const session = upstream.session({ credentials: administrator });
    await expect(read(session)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', failure: 'refused' });
    await expect(write(session)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', failure: 'refused' });
  });

  test('a client that goes away ends the call at the server', async () => {
    const client = new AbortController();
    let ended: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const { upstream } = await host((_request, response) => {
      response.on('close', ended);
      client.abort();
    });
    const call = upstream.session({ credentials: administrator, signal: client.signal }).api.GET('/users/users/');
    await expect(call).rejects.toMatchObject({ failure: 'cancelled' });
    await closed;
  });

  test('session cookies of a raw exchange come through', async () => {
    const { session } = await host((_request, response) => {
      response.setHeader('set-cookie', [
        'SESSION_COOKIE_NAME_PREFIX=jms_; Path=/',
        'jms_sessionid=abc; HttpOnly; Path=/',
      ]);
      json(response, '{}');
    });
    expect((await session().exchange('POST', '/authentication/auth/', {})).cookie).toBe('jms_sessionid=abc');
  });
});

describe('over TLS', () => {
  const secure = async (name: string, ca?: string) => {
    let asked = 0;
    const server = createSecureServer({ cert: CERTIFICATE, key: KEY }, (_request, response) => {
      asked += 1;
      json(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://${name}:${(server.address() as AddressInfo).port}`;
    const upstream = createUpstream({ url, version: '4.10.19', ca });
    endings.push(async () => {
      server.close();
      server.closeAllConnections();
      await upstream.close();
    });
    const outcome = await read(upstream.session({ credentials: administrator })).then(
      () => 'read',
      (error: unknown) => (error as { code: string }).code,
    );
    return [outcome, asked];
  };

  test('a certificate that nobody known has signed is refused, and nothing is sent', async () => {
    expect(await secure('localhost')).toEqual(['UPSTREAM_UNAVAILABLE', 0]);
  });

  test('an own authority is known by configuration', async () => {
    expect(await secure('localhost', CERTIFICATE)).toEqual(['read', 1]);
  });

  test('a certificate for another name is refused all the same', async () => {
    expect(await secure('127.0.0.1', CERTIFICATE)).toEqual(['UPSTREAM_UNAVAILABLE', 0]);
  });
});

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, type StandIn, startStandIn } from './stand-in.ts';

let server: StandIn;
const start = async (environment?: Record<string, string>) => {
  server = await startStandIn(environment);
  return server;
};
afterEach(() => server.close());

const cookie = 'theme=dark; jms_sessionid=s1; jms_csrftoken=c1';

describe('who asks', () => {
  const query = '{ whoAmI { authorization cookie csrfToken organization language address } }';

  it('is read from the headers that JumpServer knows', async () => {
    await start();
    const headers = {
      authorization: 'Bearer t',
      'x-jms-org': 'Sales',
      'accept-language': 'zh',
      cookie,
      'x-csrftoken': 'c1',
    };
    const { body } = await ask(server, query, headers);
    expect(body.data).toEqual({
      whoAmI: {
        authorization: 'Bearer t',
        cookie: null,
        csrfToken: null,
        organization: 'Sales',
        language: 'zh',
        address: '127.0.0.1',
      },
    });
  });

  it.each([
    cookie,
    cookie.replaceAll('; ', ';'),
  ])('is the session cookie when there is no Authorization: %s', async (sent) => {
    await start();
    const { body } = await ask(server, '{ whoAmI { cookie csrfToken } }', { cookie: sent, 'x-csrftoken': 'c1' });
    expect(body.data).toEqual({ whoAmI: { cookie: sent, csrfToken: 'c1' } });
  });

  it('is nobody when only foreign cookies came', async () => {
    await start({ SESSION_COOKIE_PREFIX: 'corp_' });
    const { body } = await ask(server, '{ whoAmI { cookie } }', { cookie });
    expect(body.data).toEqual({ whoAmI: { cookie: null } });
  });

  it('falls back to the configured organisation', async () => {
    await start({ JUMPSERVER_ORG: 'Default' });
    const { body } = await ask(server, '{ whoAmI { organization } }');
    expect(body.data).toEqual({ whoAmI: { organization: 'Default' } });
  });

  it('is not believed about its address unless a trusted proxy says so', async () => {
    await start();
    const { body } = await ask(server, '{ whoAmI { address } }', { 'x-forwarded-for': '203.0.113.9' });
    expect(body.data).toEqual({ whoAmI: { address: '127.0.0.1' } });
  });

  it('has the address that a trusted proxy saw', async () => {
    await start({ TRUST_PROXY: 'loopback' });
    const { body } = await ask(server, '{ whoAmI { address } }', { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' });
    expect(body.data).toEqual({ whoAmI: { address: '203.0.113.9' } });
  });
});

describe('requests signed in by cookie', () => {
  it('are refused without a preflight header, even as JSON', async () => {
    await start();
    const { status, body } = await ask(server, '{ hello }', { cookie });
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('may read with any preflight header', async () => {
    await start();
    const { body } = await ask(server, '{ hello }', { cookie, 'apollo-require-preflight': '1' });
    expect(body).toEqual({ data: { hello: 'Hello world' } });
  });

  it("may not write without JumpServer's CSRF token", async () => {
    await start();
    const { body } = await ask(server, 'mutation { rename(input: { name: "x" }) }', {
      cookie,
      'apollo-require-preflight': '1',
    });
    expect([body.data, body.errors?.[0]?.extensions.code]).toEqual([undefined, 'FORBIDDEN']);
  });

  it("may write with JumpServer's CSRF token", async () => {
    await start();
    const { body } = await ask(server, 'mutation { rename(input: { name: "x" }) }', { cookie, 'x-csrftoken': 'c1' });
    expect(body).toEqual({ data: { rename: 'x' } });
  });

  it('need no preflight header with a token', async () => {
    await start();
    const response = await server.app.inject({
      url: '/graphql?query=%7Bhello%7D',
      headers: { authorization: 'Token t' },
    });
    expect([response.statusCode, response.json()]).toEqual([200, { data: { hello: 'Hello world' } }]);
  });
});

const DEEP = '['.repeat(20_000) + ']'.repeat(20_000);

it('are answered over HTTP/1.1 when they offer HTTP/2, as Java’s client does, whole or in pieces, again and again', async () => {
  await start();
  const url = new URL(await server.app.listen({ host: '127.0.0.1', port: 0 }));
  const socket = connect(Number(url.port), url.hostname);
  const body = '{"query":"{hello}"}';
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n\r\n`;
  for (const pieces of [[head + body], [head, body], [head + body.slice(0, 5), body.slice(5)]]) {
    const answered = once(socket, 'data');
    for (const piece of pieces) {
      socket.write(piece);
      await sleep(20);
    }
    const [answer] = await answered;
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*{"data":{"hello":"Hello world"}}$/);
  }
  socket.destroy();
});

describe('requests that are refused', () => {
  const send = (contentType: string, payload: string) =>
    server.app.inject({ method: 'POST', url: '/graphql', headers: { 'content-type': contentType }, payload });

  it.each([
    ['a batch', 'application/json', '[{"query":"{hello}"}]', 400],
    ['a file upload', 'multipart/form-data; boundary=x', '--x--', 415],
    ['plain text', 'text/plain', '{"query":"{hello}"}', 415],
    ['broken JSON', 'application/json', '{"query":', 400],
    ['a prototype in JSON', 'application/json', '{"__proto__":{"query":"{hello}"}}', 400],
    ['variables too deep to be written', 'application/json', `{"query":"{hello}","variables":{"a":${DEEP}}}`, 400],
    ['extensions too deep to be written', 'application/json', `{"query":"{hello}","extensions":{"a":${DEEP}}}`, 400],
    ['variables in a string', 'application/json', '{"query":"{hello}","variables":"{}"}', 400],
  ])('%s', async (_, contentType, payload, status) => {
    await start();
    const response = await send(contentType, payload);
    expect([response.statusCode, response.json().errors[0].extensions.code]).toEqual([status, 'BAD_REQUEST']);
  });

  it('a body over the limit', async () => {
    await start({ BODY_LIMIT: '1k' });
    const response = await send('application/json', JSON.stringify({ query: `{ hello } #${'x'.repeat(2000)}` }));
    expect(response.statusCode).toBe(413);
  });

  it('an unknown path', async () => {
    await start();
    const response = await server.app.inject({ url: '/api/v1/users/' });
    expect([response.statusCode, response.json().errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('another method than GET and POST', async () => {
    await start({ BASE_PATH: '/graph' });
    const { statusCode, headers, body } = await server.app.inject({ method: 'PUT', url: '/graph/graphql?x=1' });
    expect([statusCode, headers.allow, JSON.parse(body).errors[0].message]).toEqual([
      405,
      'GET, POST',
      '/graph/graphql takes GET and POST, not PUT.',
    ]);
  });

  it('a mutation by GET', async () => {
    await start();
    const response = await server.app.inject({
      url: `/graphql?query=${encodeURIComponent('mutation { rename(input: { name: "x" }) }')}`,
    });
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'POST']);
  });

  it('answers in a format that is not offered', async () => {
    await start();
    const { status } = await ask(server, '{ hello }', { accept: 'text/csv' });
    expect(status).toBe(406);
  });

  it.each([
    ['application/json', 200],
    ['application/graphql-response+json', 400],
    ['application/graphql-response+json, application/json', 400],
    ['application/json, application/graphql-response+json', 200],
    ['application/json;q=0.9, application/graphql-response+json', 400],
    ['application/graphql-response+json;q=0, */*', 200],
    ['*/*', 200],
  ])('by validation, accepting %s: %d', async (accept, expected) => {
    await start();
    const { status } = await ask(server, '{ nothing }', { accept });
    expect(status).toBe(expected);
  });

  it('one operation more than there are places', async () => {
    await start({ MAX_OPERATIONS: '1' });
    const first = ask(server, '{ hang }');
    const { status, headers, body } = await ask(server, '{ hello }');
    expect([status, headers['retry-after'], body.errors?.[0]?.extensions.code]).toEqual([503, '1', 'OVERLOADED']);
    await server.app.close();
    await first.catch(() => {});
  });
});

describe('batches, where they are on', () => {
  const send = (payload: unknown, headers: Record<string, string> = {}) =>
    server.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json', authorization: 'Token t', ...headers },
      payload: JSON.stringify(payload),
    });

  it('are answered in order, each with its own result or error', async () => {
    await start({ MAX_BATCH: '4' });
    const response = await send([{ query: '{ hello }' }, { query: 7 }, { query: '{ refused }' }, { query: '{ no }' }]);
    const codes = response
      .json()
      .map(({ data, errors }: Awaited<ReturnType<typeof ask>>['body']) => errors?.[0]?.extensions.code ?? data);
    expect(response.statusCode).toBe(200);
    expect(codes).toEqual([{ hello: 'Hello world' }, 'BAD_REQUEST', 'FORBIDDEN', 'GRAPHQL_VALIDATION_FAILED']);
    expect(server.log.filter(({ msg }) => msg === 'operation')).toHaveLength(3);
  });

  it.each([0, 3])('of %d operations are refused when at most two are allowed', async (length) => {
    await start({ MAX_BATCH: '2' });
    const response = await send(Array.from({ length }, () => ({ query: '{ hello }' })));
    const [error] = response.json().errors;
    expect([response.statusCode, error.message]).toEqual([
      400,
      `Expected a batch of 1 to 2 operations, got ${length}.`,
    ]);
  });

  it('count as many requests as they have operations', async () => {
    await start({ MAX_BATCH: '10', RATE_LIMIT: '5' });
    const three = Array.from({ length: 3 }, () => ({ query: '{ hello }' }));
    const statuses = [(await send(three)).statusCode, (await send(three)).statusCode];
    expect(statuses).toEqual([200, 429]);
  });

  it('of a caller with cookies need the preflight header', async () => {
    await start({ MAX_BATCH: '2' });
    const cookies = { authorization: '', cookie: 'jms_sessionid=a; jms_csrftoken=b' };
    const response = await send([{ query: '{ hello }' }], cookies);
    expect(response.json()[0].errors[0].extensions.code).toBe('FORBIDDEN');
  });
});

describe('persisted queries', () => {
  const query = '{ hello(name: "APQ") }';
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };

  it('run by their hash once they were sent whole', async () => {
    await start();
    const search = `/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}`;
    const unknown = await server.app.inject({ url: search });
    expect(unknown.json().errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    await ask(server, query, {}, { extensions });
    const known = await server.app.inject({ url: search });
    expect(known.json()).toEqual({ data: { hello: 'Hello APQ' } });
  });
});

describe('what an answer tells besides its data', () => {
  it('is the cost upstream, when asked', async () => {
    await start();
    const { body } = await ask(server, '{ hello }', { 'x-upstream-stats': '1' });
    expect(body.extensions).toEqual({ upstream: { calls: 2, bytes: 300, milliseconds: 5, retries: 0 } });
  });

  it('are warnings', async () => {
    await start();
    const { body } = await ask(server, '{ warned }');
    expect(body.extensions).toEqual({ warnings: [{ code: 'UNKNOWN_VALUE', message: 'a new value' }] });
  });
});

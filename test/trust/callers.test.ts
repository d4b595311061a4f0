import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { shapeOf } from '../../src/server/audit-log.ts';
import { registerShedding } from '../../src/server/shedding.ts';
import { ask, type StandIn, startStandIn } from '../server/stand-in.ts';
import { startGraph } from '../support/graph.ts';

let server: StandIn | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const as = (name: string) => ({ authorization: `Bearer ${name}` });

describe('a caller who asks too much', () => {
  it('is told to wait, while others are served', async () => {
    server = await startStandIn({ RATE_LIMIT: '3' });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index++) statuses.push((await ask(server, '{ hello }', as('greedy'))).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const { headers, body } = await ask(server, '{ hello }', as('greedy'));
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', requestId: headers['x-request-id'] });
    expect(Number(headers['retry-after'])).toBeGreaterThan(50);
    expect(body.errors?.[0]?.extensions['retryAfter']).toBe(Number(headers['retry-after']));
    expect((await ask(server, '{ hello }', as('modest'))).status).toBe(200);
  });

  it('may have so many requests under way, and the next one when one of them has ended', async () => {
    server = await startStandIn({ MAX_OPERATIONS_PER_CALLER: '2' });
    const { app } = server;
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const send = (query: string, name: string, signal?: AbortSignal) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...as(name) },
        body: JSON.stringify({ query }),
        ...(signal && { signal }),
      });
    const gone = new AbortController();
    const hanging = [send('{ hang }', 'greedy', gone.signal), send('{ hang }', 'greedy', gone.signal)];
    const ended = Promise.allSettled(hanging);
    await expect.poll(async () => (await send('{ hello }', 'greedy')).status).toBe(429);
    expect((await send('{ hello }', 'modest')).status).toBe(200);
    gone.abort();
    await ended;
    await expect.poll(async () => (await send('{ hello }', 'greedy')).status).toBe(200);
  });

  it('without credentials is told apart by address, and probes are never refused', async () => {
    server = await startStandIn({ RATE_LIMIT: '1' });
    await ask(server, '{ hello }');
    expect((await ask(server, '{ hello }')).status).toBe(429);
    const far = {
      method: 'POST',
      url: '/graphql',
      payload: { query: '{ hello }' },
      remoteAddress: '192.0.2.9',
    } as const;
    expect((await server.app.inject(far)).statusCode).toBe(200);
    for (const url of ['/healthz', '/readyz', '/metrics', '/healthz']) {
      expect((await server.app.inject(url)).statusCode).toBe(200);
    }
  });
});

describe('a server that can not keep up', () => {
  it('sheds requests with 503 while its event loop lags, and takes them again after', async () => {
    const app = fastify();
    app.get('/probe', () => 'ok');
    let shed = () => {};
    await app.register(async (guarded) => {
      shed = await registerShedding(guarded, 50);
      guarded.get('/', () => 'served');
    });
    await app.ready();
    let isBusy = true;
    const block = () => {
      const until = performance.now() + 300;
      while (performance.now() < until);
      if (isBusy) setTimeout(block, 1);
    };
    setTimeout(block, 1);
    await expect.poll(async () => (await app.inject('/')).statusCode, { timeout: 15_000 }).toBe(503);
    const refused = await app.inject('/');
    expect(refused.json()).toMatchObject({ statusCode: 503 });
    expect((await app.inject('/probe')).statusCode).toBe(200);
    expect(shed).toThrow('This server can not keep up');
    isBusy = false;
    await expect.poll(async () => (await app.inject('/')).statusCode, { timeout: 15_000 }).toBe(200);
    expect(shed).not.toThrow();
    await app.close();
  });
});

describe('trusted documents', () => {
  const text = 'query Known($name: String) { hello(name: $name) }';
  const hash = createHash('sha256').update(text).digest('hex');
  const folder = mkdtempSync(join(tmpdir(), 'trusted-'));
  const manifest = join(folder, 'manifest.json');
  writeFileSync(manifest, JSON.stringify({ [`sha256:${hash}`]: text }));
  const post = async (body: object) => {
    const answer = await server?.app.inject({ method: 'POST', url: '/graphql', payload: body });
    return { status: answer?.statusCode, ...(answer?.json() as { data?: unknown; errors?: { extensions: object }[] }) };
  };

  it.each([
    ['its name', { documentId: `sha256:${hash}` }],
    ['its hash as a persisted query', { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }],
    ['its whole text', { query: text }],
  ])('run when they are asked for by %s', async (_way, named) => {
    server = await startStandIn({ TRUSTED_DOCUMENTS: manifest });
    expect((await post({ ...named, variables: { name: 'you' } })).data).toEqual({ hello: 'Hello you' });
  });

  it.each([
    ['another text', { query: '{ hello }' }],
    ['a known text with a space more', { query: `${text} ` }],
    ['an unknown name', { documentId: 'sha256:00' }],
    ['an unknown hash', { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } }],
    ['a text under the name of a known one', { query: '{ hello }', documentId: `sha256:${hash}` }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
  ])('keep out %s', async (_what, body) => {
    server = await startStandIn({ TRUSTED_DOCUMENTS: manifest });
    const { status, data, errors } = await post(body);
    expect({ status, data, code: errors?.[0]?.extensions }).toMatchObject({ status: 403, code: { code: 'FORBIDDEN' } });
    expect(data).toBeUndefined();
  });

  it('refuse to start with a manifest whose text was changed', async () => {
    const changed = join(folder, 'changed.json');
    writeFileSync(changed, JSON.stringify({ [`sha256:${hash}`]: `${text} ` }));
    await expect(startStandIn({ TRUSTED_DOCUMENTS: changed })).rejects.toThrow(
      /TRUSTED_DOCUMENTS: .*to have this hash/,
    );
  });

  it('come with Jumpgraph', async () => {
    const graph = await startGraph({ config: { TRUSTED_DOCUMENTS: 'own' } });
    const answer = await graph.query('{ zones { totalCount } }');
    expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
    await graph.close();
  });
});

describe('persisted queries that can not be', () => {
  it.each([
    ['of another version', { version: 2, sha256Hash: '0'.repeat(64) }],
    ['with a hash that is no text', { version: 1, sha256Hash: [] }],
    ['under the hash of another text', { version: 1, sha256Hash: '0'.repeat(64) }],
  ])('%s are the client’s fault', async (_what, persistedQuery) => {
    server = await startStandIn();
    const { status, body } = await ask(server, '{ hello }', {}, { extensions: { persistedQuery } });
    expect([status, body.errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_REQUEST']);
  });
});

describe('the audit log', () => {
  it('says who did what, with which writes, and no value', async () => {
    const graph = await startGraph();
    await graph.query(
      'mutation Rename($input: CreateUserGroupInput!) { createUserGroup(input: $input) { userErrors { code } } }',
      { input: { name: 'p1anted-name' } },
    );
    await graph.query('query Look { zones { totalCount } }', {}, { headers: as('sandbox-user') });
    const lines = graph.log.filter(({ msg }) => msg === 'operation');
    expect(lines[0]).toMatchObject({
      'graphql.operation.name': 'Rename',
      'graphql.operation.type': 'mutation',
      'graphql.variables': { input: { name: 'string' } },
      'client.ip': '127.0.0.1',
      'event.outcome': 'success',
    });
    expect(lines[0]?.['upstream.writes']).toEqual(['POST /users/groups/']);
    expect(lines[1]).not.toHaveProperty('upstream.writes');
    expect(lines[0]?.['user.hash']).toMatch(/^[\w-]{43}$/);
    expect(lines[0]?.['user.hash']).not.toBe(lines[1]?.['user.hash']);
    expect(JSON.stringify(graph.log)).not.toMatch(/p1anted|sandbox-admin|sandbox-user/);
    await graph.close();
  });

  it('is short, however long the names that a client chooses', async () => {
    const graph = await startGraph();
    const wide = (levels: number): object =>
      Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`n${n}`, levels > 1 ? wide(levels - 1) : 1]));
    await graph.query(`query ${'A'.repeat(100_000)} { __typename }`, { input: wide(4) });
    expect(JSON.stringify(graph.log).length).toBeLessThan(10_000);
    await graph.close();
  });

  it('tells the shape of values and nothing of them', () => {
    const shape = shapeOf({
      a: [1, 2],
      b: { c: 's3cret', 's3cret key!': 1 },
      d: null,
      e: [{ f: true }],
      g: { h: { i: { j: { k: 1 } } } },
    });
    expect(shape).toEqual({
      a: { length: 2, of: 'number' },
      b: { c: 'string' },
      d: 'null',
      e: { length: 1, of: { f: 'boolean' } },
      g: { h: { i: { j: 'object' } } },
    });
  });
});

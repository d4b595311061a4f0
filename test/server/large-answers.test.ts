import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { toJsonChunks } from '../../src/server/json-chunks.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

const NODES =
  'nodes { id uuid name address comment isActive createdAt category connectivity { value } platform { name } }';
const PAGE = `query Page($first: Int!, $offset: Int) { assets(first: $first, offset: $offset) { totalCount ${NODES} } none: asset(name: "") { name } }`;

let graph: TestGraph;
let totalCount: number;
beforeAll(async () => {
  const sandbox = createSandbox({ assets: 1_000, users: 20, throttle: false });
  const fetch = async (request: Request) => {
    if (request.url.includes('takes-long')) await sleep(1_500);
    return sandbox.fetch(request);
  };
  graph = await startGraph({ sandbox, fetch, config: { READ_TIMEOUT: '1' } });
  await graph.query('{ serverInfo { version } }');
});
afterAll(() => graph.close());

interface Received {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Asks over a socket; with `chunks`, leaves after so many. */
function ask(
  query: string,
  variables: object,
  encoding = 'identity',
  chunks = Number.POSITIVE_INFINITY,
  agent?: Agent,
) {
  return new Promise<Received>((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      'accept-encoding': encoding,
      authorization: 'Bearer sandbox-admin',
    };
    const sent = request(`${graph.url}/graphql`, { method: 'POST', headers, ...(agent && { agent }) }, (response) => {
      const parts: Buffer[] = [];
      const end = () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
      response.on('data', (part: Buffer) => {
        parts.push(part);
        if (parts.length < chunks) return;
        response.destroy();
        end();
      });
      response.on('end', end);
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ query, variables }));
  });
}

interface Page {
  readonly data: { readonly assets: { readonly totalCount: number; readonly nodes: readonly object[] } };
}

describe('a large answer', () => {
  it('leaves in chunks and is what small ones say together', async () => {
    const { status, headers, body } = await ask(PAGE, { first: 1_000 });
    expect(status).toBe(200);
    expect(headers['transfer-encoding']).toBe('chunked');
    expect(headers['content-type']).toBe('application/graphql-response+json; charset=utf-8');
    const large = JSON.parse(body.toString()) as Page;
    expect(body.toString()).toBe(JSON.stringify(large));
    const small = [0, 250, 500, 750].map(async (offset) => ask(PAGE, { first: 250, offset }));
    const pages = (await Promise.all(small)).map(({ headers: { 'content-length': length }, body: text }) => {
      expect(Number(length)).toBe(text.byteLength);
      return JSON.parse(text.toString()) as Page;
    });
    expect(large.data.assets.nodes).toEqual(pages.flatMap(({ data }) => data.assets.nodes));
    expect(large.data.assets.nodes).toHaveLength(1_000);
    totalCount = large.data.assets.totalCount;
  });

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const)('comes compressed by %s, with the same text', async (encoding, decompress) => {
    const plain = await ask(PAGE, { first: 1_000 });
    const { headers, body } = await ask(PAGE, { first: 1_000 }, encoding);
    expect(headers['content-encoding']).toBe(encoding);
    expect(decompress(body).equals(plain.body)).toBe(true);
    expect(body.byteLength).toBeLessThan(plain.body.byteLength / 2);
  });

  it('tells its errors beside its data', async () => {
    const text = PAGE.replace('none: asset(name: "") { name }', 'none: asset(id: "x") { name }');
    const { status, body } = await ask(text, { first: 1_000 });
    const { data, errors } = JSON.parse(body.toString()) as Page & { readonly errors: readonly object[] };
    expect(status).toBe(200);
    expect(errors).toMatchObject([{ path: ['none'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(data).toMatchObject({ none: null, assets: { totalCount } });
  });

  it('whose reader goes away harms nobody', async () => {
    const left = await ask(PAGE, { first: 1_000 }, 'identity', 1);
    expect(left.status).toBe(200);
    const { status, body } = await ask('{ assets(first: 1) { totalCount } }', {});
    expect([status, JSON.parse(body.toString())]).toEqual([200, { data: { assets: { totalCount } } }]);
    expect(graph.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('is not kept for a reader who takes nothing of it', async () => {
    const query = `{ ${Array.from({ length: 40 }, (_, n) => `a${n}: assets(first: 1000) { ${NODES} }`).join(' ')} }`;
    const started = Date.now();
    await ask(query, {});
    const taken = Date.now() - started;
    const socket = connect(Number(new URL(graph.url).port), '127.0.0.1');
    const body = JSON.stringify({ query });
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer sandbox-admin\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    socket.pause();
    // Only who reads sees the end: so it begins to, long after what had not fitted into buffers was given up, on a slow machine too.
    await sleep(2_500 + 3 * taken);
    let end = '';
    socket.on('data', (part) => {
      end = part.toString('latin1').slice(-5);
    });
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined));
    expect(end).not.toBe('');
    expect(end).not.toBe('0\r\n\r\n');
  });
});

it('who waits for an answer longer than answers wait for readers gets it, on a connection that had one before', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const names = [];
  for (const name of ['x', 'takes-long']) {
    const { body } = await ask(`{ asset(name: "${name}") { name } }`, {}, 'identity', Number.POSITIVE_INFINITY, agent);
    names.push(JSON.parse(body.toString()));
  }
  expect(names).toEqual([{ data: { asset: null } }, { data: { asset: null } }]);
  agent.destroy();
});

describe('an answer in chunks is the text that JSON.stringify writes', () => {
  const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
  it.each<[string, object]>([
    [
      'of rows',
      { data: { rows: many(3_000, (at) => ({ id: `${at}`, text: 'ä"\\\n\u2028', none: null, is: at % 2 === 0 })) } },
    ],
    [
      'of rows with rows',
      { rows: many(50, (at) => ({ at, below: { nodes: many(at * 20, (below) => ({ below })) } })) },
    ],
    ['of plain values, holes among them', { values: many(10_000, (at) => (at % 3 === 0 ? undefined : at / 7)) }],
    [
      'of one object with many names',
      Object.fromEntries(many(10_000, (at) => [`name ${at}`, at % 5 === 0 ? undefined : [at]])),
    ],
    ['of lists of lists', many(300, (at) => many(at, (below) => [below, {}, []]))],
    [
      'of what has a form of its own',
      { dates: many(3_000, (at) => new Date(at)), map: Object.assign(Object.create(null), { a: many(3_000, String) }) },
    ],
  ])('%s', (_name, value) => {
    const chunks = [...toJsonChunks(value)];
    expect(chunks.join('')).toBe(JSON.stringify(value));
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(200_000);
  });
});

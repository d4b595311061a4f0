import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'graphql-ws';
import { LRUCache } from 'lru-cache';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createSandbox } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { createSecretWatch } from '../support/secret-watch.ts';

const SMALL = { assets: 5, users: 40, sessions: 5 };
const PASSWORD = 'Pl4nted-in-an-input';
const CREATE =
  'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { name } userErrors { code } } }';
const LIST = '{ users(first: 40) { nodes { username comment } } }';
const input = { name: 'w', username: 'w', email: 'w@example.org', passwordStrategy: 'CUSTOM', password: PASSWORD };

/** A graph that was given a password; its JumpServer tells it to everybody who lists users, where that is wanted. */
async function startLeaking(isLeaking = true): Promise<TestGraph> {
  const sandbox = createSandbox({ ...SMALL, throttle: false });
  const fetch = async (request: Request): Promise<Response> => {
    const answer = await sandbox.fetch(request);
    if (!isLeaking || request.method !== 'GET' || !request.url.includes('/users/users/?')) return answer;
    return new Response((await answer.text()).replaceAll('"comment":""', `"comment":"${PASSWORD}"`), answer);
  };
  const graph = await startGraph({ sandbox, fetch });
  expect((await graph.query(CREATE, { input })).data).toEqual({ createUser: { user: { name: 'w' }, userErrors: [] } });
  return graph;
}

const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer sandbox-admin' };

/** The ways out of a server. */
const WAYS: Readonly<Record<string, (graph: TestGraph) => Promise<unknown>>> = {
  'an answer': (graph) => graph.query(LIST),
  'a packed answer': async ({ url }) =>
    (
      await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...HEADERS, 'accept-encoding': 'br' },
        body: JSON.stringify({ query: LIST }),
      })
    ).text(),
  'a WebSocket': async ({ url }) => {
    const connectionParams = { authorization: HEADERS.authorization };
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams,
    });
    for await (const answer of client.iterate({ query: LIST })) expect(answer.data).toBeDefined();
    await client.dispose();
  },
};

describe('the watch over secrets, which every graph of the tests has', () => {
  it('is content where nothing is told', async () => {
    const graph = await startLeaking(false);
    for (const ask of Object.values(WAYS)) await ask(graph);
    await expect(graph.close()).resolves.toBeUndefined();
  });

  it.each(Object.keys(WAYS))('fails a test in which %s tells one', async (way) => {
    const graph = await startLeaking();
    await WAYS[way]?.(graph);
    await expect(graph.close()).rejects.toThrow(/A secret was told:\n.*Pl4n…/);
  });

  it('knows what a sandbox holds, and what it answers where secrets are read', async () => {
    const sandbox = createSandbox(SMALL);
    const users = sandbox.exportState().tables['users'] ?? [];
    const held = String(users.find((row) => typeof row['otp_secret'] === 'string')?.['otp_secret']);
    const watch = createSecretWatch();
    const answer = Response.json({ secret: 'Told-by-JumpServer' });
    await watch.way(async () => answer)(new Request('http://a.test/api/v1/accounts/account-secrets/1/'));
    watch.hear('the log', `{"message":"${held}"}`);
    watch.hear('the metrics', 'jumpgraph{by="Told-by-JumpServer"} 1');
    expect(() => watch.end(sandbox)).toThrow(new RegExp(`the log: ${held.slice(0, 4)}…[\\s\\S]*the metrics: Told…`));
  });

  it('hears headers, set one by one or with the status', async () => {
    const watch = createSecretWatch();
    const headers = { authorization: 'Token a-private-token', cookie: 'jms_sessionid=a-session-of-theirs' };
    await watch.way(async () => new Response('{}'))(new Request('http://a.test/', { headers }));
    const server = createServer((_request, response) => {
      response.setHeader('x-one', 'a-private-token');
      response.writeHead(200, { 'x-other': 'a-session-of-theirs' }).end();
    });
    watch.server(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    server.close();
    expect(() => watch.end()).toThrow(/the headers after GET \/: a-pr…[\s\S]*the headers after GET \/: a-se…/);
  });

  it('hears caches of texts, and cookies and tokens of callers', async () => {
    const watch = createSecretWatch();
    const headers = { authorization: 'Token a-private-token', cookie: 'jms_sessionid=a-session-of-theirs' };
    await watch.way(async () => new Response('{}'))(new Request('http://a.test/', { headers }));
    new LRUCache<string, string>({ max: 1 }).set('hash', '{ a(b: "a-private-token") }');
    watch.hear('the headers', 'set-cookie: a-session-of-theirs');
    expect(() => watch.end()).toThrow(/a cache: a-pr…[\s\S]*the headers: a-se…/);
  });

  it('lets a payload tell what it may, in data and nowhere else', async () => {
    const graph = await startGraph({ sandboxOptions: SMALL });
    const document = 'mutation { createTempToken(input: {}) { secret } }';
    const { data } = await graph.query<{ createTempToken: { secret: string } }>(document);
    expect(data.createTempToken.secret).toMatch(/.{8}/);
    await expect(graph.close()).resolves.toBeUndefined();
  });
});

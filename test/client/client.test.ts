import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, ClientError, type ClientOptions, createClient } from '../../src/client/index.ts';
import {
  AssetListDocument,
  type AssetListQuery,
  SessionExportDocument,
  UserDetailDocument,
  ViewerDocument,
} from '../../src/generated/documents.ts';
import { currentCode, SANDBOX_PASSWORD, SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.close());

const connect = (options: Partial<ClientOptions> = {}): Client =>
  createClient({
    url: `${graph.url}/graphql`,
    credentials: { token: 'sandbox-admin' },
    sleep: async () => {},
    ...options,
  });

/** Answers from a list instead of the network; the last one stays. */
const scripted = (...answers: (object | Error)[]) => {
  const sent: { body: string; headers: Record<string, string> }[] = [];
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    sent.push({ body: String(init?.body), headers: init?.headers as Record<string, string> });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer instanceof Response ? answer.clone() : Response.json(answer);
  };
  return { fetch: fetch as typeof globalThis.fetch, sent };
};
const failed = (code: string, more: object = {}) => ({
  data: null,
  errors: [{ message: code, extensions: { code, ...more } }],
});

describe('reading', () => {
  it('answers typed data', async () => {
    const data = await connect().query(UserDetailDocument, { username: 'admin' });
    const name: string | undefined = data.user?.username;
    expect(name).toBe('admin');
  });

  it('takes plain text too', async () => {
    expect(await connect().query('{ users(first: 1) { totalCount } }')).toMatchObject({ users: { totalCount: 60 } });
  });

  it('inside another organisation', async () => {
    const error = await connect()
      .inOrganization('nowhere')
      .query('{ users { totalCount } }')
      .catch((it) => it);
    expect(error).toBeInstanceOf(ClientError);
  });

  it('throws when a part failed, and answers data and errors side by side by read', async () => {
    const half = {
      data: { a: 1, b: null },
      errors: [{ message: 'no', path: ['b'], extensions: { code: 'FORBIDDEN' } }],
    };
    const client = connect({ fetch: scripted(half).fetch });
    await expect(client.query('{ a b }')).rejects.toMatchObject({ name: 'ClientError', code: 'FORBIDDEN' });
    expect(await client.read('{ a b }')).toMatchObject({ data: { a: 1, b: null }, errors: half.errors, status: 200 });
  });

  it('tells an answer that is no GraphQL, and a server that is not there', async () => {
    const page = new Response('<html>', { status: 404 });
    await expect(connect({ fetch: scripted(page).fetch }).query('{ a }')).rejects.toMatchObject({ status: 404 });
    const gone = connect({ fetch: scripted(new TypeError('fetch failed')).fetch });
    await expect(gone.query('{ a }')).rejects.toMatchObject({ code: 'NETWORK', cause: { message: 'fetch failed' } });
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(connect().query('{ users { totalCount } }', undefined, { signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('an answer that breaks off', () => {
  const broken = (error: Error) =>
    new Response(new ReadableStream({ start: (controller) => controller.error(error) }), { status: 200 });

  it('is as good as none', async () => {
    const fetch = async () => broken(new TypeError('terminated'));
    await expect(connect({ fetch, retries: 0 }).query('{ a }')).rejects.toMatchObject({ code: 'NETWORK' });
  });

  it('because its caller wants no more of it throws what aborted it, while a repeat is waited for too', async () => {
    const stopping = new AbortController();
    const fetch = async () => {
      stopping.abort();
      return broken(new DOMException('stopped', 'AbortError'));
    };
    const { signal } = stopping;
    await expect(connect({ fetch }).query('{ a }', undefined, { signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    const later = new AbortController();
    const sleep = () => new Promise<void>(() => later.abort());
    const waiting = connect({ fetch: scripted(failed('OVERLOADED')).fetch, sleep });
    await expect(waiting.query('{ a }', undefined, later)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('repeats', () => {
  it.each([
    ['no answer at all', new TypeError('fetch failed')],
    ['a proxy’s 502', new Response('bad gateway', { status: 502 })],
    ['a throttled JumpServer', failed('UPSTREAM_THROTTLED', { retryAfter: 3 })],
    ['an overloaded server', failed('OVERLOADED')],
  ])('a read after %s', async (_, answer) => {
    const { fetch, sent } = scripted(answer, { data: { a: 1 } });
    expect(await connect({ fetch }).query('{ a }')).toEqual({ a: 1 });
    expect(sent).toHaveLength(2);
  });

  it('wait as long as the server says, or 0.5, 1, 2 seconds with jitter', async () => {
    const waits: number[] = [];
    const sleep = async (milliseconds: number) => void waits.push(milliseconds);
    const { fetch } = scripted(failed('RATE_LIMITED', { retryAfter: 7 }), failed('OVERLOADED'), { data: { a: 1 } });
    await connect({ fetch, sleep, random: () => 0.5 }).query('{ a }');
    expect(waits).toEqual([7000, 1000]);
  });

  it('end after the number that was allowed, or when the wait would be too long', async () => {
    const often = scripted(failed('OVERLOADED'));
    await expect(connect({ fetch: often.fetch, retries: 3 }).query('{ a }')).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
    expect(often.sent).toHaveLength(4);
    const long = scripted(failed('UPSTREAM_THROTTLED', { retryAfter: 60 }));
    await expect(connect({ fetch: long.fetch }).query('{ a }')).rejects.toMatchObject({ code: 'UPSTREAM_THROTTLED' });
    expect(long.sent).toHaveLength(1);
  });

  it('never happen for what repeating would not change, and never for a write', async () => {
    const refused = scripted(failed('BAD_USER_INPUT'));
    await expect(connect({ fetch: refused.fetch }).query('{ a }')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    const write = scripted(new TypeError('fetch failed'));
    await expect(connect({ fetch: write.fetch }).mutate('mutation { a }')).rejects.toMatchObject({ code: 'NETWORK' });
    expect([refused.sent, write.sent].map(({ length }) => length)).toEqual([1, 1]);
  });
});

describe('credentials that are not accepted', () => {
  it('are renewed once for all requests that fail together, which are then sent again', async () => {
    let calls = 0;
    const onUnauthenticated = async () => {
      calls += 1;
      return { token: 'sandbox-admin' };
    };
    const client = connect({ credentials: { token: 'expired' }, onUnauthenticated });
    const answers = await Promise.all([client.query(ViewerDocument), client.query('{ users { totalCount } }')]);
    expect(answers).toMatchObject([{ viewer: { user: { username: 'admin' } } }, { users: { totalCount: 60 } }]);
    expect(calls).toBe(1);
    await client.query(ViewerDocument);
    expect(calls).toBe(1);
  });

  it('fail when nothing better is known', async () => {
    const client = connect({ credentials: { token: 'expired' }, onUnauthenticated: () => undefined });
    await expect(client.query('{ users { totalCount } }')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('let a write be sent again, since nothing was done', async () => {
    const { fetch, sent } = scripted(failed('UNAUTHENTICATED'), { data: { a: 1 } });
    const client = connect({ fetch, onUnauthenticated: () => ({ privateToken: 'p' }) });
    expect(await client.mutate('mutation { a }')).toEqual({ a: 1 });
    expect(sent[1]?.headers['authorization']).toBe('Token p');
  });

  it('are those of every organisation’s client', async () => {
    const { fetch, sent } = scripted({ data: { a: 1 } });
    const client = connect({ fetch });
    const other = client.inOrganization('other');
    client.setCredentials({ token: 'new' });
    await other.query('{ a }');
    expect(sent[0]?.headers).toMatchObject({ authorization: 'Bearer new', 'x-jms-org': 'other' });
  });

  it('can be renewed by signing in: a wrong password is no reason to renew again', async () => {
    const client: Client = connect({
      credentials: { token: 'expired' },
      onUnauthenticated: async () => {
        const result = await client.signIn({ username: 'admin', password: 'wrong' });
        return result.state === 'done' ? { token: result.token } : undefined;
      },
    });
    await expect(client.query('{ users { totalCount } }')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('of a browser’s session are its cookie and the CSRF token', async () => {
    const { fetch, sent } = scripted({ data: { a: 1 } });
    await connect({ fetch, credentials: { csrfToken: 'c' } }).query('{ a }');
    expect(sent[0]?.headers['x-csrftoken']).toBe('c');
    expect(sent[0]?.headers['authorization']).toBeUndefined();
  });
});

describe('a connection', () => {
  it('is walked page after page, each row once', async () => {
    const client = connect();
    const names: string[] = [];
    for await (const asset of client.pages(AssetListDocument, { first: 50 }, (data: AssetListQuery) => data.assets))
      names.push(asset.name);
    const { assets } = await client.query(AssetListDocument, { first: 1 });
    expect(names).toHaveLength(assets?.totalCount ?? 0);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['without its end', { hasNextPage: true }, /has to select pageInfo \{ hasNextPage endCursor \}/],
    ['without knowing whether there is more', { endCursor: 'a' }, /has to pass \$after/],
    ['that takes no $after', { hasNextPage: true, endCursor: 'a' }, /has to pass \$after/],
  ])('%s is an error, never a part of the rows', async (_, pageInfo, message) => {
    const { fetch } = scripted({ data: { rows: { nodes: [{ id: 1 }], pageInfo } } });
    const walk = async () => {
      const select = (data: { rows: { nodes: object[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }) =>
        data.rows;
      for await (const row of connect({ fetch }).pages('{ rows }', {}, select)) expect(row).toBeDefined();
    };
    await expect(walk()).rejects.toThrow(message);
  });

  it('is read no further than it is consumed', async () => {
    let requests = 0;
    const fetch: typeof globalThis.fetch = (...args) => {
      requests += 1;
      return globalThis.fetch(...args);
    };
    const range = { from: '2020-01-01T00:00:00Z' };
    for await (const session of connect({ fetch }).pages(SessionExportDocument, { range }, (data) => data.sessions)) {
      expect(session.protocol).toEqual(expect.any(String));
      break;
    }
    expect(requests).toBe(1);
  });
});

describe.each(SANDBOX_VERSIONS)('signing in to JumpServer %s', (version) => {
  let own: TestGraph;
  let people: Record<string, unknown>[];
  beforeAll(async () => {
    own = await startGraph({ version });
    people = (own.sandbox.exportState().tables['users'] ?? []).filter((row) => row['is_active'] === true);
  });
  afterAll(() => own.close());
  const enter = (username: unknown) => {
    const client = createClient({ url: `${own.url}/graphql`, credentials: { token: 'expired' } });
    return { client, start: () => client.signIn({ username: String(username), password: SANDBOX_PASSWORD }) };
  };

  it('with a password: the client then asks as that user', async () => {
    const { client, start } = enter('admin');
    const result = await start();
    expect(result).toMatchObject({ state: 'done', user: { username: 'admin' }, token: expect.any(String) });
    expect(await client.query(ViewerDocument)).toMatchObject({ viewer: { user: { username: 'admin' } } });
  });

  it('with a second factor: a wrong code is refused, the right one signs in', async () => {
    const factored = people.filter((row) => typeof row['otp_secret'] === 'string');
    for (const person of factored) {
      const { client, start } = enter(person['username']);
      const first = await start();
      if (first.state !== 'mfa') continue;
      await expect(first.verify('000000')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      const result = await first.verify(currentCode(String(person['otp_secret']), Date.now()));
      if (result.state !== 'done') continue;
      expect(await client.query(ViewerDocument)).toMatchObject({ viewer: { user: { username: person['username'] } } });
      return;
    }
    throw new Error('nobody signs in with a second factor in this sandbox');
  });

  it('with a wrong password is refused', async () => {
    const client = createClient({ url: `${own.url}/graphql` });
    await expect(client.signIn({ username: 'admin', password: 'wrong' })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});

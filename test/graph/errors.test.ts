import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { type GraphAnswer, startGraph, type TestGraph } from '../support/graph.ts';

const QUERY =
  '{ assets(first: 3, filter: { category: HOST }) { totalCount nodes { name platform { name isInternal } } } }';

interface Page {
  readonly assets: {
    readonly totalCount: number;
    readonly nodes: readonly { name: string; platform: object | null }[];
  } | null;
}

let graph: TestGraph;
afterEach(() => graph.close());

/** A graph whose JumpServer answers one path as given, and everything else as the sandbox does. */
async function startFailing(
  path: string,
  fail: (request: Request) => Promise<Response> | Response,
): Promise<TestGraph> {
  const sandbox = createSandbox({});
  graph = await startGraph({
    sandbox,
    config: { OPERATION_TIMEOUT: '3' },
    fetch: async (request) => (new URL(request.url).pathname === path ? fail(request) : sandbox.fetch(request)),
  });
  return graph;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const html = (status: number) =>
  new Response('<html><h1>Server Error</h1> stack at /opt/jumpserver</html>', {
    status,
    headers: { 'content-type': 'text/html' },
  });

/** Text that never ends, in pieces. */
function endless(): Response {
  const piece = new TextEncoder().encode(`{"padding": "${'x'.repeat(1 << 20)}`);
  const body = new ReadableStream({ pull: (controller) => controller.enqueue(piece) });
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}

function refused(): never {
  throw Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  });
}

/** What JumpServer does on the relation's route, and the code that the graph must answer. */
const FAULTS: readonly (readonly [string, () => Response, string])[] = [
  ['401', () => json(401, { detail: 'no', code: 'not_authenticated' }), 'UNAUTHENTICATED'],
  ['403', () => json(403, { detail: 'no', code: 'permission_denied' }), 'FORBIDDEN'],
  ['404', () => json(404, { detail: 'none', code: 'object_does_not_exist' }), 'NOT_FOUND'],
  ['409', () => json(409, { detail: 'busy', code: 'someone_else_is_doing_this' }), 'CONFLICT'],
  ['412', () => json(412, { type: 'user_confirm_required', code: 'mfa', detail: 'confirm' }), 'CONFIRMATION_REQUIRED'],
  [
    '429 with a long wait',
    () => json(429, { detail: 'slow down', code: 'throttled' }, { 'retry-after': '600' }),
    'UPSTREAM_THROTTLED',
  ],
  ['414, which a proxy gives', () => html(414), 'BAD_USER_INPUT'],
  ['400 as HTML, which a proxy gives', () => html(400), 'UPSTREAM_CONTRACT'],
  ['500 as HTML', () => html(500), 'UPSTREAM_UNAVAILABLE'],
  ['502', () => html(502), 'UPSTREAM_UNAVAILABLE'],
  ['504', () => html(504), 'UPSTREAM_TIMEOUT'],
  [
    'truncated JSON',
    () => new Response('[{"id": 1, "na', { headers: { 'content-type': 'application/json' } }),
    'UPSTREAM_CONTRACT',
  ],
  ['an endless answer', endless, 'UPSTREAM_CONTRACT'],
  [
    'a redirect',
    () => new Response(null, { status: 302, headers: { location: 'http://elsewhere.test/' } }),
    'UPSTREAM_CONTRACT',
  ],
  ['HTML with status 200', () => html(200), 'UPSTREAM_CONTRACT'],
  ['rows that are no rows', () => json(200, [{ nothing: true }]), 'UPSTREAM_CONTRACT'],
  ['a number of rows that is none', () => json(200, { count: 1e300, results: [] }), 'UPSTREAM_CONTRACT'],
  ['fewer rows than none', () => json(200, { count: -5, results: [] }), 'UPSTREAM_CONTRACT'],
  ['a refused connection', refused, 'UPSTREAM_UNAVAILABLE'],
];

const LEAKS = /assets\/platforms|jumpserver\.test|\/opt\/jumpserver|ECONNREFUSED|sandbox-admin|elsewhere\.test|stack/i;

describe('a relation that fails', () => {
  it.each(FAULTS)('with %s nulls its own field and says so, the rows stay', async (_name, answer, code) => {
    await startFailing('/api/v1/assets/platforms/', answer);
    const { data, errors, status }: GraphAnswer<Page> = await graph.query<Page>(QUERY);
    expect(status).toBe(200);
    expect(data.assets?.nodes).toHaveLength(3);
    expect(data.assets?.nodes.every(({ name, platform }) => name.length > 0 && platform === null)).toBe(true);
    expect(errors?.map(({ extensions }) => extensions.code)).toContain(code);
    expect(errors?.every(({ path }) => path?.at(-1) === 'platform')).toBe(true);
    expect(JSON.stringify({ data, errors })).not.toMatch(LEAKS);
  });
});

describe('a root list that fails', () => {
  it.each(FAULTS)('with %s leaves its sibling alone', async (_name, answer, code) => {
    await startFailing('/api/v1/assets/platforms/', answer);
    const query = '{ platforms { totalCount nodes { name } } zones { nodes { name } } }';
    const { data, errors } = await graph.query<{ platforms: null; zones: { nodes: object[] } }>(query);
    expect(data.platforms).toBeNull();
    expect(data.zones.nodes.length).toBeGreaterThan(0);
    expect(errors?.map(({ extensions, path }) => [extensions.code, path?.[0]])).toEqual([[code, 'platforms']]);
    expect(JSON.stringify({ data, errors })).not.toMatch(LEAKS);
  });
});

it('reports a flood of the same error once, with its count', async () => {
  await startFailing('/api/v1/assets/platforms/', () => html(500));
  const { errors } = await graph.query('{ assets(first: 60) { nodes { name platform { isInternal } } } }');
  expect(errors).toHaveLength(1);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', count: 60 });
});

it('answers no free JSON that is too deep to be written', async () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const row = `{ "id": "7a1a4e16-8a3e-4e4a-9a39-1f0f5c0f3a11", "name": "deep", "users": ${deep} }`;
  const answer = new Response(`{ "count": 1, "results": [${row}] }`);
  await startFailing('/api/v1/acls/login-asset-acls/', () => answer);
  const { data, errors, status } = await graph.query('{ loginAssetAcls { nodes { name userRule } } }');
  expect([status, data]).toEqual([200, { loginAssetAcls: { nodes: [{ name: 'deep', userRule: null }] } }]);
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_CONTRACT']);
});

it('answers null for an unknown id, and refuses a malformed one before anything is sent', async () => {
  graph = await startGraph();
  const { data, errors } = await graph.query('{ asset(id: "00000000-0000-0000-0000-00000000dead") { name } }');
  expect({ data, errors }).toEqual({ data: { asset: null }, errors: undefined });
  graph.sandbox.clearLog();
  const refusedOne = await graph.query('{ asset(id: "no-such-thing") { name } }');
  expect(refusedOne.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(graph.sandbox.log).toEqual([]);
});

it('tells a server that ignores a filter from one that has the rows', async () => {
  const sandbox = createSandbox({});
  graph = await startGraph({
    sandbox,
    fetch: (request) => {
      const url = new URL(request.url);
      if (url.pathname.endsWith('/users/users/')) url.searchParams.delete('ids');
      return sandbox.fetch(new Request(url, request));
    },
  });
  const { errors } = await graph.query('{ sessions(first: 5) { nodes { user { email } } } }');
  expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_CONTRACT');
});

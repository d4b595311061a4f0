// A counting JumpServer in a process of its own: the sandbox at scale, each different read worked out once.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { costOf, createWorkers } from './latency.ts';
import { NOW, type UpstreamSettings } from './settings.ts';
import { createThrottle } from './throttle.ts';

interface Kept {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  readonly rows: number;
}

const settings: UpstreamSettings = JSON.parse(process.argv[2] ?? '{}');
const { workers = 0, callers = 0, throttle = false, ...size } = settings;
const clock = { now: () => NOW };
const sandbox = withCallers(createSandbox({ ...size, ...clock }));
const isAdmitted = throttle ? createThrottle() : () => true;
const work = createWorkers(workers);
const kept = new Map<string, Promise<Kept>>();
const counts = { calls: 0, bytes: 0, refused: 0 };

/** The same company with administrators who have tokens of their own. */
function withCallers(plain: Sandbox): Sandbox {
  const state = plain.exportState();
  const { users = [], 'role-bindings': bindings = [] } = state.tables;
  const admin = users.find(({ username }) => username === 'admin');
  const own = bindings.filter(({ user }) => user === admin?.id);
  const chosen = users.filter(({ is_active: isActive, id }) => isActive === true && id !== admin?.id).slice(0, callers);
  const added = chosen.flatMap(({ id }) => own.map((binding) => ({ ...binding, id: randomUUID(), user: id })));
  state.tables['role-bindings'] = [...bindings, ...added];
  const tokens = Object.fromEntries(chosen.map(({ username }, index) => [`bench-${index}`, String(username)]));
  return createSandbox({ state, tokens, throttle: false, logSize: 1, ...clock });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function ask(request: IncomingMessage, url: URL): Promise<Kept> {
  const { method = 'GET' } = request;
  const headers = new Headers(
    Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const body = method === 'GET' ? undefined : await bodyOf(request);
  const response = await sandbox.fetch(new Request(url, { method, headers, ...(body ? { body } : {}) }));
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: Object.fromEntries(response.headers), body: bytes, rows: rowsIn(bytes) };
}

function rowsIn(body: Buffer): number {
  try {
    const answer = JSON.parse(body.toString());
    return (Array.isArray(answer) ? answer : answer.results)?.length ?? 1;
  } catch {
    return 0;
  }
}

function read(request: IncomingMessage, url: URL): Promise<Kept> {
  if (!isAdmitted(String(request.headers.authorization))) return refuse();
  if (request.method !== 'GET') {
    kept.clear();
    return ask(request, url);
  }
  const key = `${request.headers.authorization} ${request.headers['x-jms-org'] ?? ''} ${url.pathname}${url.search}`;
  const known = kept.get(key) ?? ask(request, url);
  kept.set(key, known);
  return known;
}

async function refuse(): Promise<Kept> {
  const body = Buffer.from(JSON.stringify({ detail: 'Request was throttled. Expected available in 60 seconds.' }));
  return { status: 429, headers: { 'content-type': 'application/json', 'retry-after': '60' }, body, rows: 0 };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  if (url.pathname === '/bench/counts') {
    response.end(JSON.stringify(counts));
    Object.assign(counts, { calls: 0, bytes: 0, refused: 0 });
    return;
  }
  const { status, headers, body, rows } = await read(request, url);
  counts.calls++;
  counts.bytes += body.byteLength;
  if (status === 429) counts.refused++;
  if (workers > 0) await work(costOf(url, rows));
  response.writeHead(status, { ...headers, 'content-length': body.byteLength });
  response.end(body);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
server.keepAliveTimeout = 5_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
});

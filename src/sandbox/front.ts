import { authenticate, cookiesOf, sessionOf } from './auth.ts';
import { ApiError, NoSuchPath, notAuthenticated, ServerCrash, wrongMethod } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { orgOf } from './orgs.ts';
import type { Answer } from './resource.ts';
import { demand } from './rights.ts';
import type { Found, Router } from './router.ts';
import { throttle } from './throttle.ts';
import type { Json } from './types.ts';
import type { World } from './world.ts';

/** One thing that can be asked of a path. */
export interface Endpoint {
  /** Permission, `any` login or `open`. */
  perm: string;
  throttle?: 'usual' | 'suggestion';
  run(x: Exchange): Json | Answer | undefined | Promise<Json | Answer | undefined>;
  /** What OPTIONS answers here, when this is the endpoint of another method. */
  allow?: string;
}

const JSON_TYPE = 'application/json';

/** Serves one request: routing, who asks, what for, may they, how often, and what went wrong (api.md §1). */
export async function serve(
  world: World,
  router: Router<Endpoint>,
  request: Request,
): Promise<{ response: Response; x: Exchange }> {
  const url = new URL(request.url);
  const x: Exchange = {
    world,
    request,
    method: request.method === 'HEAD' ? 'GET' : request.method,
    url,
    query: url.searchParams,
    params: {},
    body: undefined,
    user: null,
    scheme: 'none',
    org: '',
    zone: request.headers.get('x-tz'),
    session: sessionOf(world, request),
    address: (request.headers.get('x-forwarded-for') ?? '127.0.0.1').split(',')[0]?.trim() ?? '127.0.0.1',
    headers: {},
    rows: 0,
  };
  runLater(world);
  try {
    const answer = await dispatch(x, router);
    return { response: toResponse(x, answer), x };
  } catch (error) {
    return { response: toFault(x, error), x };
  }
}

function runLater(world: World): void {
  const now = world.now();
  const due = world.memory.later.filter((task) => task.at <= now);
  if (due.length === 0) return;
  world.memory.later = world.memory.later.filter((task) => task.at > now);
  for (const task of due) task.run();
}

async function dispatch(x: Exchange, router: Router<Endpoint>): Promise<Json | Answer | undefined> {
  const path = x.url.pathname;
  const found = router.find(x.method, path);
  if (found === null) throw new NoSuchPath(path);
  if (!path.endsWith('/') && !path.startsWith('/api/swagger')) {
    return { answer: true, status: 301, text: '', headers: { location: `${path}/${x.url.search}` } };
  }
  x.params = found.params;
  negotiate(x);
  x.org = orgOf(x.world, [
    x.query.get('oid'),
    x.request.headers.get('x-jms-org'),
    cookiesOf(x.request).get('X-JMS-ORG') ?? null,
    x.session?.org ?? null,
  ]);
  const endpoint = admit(x, found);
  x.body = await readBody(x.request);
  return endpoint.run(x);
}

function admit(x: Exchange, found: Found<Endpoint>): Endpoint {
  const endpoint = found.value;
  if (endpoint?.perm === 'open') {
    throttle(x, 'usual');
    return endpoint;
  }
  const principal = authenticate(x);
  x.user = principal.user;
  x.scheme = principal.scheme;
  if (x.user === null) throw notAuthenticated();
  x.headers.allow = [...new Set([...found.methods, 'OPTIONS'])].join(', ');
  if (endpoint === undefined) throw wrongMethod(x.method);
  demand(x, endpoint.perm);
  throttle(x, endpoint.throttle ?? 'usual');
  return endpoint;
}

const RENDERED: Record<string, RegExp> = { json: /json/, csv: /csv/, xlsx: /xlsx|spreadsheet/ };

function negotiate(x: Exchange): void {
  const accept = x.request.headers.get('accept') ?? '*/*';
  const format = x.query.get('format');
  const wanted = format === null ? /json|csv|xlsx/ : (RENDERED[format] ?? null);
  if (wanted === null) throw new NoSuchPath(format ?? '');
  if (!accept.includes('*') && !wanted.test(accept) && x.url.pathname.startsWith('/api/v1')) {
    throw new ApiError(406, { detail: 'No answer of a kind that Accept asks for.', code: 'not_acceptable' });
  }
}

async function readBody(request: Request): Promise<Json | undefined> {
  if (request.body === null || request.method === 'GET' || request.method === 'HEAD') return undefined;
  const text = await request.text();
  if (text === '') return undefined;
  const type = request.headers.get('content-type') ?? '';
  if (type.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new ApiError(400, { detail: 'The body is not JSON.', code: 'parse_error' });
  }
}

const isAnswer = (value: Json | Answer | undefined): value is Answer =>
  value !== null && typeof value === 'object' && 'answer' in value && value.answer === true && 'status' in value;

function toResponse(x: Exchange, value: Json | Answer | undefined): Response {
  const answer: Answer = isAnswer(value)
    ? value
    : { answer: true, status: 200, ...(value === undefined ? {} : { body: value }) };
  const headers = new Headers({ ...x.headers, ...answer.headers });
  if (answer.status === 204 || answer.status === 304) return new Response(null, { status: answer.status, headers });
  if (answer.body === undefined) {
    if (!headers.has('content-type')) headers.set('content-type', 'text/html; charset=utf-8');
    return new Response(answer.text ?? '', { status: answer.status, headers });
  }
  headers.set('content-type', JSON_TYPE);
  const text = x.request.method === 'HEAD' ? '' : JSON.stringify(answer.body);
  return new Response(text, { status: answer.status, headers });
}

const page = (title: string, text: string): string =>
  `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="UTF-8"><title>${title}</title></head>\n<body><h1>${text}</h1></body>\n</html>`;

/** Outside the API proper errors are HTML, unless the request itself claims to carry JSON (api.md §0.8). */
function toPageOrJson(x: Exchange, status: number, title: string, text: string): Response {
  if ((x.request.headers.get('content-type') ?? '').includes(JSON_TYPE)) {
    return Response.json({ error: text }, { status, headers: x.headers });
  }
  return new Response(page(title, text), {
    status,
    headers: { ...x.headers, 'content-type': 'text/html; charset=utf-8' },
  });
}

function toFault(x: Exchange, error: unknown): Response {
  if (error instanceof ApiError) {
    return Response.json(error.body, { status: error.status, headers: { ...x.headers, ...error.headers } });
  }
  if (error instanceof NoSuchPath) return toPageOrJson(x, 404, 'Not here', 'Nothing is here');
  if (error instanceof ServerCrash) return toPageOrJson(x, 500, 'Fault', 'The server failed');
  throw error;
}

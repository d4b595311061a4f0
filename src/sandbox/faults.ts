/** A fault to be had: which requests, how often, what happens. Several rules are tried in the order they were added. */
export interface FaultRule {
  /** Part of the path, or a pattern over it; any path without. */
  path?: string | RegExp;
  /** Method; any without. */
  method?: string;
  /** How many times at most; for ever without. */
  count?: number;
  /** Requests to let pass first. */
  skip?: number;
  /** Share of the fitting requests that it strikes, 0 to 1; all without. */
  rate?: number;
  fault: Fault;
}

/** What can go wrong on the way from a server to its client. */
export type Fault =
  | { kind: 'delay'; milliseconds: number }
  | { kind: 'hang' }
  | { kind: 'reset' }
  | { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string> }
  | { kind: 'html'; status?: number }
  | { kind: 'redirect'; location: string; status?: number }
  | { kind: 'brokenJson' }
  | { kind: 'halfBody' }
  | { kind: 'endless' }
  | { kind: 'drip'; milliseconds: number; bytes?: number }
  | { kind: 'contentType'; type: string }
  /** The answer that the same address gave first, whatever happened since. */
  | { kind: 'stale' }
  /** On every page but the first of a list, one row is missing: as if a row before it had been deleted meanwhile. */
  | { kind: 'vanishingRow' }
  /** The server's clock is wrong by so much, as `Date` tells it. */
  | { kind: 'clockSkew'; milliseconds: number }
  | { kind: 'edit'; edit: (body: unknown) => unknown }
  | { kind: 'answer'; respond: (request: Request) => Response | Promise<Response> };

/** One struck request: what replaces its answer, or what becomes of it. */
export interface Strike {
  before(): Promise<Response | null>;
  after(response: Response): Promise<Response>;
}

/** The rules of a sandbox. */
export interface Faults {
  /** Adds a rule; the returned function takes it away again. */
  add(rule: FaultRule): () => void;
  clear(): void;
  /** The fault that strikes this request, null for none. */
  take(request: Request): Strike | null;
}

interface Kept {
  rule: FaultRule;
  seen: number;
  struck: number;
  past: Past;
}

function fits(rule: FaultRule, request: Request): boolean {
  if (rule.method !== undefined && rule.method !== request.method) return false;
  const { pathname, search } = new URL(request.url);
  if (rule.path === undefined) return true;
  return typeof rule.path === 'string' ? pathname.includes(rule.path) : rule.path.test(pathname + search);
}

/** Spreads a rate evenly: of every 1/rate requests one is struck, without chance. */
function isTurn(kept: Kept): boolean {
  const { rule, seen } = kept;
  if (seen <= (rule.skip ?? 0)) return false;
  if (rule.count !== undefined && kept.struck >= rule.count) return false;
  const rate = rule.rate ?? 1;
  const number = seen - (rule.skip ?? 0);
  return Math.floor(number * rate) > Math.floor((number - 1) * rate);
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => {
    setTimeout(done, milliseconds);
  });

const HTML = '<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>';

function reset(): never {
  throw Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
  });
}

async function replace(fault: Fault, request: Request): Promise<Response | null> {
  switch (fault.kind) {
    case 'delay':
      await pause(fault.milliseconds);
      return null;
    case 'hang':
      return new Promise<Response>((_, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason));
      });
    case 'reset':
      return reset();
    case 'status':
      return Response.json(fault.body ?? { detail: 'A fault on demand.', code: 'fault' }, {
        status: fault.status,
        headers: fault.headers ?? {},
      });
    case 'html':
      return new Response(HTML, { status: fault.status ?? 502, headers: { 'content-type': 'text/html' } });
    case 'redirect':
      return new Response(null, { status: fault.status ?? 302, headers: { location: fault.location } });
    case 'endless':
      return new Response(endless(), { headers: { 'content-type': 'application/json' } });
    case 'answer':
      return fault.respond(request);
    default:
      return null;
  }
}

function endless(): ReadableStream<Uint8Array> {
  const chunk = new TextEncoder().encode(`[${'0,'.repeat(8192)}`);
  return new ReadableStream({
    pull: async (controller) => {
      await pause(1);
      controller.enqueue(chunk);
    },
  });
}

function drip(body: string, milliseconds: number, bytes: number): ReadableStream<Uint8Array> {
  const all = new TextEncoder().encode(body);
  let at = 0;
  return new ReadableStream({
    pull: async (controller) => {
      await pause(milliseconds);
      controller.enqueue(all.slice(at, at + bytes));
      at += bytes;
      if (at >= all.length) controller.close();
    },
  });
}

function cut(body: string): ReadableStream<Uint8Array> {
  const half = new TextEncoder().encode(body.slice(0, Math.max(1, Math.floor(body.length / 2))));
  let isSent = false;
  return new ReadableStream({
    pull: (controller) => {
      if (isSent) controller.error(new TypeError('terminated'));
      else controller.enqueue(half);
      isSent = true;
    },
  });
}

async function spoil(fault: Fault, response: Response): Promise<Response> {
  const keep = { status: response.status, headers: response.headers };
  switch (fault.kind) {
    case 'brokenJson': {
      const text = await response.text();
      return new Response(`${text.slice(0, -1)},`, keep);
    }
    case 'halfBody':
      return new Response(cut(await response.text()), keep);
    case 'drip':
      return new Response(drip(await response.text(), fault.milliseconds, fault.bytes ?? 64), keep);
    case 'contentType': {
      const headers = new Headers(response.headers);
      headers.set('content-type', fault.type);
      return new Response(await response.text(), { status: response.status, headers });
    }
    case 'clockSkew': {
      const headers = new Headers(response.headers);
      headers.set('date', new Date(Date.now() + fault.milliseconds).toUTCString());
      return new Response(await response.text(), { status: response.status, headers });
    }
    case 'vanishingRow': {
      const body: unknown = await response.json();
      return Response.json(withoutFirst(body), { status: response.status });
    }
    case 'edit':
      return Response.json(fault.edit(await response.json()), { status: response.status });
    default:
      return response;
  }
}

function withoutFirst(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('results' in body) || !Array.isArray(body.results)) return body;
  if (!('previous' in body) || body.previous === null) return body;
  return { ...body, results: body.results.slice(1) };
}

/** Answers of one rule that later requests are given again. */
type Past = Map<string, { text: string; status: number; headers: Headers }>;

async function repeat(past: Past, request: Request, response: Response): Promise<Response> {
  const known = past.get(request.url) ?? {
    text: await response.text(),
    status: response.status,
    headers: response.headers,
  };
  past.set(request.url, known);
  return new Response(known.text, { status: known.status, headers: known.headers });
}

/** Makes an empty set of fault rules. */
export function createFaults(): Faults {
  let rules: Kept[] = [];
  return {
    add: (rule) => {
      const kept: Kept = { rule, seen: 0, struck: 0, past: new Map() };
      rules.push(kept);
      return () => {
        rules = rules.filter((one) => one !== kept);
      };
    },
    clear: () => {
      rules = [];
    },
    take: (request) => {
      for (const kept of rules) {
        if (!fits(kept.rule, request)) continue;
        kept.seen += 1;
        if (!isTurn(kept)) continue;
        kept.struck += 1;
        const { fault } = kept.rule;
        const { past } = kept;
        return {
          before: () => replace(fault, request),
          after: async (response) => {
            if (response.body === null) return response;
            return fault.kind === 'stale' ? repeat(past, request, response) : spoil(fault, response);
          },
        };
      }
      return null;
    },
  };
}

import type { Random } from '../../oracle/random.ts';

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers });

const reset = (): never => {
  throw Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
  });
};

/** The half of a body, and then the line is dead. */
async function cut(response: Response): Promise<Response> {
  const text = await response.text();
  const half = new TextEncoder().encode(text.slice(0, Math.floor(text.length / 2)));
  let isSent = false;
  const body = new ReadableStream({
    pull: (controller) => {
      if (isSent) controller.error(new TypeError('terminated'));
      else controller.enqueue(half);
      isSent = true;
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

type Serve = (request: Request) => Promise<Response>;

/** What can happen to a request; those that serve it first have done what it asked for. */
const FAULTS: readonly ((request: Request, serve: Serve) => Promise<Response> | Response)[] = [
  () => json(503, { detail: 'busy' }),
  () => json(500, { error: 'Server internal error' }),
  () => new Response('<html>Bad gateway</html>', { status: 502, headers: { 'content-type': 'text/html' } }),
  () => json(429, { detail: 'slow down', code: 'throttled' }, { 'retry-after': '1' }),
  () => reset(),
  async (request, serve) => {
    await serve(request);
    return reset();
  },
  async (request, serve) => {
    await serve(request);
    return new Response('<html>Gateway timeout</html>', { status: 504, headers: { 'content-type': 'text/html' } });
  },
  async (request, serve) => cut(await serve(request)),
  async (request, serve) => {
    const answer = await serve(request);
    return new Response(`${(await answer.text()).slice(0, -1)},`, { status: answer.status, headers: answer.headers });
  },
  () => new Response(null, { status: 302, headers: { location: 'http://elsewhere.test/' } }),
  async (request, serve) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return serve(request);
  },
];

/** Codes with which the graph may tell of the faults above. */
export const FAULT_CODES: ReadonlySet<string> = new Set([
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_THROTTLED',
  'UPSTREAM_CONTRACT',
  'OUTCOME_UNKNOWN',
]);

/** A way to a server on which a share of the requests goes wrong, decided by the random source. */
export const createFaultyNetwork = (
  serve: Serve,
  share: number,
  random: Random,
): { readonly fetch: Serve; readonly struck: () => number } & object => {
  let struck = 0;
  return {
    struck: () => struck,
    fetch: async (request) => {
      if (random() >= share) return serve(request);
      struck += 1;
      const fault = FAULTS[Math.floor(random() * FAULTS.length)];
      return fault ? fault(request, serve) : serve(request);
    },
  };
};

import { createSandbox, type Json, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.ts';

/** An answer of the sandbox as tests read it. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; null when it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of many shapes
  readonly body: any;
}

/** How a request is made. */
export interface Asking {
  readonly as?: string | null;
  readonly org?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Json;
  /** A body that is sent as it is. */
  readonly raw?: string;
}

/** A sandbox with short ways to ask it. */
export interface Asked {
  readonly sandbox: Sandbox;
  ask(method: string, path: string, asking?: Asking): Promise<Answered>;
  get(path: string, asking?: Asking): Promise<Answered>;
  post(path: string, body?: Json, asking?: Asking): Promise<Answered>;
  patch(path: string, body?: Json, asking?: Asking): Promise<Answered>;
  put(path: string, body?: Json, asking?: Asking): Promise<Answered>;
  remove(path: string, asking?: Asking): Promise<Answered>;
  /** All rows of a list, page by page. */
  // biome-ignore lint/suspicious/noExplicitAny: rows of many shapes
  all(path: string, asking?: Asking & { readonly size?: number }): Promise<any[]>;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Makes a sandbox without throttle, unless told otherwise, and asks it as its administrator. */
export function startSandbox(options: SandboxOptions = {}): Asked {
  const sandbox = createSandbox({ throttle: false, ...options });
  const ask: Asked['ask'] = async (method, path, asking = {}) => {
    const { as = 'Bearer sandbox-admin', org, headers = {}, body, raw } = asking;
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = new Request(`http://sandbox.test/api/v1/${path}`, {
      method,
      headers: {
        ...(as === null ? {} : { authorization: as }),
        ...(org === undefined ? {} : { 'x-jms-org': org }),
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(text === undefined ? {} : { body: text }),
    });
    const response = await sandbox.fetch(request);
    const answer = await response.text();
    return { status: response.status, headers: response.headers, text: answer, body: parse(answer) };
  };
  return {
    sandbox,
    ask,
    get: (path, asking) => ask('GET', path, asking),
    post: (path, body = {}, asking) => ask('POST', path, { ...asking, body }),
    patch: (path, body = {}, asking) => ask('PATCH', path, { ...asking, body }),
    put: (path, body = {}, asking) => ask('PUT', path, { ...asking, body }),
    remove: (path, asking) => ask('DELETE', path, asking),
    all: async (path, asking = {}) => {
      const rows: unknown[] = [];
      const glue = path.includes('?') ? '&' : '?';
      const size = asking.size ?? 100;
      for (;;) {
        const { body } = await ask('GET', `${path}${glue}limit=${size}&offset=${rows.length}`, asking);
        rows.push(...body.results);
        if (body.next === null) return rows;
      }
    },
  };
}

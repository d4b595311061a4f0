import { createClient, type FormattedExecutionResult } from 'graphql-ws';
import { pino } from 'pino';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { loadConfig } from '../../src/config.ts';
import { createSandbox, type Sandbox, type SandboxVersion } from '../../src/sandbox/index.ts';
import { createGraph } from '../../src/server/create-graph.ts';
import { createServer } from '../../src/server/create-server.ts';
import { createSecretWatch } from '../support/secret-watch.ts';

/** Milliseconds between two looks, on the test's clock. */
export const EVERY = 10_000;

/** How often and how long a test looks for what is about to happen. */
export const SOON = { interval: 5, timeout: 5_000 };

/** A clock that stands until it is moved; sandbox and pollers run by it. */
export const createTestClock = () => {
  let now = Date.UTC(2026, 10, 22, 12);
  const timers = new Map<object, { readonly due: number; readonly callback: () => void }>();
  return {
    now: () => now,
    timer: (milliseconds: number, callback: () => void) => {
      const key = {};
      timers.set(key, { due: now + milliseconds, callback });
      return () => void timers.delete(key);
    },
    advance: (milliseconds: number) => {
      now += milliseconds;
      for (const [key, { due, callback }] of [...timers]) if (due <= now && timers.delete(key)) callback();
    },
    /** Timers that wait. */
    get waiting() {
      return timers.size;
    },
  };
};

export type TestClock = ReturnType<typeof createTestClock>;

/** A small sandbox that runs by the clock. */
export const createTestSandbox = (clock: TestClock, version: SandboxVersion = '4.10.16'): Sandbox =>
  createSandbox({ version, throttle: false, now: clock.now, sessions: 40, assets: 20, users: 12 });

/** A subscription's answers as they come. */
export interface Subscribed<T> {
  readonly answers: FormattedExecutionResult<T>[];
  /** Waits until so many have come. */
  has(count: number): Promise<void>;
  /** Set when it has ended. */
  readonly ended: () => boolean;
  stop(): void;
}

/** The real server, listening, over a sandbox and a clock. */
export const startLive = async (clock: TestClock, sandbox: Sandbox, environment: Record<string, string> = {}) => {
  const config = loadConfig({ PORT: '0', LOG_LEVEL: 'silent', JUMPSERVER_VERSION: sandbox.version, ...environment });
  const watch = createSecretWatch();
  const ask = watch.way((request) => sandbox.fetch(request));
  const source = {
    url: 'http://jumpserver.test',
    fetch: (url: string, init: RequestInit) => ask(new Request(url, init)),
  };
  const logger = pino({ level: 'silent' });
  const graph = await createGraph(config, source, logger, { clock, every: EVERY });
  const { app, close, drain } = await createServer({ config, graph, logger });
  watch.schema(graph.schema);
  watch.server(app.server);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const closings: { code: number; reason: string }[] = [];
  const clients: { dispose(): void | Promise<void> }[] = [];
  /** Subscribes over a WebSocket of its own, as whoever has this token. */
  const subscribe = <T = Record<string, unknown>>(
    query: string,
    { token = 'sandbox-admin', after }: { token?: string; after?: string | undefined } = {},
  ): Subscribed<T> => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
      on: { closed: (event) => closings.push(event as { code: number; reason: string }) },
    });
    clients.push(client);
    const answers: FormattedExecutionResult<T>[] = [];
    let isEnded = false;
    const end = () => {
      isEnded = true;
    };
    const variables = after === undefined ? {} : { after };
    const stop = client.subscribe<T>(
      { query, variables },
      { next: (answer) => answers.push(answer as FormattedExecutionResult<T>), error: end, complete: end },
    );
    const has = (count: number) =>
      vi.waitFor(() => {
        if (answers.length < count) throw new Error(`${answers.length} of ${count} answers`);
      }, SOON);
    return { answers, has, ended: () => isEnded, stop };
  };
  /** What JumpServer's list was asked how often, over the time of the sandbox's log. */
  const looks = (path: string) => sandbox.log.filter((entry) => entry.path === `/api/v1${path}`).length;
  const until = (path: string, count: number) =>
    vi.waitFor(() => {
      if (looks(path) < count || clock.waiting === 0) throw new Error(`${looks(path)} of ${count} looks`);
    }, SOON);
  return {
    url,
    subscribe,
    looks,
    /** Waits until a list has been looked at so often, and every poller rests. */
    until,
    /** Lets the pollers look once more, and waits until they rest. */
    look: async (path: string) => {
      const before = looks(path);
      clock.advance(EVERY);
      await until(path, before + 1);
    },
    closings,
    graph,
    drain,
    close: async () => {
      for (const client of clients) await client.dispose();
      await close();
      watch.end(sandbox);
    },
  };
};

/** Writes to the sandbox as its administrator, past the graph: as JumpServer's components would. */
export const write = async (
  sandbox: Sandbox,
  method: string,
  path: string,
  body: unknown,
): Promise<Record<string, unknown>> => {
  const response = await sandbox.fetch(
    new Request(`http://jumpserver.test/api/v1${path}`, {
      method,
      headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json', 'x-tz': 'UTC' },
      body: JSON.stringify(body),
    }),
  );
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
};

/** Begins a session, now. */
export const startSession = async (sandbox: Sandbox, more: Record<string, unknown> = {}): Promise<string> => {
  const own = {
    user: 'alice',
    asset: 'web-1',
    account: 'root',
    account_id: 'x',
    protocol: 'ssh',
    user_id: '',
    asset_id: '',
  };
  const session = { ...own, ...more };
  return String((await write(sandbox, 'POST', '/terminal/sessions/', session))['id']);
};

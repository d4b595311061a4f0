import { randomBytes } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { loadConfig } from '../../src/config.ts';
import { createSandbox, type Sandbox, type SandboxOptions, type SandboxVersion } from '../../src/sandbox/index.ts';
import { createGraph } from '../../src/server/create-graph.ts';
import { createServer } from '../../src/server/create-server.ts';
import type { Execute } from '../../src/server/execute.ts';
import type { Graph } from '../../src/server/graph.ts';
import { createBothExecutors } from './both-executors.ts';
import { createSecretWatch } from './secret-watch.ts';

/** What a test may choose; a sandbox of 4.10.16 without throttle, asked by its administrator, otherwise. */
export interface GraphOptions {
  readonly version?: SandboxVersion;
  readonly sandboxOptions?: SandboxOptions;
  /** A sandbox of the test's own, in place of a new one. */
  readonly sandbox?: Sandbox;
  /** Bearer token of the caller: `sandbox-admin`, `sandbox-auditor` or `sandbox-user`. */
  readonly token?: string;
  /** Environment variables, as in graph.md §7. */
  readonly config?: Record<string, string>;
  /** Replaces the way to the sandbox: to count, delay or fail its answers. */
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly execute?: Execute;
}

/** An error as clients see it. */
export interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly requestId: string; readonly [name: string]: unknown };
}

/** What JumpServer was asked for an operation. */
export interface UpstreamCost {
  readonly calls: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly retries: number;
}

/** An answer of the graph. `extensions.upstream` is always there: every query of a test asks for it. */
export interface GraphAnswer<T> {
  readonly data: T;
  readonly errors: readonly ClientError[] | undefined;
  readonly extensions: {
    readonly upstream: UpstreamCost;
    readonly warnings?: readonly { code: string; message: string }[];
  };
  readonly status: number;
}

/** The real server over a sandbox. */
export interface TestGraph {
  query<T = Record<string, unknown>>(
    document: string,
    variables?: Record<string, unknown>,
    options?: { readonly headers?: Record<string, string> },
  ): Promise<GraphAnswer<T>>;
  readonly sandbox: Sandbox;
  /** Base address of the server, without `/graphql`. */
  readonly url: string;
  /** Everything that was logged. */
  readonly log: readonly Record<string, unknown>[];
  /** Ends it. Throws when a secret was told to anybody but JumpServer (`secret-watch.ts`). */
  close(): Promise<void>;
}

/** Starts a sandbox and the real server before it, in this process, and watches over secrets. Close it when the test is done. */
export const startGraph = async (options: GraphOptions = {}): Promise<TestGraph> => {
  const sandbox =
    options.sandbox ??
    createSandbox({ version: options.version ?? '4.10.16', throttle: false, ...options.sandboxOptions });
  const watch = createSecretWatch();
  const plain = watch.way(options.fetch ?? ((request: Request) => sandbox.fetch(request)));
  const file = process.env['COMPARE_EXECUTORS'];
  const log: Record<string, unknown>[] = [];
  const write = (line: string): void => {
    watch.hear('the log', line);
    log.push(JSON.parse(line));
  };
  const logger = pino({ level: 'info' }, { write });
  // Without cache: calls are counted as the first reader makes them.
  const defaults = { PORT: '0', LOG_LEVEL: 'info', MAX_EVENT_LOOP_DELAY: '0', CACHE_TIME: '0' };
  // Handles that one graph sealed are opened by its twin.
  const sealed = file === undefined ? {} : { SEAL_KEY: randomBytes(32).toString('hex') };
  const config = loadConfig({ ...defaults, ...sealed, ...options.config });
  const createOver = (way: (request: Request) => Promise<Response>, to: Logger): Promise<Graph> =>
    createGraph(config, { url: 'http://jumpserver.test', fetch: (url, init) => way(new Request(url, init)) }, to);
  const silent = pino({ level: 'silent' });
  const both =
    file === undefined || options.execute
      ? undefined
      : createBothExecutors(plain, (way) => createOver(way, silent), file);
  const made = await createOver(both?.ask ?? plain, logger);
  watch.schema(made.schema);
  const graph = both?.graph(made) ?? made;
  const execute = both?.execute ?? options.execute;
  const { app, close } = await createServer({
    config,
    graph,
    logger,
    ...(execute && { execute }),
  });
  watch.server(app.server);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const headersOfAll = { authorization: `Bearer ${options.token ?? 'sandbox-admin'}`, 'x-upstream-stats': '1' };
  return {
    query: async (query, variables, { headers } = {}) => {
      const response = await app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { ...headersOfAll, ...headers },
        payload: { query, variables },
      });
      watch.hear(`the answer to ${query.trim().slice(0, 60)}`, response.body);
      return { status: response.statusCode, errors: undefined, ...response.json() };
    },
    sandbox,
    url,
    log,
    close: async () => {
      watch.hear('the metrics', (await app.inject({ url: '/metrics' })).body);
      await close();
      watch.end(sandbox);
    },
  };
};

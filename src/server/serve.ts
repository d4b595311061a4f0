import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { createGraph, type GraphSource } from './create-graph.ts';
import { createServer } from './create-server.ts';
import type { EditorPrefill } from './editor.ts';
import { createBufferedOutput, createLogger } from './logger.ts';

/** Milliseconds between the announced end and the last taken request: those already on the wire are still answered. */
const GRACE = 300;

/** What `serve` runs on. */
export interface ServeOptions {
  readonly config: Config;
  readonly source: GraphSource;
  readonly prefill?: EditorPrefill;
  /** Called with the address as soon as requests are taken. */
  readonly onListening?: (url: string) => void;
}

/** Runs the server until SIGTERM or SIGINT; running operations then get `SHUTDOWN_TIMEOUT` to end. */
export const serve = async ({ config, source, prefill, onListening }: ServeOptions): Promise<void> => {
  const logger = createLogger(config.LOG_LEVEL, createBufferedOutput());
  const graph = await createGraph(config, source, logger);
  const server = await createServer({ config, graph, logger, ...(prefill && { prefill }) });
  await server.app.listen({
    host: config.HOST,
    port: config.PORT,
    listenTextResolver: (address) => `listening at ${address}`,
  });
  onListening?.(toUrl(server.app.server.address(), config));
  const stop = async (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'draining');
    // Does not keep the process alive, but ends it when something else does.
    setTimeout(() => process.exit(1), config.SHUTDOWN_TIMEOUT).unref();
    server.drain();
    await sleep(GRACE);
    await server.close();
    logger.info('stopped');
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
};

const toUrl = (address: string | AddressInfo | null, { HOST, BASE_PATH }: Config): string => {
  const port = typeof address === 'object' && address ? address.port : '';
  const host = HOST === '0.0.0.0' || HOST === '::' ? 'localhost' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}${BASE_PATH}`;
};

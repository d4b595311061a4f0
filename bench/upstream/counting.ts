import { pino } from 'pino';
import { loadConfig } from '../../src/config.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { createGraph } from '../../src/server/create-graph.ts';
import { createServer } from '../../src/server/create-server.ts';
import type { Count } from '../counts.ts';
import { NOW } from './settings.ts';

/** A sandbox on a port and the real server before it, both in this process. */
export interface Counting {
  readonly jumpserver: string;
  readonly graph: string;
  /** Runs something and tells what JumpServer was asked meanwhile. */
  count<T>(run: () => Promise<T>): Promise<readonly [T, Count]>;
  close(): Promise<void>;
}

/** Starts both on free ports. */
export async function startCounting(): Promise<Counting> {
  const sandbox = createSandbox({ throttle: false, now: () => NOW, logSize: 1000 });
  const listening = await sandbox.listen({ port: 0 });
  const logger = pino({ level: 'silent' });
  const config = loadConfig({ PORT: '0' });
  const { app, close } = await createServer({
    config,
    logger,
    graph: await createGraph(config, { url: listening.url }, logger),
  });
  const graph = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    jumpserver: listening.url,
    graph,
    count: async (run) => {
      sandbox.clearLog();
      const result = await run();
      return [result, { calls: sandbox.log.length, bytes: sandbox.log.reduce((sum, { bytes }) => sum + bytes, 0) }];
    },
    close: async () => {
      await close();
      await listening.close();
    },
  };
}

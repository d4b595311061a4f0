/** The library: run the graph inside another program, with its own logger, fetch and configuration. */
export { type Config, ConfigError, loadConfig } from './config.ts';
export { createGraph, type GraphSource } from './server/create-graph.ts';
export { createServer, type Server, type ServerOptions } from './server/create-server.ts';
export type { Execute } from './server/execute.ts';
export { createLogger } from './server/logger.ts';

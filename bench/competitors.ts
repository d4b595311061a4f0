import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRestClient } from './competitors/rest.ts';
import { type Ask, type Asking, askGraphql } from './measure.ts';
import { meshQueries } from './mesh/queries.ts';
import { type Running, start, startScript } from './process.ts';

/** The names of those that are compared, in the order in which they are told. */
export const COMPETITORS = ['jumpgraph', 'again', 'rest', 'mesh', 'loaders', 'naive'] as const;

/** One of them. */
export type CompetitorName = (typeof COMPETITORS)[number];

/** What each is, for the report. */
export const TITLES: Readonly<Record<CompetitorName, string>> = {
  jumpgraph: 'Jumpgraph',
  again: 'Jumpgraph, asked again',
  rest: 'best hand-written REST client',
  mesh: 'GraphQL Mesh + Hive Gateway',
  loaders: 'Apollo + DataLoaders',
  naive: 'Apollo, naive resolvers',
};

/** A competitor over one upstream. */
export interface Competitor {
  readonly name: CompetitorName;
  readonly ask: Ask;
  /** Undefined for the client, which runs in the benchmark's own process, and where it is that of another. */
  readonly process: Running | undefined;
}

/** Starts Jumpgraph as it was built, with all its defaults. */
export const startJumpgraph = (upstream: string, env: Record<string, string> = {}): Promise<Running> =>
  start(['dist/cli.js', 'serve'], { JUMPSERVER_URL: upstream, PORT: '0', ...env });

/** Starts all of them over an upstream. Nobody keeps an answer for the next question: the clients do not either. */
export async function startCompetitors(upstream: string, token: string): Promise<readonly Competitor[]> {
  const served = async (name: CompetitorName, running: Promise<Running>, asking: Asking = {}) => {
    const process = await running;
    return { name, process, ask: askGraphql(process.url, token, asking) };
  };
  const own = await served('jumpgraph', startJumpgraph(upstream, { LOG_LEVEL: 'info', CACHE_TIME: '0' }), {
    isNew: true,
  });
  const client = createRestClient(upstream, token);
  const mesh = installMesh();
  return Promise.all([
    own,
    { name: 'again' as const, process: undefined, ask: askGraphql(own.process.url, token) },
    { name: 'rest' as const, process: undefined, ask: (name: Asked) => client[name]() },
    // Mesh reports an error for each user who is gone.
    ...(mesh
      ? [served('mesh', startMesh(mesh, upstream), { textOf: (name) => meshQueries[name], mayHaveErrors: true })]
      : []),
    served('loaders', startScript('competitors/apollo.ts', 'loaders', upstream)),
    served('naive', startScript('competitors/apollo.ts', 'naive', upstream)),
  ]);
}

type Asked = Parameters<Ask>[0];

let installed: string | undefined;

/** Installs Mesh into a temporary folder, once; undefined where the registry can't be reached. */
function installMesh(): string | undefined {
  if (installed !== undefined) return installed || undefined;
  const folder = join(tmpdir(), 'jumpgraph-bench-mesh');
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'server.mjs'])
    copyFileSync(new URL(`mesh/${name}`, import.meta.url), join(folder, name));
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'ignore' });
    installed = folder;
  } catch {
    installed = '';
  }
  return installed || undefined;
}

const startMesh = (folder: string, upstream: string): Promise<Running> => {
  const document = fileURLToPath(new URL('../schema/openapi/source/4.10.16.json.br', import.meta.url));
  return start([join(folder, 'server.mjs'), document, upstream], { NODE_ENV: 'production' }, folder);
};

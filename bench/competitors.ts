import { createRestClient } from './competitors/rest.ts';
import { type Ask, askGraphql } from './measure.ts';
import { type Running, start, startScript } from './process.ts';

/** The names of those that are compared, in the order in which they are told. */
export const COMPETITORS = ['jumpgraph', 'rest', 'loaders', 'naive'] as const;

/** One of them. */
export type CompetitorName = (typeof COMPETITORS)[number];

/** What each is, for the report. */
export const TITLES: Readonly<Record<CompetitorName, string>> = {
  jumpgraph: 'Jumpgraph',
  rest: 'best hand-written REST client',
  loaders: 'Apollo + DataLoaders',
  naive: 'Apollo, naive resolvers',
};

/** A competitor over one upstream. */
export interface Competitor {
  readonly name: CompetitorName;
  readonly ask: Ask;
  /** Undefined for the client, which runs in the benchmark's own process. */
  readonly process: Running | undefined;
}

/** Starts Jumpgraph as it was built, with all its defaults. */
export const startJumpgraph = (upstream: string, env: Record<string, string> = {}): Promise<Running> =>
  start(['dist/cli.js', 'serve'], { JUMPSERVER_URL: upstream, PORT: '0', ...env });

/** Starts all of them over an upstream. */
export async function startCompetitors(upstream: string, token: string): Promise<readonly Competitor[]> {
  const served = async (name: CompetitorName, running: Promise<Running>): Promise<Competitor> => {
    const process = await running;
    return { name, process, ask: askGraphql(process.url, token) };
  };
  const client = createRestClient(upstream, token);
  const all = await Promise.all([
    served('jumpgraph', startJumpgraph(upstream, { LOG_LEVEL: 'info' })),
    { name: 'rest' as const, process: undefined, ask: (name: Parameters<Ask>[0]) => client[name]() },
    served('loaders', startScript('competitors/apollo.ts', 'loaders', upstream)),
    served('naive', startScript('competitors/apollo.ts', 'naive', upstream)),
  ]);
  return all;
}

import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { catalogue } from '../generated/catalogue.ts';
import { operations } from '../generated/operations.ts';
import { createContext } from '../graph/create-context.ts';
import { toGraphQLError } from '../graph/errors.ts';
import { createGraphSchema } from '../graph/schema.ts';
import { createSeal } from '../graph/seal.ts';
import { served } from '../graph/served.ts';
import { liveResolvers } from '../live/resolvers.ts';
import { modules } from '../modules/index.ts';
import { openReportSource } from '../reports/open-source.ts';
import { type Clock, createUpstream, systemClock, type UpstreamOptions } from '../upstream/index.ts';
import { assess } from './assess.ts';
import type { Graph, OperationRequest } from './graph.ts';
import { createLiveGraph } from './live-graph.ts';
import { packagePath } from './package-root.ts';

/** Where the graph's JumpServer is: its address, and another way there than the network for the embedded sandbox. */
export interface GraphSource {
  readonly url: string;
  readonly fetch?: UpstreamOptions['fetch'];
}

/** How subscriptions look for what happened; every field has a default. */
export interface LiveSettings {
  /** Decides when to look: the machine's own. */
  readonly clock?: Clock;
  /** Milliseconds between two looks: each stream's own. */
  readonly every?: number;
}

/** Builds the graph over one JumpServer. Nothing is asked of it before the first operation. */
export const createGraph = async (
  config: Config,
  source: GraphSource,
  logger: Logger,
  live: LiveSettings = {},
): Promise<Graph> => {
  const sdl = await readFile(packagePath('schema', 'schema.graphql'), 'utf8');
  const schema = createGraphSchema({ sdl, catalogue, modules: [modules, served([liveResolvers])] });
  const upstream = createUpstream({
    ...source,
    logger,
    version: config.JUMPSERVER_VERSION,
    organization: config.JUMPSERVER_ORG,
    cookiePrefix: config.SESSION_COOKIE_PREFIX,
    ca: config.JUMPSERVER_CA_FILE,
    principalKey: config.SEAL_KEY,
    operations,
    limits: { slowRowsLifetime: config.CACHE_TIME * 1000, ...(!config.FORESIGHT && { foreseenReads: 0 }) },
  });
  const home = { writes: 0 };
  const seal = createSeal({ key: config.SEAL_KEY });
  const open = ({ caller, requestId, signal, deadline }: OperationRequest, budget: number) => {
    const { credentials, organization, language, address: forwardedFor } = caller;
    return upstream.session({
      credentials,
      organization,
      language,
      forwardedFor,
      signal,
      deadline,
      budget,
      requestId,
    });
  };
  return {
    schema,
    toGraphQLError,
    assess: (assessed) => assess(catalogue, assessed),
    createContext: (request) => {
      const session = open(request, config.MAX_UPSTREAM_CALLS);
      return createContext({
        session,
        catalogue,
        requestId: request.requestId,
        home,
        seal,
        trace: request.explain ? [] : undefined,
      });
    },
    openReport: (request) => {
      const session = open(request, config.MAX_REPORT_CALLS);
      return { source: openReportSource({ session, home }), stats: session.stats };
    },
    live: createLiveGraph({
      open: (request) => open(request, config.MAX_UPSTREAM_CALLS),
      clock: live.clock ?? systemClock,
      timeout: config.OPERATION_TIMEOUT,
      every: live.every,
    }),
    close: () => upstream.close(),
  };
};

import type { ExecutionResult } from 'graphql';
import { createApolloGateway } from '../../examples/supergraph/apollo.ts';
import { compose, introspect } from '../../examples/supergraph/compose.ts';
import type { Gateway } from '../../examples/supergraph/gateway.ts';
import { createHiveGateway } from '../../examples/supergraph/hive.ts';
import { cmdb } from '../../examples/supergraph/subgraphs/cmdb.ts';
import { hr } from '../../examples/supergraph/subgraphs/hr.ts';
import { network } from '../../examples/supergraph/subgraphs/network.ts';
import { type RunningSubgraph, serveSubgraph } from '../../examples/supergraph/subgraphs/subgraph.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

/** The example's supergraph over a sandbox, through both gateways. */
export interface Supergraph {
  readonly graph: TestGraph;
  readonly gateways: Readonly<Record<'apollo' | 'hive', Gateway>>;
  readonly others: readonly RunningSubgraph[];
  /** What JumpServer has been asked so far. */
  readonly upstreamCalls: () => number;
  close(): Promise<void>;
}

/** The caller of all queries. */
export const CALLER = { authorization: 'Bearer sandbox-admin', 'x-jms-org': 'Default' } as const;

/** Starts everything on free ports of this machine. */
export async function startSupergraph(): Promise<Supergraph> {
  const graph = await startGraph();
  const others = await Promise.all([cmdb, network, hr].map((subgraph) => serveSubgraph(subgraph)));
  const supergraph = compose([await introspect(`${graph.url}/graphql`), ...others]);
  const gateways = { apollo: await createApolloGateway(supergraph), hive: await createHiveGateway(supergraph) };
  return {
    graph,
    gateways,
    others,
    upstreamCalls: () => graph.sandbox.log.length,
    close: async () => {
      await Promise.all([...Object.values(gateways), ...others, graph].map((one) => one.close()));
    },
  };
}

/** The codes of an answer's errors with their places, as far as a gateway keeps them. */
export function codesOf({ errors }: Pick<ExecutionResult, 'errors'>): unknown[] {
  return (errors ?? []).map(({ extensions }) => extensions?.['code']);
}

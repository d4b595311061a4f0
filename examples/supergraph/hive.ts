import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import type { ExecutionResult } from 'graphql';
import { FORWARDED, JUMPGRAPH } from './forwarded.ts';
import type { Gateway } from './gateway.ts';

/** The supergraph behind Hive Gateway. */
export async function createHiveGateway(supergraph: string): Promise<Gateway> {
  const gateway = createGatewayRuntime({
    supergraph,
    logging: false,
    landingPage: false,
    maskedErrors: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request, subgraphName }) =>
        subgraphName === JUMPGRAPH
          ? Object.fromEntries(FORWARDED.map((name) => [name, request.headers.get(name) ?? undefined]))
          : undefined,
    },
  });
  return {
    run: async ({ query, variables, headers }) => {
      const response = await gateway.fetch('http://gateway/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as ExecutionResult;
    },
    close: async () => gateway[Symbol.asyncDispose](),
  };
}

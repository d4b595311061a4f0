import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import type { ExecutionResult } from 'graphql';
import { FORWARDED, JUMPGRAPH } from './forwarded.ts';
import type { Gateway } from './gateway.ts';

interface Context {
  readonly headers?: Readonly<Record<string, string>>;
}

/** The supergraph behind `@apollo/gateway`. */
export async function createApolloGateway(supergraphSdl: string): Promise<Gateway> {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url }) =>
      new RemoteGraphQLDataSource<Context>({
        ...(url === undefined ? {} : { url }),
        willSendRequest: ({ request, context }) => {
          if (name !== JUMPGRAPH) return;
          for (const header of FORWARDED) {
            const value = context.headers?.[header];
            if (value !== undefined) request.http?.headers.set(header, value);
          }
        },
      }),
  });
  const server = new ApolloServer<Context>({ gateway, stopOnTerminationSignals: false, nodeEnv: 'production' });
  await server.start();
  return {
    run: async ({ query, variables, headers }) => {
      const request = { query, ...(variables === undefined ? {} : { variables }) };
      const { body } = await server.executeOperation(request, { contextValue: { headers } });
      if (body.kind !== 'single') throw new Error('incremental delivery was not asked for');
      return body.singleResult as ExecutionResult;
    },
    close: () => server.stop(),
  };
}

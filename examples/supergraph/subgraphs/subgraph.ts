import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { type DocumentNode, parse } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';

/** A small subgraph of the example: what it says of itself, and how it answers. */
export interface Subgraph {
  readonly name: string;
  readonly typeDefs: string;
  readonly resolvers: GraphQLResolverMap<unknown>;
}

/** A subgraph that listens. */
export interface RunningSubgraph {
  readonly name: string;
  readonly typeDefs: DocumentNode;
  readonly url: string;
  /** The header names of every request so far, so that it can be shown what was forwarded. */
  readonly received: readonly (readonly string[])[];
  close(): Promise<void>;
}

/** Serves a subgraph on a free port of this machine. */
export async function serveSubgraph({ name, typeDefs, resolvers }: Subgraph): Promise<RunningSubgraph> {
  const document = parse(typeDefs);
  const handle = createHandler({ schema: buildSubgraphSchema({ typeDefs: document, resolvers }) });
  const received: string[][] = [];
  const server = createServer((request, response) => {
    received.push(Object.keys(request.headers));
    void handle(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    name,
    typeDefs: document,
    url: `http://127.0.0.1:${port}/`,
    received,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

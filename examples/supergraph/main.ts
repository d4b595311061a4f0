import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { createApolloGateway } from './apollo.ts';
import { compose, introspect } from './compose.ts';
import { createHiveGateway } from './hive.ts';
import { cmdb } from './subgraphs/cmdb.ts';
import { hr } from './subgraphs/hr.ts';
import { network } from './subgraphs/network.ts';
import { serveSubgraph } from './subgraphs/subgraph.ts';

const { values } = parseArgs({
  options: {
    jumpgraph: { type: 'string', default: 'http://127.0.0.1:4000/graphql' },
    gateway: { type: 'string', default: 'hive' },
    port: { type: 'string', default: '4100' },
  },
});

const others = await Promise.all([cmdb, network, hr].map((subgraph) => serveSubgraph(subgraph)));
const supergraph = compose([await introspect(values.jumpgraph), ...others]);
const gateway = await (values.gateway === 'apollo' ? createApolloGateway(supergraph) : createHiveGateway(supergraph));

/** The smallest front of a gateway: JSON in, JSON out. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const { query, variables } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const result = await gateway.run({ query, variables, headers });
  response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
});
server.listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(`supergraph at http://127.0.0.1:${values.port}/ through ${values.gateway}\n`);
});

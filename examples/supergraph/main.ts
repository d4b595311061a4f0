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

const GATEWAYS = { apollo: createApolloGateway, hive: createHiveGateway };
const isGateway = (name: string): name is keyof typeof GATEWAYS => name in GATEWAYS;
if (!isGateway(values.gateway)) throw new Error(`--gateway: expected ${Object.keys(GATEWAYS).join(' or ')}.`);

const others = await Promise.all([cmdb, network, hr].map((subgraph) => serveSubgraph(subgraph)));
const supergraph = compose([await introspect(values.jumpgraph), ...others]);
const gateway = await GATEWAYS[values.gateway](supergraph);

/** The smallest front of a gateway: JSON in, JSON out. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  response.setHeader('content-type', 'application/json');
  try {
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    response.end(JSON.stringify(await gateway.run({ query, variables, headers })));
  } catch {
    response.writeHead(400).end('{"errors":[{"message":"Expected a GraphQL operation as JSON, by POST."}]}');
  }
});
server.listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(`supergraph at http://127.0.0.1:${values.port}/ through ${values.gateway}\n`);
});

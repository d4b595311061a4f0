import type { Subgraph } from './subgraph.ts';

const typeDefs = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

  type Query {
    "Ports of the switches with what is plugged in."
    ports: [Port!]!
  }

  "A port of a switch."
  type Port @key(fields: "label") {
    label: ID!
    vlan: Int!
    "What answers at the port's address; null when JumpServer has none, or several."
    asset: Asset
  }

  "An asset of JumpServer: the network knows it by its address."
  type Asset @key(fields: "address") {
    address: String!
    port: Port
  }
`;

interface Port {
  readonly label: string;
  readonly vlan: number;
  readonly address: string;
}

const ports: readonly Port[] = [
  { label: 'sw1/1', vlan: 20, address: '10.20.0.0' },
  { label: 'sw1/2', vlan: 20, address: '10.20.0.1' },
  { label: 'sw1/3', vlan: 30, address: '10.99.0.1' },
];

/** The CMDB's view of the network, which extends `Asset` by address. */
export const network: Subgraph = {
  name: 'network',
  typeDefs,
  resolvers: {
    Query: { ports: () => ports },
    Port: {
      __resolveReference: ({ label }: Port) => ports.find((port) => port.label === label),
      asset: ({ address }: Port) => ({ __typename: 'Asset', address }),
    },
    Asset: {
      __resolveReference: ({ address }: Port) => ({ address }),
      port: ({ address }: Port) => ports.find((port) => port.address === address),
    },
  },
};

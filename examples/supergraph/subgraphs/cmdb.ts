import type { Subgraph } from './subgraph.ts';

const typeDefs = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

  type Query {
    "What the company owns, as the CMDB knows it."
    configurationItems: [ConfigurationItem!]!
  }

  "A thing that the company owns."
  type ConfigurationItem @key(fields: "tag") {
    tag: ID!
    costCenter: String!
    "The same thing in JumpServer; null when it is not there."
    asset: Asset
  }

  "An asset of JumpServer: the CMDB knows it by its name."
  type Asset @key(fields: "name") {
    name: String!
    configurationItem: ConfigurationItem
  }
`;

interface Item {
  readonly tag: string;
  readonly costCenter: string;
  readonly name: string;
}

/** The last one is not in JumpServer. */
const items: readonly Item[] = [
  { tag: 'CI-1001', costCenter: 'shop', name: 'app-0000' },
  { tag: 'CI-1002', costCenter: 'shop', name: 'app-0001' },
  { tag: 'CI-1003', costCenter: 'data', name: 'app-0002' },
  { tag: 'CI-1004', costCenter: 'data', name: 'decommissioned-0007' },
];

/** A configuration database that extends `Asset`, which it knows by name. */
export const cmdb: Subgraph = {
  name: 'cmdb',
  typeDefs,
  resolvers: {
    Query: { configurationItems: () => items },
    ConfigurationItem: {
      __resolveReference: ({ tag }: Item) => items.find((item) => item.tag === tag),
      asset: ({ name }: Item) => ({ __typename: 'Asset', name }),
    },
    Asset: {
      __resolveReference: ({ name }: Item) => ({ name }),
      configurationItem: ({ name }: Item) => items.find((item) => item.name === name),
    },
  },
};

import { readFileSync } from 'node:fs';
import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByGuild } from '@theguild/federation-composition';
import { federateSubgraphs, LATEST_ROUTER_COMPATIBILITY_VERSION } from '@wundergraph/composition';
import { type DocumentNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { cmdb } from '../../examples/supergraph/subgraphs/cmdb.ts';
import { hr } from '../../examples/supergraph/subgraphs/hr.ts';
import { network } from '../../examples/supergraph/subgraphs/network.ts';
import { toServiceSdl } from '../../src/graph/subgraph.ts';

interface Part {
  readonly name: string;
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

/** The composers, each answering why the subgraphs do not fit together. */
const COMPOSERS: Readonly<Record<string, (parts: readonly Part[]) => readonly string[]>> = {
  '@apollo/composition': (parts) => messagesOf(composeByApollo([...parts]).errors),
  '@theguild/federation-composition': (parts) => messagesOf(composeByGuild([...parts]).errors),
  '@wundergraph/composition': (parts) => {
    const subgraphs = parts.map(({ name, url, typeDefs }) => ({ name, url, definitions: typeDefs }));
    const result = federateSubgraphs({ subgraphs, version: LATEST_ROUTER_COMPATIBILITY_VERSION });
    return result.success ? [] : messagesOf(result.errors);
  },
};

const messagesOf = (errors: readonly { readonly message: string }[] | undefined): readonly string[] =>
  (errors ?? []).map(({ message }) => message);

const published = parse(readFileSync('schema/schema.graphql', 'utf8'));
const jumpgraph = { name: 'jumpgraph', url: 'http://jumpgraph', typeDefs: parse(toServiceSdl(published)) };
const toPart = ({ name, typeDefs }: { name: string; typeDefs: string }): Part => ({
  name,
  url: `http://${name}`,
  typeDefs: parse(typeDefs),
});

describe.each(Object.entries(COMPOSERS))('%s', (_, compose) => {
  it('takes the schema that the subgraph tells', () => {
    expect(compose([jumpgraph])).toEqual([]);
  });

  it('takes the committed schema file as it is', () => {
    expect(compose([{ ...jumpgraph, typeDefs: published }])).toEqual([]);
  });

  it('joins it with subgraphs that extend Asset and User', () => {
    expect(compose([jumpgraph, ...[cmdb, network, hr].map(toPart)])).toEqual([]);
  });

  it('joins it with another Relay server, whose PageInfo is the same', () => {
    const other = toPart({
      name: 'other',
      typeDefs: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
        type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
        type Query { pages: PageInfo }`,
    });
    expect(compose([jumpgraph, other])).toEqual([]);
  });

  it('refuses a subgraph that claims a field of ours', () => {
    const other = toPart({
      name: 'other',
      typeDefs: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
        type User @key(fields: "email") { email: String! isActive: Boolean! } type Query { other: User }`,
    });
    expect(compose([jumpgraph, other]).join()).toContain('isActive');
  });
});

import { readFileSync } from 'node:fs';
import { buildASTSchema, type ExecutionResult, type GraphQLObjectType, Kind, parse } from 'graphql';
import { pino } from 'pino';
import { withFederation } from '../../codegen/federation.ts';
import { createApolloGateway } from '../../examples/supergraph/apollo.ts';
import { type Composed, compose } from '../../examples/supergraph/compose.ts';
import { type Subgraph, serveSubgraph } from '../../examples/supergraph/subgraphs/subgraph.ts';
import { loadConfig } from '../../src/config.ts';
import { toGraphQLError } from '../../src/graph/errors.ts';
import { nameType, type Row } from '../../src/graph/row.ts';
import { attachSubgraph, type ReferenceResolver } from '../../src/graph/subgraph.ts';
import { createServer } from '../../src/server/create-server.ts';

/** The schema of Apollo's compatibility suite (its names are the suite's; the rows are ours). */
const SDL = /* GraphQL */ `
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.3"
      import: ["@composeDirective", "@extends", "@external", "@key", "@inaccessible", "@interfaceObject", "@override", "@provides", "@requires", "@shareable", "@tag"]
    )
    @link(url: "https://myspecs.dev/myCustomDirective/v1.0", import: ["@custom"])
    @composeDirective(name: "@custom")

  directive @custom on OBJECT
  directive @composeDirective(name: String!) repeatable on SCHEMA
  directive @extends on OBJECT | INTERFACE
  directive @external on OBJECT | FIELD_DEFINITION
  directive @inaccessible on FIELD_DEFINITION | OBJECT
  directive @interfaceObject on OBJECT
  directive @override(from: String!) on FIELD_DEFINITION
  directive @provides(fields: federation__FieldSet!) on FIELD_DEFINITION
  directive @requires(fields: federation__FieldSet!) on FIELD_DEFINITION

  type Product @custom @key(fields: "id") @key(fields: "sku package") @key(fields: "sku variation { id }") {
    id: ID!
    sku: String
    package: String
    variation: ProductVariation
    dimensions: ProductDimension
    createdBy: User @provides(fields: "totalProductsCreated")
    notes: String @tag(name: "internal")
    research: [ProductResearch!]!
  }

  type DeprecatedProduct @key(fields: "sku package") {
    sku: String!
    package: String!
    reason: String
    createdBy: User
  }

  type ProductVariation {
    id: ID!
  }

  type ProductResearch @key(fields: "study { caseNumber }") {
    study: CaseStudy!
    outcome: String
  }

  type CaseStudy {
    caseNumber: ID!
    description: String
  }

  type ProductDimension @shareable {
    size: String
    weight: Float
    unit: String @inaccessible
  }

  type Query {
    product(id: ID!): Product
    deprecatedProduct(sku: String!, package: String!): DeprecatedProduct @deprecated(reason: "Use product instead.")
  }

  type User @extends @key(fields: "email") {
    averageProductsCreatedPerYear: Int @requires(fields: "totalProductsCreated yearsOfEmployment")
    email: ID! @external
    name: String @override(from: "users")
    totalProductsCreated: Int @external
    yearsOfEmployment: Int! @external
  }

  type Inventory @interfaceObject @key(fields: "id") {
    id: ID!
    deprecatedProducts: [DeprecatedProduct!]!
  }
`;

const maker = { email: 'maker@example.com', name: 'The Maker', totalProductsCreated: 1337 };
const deprecated = { sku: 'old-tool', package: 'tools', reason: 'Nobody needs it.', createdBy: maker };
const study = { study: { caseNumber: '1234', description: 'A study' }, outcome: 'Done' };
const product = {
  id: 'tool-1',
  sku: 'tool',
  package: 'tools',
  variation: { id: 'red' },
  dimensions: { size: 'small', weight: 1, unit: 'kg' },
  createdBy: maker,
  notes: 'not for everybody',
  research: [study],
};

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const references = new Map<string, ReferenceResolver<unknown>>([
  [
    'Product',
    ({ id, sku, package: bundle, variation }) => {
      if (id !== undefined) return id === product.id ? product : null;
      if (bundle !== undefined) return sku === product.sku && bundle === product.package ? product : null;
      return sku === product.sku && isSame(variation, product.variation) ? product : null;
    },
  ],
  [
    'DeprecatedProduct',
    (it) => (it['sku'] === deprecated.sku && it['package'] === deprecated.package ? deprecated : null),
  ],
  ['ProductResearch', (it) => ((it['study'] as Row)?.['caseNumber'] === '1234' ? study : null)],
  ['User', (it) => ({ ...maker, ...it, name: maker.name })],
  ['Inventory', ({ id }) => ({ id, deprecatedProducts: [deprecated] })],
]);

function averagePerYear(user: Row): number {
  return Math.round(Number(user['totalProductsCreated']) / Number(user['yearsOfEmployment']));
}

/** The suite's subgraph with our stack: our federation definitions, our `_service` and `_entities`, our server. */
async function serveProducts(): Promise<Composed & { ask: Ask; close(): Promise<void> }> {
  const machinery = parse(readFileSync('schema/graph/federation.graphql', 'utf8')).definitions;
  const definitions = [...parse(SDL).definitions, ...machinery.filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION)];
  const document = withFederation(
    { kind: Kind.DOCUMENT, definitions },
    { nouns: {}, objects: {}, enums: {}, inputs: {}, roots: {}, calls: {} },
  );
  const schema = buildASTSchema(document);
  attachSubgraph(schema, document, references);
  Object.assign((schema.getType('User') as GraphQLObjectType).getFields()['averageProductsCreatedPerYear'] ?? {}, {
    resolve: averagePerYear,
  });
  const roots = schema.getQueryType()?.getFields() ?? {};
  Object.assign(roots['product'] ?? {}, { resolve: (_: unknown, { id }: Row) => (id === product.id ? product : null) });
  Object.assign(roots['deprecatedProduct'] ?? {}, { resolve: () => nameType(deprecated, 'DeprecatedProduct') });
  const { app, close } = await createServer({
    config: loadConfig({ PORT: '0' }),
    logger: pino({ level: 'silent' }),
    graph: {
      schema,
      toGraphQLError,
      createContext: () => ({ warnings: [], session: { stats: { calls: 0, bytes: 0, milliseconds: 0, retries: 0 } } }),
    },
  });
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
  const ask: Ask = async (query, variables, headers = {}) => {
    const response = await app.inject({ method: 'POST', url: '/graphql', headers, payload: { query, variables } });
    return response.json();
  };
  const { data } = await ask<{ _service: { sdl: string } }>('{ _service { sdl } }');
  return { name: 'products', url, typeDefs: parse(data?._service.sdl ?? ''), ask, close };
}

/** Sends a query and answers its result. */
export type Ask = <T = Record<string, never>>(
  query: string,
  variables?: Record<string, unknown>,
  headers?: Record<string, string>,
) => Promise<ExecutionResult<T>>;

/** The suite's second subgraph. */
const users: Subgraph = {
  name: 'users',
  typeDefs: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
    type User @key(fields: "email") { email: ID! name: String totalProductsCreated: Int @shareable yearsOfEmployment: Int! }`,
  resolvers: {
    User: {
      __resolveReference: ({ email }: { email: string }) => ({
        email,
        name: 'not the one that counts',
        totalProductsCreated: 1337,
        yearsOfEmployment: 10,
      }),
    },
  },
};

/** The suite's third subgraph. */
const inventory: Subgraph = {
  name: 'inventory',
  typeDefs: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@requires", "@shareable", "@external"])
    type Product @key(fields: "id") { id: ID! dimensions: ProductDimension @external
      delivery(zip: String): DeliveryEstimates @requires(fields: "dimensions { size weight }") }
    type ProductDimension @shareable { size: String weight: Float }
    type DeliveryEstimates { estimatedDelivery: String fastestDelivery: String }
    interface Inventory @key(fields: "id") { id: ID! products: [Product!]! }
    type OpenSourceInventory implements Inventory @key(fields: "id") { id: ID! products: [Product!]! }
    type Query { inventory(id: ID!): Inventory }`,
  resolvers: {
    Query: { inventory: (_: unknown, { id }: { id: string }) => ({ __typename: 'OpenSourceInventory', id }) },
    OpenSourceInventory: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      products: () => [{ id: 'tool-1' }],
    },
    Inventory: { __resolveReference: ({ id }: { id: string }) => ({ __typename: 'OpenSourceInventory', id }) },
    Product: {
      __resolveReference: (it: Row) => it,
      delivery: ({ dimensions }: { dimensions?: { size: string; weight: number } }) => ({
        estimatedDelivery: `${dimensions?.size}, ${dimensions?.weight}`,
        fastestDelivery: 'tomorrow',
      }),
    },
  },
};

/** Our products subgraph between the suite's two others, behind `@apollo/gateway`. */
export async function startProducts(): Promise<{
  products: Ask;
  gateway: Ask;
  supergraph: string;
  close(): Promise<void>;
}> {
  const products = await serveProducts();
  const others = await Promise.all([users, inventory].map((subgraph) => serveSubgraph(subgraph)));
  const supergraph = compose([products, ...others]);
  const gateway = await createApolloGateway(supergraph);
  return {
    products: products.ask,
    gateway: (query, variables) =>
      gateway.run({
        query,
        headers: {},
        ...(variables === undefined ? {} : { variables }),
      }) as ReturnType<Ask> as never,
    supergraph,
    close: async () => {
      await Promise.all([gateway, products, ...others].map((one) => one.close()));
    },
  };
}

import type { CodegenConfig } from '@graphql-codegen/cli';

/** graphql-codegen's configuration: resolver types for the public SDL. Run by `npm run codegen`, which puts the schema in. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  generates: {
    'src/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        skipTypename: true,
        contextType: '../graph/context.ts#GraphContext',
        defaultMapper: '../graph/row.ts#Row',
        scalars: {
          ID: 'string',
          DateTime: 'string',
          Duration: 'number',
          JSON: 'unknown',
          Secret: '../graph/secret.ts#Secret',
        },
      },
    },
  },
};

export default config;

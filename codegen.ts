import type { CodegenConfig } from '@graphql-codegen/cli';

/** graphql-codegen's configuration: resolver types for the public SDL, result types for the ready documents. Run by `npm run codegen`, which puts the schema in. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  generates: {
    'src/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        skipTypename: true,
        // The SDL has the sentences; repeating them would double the file.
        disableDescriptions: true,
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
    'src/generated/documents.ts': {
      documents: 'documents/*.graphql',
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        skipTypename: true,
        immutableTypes: true,
        scalars: { ID: 'string', DateTime: 'string', Duration: 'number', JSON: 'unknown', Secret: 'string' },
      },
    },
  },
};

export default config;

// GraphQL Mesh's OpenAPI handler behind Hive Gateway, over JumpServer's own API document: node server.mjs <document, packed> <JumpServer's address>
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';

const [source, endpoint] = process.argv.slice(2);

/** What the queries need of 496 paths: with all of them Mesh works at its schema for minutes. */
const LISTS = [
  'assets/assets',
  'accounts/accounts',
  'perms/asset-permissions',
  'users/users',
  'terminal/sessions',
  'assets/nodes',
];
const ROWS = [
  'assets/assets',
  'assets/platforms',
  'assets/nodes',
  'assets/zones',
  'accounts/accounts',
  'users/users',
  'users/groups',
];

/** The cleaning: fewer operations, no formats of dates that JumpServer's texts do not have, rows of permissions with their members. */
function clean(document) {
  const wanted = new Set([...LISTS.map((path) => `/api/v1/${path}/`), ...ROWS.map((path) => `/api/v1/${path}/{id}/`)]);
  const paths = Object.entries(document.paths).filter(([path]) => wanted.has(path));
  const cleaned = { ...document, paths: Object.fromEntries(paths.map(([path, { get }]) => [path, { get }])) };
  const permissions = cleaned.paths['/api/v1/perms/asset-permissions/'].get;
  permissions.parameters.push({ name: 'format', in: 'query', schema: { type: 'string' } });
  cleaned.components.schemas.PaginatedAssetPermissionListList.properties.results.items = {
    $ref: '#/components/schemas/AssetPermission',
  };
  return JSON.parse(
    JSON.stringify(cleaned, (key, value) =>
      key === 'format' || key === 'readOnly' || (key === 'required' && Array.isArray(value)) ? undefined : value,
    ),
  );
}

const file = `${process.cwd()}/document.json`;
await writeFile(file, JSON.stringify(clean(JSON.parse(brotliDecompressSync(await readFile(source)).toString()))));

const handler = loadOpenAPISubgraph('JumpServer', {
  source: file,
  endpoint,
  operationHeaders: { authorization: '{context.headers.authorization}', 'x-tz': 'UTC', accept: 'application/json' },
});
/** A relation as Mesh's documentation writes it: a call for each row that has it. */
const relation = (field, of, operation, needs, args) =>
  `${field}: ${of} @resolveTo(sourceName: "JumpServer", sourceTypeName: "Query", sourceFieldName: "${operation}", requiredSelectionSet: "{ ${needs} }", sourceArgs: ${args})`;
const row = (field, of, operation, key = 'id') => relation(field, of, operation, key, `{ id: "{root.${key}}" }`);

const supergraph = await getComposedSchemaFromConfig(
  {
    subgraphs: [{ sourceHandler: handler }],
    additionalTypeDefs: `
      extend type Asset { ${relation('accountRows', 'PaginatedAccountList', 'accounts_accounts_list', 'id', '{ asset_id: "{root.id}", limit: "50" }')} }
      extend type User { ${relation('permissionRows', 'PaginatedAssetPermissionListList', 'perms_asset_permissions_list', 'id', '{ user_id: "{root.id}", limit: "50" }')} }
      extend type Users { ${row('row', 'User', 'users_users_retrieve')} }
      extend type Assets { ${row('row', 'Asset', 'assets_assets_retrieve')} }
      extend type Nodes { ${row('row', 'Node', 'assets_nodes_retrieve')} }
      extend type Platform { ${row('row', 'Platform', 'assets_platforms_retrieve')} }
      extend type query_users_users_list_results_items_groups_items { ${row('row', 'UserGroup', 'users_groups_retrieve')} }
      extend type SessionDisplay {
        ${row('userRow', 'User', 'users_users_retrieve', 'user_id')}
        ${row('assetRow', 'Asset', 'assets_assets_retrieve', 'asset_id')}
        ${row('accountRow', 'Account', 'accounts_accounts_retrieve', 'account_id')}
      }`,
  },
  {
    debug() {},
    info() {},
    warn() {},
    error: console.error,
    log() {},
    child() {
      return this;
    },
  },
);
const gateway = createGatewayRuntime({ supergraph, logging: false, landingPage: false, maskedErrors: false });
const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => console.log(`listening http://127.0.0.1:${server.address().port}`));

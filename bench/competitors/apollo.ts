// Apollo Server as its first page of documentation sets it up, over JumpServer's REST API: one GET for each relation (`naive`),
// or with a DataLoader for each kind of row (`loaders`), which remembers rows and asks for several by `ids` where the list takes them.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import DataLoader from 'dataloader';

type Row = Readonly<Record<string, unknown>>;
type Get = (path: string) => Promise<unknown>;

const [mode = 'naive', base = ''] = process.argv.slice(2);

const typeDefs = `
  enum Category { HOST DEVICE DATABASE CLOUD WEB DIRECTORY CUSTOM GPT }
  enum SessionOrder { STARTED_AT } enum Direction { ASC DESC }
  input AssetFilter { category: Category } input SessionOrderBy { field: SessionOrder! direction: Direction }
  type Query {
    assets(first: Int, filter: AssetFilter): Assets! permissions(first: Int): Permissions! users(first: Int): Users!
    sessions(first: Int, orderBy: [SessionOrderBy!]): Sessions! assetNodes(first: Int): AssetNodes!
  }
  type Asset { id: ID! uuid: ID! name: String! address: String comment: String isActive: Boolean createdAt: String category: Category
    connectivity: Choice platform: Platform nodes: [AssetNode!]! zone: Zone accounts: Accounts! }
  type Choice { value: String } type Platform { name: String! category: Category } type Zone { name: String! }
  type AssetNode { name: String! path: String! } type Account { username: String }
  type User { name: String! username: String! email: String groups: [UserGroup!]! permissions: Permissions! }
  type UserGroup { name: String! users: Users! }
  type Permission { name: String! users: Users! userGroups: UserGroups! assets: Assets! nodes: AssetNodes! }
  type Session { startedAt: String user: User asset: Asset account: Account }
  type Assets { nodes: [Asset!]! } type Accounts { nodes: [Account!]! } type Permissions { nodes: [Permission!]! }
  type Users { nodes: [User!]! totalCount: Int! } type UserGroups { nodes: [UserGroup!]! } type Sessions { nodes: [Session!]! } type AssetNodes { nodes: [AssetNode!]! }
`;

interface Context {
  readonly get: Get;
  row(path: string, value: unknown): Promise<Row | null>;
}

function createContext(authorization: string): Context {
  const get: Get = async (path) => {
    const response = await fetch(`${base}/api/v1${path}`, { headers: { authorization, 'x-tz': 'UTC' } });
    return response.ok ? response.json() : null;
  };
  const loaders = new Map<string, DataLoader<string, Row | null>>();
  const loaderOf = (path: string) => {
    const loader =
      loaders.get(path) ??
      new DataLoader<string, Row | null>(
        async (ids) => {
          const rows = rowsOf(await get(`${path}?ids=${ids.join()}&limit=${ids.length}`));
          const found = new Map(rows.map((row) => [String(row['id']), row]));
          return ids.map((id) => found.get(id) ?? null);
        },
        { maxBatchSize: 100 },
      );
    loaders.set(path, loader);
    return loader;
  };
  return {
    get,
    row: async (path, value) => {
      const id = idOf(value);
      if (!id) return null;
      return mode === 'loaders' ? loaderOf(path).load(id) : ((await get(`${path}${id}/`)) as Row | null);
    },
  };
}

function rowsOf(answer: unknown): readonly Row[] {
  return Array.isArray(answer) ? answer : ((answer as { results?: Row[] } | null)?.results ?? []);
}

function idOf(value: unknown): string {
  const id = typeof value === 'object' && value !== null ? (value as Row)['id'] : value;
  return id === null || id === undefined ? '' : String(id);
}

const list =
  (path: string, fixed = '') =>
  async (
    _source: unknown,
    { first = 50, filter }: { first?: number; filter?: { category?: string } },
    { get }: Context,
  ) => {
    const category = filter?.category ? `&category=${filter.category.toLowerCase()}` : '';
    return { nodes: rowsOf(await get(`${path}?limit=${first}${fixed}${category}`)) };
  };

const rows =
  (path: string, property: string, isConnection: boolean) =>
  async (source: Row, _args: unknown, { row }: Context) => {
    const held = Array.isArray(source[property]) ? (source[property] as unknown[]) : [];
    const found = await Promise.all(held.slice(0, 50).map((item) => row(path, item)));
    const nodes = found.filter((item) => item !== null);
    return isConnection ? { nodes } : nodes;
  };

const one =
  (path: string, property: string) =>
  (source: Row, _args: unknown, { row }: Context) =>
    row(path, source[property]);

const plain = (property: string) => (source: Row) => source[property];
const choice = (source: Row) => {
  const value = String((source['category'] as Row | null)?.['value'] ?? source['category']);
  return value === 'ds' ? 'DIRECTORY' : value.toUpperCase();
};

const resolvers = {
  Query: {
    assets: list('/assets/assets/'),
    permissions: list('/perms/asset-permissions/', '&format=json'),
    users: list('/users/users/'),
    sessions: list('/terminal/sessions/', '&order=-date_start'),
    assetNodes: list('/assets/nodes/'),
  },
  Asset: {
    uuid: plain('id'),
    isActive: plain('is_active'),
    createdAt: plain('date_created'),
    category: choice,
    platform: one('/assets/platforms/', 'platform'),
    zone: one('/assets/zones/', 'zone'),
    nodes: rows('/assets/nodes/', 'nodes', false),
    accounts: async ({ id }: Row, _args: unknown, { get }: Context) => ({
      nodes: rowsOf(await get(`/accounts/accounts/?asset=${id}&limit=50`)),
    }),
  },
  Platform: { category: choice },
  AssetNode: { path: plain('full_value') },
  User: {
    groups: rows('/users/groups/', 'groups', false),
    permissions: async ({ id }: Row, _args: unknown, { get }: Context) => ({
      nodes: rowsOf(await get(`/perms/asset-permissions/?user_id=${id}&limit=50`)),
    }),
  },
  UserGroup: {
    users: (group: Row) => ({
      nodes: [],
      totalCount: group['users_amount'] ?? (group['users'] as unknown[] | undefined)?.length ?? 0,
    }),
  },
  Permission: {
    users: rows('/users/users/', 'users', true),
    userGroups: rows('/users/groups/', 'user_groups', true),
    assets: rows('/assets/assets/', 'assets', true),
    nodes: rows('/assets/nodes/', 'nodes', true),
  },
  Session: {
    startedAt: plain('date_start'),
    user: one('/users/users/', 'user_id'),
    asset: one('/assets/assets/', 'asset_id'),
    account: one('/accounts/accounts/', 'account_id'),
  },
};

const server = new ApolloServer<Context>({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req }) => createContext(String(req.headers.authorization)),
});
console.log(`listening ${url.replace(/\/$/, '')}`);

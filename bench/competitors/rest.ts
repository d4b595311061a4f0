// The best client that we could write by hand: the fewest calls, only the fields that are shown, everything that can be asked at once at once.
import { Agent, request } from 'undici';
import type { QueryName } from '../queries.ts';

type Row = Readonly<Record<string, unknown>>;
interface Ref {
  readonly id: string | number;
  readonly name?: string;
}

/** Answers each question with what the graph would answer as `data`. */
export type RestClient = Readonly<Record<QueryName, () => Promise<unknown>>>;

/** Creates the client of one caller. */
export function createRestClient(base: string, token: string): RestClient {
  const agent = new Agent({ connections: 64, keepAliveTimeout: 3_000 });
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    'accept-encoding': 'gzip, deflate',
    'content-type': 'application/json',
    'x-tz': 'UTC',
    'x-jms-org': '00000000-0000-0000-0000-000000000002',
  };
  const list = async <T = Row>(path: string, query: string): Promise<T[]> => {
    const { body, statusCode } = await request(`${base}/api/v1${path}?${query}`, { headers, dispatcher: agent });
    const answer = (await body.json()) as T[] | { results: T[] };
    if (statusCode !== 200) throw new Error(`${path}: ${statusCode}`);
    return Array.isArray(answer) ? answer : answer.results;
  };
  /** Rows by their ids, as a map; a hundred at a time, since more do not fit into a URL. */
  const byIds = async (path: string, ids: Iterable<unknown>, fields: string): Promise<Map<unknown, Row>> => {
    const all = [...new Set(ids)].filter((id) => id !== null && id !== undefined && id !== '');
    const chunks = Array.from({ length: Math.ceil(all.length / 100) }, (_, at) => all.slice(at * 100, at * 100 + 100));
    const pages = await Promise.all(
      chunks.map((chunk) => list(path, `ids=${chunk.join()}&limit=${chunk.length}&fields=id,${fields}`)),
    );
    return new Map(pages.flat().map((row) => [row['id'], row]));
  };
  /** The accounts of assets, by asset. */
  const accountsOf = async (assets: readonly Row[]): Promise<Map<unknown, Row[]>> => {
    const value = assets.map(({ id }) => id);
    const rules = JSON.stringify({ type: 'attrs', attrs: [{ name: 'asset', match: 'm2m', value }] });
    const query = `attr_rules=${encodeURIComponent(Buffer.from(rules).toString('base64'))}`;
    const rows = await list(
      '/accounts/accounts/',
      `${query}&order=name,date_created&limit=1000&fields=id,username,asset`,
    );
    const groups = new Map<unknown, Row[]>(value.map((id) => [id, []]));
    for (const row of rows) groups.get((row['asset'] as Ref).id)?.push(row);
    return groups;
  };
  const usernames = (rows: readonly Row[] = []) => ({ nodes: rows.slice(0, 50).map(({ username }) => ({ username })) });
  const refs = (value: unknown): readonly Ref[] => (Array.isArray(value) ? (value as Ref[]).slice(0, 50) : []);
  const picked = (found: Map<unknown, Row>, value: unknown, pick: (row: Row) => Row) => ({
    nodes: refs(value).flatMap(({ id }) => {
      const row = found.get(id);
      return row ? [pick(row)] : [];
    }),
  });

  return {
    Q1: async () => {
      const assets = await list('/assets/assets/', 'category=host&order=name,date_created&limit=50&fields=id,name');
      const accounts = await accountsOf(assets);
      return { assets: { nodes: assets.map(({ id, name }) => ({ name, accounts: usernames(accounts.get(id)) })) } };
    },
    Q2: async () => {
      const assets = await list(
        '/assets/assets/',
        'order=name,date_created&limit=100&fields=id,name,platform,nodes,zone',
      );
      const [platforms, nodes, accounts] = await Promise.all([
        byIds(
          '/assets/platforms/',
          assets.map(({ platform }) => (platform as Ref).id),
          'name,category',
        ),
        byIds(
          '/assets/nodes/',
          assets.flatMap((asset) => refs(asset['nodes']).map(({ id }) => id)),
          'full_value',
        ),
        accountsOf(assets),
      ]);
      const shown = assets.map((asset) => {
        const platform = platforms.get((asset['platform'] as Ref).id);
        const zone = asset['zone'] as Ref | null;
        return {
          name: asset['name'],
          platform: { name: platform?.['name'], category: upper(platform?.['category']) },
          nodes: refs(asset['nodes']).map(({ id }) => ({ path: nodes.get(id)?.['full_value'] })),
          zone: zone && { name: zone.name },
          accounts: usernames(accounts.get(asset['id'])),
        };
      });
      return { assets: { nodes: shown } };
    },
    Q3: async () => {
      const fields = 'id,name,users,user_groups,assets,nodes';
      const grants = await list(
        '/perms/asset-permissions/',
        `order=name,date_created&limit=30&fields=${fields}&format=json`,
      );
      const all = (name: string) => grants.flatMap((grant) => refs(grant[name]).map(({ id }) => id));
      const [users, assets, nodes] = await Promise.all([
        byIds('/users/users/', all('users'), 'username,email'),
        byIds('/assets/assets/', all('assets'), 'name,address'),
        byIds('/assets/nodes/', all('nodes'), 'full_value'),
      ]);
      const shown = grants.map((grant) => ({
        name: grant['name'],
        users: picked(users, grant['users'], ({ username, email }) => ({ username, email })),
        userGroups: { nodes: refs(grant['user_groups']).map(({ name }) => ({ name })) },
        assets: picked(assets, grant['assets'], ({ name, address }) => ({ name, address })),
        nodes: picked(nodes, grant['nodes'], (row) => ({ path: row['full_value'] })),
      }));
      return { permissions: { nodes: shown } };
    },
    Q4: async () => {
      const [users, grants] = await Promise.all([
        list('/users/users/', 'order=name,date_joined&limit=60&fields=id,name,groups'),
        list(
          '/perms/asset-permissions/',
          'order=name,date_created&limit=1000&fields=id,name,users,user_groups&format=json',
        ),
      ]);
      const groupIds = users.flatMap((user) => refs(user['groups']).map(({ id }) => id));
      const groups = await byIds('/users/groups/', groupIds, 'name,users_amount');
      const shown = users.map((user) => {
        const own = new Set<unknown>([user['id'], ...refs(user['groups']).map(({ id }) => id)]);
        const granted = grants.filter((grant) =>
          [grant['users'], grant['user_groups']].some(
            (subjects) => Array.isArray(subjects) && (subjects as Ref[]).some(({ id }) => own.has(id)),
          ),
        );
        return {
          name: user['name'],
          groups: refs(user['groups']).flatMap(({ id, name }) => {
            const group = groups.get(id);
            return group ? [{ name, users: { totalCount: group['users_amount'] } }] : [];
          }),
          permissions: { nodes: granted.slice(0, 50).map(({ name }) => ({ name })) },
        };
      });
      return { users: { nodes: shown } };
    },
    Q5: async () => {
      const fields = 'id,date_start,user_id,asset_id,account_id';
      const sessions = await list('/terminal/sessions/', `order=-date_start&limit=100&fields=${fields}`);
      const [users, assets, accounts] = await Promise.all([
        byIds(
          '/users/users/',
          sessions.map((row) => row['user_id']),
          'username,email',
        ),
        byIds(
          '/assets/assets/',
          sessions.map((row) => row['asset_id']),
          'name,address,platform',
        ),
        byIds(
          '/accounts/accounts/',
          sessions.map((row) => row['account_id']),
          'username',
        ),
      ]);
      const shown = sessions.map((row) => {
        const user = users.get(row['user_id']);
        const asset = assets.get(row['asset_id']);
        const account = accounts.get(row['account_id']);
        return {
          startedAt: iso(row['date_start']),
          user: user ? { username: user['username'], email: user['email'] } : null,
          asset: asset
            ? { name: asset['name'], address: asset['address'], platform: { name: (asset['platform'] as Ref).name } }
            : null,
          account: account ? { username: account['username'] } : null,
        };
      });
      return { sessions: { nodes: shown } };
    },
    tree: async () => {
      const rows = await list('/assets/nodes/', 'order=key&limit=1000&fields=id,name,full_value');
      return { assetNodes: { nodes: rows.map((row) => ({ name: row['name'], path: row['full_value'] })) } };
    },
    list: async () => {
      const fields = 'id,name,address,comment,is_active,date_created,category,connectivity,platform';
      const rows = await list('/assets/assets/', `order=name,date_created&limit=200&fields=${fields}`);
      const shown = rows.map((row) => ({
        id: Buffer.from(`Asset:${row['id']}`).toString('base64url'),
        uuid: row['id'],
        name: row['name'],
        address: row['address'],
        comment: row['comment'],
        isActive: row['is_active'],
        createdAt: iso(row['date_created']),
        category: upper(row['category']),
        connectivity: { value: (row['connectivity'] as { value: string }).value },
        platform: { name: (row['platform'] as Ref).name },
      }));
      return { assets: { nodes: shown } };
    },
    small: async () => {
      const rows = await list('/users/users/', 'order=name,date_joined&limit=3&fields=id,name,username,email');
      return { users: { nodes: rows.map(({ name, username, email }) => ({ name, username, email })) } };
    },
  };
}

function upper(choice: unknown): unknown {
  const value = String((choice as { value?: string } | null)?.value ?? choice);
  return value === 'ds' ? 'DIRECTORY' : value.toUpperCase();
}

function iso(text: unknown): string {
  return String(text).replace(/^(\d+)\/(\d+)\/(\d+) ([\d:]+) \+0000$/, '$1-$2-$3T$4Z');
}

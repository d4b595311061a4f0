import type { TestGraph } from '../support/graph.ts';

interface Known {
  readonly users: { readonly nodes: readonly { readonly id: string; readonly username: string }[] };
  readonly assets: { readonly nodes: readonly { readonly id: string; readonly name: string }[] };
  readonly permissions: { readonly nodes: readonly { readonly id: string }[] };
  readonly sessions: {
    readonly nodes: readonly { readonly id: string; readonly user: { id: string }; readonly asset: { id: string } }[];
  };
  readonly assetNodes: { readonly nodes: readonly { readonly id: string }[] };
}

/** The variables of each document, from what the sandbox holds. */
export async function createVariables(graph: TestGraph): Promise<Readonly<Record<string, Record<string, unknown>>>> {
  const { data } = await graph.query<Known>(`{
    users(first: 3) { nodes { id username } } assets(first: 1) { nodes { id name } } permissions(first: 1) { nodes { id } }
    sessions(first: 1, filter: { isFinished: true }) { nodes { id user { id } asset { id } } } assetNodes(first: 1) { nodes { id } } }`);
  const [asset] = data.assets.nodes;
  const user = data.users.nodes.at(-1);
  const [session] = data.sessions.nodes;
  const range = { from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' };
  return {
    changes: { range },
    'failed-logins': { range },
    'file-transfers': { range },
    'sessions-by-day': {
      range: { from: '2026-01-01T00:00:00Z', to: '2026-12-31T00:00:00Z' },
      timeZone: 'Asia/Shanghai',
    },
    'asset-detail': { name: asset?.name },
    'asset-table': { filter: { category: 'HOST' }, search: 'app', orderBy: [{ field: 'NAME', direction: 'DESC' }] },
    'asset-tree-branch': { node: data.assetNodes.nodes[0]?.id },
    'check-access': { user: user?.id, asset: asset?.id },
    'permission-detail': { permission: data.permissions.nodes[0]?.id },
    'permissions-of-user': { username: user?.username },
    'platform-picker': { category: 'HOST' },
    'search-everywhere': { text: 'app' },
    'session-detail': { session: session?.id },
    'session-export': { range },
    'sessions-of-asset': { asset: session?.asset.id, range },
    'sessions-of-user': { user: session?.user.id, range },
    'user-detail': { username: user?.username },
    'what-user-reaches': { user: user?.username },
    'who-reaches-asset': { asset: asset?.name },
  };
}

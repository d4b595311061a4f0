import { mix } from '../ids.ts';
import type { Id, Json, Row } from '../types.ts';
import { idsOf, textOf } from '../world.ts';

/** Assets that each user may use by the grants of the seed, at most two dozen, found when first asked. */
export function createReach(
  tables: Record<string, Row[]>,
  users: readonly Row[],
  assets: readonly Row[],
  seed: number,
): (user: number) => readonly number[] {
  const numberOf = new Map(assets.map((asset, i) => [asset.id, i]));
  const byNode = new Map<Id, number[]>();
  assets.forEach((asset, i) => {
    for (const node of idsOf(asset.nodes)) byNode.set(node, [...(byNode.get(node) ?? []), i].slice(-40));
  });
  const nodes = tables.nodes ?? [];
  const under = (id: Json): number[] => {
    const key = textOf(nodes.find((node) => node.id === id)?.key);
    return nodes
      .filter((node) => textOf(node.key) === key || textOf(node.key).startsWith(`${key}:`))
      .flatMap((node) => byNode.get(node.id) ?? []);
  };
  const collect = (table: string, column: string, other: string): Map<Json, Json[]> => {
    const map = new Map<Json, Json[]>();
    for (const link of tables[table] ?? []) {
      const key = link[column] ?? null;
      map.set(key, [...(map.get(key) ?? []), link[other] ?? null]);
    }
    return map;
  };
  const groups = collect('user-group-relations', 'user', 'usergroup');
  const own = collect('permission-users', 'user', 'assetpermission');
  const shared = collect('permission-user-groups', 'usergroup', 'assetpermission');
  const direct = collect('permission-assets', 'assetpermission', 'asset');
  const spread = collect('permission-nodes', 'assetpermission', 'node');
  const openedBy = new Map<Json, number[]>();
  const opened = (permission: Json): number[] => {
    const known = openedBy.get(permission);
    if (known !== undefined) return known;
    const found = (direct.get(permission) ?? []).flatMap((asset) => numberOf.get(asset as Id) ?? []);
    found.push(...(spread.get(permission) ?? []).flatMap(under));
    openedBy.set(permission, found);
    return found;
  };
  const known = new Map<number, readonly number[]>();
  return (user) => {
    const kept = known.get(user);
    if (kept !== undefined) return kept;
    const id = users[user]?.id ?? '';
    const permissions = [...(own.get(id) ?? []), ...(groups.get(id) ?? []).flatMap((group) => shared.get(group) ?? [])];
    const lists = permissions.map(opened).filter((list) => list.length > 0);
    const some = Array.from({ length: lists.length === 0 ? 0 : 24 }, (_, i) => {
      const list = lists[mix(seed + user, i) % lists.length] ?? [];
      return list[mix(seed + user + 1, i) % list.length] ?? 0;
    });
    known.set(user, some);
    return some;
  };
}

import { assetsUnder, subtreeOf } from '../access.ts';
import type { Exchange } from '../exchange.ts';
import { selectRows } from '../lists.ts';
import { childrenOf, depthOf } from '../tree.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { ROOT_ORG, textOf, type World } from '../world.ts';
import { assets } from './assets.ts';

function rootsOf(x: Exchange): Row[] {
  return x.world.store
    .table('nodes')
    .where('parent_key', '')
    .filter((node) => x.org === ROOT_ORG || node.org_id === x.org);
}

const wantsAll = (x: Exchange): boolean => ['all', '1', 'true'].includes(x.query.get('all') ?? '');

const byKeyParts = (a: Row, b: Row): number =>
  depthOf(a) - depthOf(b) || (textOf(a.full_value) < textOf(b.full_value) ? -1 : 1);

/** The order of a whole tree, where children may come before their parents. */
const byName = (a: Row, b: Row): number => (textOf(a.value) < textOf(b.value) ? -1 : 1);

/** The children of a node, or all that is below it, as the request wants; of no node, from the roots. */
export function below(x: Exchange, node: Row | null): Row[] {
  const tops = node === null ? rootsOf(x) : [node];
  if (!wantsAll(x)) return node === null ? tops : [...childrenOf(x.world, node)].sort(byKeyParts);
  const table = x.world.store.table('nodes');
  const found = tops.flatMap((top) => [...subtreeOf(x.world, top.id)].map((one) => table.get(one)));
  return found.filter((row): row is Row => row !== undefined && row.id !== node?.id).sort(byKeyParts);
}

/** How many assets hang on a node or below it. */
function assetAmount(world: World, node: Row): number {
  return assetsUnder(world, node.id).size;
}

/** A node of the tree widget: the count stands in its name (api.md §5.6). */
export function toTreeNode(node: Row, amount: number | null): JsonObject {
  const value = textOf(node.value);
  const name = amount === null ? value : `${value} (${amount})`;
  const isRoot = node.parent_key === '';
  return {
    id: textOf(node.key),
    name,
    title: name,
    pId: textOf(node.parent_key),
    isParent: true,
    open: isRoot || depthOf(node) > 0,
    meta: { data: { id: node.id, key: textOf(node.key), value }, type: 'node' },
  };
}

/** An asset of the tree widget. */
export function toTreeAsset(x: Exchange, asset: Row, parent: Row): JsonObject {
  const name = textOf(asset.name);
  return {
    id: asset.id,
    name,
    title: textOf(asset.address),
    pId: textOf(parent.key),
    isParent: false,
    open: false,
    iconSkin: textOf(asset.type),
    chkDisabled: asset.is_active !== true,
    meta: {
      type: 'asset',
      data: {
        platform_type: textOf(asset.type),
        org_name: textOf(x.world.store.table('orgs').get(textOf(asset.org_id))?.name),
        sftp: false,
        name,
        address: textOf(asset.address),
      },
    },
  };
}

/** The tree below a node, or from the roots: each node with its children, or all that is below. */
export function childTree(x: Exchange, start: Row | null): Json {
  const amounts = x.query.get('asset_amount') !== '0';
  const shown = wantsAll(x) ? below(x, start).sort(byName) : below(x, start);
  const rows =
    start === null && !wantsAll(x)
      ? shown.flatMap((root) => [root, ...[...childrenOf(x.world, root)].sort(byKeyParts)])
      : shown;
  const words = (x.query.get('search') ?? '').toLowerCase();
  const tree: Json[] = rows
    .filter((node) => words === '' || textOf(node.value).toLowerCase().includes(words))
    .map((node) => toTreeNode(node, amounts ? assetAmount(x.world, node) : null));
  if (x.query.get('assets') === '1') {
    const parent = start ?? rootsOf(x)[0];
    if (parent !== undefined) {
      const hanging = [...x.world.store.table('assets').where('nodes', parent.id)].slice(0, 1000);
      tree.push(...hanging.map((asset) => toTreeAsset(x, asset, parent)));
    }
  }
  x.rows += tree.length;
  return tree;
}

/** Assets by category and type. */
export function categoryTree(x: Exchange): Json {
  const all = selectRows({ ...assets, filters: {} }, x);
  const counts = new Map<string, number>();
  for (const asset of all.slice(0, all.length)) {
    for (const key of [textOf(asset.category), `${textOf(asset.category)}_${textOf(asset.type)}`]) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const root: Json = {
    id: 'ROOT',
    name: `All types (${all.length})`,
    title: 'All types',
    pId: '',
    open: true,
    isParent: true,
  };
  const rest: Json[] = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => ({
      id: key,
      name: `${key.split('_').at(-1)} (${count})`,
      title: key,
      pId: key.includes('_') ? (key.split('_')[0] ?? 'ROOT') : 'ROOT',
      open: false,
      isParent: true,
      meta: { type: key.includes('_') ? 'type' : 'category', data: {} },
    }));
  return [root, ...rest];
}

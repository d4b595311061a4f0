import { addBit, type Bits, createBits } from './bits.ts';
import type { AccessAsset, AccessNode } from './inputs.ts';

/** The asset tree, ready for "which assets hang in this node or below". */
export interface AssetTree {
  readonly byId: ReadonlyMap<string, AccessNode>;
  /** Nodes by key with a colon appended, sorted: a node and everything below it stand together. */
  readonly sortedKeys: readonly string[];
  /** Positions of the assets that hang directly in the node at the same place of `sortedKeys`. */
  readonly assetsByKey: readonly (readonly number[])[];
  readonly assetCount: number;
  /** Assets of subtrees asked before. */
  readonly subtrees: Map<string, Bits>;
}

/** Builds the tree from its nodes and the assets with their places in the directory. */
export function createAssetTree(
  nodes: readonly AccessNode[],
  assets: readonly AccessAsset[],
  assetAt: ReadonlyMap<string, number>,
  assetCount: number,
): AssetTree {
  const sorted = nodes.map((node) => ({ id: node.id, key: `${node.key}:` })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const assetsByNode = new Map(sorted.map(({ id }) => [id, [] as number[]]));
  for (const asset of assets) {
    const position = assetAt.get(asset.id);
    if (position === undefined) continue;
    for (const node of asset.nodes) assetsByNode.get(node)?.push(position);
  }
  return {
    byId: new Map(nodes.map((node) => [node.id, node])),
    sortedKeys: sorted.map(({ key }) => key),
    assetsByKey: sorted.map(({ id }) => assetsByNode.get(id) ?? []),
    assetCount,
    subtrees: new Map(),
  };
}

/** The assets in a node and all its descendants; an unknown node has none. The answer is shared: do not change it. */
export function subtreeAssets(tree: AssetTree, nodeId: string): Bits {
  const known = tree.subtrees.get(nodeId);
  if (known) return known;
  const bits = createBits(tree.assetCount);
  const node = tree.byId.get(nodeId);
  if (node) fillSubtree(tree, `${node.key}:`, bits);
  tree.subtrees.set(nodeId, bits);
  return bits;
}

function fillSubtree(tree: AssetTree, prefix: string, bits: Bits): void {
  for (let at = lowerBound(tree.sortedKeys, prefix); tree.sortedKeys[at]?.startsWith(prefix); at += 1) {
    for (const asset of tree.assetsByKey[at] ?? []) addBit(bits, asset);
  }
}

function lowerBound(sorted: readonly string[], wanted: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Asks whether a node stands at the top of a tree: its key has one segment (api.md §5.6). */
export function isRootNode(node: AccessNode): boolean {
  return !node.key.includes(':');
}

import { createBits, differenceOf, positionsOf, toBits } from '../access/bits.ts';
import { rowsAt } from '../access/directory.ts';
import type { AccessEngine } from '../access/engine.ts';
import { validGrants } from '../access/grant.ts';
import type { AccessAsset } from '../access/inputs.ts';
import { uniteResources } from '../access/selection.ts';

/** Assets that share a key. */
export interface AssetTally {
  readonly key: string;
  readonly count: number;
  readonly inactive: number;
}

/** What an organisation has, and what of it nobody reaches. */
export interface AssetInventory {
  readonly asOf: number;
  readonly totalCount: number;
  readonly inactiveCount: number;
  /** By JumpServer's word for the category, most first. */
  readonly byCategory: readonly AssetTally[];
  /** By path of each node an asset hangs in directly, in the order of paths. */
  readonly byNode: readonly AssetTally[];
  /** By `name:value`. */
  readonly byLabel: readonly AssetTally[];
  /** Assets that no valid permission with a subject reaches. */
  readonly unreached: readonly AccessAsset[];
}

/** Takes stock of the assets that an engine knows. */
export function takeAssetInventory(engine: AccessEngine): AssetInventory {
  const { assets, nodes, asOf } = engine.inputs;
  const paths = new Map(nodes.map((node) => [node.id, node.path]));
  return {
    asOf,
    totalCount: assets.length,
    inactiveCount: assets.filter((asset) => !asset.isActive).length,
    byCategory: tally(assets, (asset) => [asset.category]).sort(byCount),
    byNode: tally(assets, (asset) => asset.nodes.map((id) => paths.get(id) ?? id)).sort(byKey),
    byLabel: tally(assets, (asset) => asset.labels.map(({ name, value }) => `${name}:${value}`)).sort(byKey),
    unreached: unreachedAssets(engine),
  };
}

function unreachedAssets(engine: AccessEngine): AccessAsset[] {
  const { assetCount, assetAt } = engine.context;
  const grants = validGrants(engine.grants, engine.inputs.asOf).filter((grant) =>
    grant.subjects.some((word) => word !== 0),
  );
  const reached = uniteResources(createBits(assetCount), grants);
  const missing = differenceOf(toBits(assetCount, assetAt.values()), reached);
  return rowsAt(engine.directory.assets, positionsOf(missing));
}

function tally(assets: readonly AccessAsset[], keysOf: (asset: AccessAsset) => readonly string[]): AssetTally[] {
  const tallies = new Map<string, { key: string; count: number; inactive: number }>();
  for (const asset of assets) {
    for (const key of new Set(keysOf(asset))) {
      const counted = tallies.get(key) ?? { key, count: 0, inactive: 0 };
      counted.count += 1;
      counted.inactive += asset.isActive ? 0 : 1;
      tallies.set(key, counted);
    }
  }
  return [...tallies.values()];
}

function byKey(left: AssetTally, right: AssetTally): number {
  return left.key < right.key ? -1 : 1;
}

function byCount(left: AssetTally, right: AssetTally): number {
  return right.count - left.count || byKey(left, right);
}

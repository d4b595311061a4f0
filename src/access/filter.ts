import type { ActionName } from './actions.ts';
import { addBit, type Bits, createBits, intersectInto, toBits } from './bits.ts';
import type { AccessEngine } from './engine.ts';
import type { AccessAsset, Timestamp } from './inputs.ts';
import { subtreeAssets } from './tree.ts';

/**
 * Which pairs are asked for. All given words hold at once; what is said of grants (action, account, wildcardOnly)
 * must hold of one permission. Unknown ids select nothing.
 */
export interface MatrixFilter {
  readonly user?: string | undefined;
  readonly userIn?: readonly string[] | undefined;
  /** Members of this group, however they reach the asset. */
  readonly userGroup?: string | undefined;
  readonly asset?: string | undefined;
  readonly assetIn?: readonly string[] | undefined;
  /** Assets in this node or below. */
  readonly node?: string | undefined;
  /** JumpServer's word for the category, such as `host` or `ds`. */
  readonly category?: string | undefined;
  /** A label's id, `name:value` or name. */
  readonly label?: string | undefined;
  readonly action?: ActionName | undefined;
  /** Name of an account that the pair opens, or a mark such as `@INPUT`. */
  readonly account?: string | undefined;
  /** Only pairs (or, with `account`, accounts of pairs) that no permission names and `@ALL` alone opens. */
  readonly wildcardOnly?: boolean | undefined;
  /** Default: when the inputs were read. */
  readonly at?: Timestamp | undefined;
}

/** The users a filter speaks of. */
export function selectUsers(engine: AccessEngine, filter: MatrixFilter): Bits {
  const { userAt, members, userCount } = engine.context;
  const parts = [toBits(userCount, userAt.values())];
  if (filter.user !== undefined) parts.push(toBits(userCount, known(userAt, [filter.user])));
  if (filter.userIn !== undefined) parts.push(toBits(userCount, known(userAt, filter.userIn)));
  if (filter.userGroup !== undefined) parts.push(toBits(userCount, members.get(filter.userGroup) ?? []));
  return intersect(userCount, parts);
}

/** The assets a filter speaks of; undefined when it says nothing of assets. */
export function selectAssets(engine: AccessEngine, filter: MatrixFilter): Bits | undefined {
  const { assetAt, tree, assetCount } = engine.context;
  const { category, label } = filter;
  const parts: Bits[] = [];
  if (filter.asset !== undefined) parts.push(toBits(assetCount, known(assetAt, [filter.asset])));
  if (filter.assetIn !== undefined) parts.push(toBits(assetCount, known(assetAt, filter.assetIn)));
  if (filter.node !== undefined) parts.push(subtreeAssets(tree, filter.node));
  if (category !== undefined) parts.push(assetsWhere(engine, (asset) => asset.category === category));
  if (label !== undefined) parts.push(assetsWhere(engine, (asset) => hasLabel(asset, label)));
  return parts.length === 0 ? undefined : intersect(assetCount, parts);
}

function hasLabel(asset: AccessAsset, wanted: string): boolean {
  return asset.labels.some(({ id, name, value }) => wanted === id || wanted === name || wanted === `${name}:${value}`);
}

function known(positions: ReadonlyMap<string, number>, ids: readonly string[]): number[] {
  return ids.map((id) => positions.get(id)).filter((position) => position !== undefined);
}

function assetsWhere(engine: AccessEngine, isWanted: (asset: AccessAsset) => boolean): Bits {
  const bits = createBits(engine.context.assetCount);
  for (const position of engine.context.assetAt.values()) {
    const asset = engine.directory.assets[position];
    if (asset && isWanted(asset)) addBit(bits, position);
  }
  return bits;
}

function intersect(size: number, parts: readonly Bits[]): Bits {
  const [first = createBits(size), ...others] = parts;
  const bits = first.slice();
  for (const part of others) intersectInto(bits, part);
  return bits;
}

import type { AccessAsset } from '../../access/inputs.ts';
import type { Catalogue } from '../../generated/catalogue.ts';
import { type AssetInventory, type AssetTally, takeAssetInventory } from '../../reports/asset-inventory.ts';
import { type PairPageArguments, toSize } from '../access/page.ts';
import { afterPlace } from '../access/reached.ts';
import { fromReachedCursor, type Kind, toReachedConnection } from '../access/reached-page.ts';
import { toAssetRow, toIsoText } from '../access/rows.ts';
import { withEngine } from '../access/scene.ts';
import { withSource } from './source.ts';

const ASSETS: Kind<AccessAsset> = { noun: 'Asset', toRow: toAssetRow };
const NO_WAY = { actions: 0, expiresAt: null, paths: [] };

/** `Reports.assetInventory`. */
export const assetInventory = withSource(async ({ source, context, mark }) => {
  const inventory = takeAssetInventory(await source.engine());
  return mark({
    inventory: () => inventory,
    asOf: toIsoText(inventory.asOf),
    totalCount: inventory.totalCount,
    inactiveCount: inventory.inactiveCount,
    byCategory: inventory.byCategory.map((tally) => toEnumKey(tally, context.catalogue)),
    byNode: inventory.byNode,
    byLabel: inventory.byLabel,
  });
});

/** `AssetInventoryReport.unreached`. */
export const unreachedAssets = withEngine(
  ({ inventory }: { readonly inventory: () => AssetInventory }, args, scene) => {
    const all = inventory().unreached;
    const after = fromReachedCursor('unreached', args as PairPageArguments);
    const start = after === undefined ? 0 : afterPlace(all, after);
    const read = () => {
      const page = all.slice(start, start + toSize(args));
      return {
        items: page.map((known) => ({ known, reach: () => NO_WAY })),
        hasNextPage: start + page.length < all.length,
      };
    };
    return toReachedConnection({ kind: ASSETS, question: 'unreached', after, read, total: () => all.length }, scene);
  },
);

/** JumpServer's word for a category as the value of `AssetCategory`. */
function toEnumKey(tally: AssetTally, { enums }: Catalogue): AssetTally {
  const found = Object.entries(enums['AssetCategory'] ?? {}).find(([, wire]) => wire === tally.key);
  return { ...tally, key: found?.[0] ?? 'UNKNOWN' };
}

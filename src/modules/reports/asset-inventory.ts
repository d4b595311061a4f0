import type { AccessAsset } from '../../access/inputs.ts';
import type { Catalogue } from '../../generated/catalogue.ts';
import { type AssetInventory, type AssetTally, takeAssetInventory } from '../../reports/asset-inventory.ts';
import type { PageArguments } from '../access/page.ts';
import { toWholeConnection } from '../access/reached.ts';
import type { Kind } from '../access/reached-page.ts';
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
  ({ inventory }: { readonly inventory: () => AssetInventory }, args: PageArguments, scene) =>
    toWholeConnection(
      { kind: ASSETS, question: 'unreached', all: inventory().unreached, toReach: () => NO_WAY },
      args,
      scene,
    ),
);

/** JumpServer's word for a category as the value of `AssetCategory`. */
function toEnumKey(tally: AssetTally, { enums }: Catalogue): AssetTally {
  const found = Object.entries(enums['AssetCategory'] ?? {}).find(([, wire]) => wire === tally.key);
  return { ...tally, key: found?.[0] ?? 'UNKNOWN' };
}

import type { AssetInventory, AssetTally } from '../asset-inventory.ts';
import type { ReportDocument, Section } from '../document.ts';
import { numberColumn, textColumn } from './columns.ts';

/** The inventory as a document. */
export function toAssetInventoryDocument(inventory: AssetInventory, organization: string): ReportDocument {
  return {
    name: 'asset-inventory',
    title: 'Asset inventory',
    organization,
    asOf: inventory.asOf,
    figures: [
      { key: 'totalCount', title: 'Assets', value: inventory.totalCount },
      { key: 'inactiveCount', title: 'Inactive', value: inventory.inactiveCount },
      { key: 'unreached', title: 'Reached by nobody', value: inventory.unreached.length },
    ],
    sections: [
      tallySection('byCategory', 'Assets by category', 'category', 'Category', inventory.byCategory),
      tallySection('byNode', 'Assets by node', 'node', 'Node', inventory.byNode),
      tallySection('byLabel', 'Assets by label', 'label', 'Label', inventory.byLabel),
      {
        key: 'unreached',
        title: 'Assets reached by nobody',
        summary: 'No valid permission with a user opens these.',
        columns: [
          textColumn('name', 'Asset'),
          textColumn('address', 'Address'),
          textColumn('category', 'Category'),
          textColumn('id', 'Id'),
        ],
        rows: inventory.unreached.map(({ name, address, category, id }) => ({ name, address, category, id })),
      },
    ],
  };
}

function tallySection(
  key: string,
  title: string,
  name: string,
  label: string,
  tallies: readonly AssetTally[],
): Section {
  return {
    key,
    title,
    summary: 'An asset counts once for each value it has.',
    columns: [textColumn(name, label), numberColumn('count', 'Assets'), numberColumn('inactive', 'Inactive')],
    rows: tallies.map((tally) => ({ [name]: tally.key, count: tally.count, inactive: tally.inactive })),
    chart: { kind: 'bar', category: name, values: ['count', 'inactive'] },
  };
}

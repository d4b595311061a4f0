import type { Field } from '../field.ts';
import { computed, dateCreated, id, orgFields, text } from '../fields.ts';
import { exact } from '../filters.ts';
import { labels } from '../labels.ts';
import { toRelatedIds } from '../related-fields.ts';
import type { Resource } from '../resource.ts';
import type { Row } from '../types.ts';
import { idsOf, type Look, rowOf, textOf } from '../world.ts';

const inZone = (row: Row, look: Look): readonly Row[] => look.world.store.table('assets').where('zone', row.id);

const isGateway = (row: Row, look: Look): boolean =>
  textOf(rowOf(look.world, 'platforms', row.platform)?.name).startsWith('Gateway');

const named = (rows: readonly Row[]): { id: Row['id']; name: string }[] =>
  [...rows].map((row) => ({ id: row.id, name: textOf(row.name) })).sort((a, b) => (a.name < b.name ? -1 : 1));

const assetsField: Field = {
  ...computed(
    'assets',
    'm2m_related_field',
    (row, look) => named(inZone(row, look).filter((one) => !isGateway(one, look))),
    { at: 'DW' },
  ),
  mode: 'rw',
  parse: (value, look) => toRelatedIds('assets', value, look),
  after: (row, value, x) => {
    const table = x.world.store.table('assets');
    const wanted = new Set(idsOf(value));
    for (const asset of table.where('zone', row.id))
      if (!wanted.has(asset.id) && !isGateway(asset, { world: x.world } as Look))
        table.update(asset.id, { zone: null });
    for (const asset of wanted) table.update(asset, { zone: row.id });
  },
};

/** Network zones with their gateways; domains before 4.10 (api.md §5.5). */
export const zones: Resource = {
  table: 'zones',
  path: 'assets/zones',
  paths: { '3.10.23': 'assets/domains', '4.9.0': 'assets/domains' },
  noun: 'Zone',
  model: 'assets.zone',
  scope: 'org',
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    assetsField,
    computed('gateways', 'm2m_related_field', (row, look) =>
      named(inZone(row, look).filter((one) => isGateway(one, look))),
    ),
    labels('assets.zone', { since: '4.9.0' }),
    computed(
      'assets_amount',
      'integer',
      (row, look) => inZone(row, look).filter((one) => !isGateway(one, look)).length,
      { at: 'L', until: '4.9.0' },
    ),
    computed(
      'assets_amount',
      'integer',
      (row, look) => inZone(row, look).filter((one) => !isGateway(one, look)).length,
      { since: '4.9.0' },
    ),
    ...orgFields(),
    dateCreated(),
    text('comment'),
  ],
  mini: 'id name',
  small: 'id name comment',
  order: ['name'],
  search: ['name', 'comment'],
  unique: [['name']],
  filters: { name: exact('name') },
  hooks: {
    deleted: (row, x) => {
      const table = x.world.store.table('assets');
      for (const asset of table.where('zone', row.id)) table.update(asset.id, { zone: null });
    },
  },
};

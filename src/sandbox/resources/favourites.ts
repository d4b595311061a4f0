import { caller } from '../exchange.ts';
import type { Field } from '../field.ts';
import { computed, dateCreated, id, text } from '../fields.ts';
import { related, since, uuid } from '../filters.ts';
import { bareRef, toRelated } from '../related-fields.ts';
import type { Resource } from '../resource.ts';
import type { JsonObject, Row } from '../types.ts';
import { orgName, rowOf, textOf, type World } from '../world.ts';

/** An asset as the tree of favourites draws it. */
function assetInfo(world: World, asset: Row): JsonObject {
  const name = textOf(asset.name);
  return {
    id: asset.id,
    name,
    iconSkin: asset.category === 'device' ? 'switch' : textOf(asset.type),
    chkDisabled: asset.is_active === false,
    meta: {
      type: 'asset',
      data: {
        platform_type: textOf(asset.type),
        org_name: orgName(world, asset.org_id),
        name,
        address: textOf(asset.address),
      },
    },
  };
}

const assetField: Field = {
  ...computed('asset', 'field', (row) => row.asset ?? null, { column: 'asset' }),
  mode: 'rw',
  required: true,
  parse: (value, look) => toRelated('assets', value, look).id,
};

/** The caller's favourite assets (api.md §5.3). */
export const favourites: Resource = {
  table: 'favorite-assets',
  path: 'assets/favorite-assets',
  noun: 'FavoriteAsset',
  model: 'assets.favoriteasset',
  perms: { view: 'any', add: 'any', change: 'any', delete: 'any' },
  scope: 'global',
  noIds: true,
  uncut: true,
  projected: false,
  bulkDelete: 'one',
  fields: [
    assetField,
    bareRef('folder', 'favorite-folders', { nullable: true, since: '4.10.19' }),
    computed(
      'asset_info',
      'field',
      (row, look) => {
        const asset = rowOf(look.world, 'assets', row.asset);
        return asset === undefined ? null : assetInfo(look.world, asset);
      },
      { since: '4.10.19' },
    ),
  ],
  order: [],
  search: [],
  filters: { asset: related('asset', 'assets'), folder: since('4.10.19', uuid('folder')) },
  only: (x) => [{ column: 'user', values: new Set([caller(x).id]) }],
  check: ({ x, values, row }) => {
    if (row === null) values.user = caller(x).id;
  },
  unique: [['asset', 'user']],
};

/** Folders for the caller's favourites. */
export const favouriteFolders: Resource = {
  table: 'favorite-folders',
  path: 'assets/favorite-folders',
  noun: 'FavoriteFolder',
  model: 'assets.favoritefolder',
  perms: { view: 'any', add: 'any', change: 'any', delete: 'any' },
  scope: 'global',
  since: '4.10.19',
  methods: 'LCRUD',
  noIds: true,
  projected: false,
  fields: [
    id({ mode: 'ro' }),
    text('name', { required: true, max: 128 }),
    bareRef('parent', 'favorite-folders', { nullable: true }),
    dateCreated(),
  ],
  order: ['name'],
  search: ['name'],
  only: (x) => [{ column: 'user', values: new Set([caller(x).id]) }],
  check: ({ x, values, row }) => {
    if (row === null) values.user = caller(x).id;
  },
  hooks: {
    deleted: (row, x) => {
      const favorites = x.world.store.table('favorite-assets');
      for (const favorite of favorites.where('folder', row.id)) favorites.update(favorite.id, { folder: null });
    },
  },
};

import { subtreeOf } from '../access.ts';
import { SECRET_TYPES } from '../choices.ts';
import { ServerCrash } from '../errors.ts';
import { exact, flag, flagOf, number, oneOf, since, uuid } from '../filters.ts';
import { isUuid, normalUuid } from '../ids.ts';
import type { Filter } from '../resource.ts';
import { DAY_MS } from '../time.ts';
import type { Json } from '../types.ts';
import { idsOf, rowOf, textOf } from '../world.ts';
import { hasSecret } from './account-fields.ts';

const ofAsset =
  (column: string, how: 'exact' | 'part'): Filter =>
  (value, x) => {
    if (value === '') return null;
    const wanted = value.toLowerCase();
    return (row) => {
      const found = textOf(rowOf(x.world, 'assets', row.asset)?.[column]).toLowerCase();
      return how === 'exact' ? found === wanted : found.includes(wanted);
    };
  };

const recent = (column: string): Filter => flagOf((row, x) => Number(row[column] ?? 0) > x.world.now() - 7 * DAY_MS);
const stale = (column: string): Filter => flagOf((row, x) => Number(row[column] ?? 0) < x.world.now() - 30 * DAY_MS);

const byAsset: Filter = (value, x) => {
  if (value === '') return null;
  if (!isUuid(value)) throw new ServerCrash('asset is no uuid');
  const asset = x.world.store.table('assets').get(normalUuid(value));
  return { column: 'asset', values: new Set<Json>([normalUuid(value), ...idsOf(asset?.directory_services)]) };
};

const byNode: Filter = (value, x) => {
  const node = isUuid(value) ? x.world.store.table('nodes').get(normalUuid(value)) : undefined;
  if (node === undefined) return null;
  const under = subtreeOf(x.world, node.id);
  return (row) => idsOf(rowOf(x.world, 'assets', row.asset)?.nodes).some((one) => under.has(one));
};

const crash: Filter = (value) => {
  if (value === '') return null;
  throw new ServerCrash('this filter asks for a column that is not there');
};

/** What accounts can be filtered by. */
export const accountFilters: Record<string, Filter> = {
  id: uuid('id'),
  name: exact('name'),
  hostname: exact('name'),
  username: exact('username'),
  address: ofAsset('address', 'exact'),
  asset_name: ofAsset('name', 'exact'),
  asset_id: uuid('asset'),
  asset: byAsset,
  assets: (value) => (value === '' ? null : { column: 'asset', values: new Set([value]) }),
  node_id: byNode,
  platform: (value, x) => {
    if (value === '') return null;
    number('platform')(value, x);
    return (row) => rowOf(x.world, 'assets', row.asset)?.platform === Number(value);
  },
  category: ofAsset('category', 'exact'),
  type: ofAsset('type', 'exact'),
  secret_type: oneOf('secret_type', SECRET_TYPES),
  privileged: flag('privileged'),
  is_active: flag('is_active'),
  has_secret: flagOf(hasSecret),
  connectivity: exact('connectivity'),
  secret_reset: flag('secret_reset'),
  source: since('4.10.19', exact('source')),
  source_id: exact('source_id'),
  latest_discovery: recent('date_created'),
  latest_accessed: recent('date_last_login'),
  latest_updated: recent('date_updated'),
  latest_secret_changed: recent('date_change_secret'),
  long_time_no_change_secret: stale('date_change_secret'),
  long_time_no_login: stale('date_last_login'),
  long_time_no_verified: stale('date_verified'),
  ip: crash,
};

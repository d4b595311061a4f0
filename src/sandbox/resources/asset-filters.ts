import { subtreeOf } from '../access.ts';
import { CATEGORIES, TYPES } from '../choices.ts';
import { ApiError, InvalidValue, says } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import type { Choices } from '../fields.ts';
import { exact, flag, flagOf, uuid } from '../filters.ts';
import { isUuid, normalUuid } from '../ids.ts';
import { labelsOf } from '../labels.ts';
import type { Filter, Resource } from '../resource.ts';
import { listOf } from '../rows.ts';
import type { Id, Json, JsonObject, Row } from '../types.ts';
import { idsOf, rowOf, textOf, type World } from '../world.ts';

/** The node a query value names by id or key; null when there is none, and then the filter says nothing (api.md §0.5). */
export function findNode(x: Exchange, value: string): Row | null {
  const nodes = x.world.store.table('nodes');
  return (isUuid(value) ? nodes.get(normalUuid(value)) : nodes.where('key', value)[0]) ?? null;
}

const nodeFilter: Filter = (value, x) => {
  if (value === '') return null;
  if (value.includes(',')) throw new ApiError(500, '');
  const node = findNode(x, value);
  if (node === null) return null;
  const direct = x.query.get('show_current_asset') === '1' || ['0', 'false'].includes(x.query.get('all') ?? '');
  return { column: 'nodes', values: direct ? new Set([node.id]) : subtreeOf(x.world, node.id) };
};

/** Filter by a flag of the platform's automation. */
const platformFlag = (read: (platform: Row) => Json | undefined): Filter =>
  flagOf((row, x) => {
    const platform = rowOf(x.world, 'platforms', row.platform);
    return platform !== undefined && read(platform) === true;
  });

const automationFlag = (name: string): Filter =>
  platformFlag((platform) => ((platform.automation ?? {}) as JsonObject)[name]);

const byPlatform: Filter = (value, x) => {
  if (value === '') return null;
  const rows = x.world.store.table('platforms');
  const ids = /^\d+$/.test(value) ? [Number(value)] : rows.where('name', value).map((row) => row.id);
  return { column: 'platform', values: new Set(ids) };
};

const byZone: Filter = (value, x) => {
  if (value === '') return null;
  if (isUuid(value)) return { column: 'zone', values: new Set([normalUuid(value)]) };
  const part = value.toLowerCase();
  const ids = [...x.world.store.table('zones').all()].filter((zone) => textOf(zone.name).toLowerCase().includes(part));
  return { column: 'zone', values: new Set(ids.map((zone) => zone.id)) };
};

/** Strict choices refuse an unknown word since 4.10.19. */
const strict =
  (column: string, choices: Choices): Filter =>
  (value, x) => {
    if (value === '') return null;
    if (x.world.facts.strictChoices && !(value in choices)) throw new InvalidValue([says.noChoice(value)]);
    return { column, values: new Set([value]) };
  };

/** Whether an asset is a gateway. */
export const isGateway = (row: Row, world: World): boolean =>
  textOf(rowOf(world, 'platforms', row.platform)?.name).startsWith('Gateway');

/** Filters of every asset list (api.md §5.3). */
export const assetFilters: Record<string, Filter> = {
  id: uuid('id'),
  name: exact('name'),
  address: exact('address'),
  is_active: flag('is_active'),
  type: strict('type', TYPES),
  category: strict('category', CATEGORIES),
  platform: byPlatform,
  exclude_platform: (value, x) => {
    const condition = byPlatform(value, x);
    return condition === null || typeof condition === 'function'
      ? null
      : (row) => !condition.values.has(row.platform ?? null);
  },
  zone: byZone,
  domain: byZone,
  protocols: (value) => {
    const wanted = new Set(value.split(',').filter((name) => name !== ''));
    return wanted.size === 0
      ? null
      : (row) => listOf(row.protocols).some((one) => wanted.has(textOf((one as JsonObject).name)));
  },
  is_gateway: flagOf((row, x) => isGateway(row, x.world)),
  gateway_enabled: platformFlag((platform) => platform.gateway_enabled),
  domain_enabled: platformFlag((platform) => platform.gateway_enabled),
  ...Object.fromEntries(
    ['ping', 'gather_facts', 'change_secret', 'push_account', 'verify_account', 'gather_accounts'].map((name) => [
      `${name}_enabled`,
      automationFlag(`${name}_enabled`),
    ]),
  ),
  node: nodeFilter,
  node_id: nodeFilter,
  ips: (value, x) =>
    value === '' || x.world.version === '3.10.23' ? null : { column: 'address', values: new Set(value.split(',')) },
};

/** `attr_rules` names of assets beyond their columns. */
export const assetRules: NonNullable<Exclude<Resource['rules'], true>> = {
  nodes: (row, x) => {
    const chain = new Set<Id>();
    for (const node of idsOf(row.nodes)) {
      let at = x.world.store.table('nodes').get(node);
      while (at !== undefined) {
        chain.add(at.id);
        at = x.world.store.table('nodes').where('key', textOf(at.parent_key))[0];
      }
    }
    return [...chain];
  },
  protocols: (row) => listOf(row.protocols).map((one) => (one as JsonObject).name ?? null),
  category: (row) => row.category ?? null,
  type: (row) => row.type ?? null,
  labels: (row, x) => labelsOf(x.world, row.id).map((label) => label.id),
};

import { TERMINAL_LOADS } from '../choices.ts';
import type { Exchange } from '../exchange.ts';
import type { Field } from '../field.ts';
import { bool, choice, integer, json, moment } from '../fields.ts';
import { exact } from '../filters.ts';
import type { Resource } from '../resource.ts';
import type { Json, Row, SandboxVersion } from '../types.ts';
import { type Look, rowOf, textOf } from '../world.ts';
import { mustFind } from '../writes.ts';
import { assetActions, partActions } from './asset-actions.ts';
import { checkAsset, forgetAsset, spoilArray } from './asset-checks.ts';
import { toFields } from './asset-fields.ts';
import { assetFilters, assetRules, isGateway } from './asset-filters.ts';
import { hideUnleaked } from './asset-leaks.ts';
import { PARTS, type Part } from './asset-parts.ts';
import { startTask } from './tasks.ts';

/** Zone and platform stand in the short forms since 4.0. */
const placeOf = (version: SandboxVersion): string => (version === '3.10.23' ? '' : 'zone domain platform');

function toResource(part: Part): Resource {
  const base: Resource = {
    table: 'assets',
    path: part.path,
    noun: part.noun,
    ...(part.title === undefined ? {} : { title: part.title }),
    model: part.model,
    scope: 'org',
    ...(part.since === undefined ? {} : { since: part.since }),
    fields: toFields(part),
    mini: (version) => `id name address ${placeOf(version)}`,
    small: (version) => `id name address ${placeOf(version)} is_active comment`,
    order: ['name'],
    sortable: ['platform', 'connectivity'],
    search: ['name', 'address', 'comment'],
    filters: assetFilters,
    rules: assetRules,
    unique: [['name']],
    ...(part.category === null
      ? {}
      : {
          only: (x: Exchange) => {
            if (part.category === 'gateway') return [(row: Row) => isGateway(row, x.world)];
            if (part.category === 'gpt') return [{ column: 'type', values: new Set<Json>(['chatgpt']) }];
            if (x.world.version === '3.10.23') return [(row: Row) => (row.kept_as ?? row.category) === part.category];
            return [{ column: 'category', values: new Set<Json>([part.category]) }];
          },
        }),
    check: (input) => checkAsset(part, input),
    shape: (fields, x, view) => hideUnleaked(part, fields, x, view),
    hooks: { storing: spoilArray, deleted: forgetAsset },
  };
  return part.category === null ? { ...base, actions: assetActions } : { ...base, actions: partActions };
}

const made = PARTS.map(toResource);
const named = (path: string): Resource => {
  const found = made.find((one) => one.path === path);
  if (found === undefined) throw new Error(`no asset part ${path}`);
  return found;
};

/** `assets/assets/`: all assets with what they have in common. */
export const assets: Resource = named('assets/assets');

/** `assets/gateways/`: hosts whose platform is a gateway. */
const gateways: Resource = {
  ...named('assets/gateways'),
  actions: [
    ...partActions,
    {
      method: 'POST',
      path: ':id/test-connective',
      perm: 'assets.test_assetconnectivity',
      run: (x) => ({
        task: startTask(x, 'assets.tasks.test_gateways_connectivity_manual', [mustFind(gateways, x).id]),
      }),
    },
  ],
};

const remoteAppHost = (look: Look): Json =>
  look.world.store.table('platforms').where('name', 'RemoteAppHost')[0]?.id ?? null;

/** Whatever platform is given, the server takes its own; it is told as required all the same. */
const fixed = (field: Field): Field => ({
  ...field,
  required: false,
  meta: { ...field.meta, required: true },
  fill: remoteAppHost,
  parse: (_value, look) => remoteAppHost(look),
});

/** `terminal/applet-hosts/`: hosts that publish remote applications. */
const appletHosts: Resource = {
  ...named('assets/hosts'),
  path: 'terminal/applet-hosts',
  noun: 'AppletHost',
  model: 'terminal.applethost',
  scope: 'global',
  only: (x) => [(row) => textOf(rowOf(x.world, 'platforms', row.platform)?.name) === 'RemoteAppHost'],
  fields: [
    ...named('assets/hosts').fields.map((field) => (field.name === 'platform' ? fixed(field) : field)),
    integer('accounts_create_amount', { fill: 100, min: -2_147_483_648, max: 2_147_483_647 }),
    choice('load', TERMINAL_LOADS, { mode: 'ro', fill: 'offline' }),
    json('deploy_options', { type: 'nested object', fill: {} }),
    bool('auto_create_accounts', { fill: true }),
    bool('using_same_account'),
    moment('date_synced', { mode: 'ro' }),
  ],
  filters: { name: exact('name'), address: exact('address') },
  check: (input) => {
    input.given = { ...input.given, platform: input.values.platform ?? null };
    named('assets/hosts').check?.(input);
  },
  actions: [
    {
      method: 'PUT',
      path: ':id/generate-accounts',
      perm: 'terminal.change_applethost',
      run: (x) => {
        mustFind(appletHosts, x);
        return { msg: 'ok' };
      },
    },
  ],
};

/** Every way of looking at assets, all of one table. */
export const assetResources: Resource[] = [appletHosts, ...made].map((one) =>
  one.path === 'assets/gateways' ? gateways : one,
);

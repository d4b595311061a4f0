import { permissionsFor, permissionsOfAsset, subtreeOf, usersOfPermission } from '../access.ts';
import { autoConfig, platformFace } from '../asset-faces.ts';
import { AUTOFILL, CATEGORIES, CONNECTIVITY, PG_SSL_MODES, TERMINAL_LOADS, TYPES, TYPES_OF } from '../choices.ts';
import { ApiError, InvalidValue, says } from '../errors.ts';
import { type Exchange, lookOf, objectBody } from '../exchange.ts';
import {
  bool,
  type Choices,
  choice,
  computed,
  createdBy,
  dateCreated,
  type Field,
  id,
  integer,
  json,
  keyOf,
  kindOf,
  moment,
  orgFields,
  ref,
  refs,
  relatedRows,
  text,
  toChoice,
  toRelated,
} from '../fields.ts';
import { exact, flag, flagOf, uuid } from '../filters.ts';
import { isUuid, normalUuid } from '../ids.ts';
import { labels, labelsOf } from '../labels.ts';
import { toPage } from '../lists.ts';
import type { Action, Filter, Input, Resource } from '../resource.ts';
import { reply } from '../resource.ts';
import { fieldsOf, listOf, toAnswer } from '../rows.ts';
import { ensurePath, rootNode } from '../tree.ts';
import type { Id, Json, JsonObject, Row, SandboxVersion } from '../types.ts';
import { isIn } from '../versions.ts';
import { idsOf, type Look, rowOf, textOf, type View, type World } from '../world.ts';
import { mustFind } from '../writes.ts';
import { accountFields, createAccount } from './accounts.ts';

import { groups } from './groups.ts';
import { permissions } from './permissions.ts';
import { suggestions } from './suggestions.ts';
import { startTask } from './tasks.ts';
import { users } from './users.ts';

const SPEC: Record<string, string[]> = {
  database: ['db_name', 'use_ssl', 'allow_invalid_cert', 'pg_ssl_mode'],
  web: ['autofill', 'username_selector', 'password_selector', 'submit_selector', 'script'],
  ds: ['domain_name'],
  gpt: ['proxy'],
};

/** Left out where the category's own serializer shows a detail, which shows choices as such too. */
const RAW = new Set(['pg_ssl_mode', 'script']);

function specInfo(row: Row, look: Look): JsonObject {
  if (row.category === 'custom') return (row.custom_info ?? {}) as JsonObject;
  const isDetail = look.view === 'D';
  const isOld = look.world.version === '3.10.23';
  const names = (SPEC[textOf(row.category)] ?? []).filter(
    (name) => !(isDetail && RAW.has(name)) && !(isOld && name === 'pg_ssl_mode'),
  );
  return Object.fromEntries(
    names.map((name) => [name, isDetail && name === 'autofill' ? toChoice(row[name], AUTOFILL) : (row[name] ?? '')]),
  );
}

const ownAccounts = (world: World, asset: Id): readonly Row[] => world.store.table('accounts').where('asset', asset);

/** Accounts usable on an asset: its own and those of its directory services. */
export function accountsOf(world: World, asset: Row): Row[] {
  const services = idsOf(asset.directory_services);
  return [...ownAccounts(world, asset.id), ...services.flatMap((id) => [...ownAccounts(world, id)])];
}

const nestedAccounts: Field = {
  ...computed(
    'accounts',
    'field',
    (row, look) => {
      const fields = accountFields.filter((field) => NESTED.has(field.name));
      const shown = fieldsOf({ ...assets, fields }, look.world.version, 'D');
      return accountsOf(look.world, row).map((account) => toAnswer(account, shown, look));
    },
    { at: 'D' },
  ),
  mode: 'wo',
  parse: (value) => {
    if (!Array.isArray(value)) throw new InvalidValue([says.notAList(kindOf(value))]);
    return value;
  },
  after: (row, value, x) => {
    const known = new Set(ownAccounts(x.world, row.id).map((account) => `${account.username} ${account.secret_type}`));
    for (const item of listOf(value)) {
      if (item === null || typeof item !== 'object' || Array.isArray(item)) continue;
      const kind = textOf(item.secret_type) || 'password';
      if (!known.has(`${textOf(item.username)} ${kind}`)) createAccount(x, row, item);
    }
  },
};

const NESTED = new Set(
  'id name username secret_type su_from version ds source source_id login_by change_secret_status privileged is_active secret_reset date_updated date_last_login date_verified date_change_secret comment'.split(
    ' ',
  ),
);

const protocols: Field = {
  ...json('protocols', { type: 'field', meta: { child: { type: 'nested object' } }, fill: [] }),
  read: (row) => listOf(row.protocols),
  parse: (value) => {
    if (!Array.isArray(value)) throw new InvalidValue([says.notAList(kindOf(value))]);
    const faults = value.map(protocolFaults);
    if (faults.some((fault) => Object.keys(fault).length > 0)) throw new InvalidValue(faults);
    return value.map((item) => toProtocol(item as JsonObject));
  },
};

function protocolFaults(item: Json): JsonObject {
  if (item === null || typeof item !== 'object' || Array.isArray(item))
    return { non_field_errors: [says.object(kindOf(item))] };
  const faults: JsonObject = {};
  if (item.name === undefined) faults.name = [says.required];
  const port = Number(item.port ?? 0);
  if (port > 65_535) faults.port = [says.tooGreat(65_535)];
  if (port < 0) faults.port = [says.tooSmall(0)];
  return faults;
}

const toProtocol = (item: JsonObject): JsonObject => ({ name: item.name ?? '', port: Number(item.port ?? 0) });

/** The full paths of the nodes an asset hangs on. */
export function nodePaths(row: Row, look: Look): string[] {
  return relatedRows(look, 'nodes', idsOf(row.nodes), 'value').map((node) => textOf(node.full_value));
}

const nodesDisplay: Field = {
  ...computed('nodes_display', 'list', nodePaths, { meta: { child: { type: 'field' } } }),
  mode: 'rw',
  parse: (value) => {
    if (!Array.isArray(value)) throw new InvalidValue([says.notAList(kindOf(value))]);
    return value;
  },
  after: (row, value, x) => {
    const ids = listOf(value).map((path) => ensurePath(x, textOf(path)).id);
    x.world.store.table('assets').update(row.id, { nodes: ids });
  },
};

/**
 * Once a worker has served a detail, the lists of the same serializer class carry `spec_info` and `gathered_info` too
 * (api.md §5.3). These classes had leaked already on the servers that were recorded.
 */
const LEAKED: Record<SandboxVersion, readonly string[]> = {
  '3.10.23': ['base', 'host', 'database', 'web'],
  '4.9.0': ['base', 'host', 'database', 'web'],
  '4.10.16': ['base', 'host', 'database'],
  '4.10.19': [],
};

function hasLeaked(world: World, leak: string): boolean {
  return LEAKED[world.version].includes(leak) || world.memory.leaks.has(leak);
}

function hideUnleaked(part: Part, fields: readonly Field[], x: Exchange, view: View): readonly Field[] {
  if (view === 'D') {
    if (x.world.version !== '4.10.16') x.world.memory.leaks.add(part.leak);
    return fields;
  }
  if (view === 'W' || hasLeaked(x.world, part.leak)) return fields;
  return fields.filter(({ name }) => name !== 'spec_info' && (name !== 'gathered_info' || part.leak === 'host'));
}

interface Part {
  path: string;
  noun: string;
  model: string;
  category: string | null;
  leak: string;
  extra?: Field[];
  title?: string;
  since?: SandboxVersion;
  types?: Choices;
}

function only(choices: Choices, values: readonly string[]): Choices {
  return Object.fromEntries(values.map((value) => [value, choices[value] ?? value]));
}

function without(choices: Choices, value: string): Choices {
  return Object.fromEntries(Object.entries(choices).filter(([known]) => known !== value));
}

function toFields(part: Part): Field[] {
  const isWide = part.category === null || part.category === 'gateway' || part.category === 'ds';
  const types = isWide ? TYPES : only(TYPES, TYPES_OF[part.category ?? ''] ?? Object.keys(TYPES));
  const categories = isWide || part.category === 'gpt' ? CATEGORIES : only(CATEGORIES, [part.category ?? '']);
  return [
    id(),
    text('name', { required: true, max: 128 }),
    text('address', { required: true, max: 767 }),
    ref('zone', 'zones', { nullable: true, since: '4.10.16' }),
    { ...ref('domain', 'zones', { nullable: true, column: 'zone' }), until: '4.10.16' },
    ref('platform', 'platforms', { required: true, face: platformFace }),
    refs('nodes', 'nodes', { fill: [], order: 'value' }),
    labels('assets.asset'),
    { ...protocols, until: '4.10.19' },
    { ...protocols, meta: { ...protocols.meta, required: true }, since: '4.10.19' },
    nodesDisplay,
    nestedAccounts,
    refs('directory_services', 'assets', { since: '4.9.0' }),
    computed('accounts_amount', 'integer', (row, look) => accountsOf(look.world, row).length, { since: '4.9.0' }),
    choice('category', categories, { mode: 'ro' }),
    choice('type', types, { mode: 'ro', until: '4.10.19' }),
    choice('type', without(types, 'chatgpt'), { mode: 'ro', since: '4.10.19' }),
    choice('connectivity', CONNECTIVITY, { mode: 'ro', fill: '-' }),
    computed('auto_config', 'nested object', (row, look) =>
      autoConfig(look.world, rowOf(look.world, 'platforms', row.platform)),
    ),
    ...(part.extra ?? []),
    ...orgFields(),
    gatheredInfo(part.leak === 'host'),
    computed('spec_info', 'field', specInfo),
    bool('is_active', { fill: true }),
    moment('date_verified', { mode: 'ro' }),
    moment('date_last_login', { mode: 'ro', since: '4.10.19' }),
    dateCreated(),
    moment('date_updated', { mode: 'ro', fill: (look) => look.world.now(), since: '4.9.0' }),
    text('comment'),
    createdBy(),
  ];
}

const database: Field[] = [
  text('db_name', { required: true, max: 1024 }),
  text('ca_cert'),
  text('client_cert'),
  text('client_key'),
  choice('pg_ssl_mode', PG_SSL_MODES, { fill: 'prefer', since: '4.9.0' }),
  bool('use_ssl'),
  bool('allow_invalid_cert'),
];

const web: Field[] = [
  choice('autofill', AUTOFILL, { fill: 'basic' }),
  text('username_selector', { max: 128, fill: 'name=username' }),
  text('password_selector', { max: 128, fill: 'name=password' }),
  text('submit_selector', { max: 128, fill: 'id=login_button' }),
  json('script', { fill: [] }),
];

/** What was found on the asset: a client may write it, except on hosts. */
function gatheredInfo(isHost: boolean): Field {
  if (isHost) return computed('gathered_info', 'nested object', (row) => row.gathered_info ?? {});
  return json('gathered_info', { fill: {} });
}

/** Each way of looking at assets (api.md §5.3). */
const PARTS: Part[] = [
  { path: 'assets/assets', noun: 'Asset', model: 'assets.asset', category: null, leak: 'base' },
  { path: 'assets/hosts', noun: 'Host', model: 'assets.host', category: 'host', leak: 'host' },
  { path: 'assets/devices', noun: 'Device', model: 'assets.device', category: 'device', leak: 'base' },
  {
    path: 'assets/databases',
    noun: 'Database',
    model: 'assets.database',
    category: 'database',
    leak: 'database',
    extra: database,
  },
  { path: 'assets/webs', noun: 'Web', model: 'assets.web', category: 'web', leak: 'web', extra: web },
  { path: 'assets/clouds', noun: 'Cloud', model: 'assets.cloud', category: 'cloud', leak: 'base' },
  {
    path: 'assets/gpts',
    noun: 'Gpt',
    title: 'Gpt',
    model: 'assets.gpt',
    category: 'gpt',
    leak: 'gpt',
    extra: [text('proxy', { max: 128 })],
  },
  {
    path: 'assets/directories',
    noun: 'DirectoryService',
    title: 'Ds',
    model: 'assets.directoryservice',
    category: 'ds',
    leak: 'ds',
    since: '4.9.0',
    extra: [text('domain_name', { max: 128 })],
  },
  {
    path: 'assets/customs',
    noun: 'Custom',
    model: 'assets.custom',
    category: 'custom',
    leak: 'custom',
    extra: [json('custom_info', { type: 'nested object', fill: {} })],
  },
  { path: 'assets/gateways', noun: 'Gateway', model: 'assets.gateway', category: 'gateway', leak: 'host' },
];

/** The node a query value names by id or key; null when there is none, and then the filter says nothing (api.md §0.5). */
function findNode(x: Exchange, value: string): Row | null {
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

const isGateway = (row: Row, world: World): boolean =>
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

function checkAsset(part: Part, input: Input): void {
  const { x, given, values, faults, row } = input;
  if (part.category === null) return;
  const platforms = x.world.store.table('platforms');
  if (row === null && (given.platform === undefined || given.platform === null)) {
    for (const name of Object.keys(faults)) delete faults[name];
    if (x.world.version === '4.10.19') faults.Platform = [says.noObject('None')];
    else faults.platform = says.noPlatform;
    return;
  }
  const key = values.platform ?? row?.platform ?? null;
  const platform = typeof key === 'number' ? platforms.get(key) : undefined;
  if (platform === undefined) return;
  if (values.platform !== undefined && isMismatch(part, platform, x)) {
    faults.platform = { platform: `Wrong platform here: ${textOf(platform.name)}` };
  }
  checkProtocols(input, platform);
  if (Object.keys(faults).length > 0) return;
  if (row === null || values.platform !== undefined) {
    values.category = platform.category ?? null;
    values.type = platform.type ?? null;
  }
  if (row === null) completeNew(input, platform);
}

function isMismatch(part: Part, platform: Row, x: Exchange): boolean {
  if (x.world.version === '3.10.23') return false;
  if (part.category === 'gateway') return !textOf(platform.name).startsWith('Gateway');
  return part.category !== 'gpt' && platform.category !== part.category;
}

function checkProtocols(input: Input, platform: Row): void {
  const { values, faults, row, partial, bulk } = input;
  const offered = listOf(platform.protocols).map((one) => one as JsonObject);
  if (values.protocols === undefined || (listOf(values.protocols).length === 0 && row === null)) {
    if (row !== null && partial) return;
    if (row === null && !bulk) values.protocols = defaultProtocols(offered);
    else if (faults.protocols === undefined) {
      const told = `A protocol is required: ${textOf(primaryOf(offered)?.name)}`;
      faults.protocols = input.x.world.version === '4.10.19' ? [says.required] : { protocols: told };
    }
    return;
  }
  const names = new Set(offered.map((one) => textOf(one.name)));
  const wrong = listOf(values.protocols).find((one) => !names.has(textOf((one as JsonObject).name)));
  if (wrong !== undefined && faults.protocols === undefined) {
    values.protocols = listOf(values.protocols).filter((one) => names.has(textOf((one as JsonObject).name)));
  }
}

const primaryOf = (offered: readonly JsonObject[]): JsonObject | undefined =>
  offered.find((one) => one.primary === true) ?? offered[0];

function defaultProtocols(offered: readonly JsonObject[]): Json[] {
  return offered
    .filter((one) => one.primary === true || one.default === true || one.required === true)
    .map((one) => ({ name: one.name ?? '', port: one.port ?? 0 }));
}

function completeNew(input: Input, _platform: Row): void {
  const { x, values, extra } = input;
  if (idsOf(values.nodes).length === 0 && extra.nodes_display === undefined) {
    const asked = x.query.get('node_id');
    const node = asked === null ? null : findNode(x, asked);
    values.nodes = [node?.id ?? rootNode(x.world, x.org)?.id ?? ''].filter((one) => one !== '');
  }
  values.gathered_info ??= {};
}

/** Deletes what an asset takes with it: accounts, grants, favourites. */
export function forgetAsset(row: Row, x: Exchange): void {
  const { store } = x.world;
  for (const table of ['accounts', 'permission-assets', 'favorite-assets']) {
    for (const one of store.table(table).where('asset', row.id)) store.table(table).remove(one.id);
  }
}

/**
 * Two faults of arrays: only the last asset keeps its protocols (all versions), and nested accounts are refused once
 * everything else has passed (until 4.10.19).
 */
function spoilArray(inputs: readonly Input[]): void {
  const isOld = inputs.some(({ x }) => isIn(x.world.version, { until: '4.10.19' }));
  if (isOld && inputs.some(({ given }) => listOf(given.accounts).length > 0)) {
    throw new ApiError(400, { asset: says.required });
  }
  for (const { values } of inputs.slice(0, -1)) values.protocols = [];
}

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
            return [{ column: 'category', values: new Set<Json>([part.category]) }];
          },
        }),
    check: (input) => checkAsset(part, input),
    shape: (fields, x, view) => hideUnleaked(part, fields, x, view),
    hooks: { storing: spoilArray, deleted: forgetAsset },
  };
  return part.category === null ? { ...base, actions: assetActions } : { ...base, actions: partActions };
}

const asset = (x: Exchange): Row => mustFind(assets, x);

/** Users that any permission names for the asset, valid or not. */
function permUsers(x: Exchange): Json {
  const ids = [...permissionsOfAsset(x.world, asset(x).id)].flatMap((one) => [...usersOfPermission(x.world, one)]);
  const rows = relatedRows(lookOf(x, 'L'), 'users', [...new Set(ids)]);
  const fields = fieldsOf(users, x.world.version, 'L');
  return toPage(x, rows, (row) => toAnswer(row, fields, lookOf(x, 'L')));
}

function permGroups(x: Exchange): Json {
  const links = x.world.store.table('permission-user-groups');
  const ids = new Set(
    [...permissionsOfAsset(x.world, asset(x).id)].flatMap((one) =>
      links.where('assetpermission', one).map((link) => link.usergroup as Id),
    ),
  );
  const fields = fieldsOf(groups, x.world.version, 'D');
  return toPage(x, relatedRows(lookOf(x, 'D'), 'user-groups', [...ids]), (row) =>
    toAnswer(row, fields, lookOf(x, 'D')),
  );
}

function permPermissions(x: Exchange, of: 'user' | 'group'): Json {
  const key = textOf(x.params.other);
  const subject = of === 'user' ? { user: key } : { group: key };
  const rows = permissionsFor(x.world, subject, asset(x).id, x.org);
  const fields = fieldsOf(permissions, x.world.version, 'L');
  return toPage(x, rows, (row) => toAnswer(row, fields, lookOf(x, 'L')));
}

function assetTask(x: Exchange, ids: Id[]): Json {
  const { action } = objectBody(x);
  const table = x.world.store.table('assets');
  if (action === 'test') {
    for (const one of ids) {
      x.world.memory.later.push({
        at: x.world.now() + 2000,
        run: () =>
          table.update(one, {
            connectivity: table.get(one)?.is_active === false ? 'err' : 'ok',
            date_verified: x.world.now(),
          }),
      });
    }
  }
  return { task: startTask(x, `assets.tasks.${textOf(action) || 'refresh'}`, ids) };
}

const partActions: Action[] = [
  suggestions('assets.match_asset'),
  {
    method: 'GET',
    path: ':id/platform',
    perm: 'assets.view_platform',
    run: (x) => {
      const found = x.world.resources.find((one) => x.url.pathname.startsWith(`/api/v1/${one.path}/`)) ?? assets;
      const row = mustFind(found, x);
      const platform = rowOf(x.world, 'platforms', row.platform);
      const resource = x.world.resources.find((one) => one.table === 'platforms');
      if (platform === undefined || resource === undefined) return null;
      return toAnswer(platform, fieldsOf(resource, x.world.version, 'D'), lookOf(x, 'D'));
    },
  },
  {
    method: 'GET',
    path: ':id/gateways',
    perm: 'assets.view_gateway',
    run: (x) => {
      const found = x.world.resources.find((one) => x.url.pathname.startsWith(`/api/v1/${one.path}/`)) ?? assets;
      const row = mustFind(found, x);
      const rows = x.world.store
        .table('assets')
        .where('zone', row.zone ?? '')
        .filter((one) => isGateway(one, x.world));
      const fields = fieldsOf(gateways, x.world.version, 'L');
      return toPage(x, [...rows], (one) => toAnswer(one, fields, lookOf(x, 'L')));
    },
  },
];

const assetActions: Action[] = [
  ...partActions,
  {
    method: 'POST',
    path: '',
    perm: 'assets.add_asset',
    run: () => {
      throw new ApiError(400, { error: 'Create an asset through its category.' });
    },
  },
  { method: 'GET', path: ':id/perm-users', perm: 'perms.view_assetpermission', run: permUsers },
  { method: 'GET', path: ':id/perm-user-groups', perm: 'perms.view_assetpermission', run: permGroups },
  {
    method: 'GET',
    path: ':id/perm-users/:other/permissions',
    perm: 'perms.view_assetpermission',
    run: (x) => permPermissions(x, 'user'),
  },
  {
    method: 'GET',
    path: ':id/perm-user-groups/:other/permissions',
    perm: 'perms.view_assetpermission',
    run: (x) => permPermissions(x, 'group'),
  },
  {
    method: 'POST',
    path: ':id/tasks',
    perm: 'assets.test_assetconnectivity',
    run: (x) => reply(201, assetTask(x, [asset(x).id])),
  },
  {
    method: 'POST',
    path: 'tasks',
    perm: 'assets.test_assetconnectivity',
    run: (x) =>
      reply(
        201,
        assetTask(
          x,
          listOf(objectBody(x).assets).map((one) => toRelated('assets', one, lookOf(x, 'W')).id),
        ),
      ),
  },
  { method: 'POST', path: 'sync-platform-protocols', perm: 'assets.change_asset', run: (x) => syncProtocols(x) },
];

function syncProtocols(x: Exchange): Json {
  const platform = x.world.store.table('platforms').get(Number(keyOf(objectBody(x).platform_id ?? null)));
  if (platform === undefined) throw new ApiError(400, { platform_id: [says.noPlatform] });
  const offered = listOf(platform.protocols).map((one) => one as JsonObject);
  for (const row of x.world.store.table('assets').where('platform', platform.id)) {
    if (row.org_id === x.org) x.world.store.table('assets').update(row.id, { protocols: defaultProtocols(offered) });
  }
  return { msg: 'ok' };
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
export const gateways: Resource = {
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

/** `terminal/applet-hosts/`: hosts that publish remote applications. */
const appletHosts: Resource = {
  ...named('assets/hosts'),
  path: 'terminal/applet-hosts',
  noun: 'AppletHost',
  model: 'terminal.applethost',
  scope: 'global',
  only: (x) => [(row) => textOf(rowOf(x.world, 'platforms', row.platform)?.name) === 'RemoteAppHost'],
  fields: [
    ...named('assets/hosts').fields,
    integer('accounts_create_amount', { fill: 100, min: -2_147_483_648, max: 2_147_483_647 }),
    choice('load', TERMINAL_LOADS, { mode: 'ro', fill: 'offline' }),
    json('deploy_options', { type: 'nested object', fill: {} }),
    bool('auto_create_accounts', { fill: true }),
    bool('using_same_account'),
    moment('date_synced', { mode: 'ro' }),
  ],
  filters: { name: exact('name'), address: exact('address') },
  actions: [],
};

/** Every way of looking at assets, all of one table. */
export const assetResources: Resource[] = [appletHosts, ...made].map((one) =>
  one.path === 'assets/gateways' ? gateways : one,
);

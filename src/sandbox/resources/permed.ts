import { assetsUnder, effectiveAssets, permedAccounts, permissionsFor, type Subject } from '../access.ts';
import { CATEGORIES, CONNECTIVITY, SECRET_TYPES, TYPES } from '../choices.ts';
import { ApiError, notFound, says } from '../errors.ts';
import { caller, type Exchange, lookOf, objectBody, param } from '../exchange.ts';
import { ACTIONS, bool, choice, createdBy, dateCreated, id, moment, orgFields, text, toChoice } from '../fields.ts';
import { isUuid, normalUuid } from '../ids.ts';
import { labels } from '../labels.ts';
import { selectRows, toPage } from '../lists.ts';
import { ref, refs } from '../related-fields.ts';
import { type Answer, type Resource, reply } from '../resource.ts';
import { demand } from '../rights.ts';
import { type Route, route } from '../routes.ts';
import { fieldsOf, listOf, narrow, toAnswer } from '../rows.ts';
import { toServerTime } from '../time.ts';
import type { Id, Json, JsonObject, Row, SandboxVersion } from '../types.ts';
import { isIn } from '../versions.ts';
import { idsOf, rowOf, textOf } from '../world.ts';
import { assetFilters, assetRules } from './asset-filters.ts';
import { toTreeAsset, toTreeNode } from './node-tree.ts';

/** Assets as those see them who may use them (api.md §5.10). */
const permedAssets: Resource = {
  table: 'assets',
  path: 'perms/users/self/assets',
  noun: 'Asset',
  model: 'perms.permedasset',
  scope: 'org',
  fields: [
    id(),
    text('name'),
    text('address'),
    ref('zone', 'zones', { since: '4.10.16' }),
    ref('domain', 'zones', { column: 'zone', until: '4.10.16' }),
    ref('platform', 'platforms'),
    text('comment'),
    ...orgFields().slice(0, 1),
    bool('is_active'),
    choice('connectivity', CONNECTIVITY),
    refs('nodes', 'nodes', { order: 'value' }),
    labels('assets.asset'),
    choice('category', CATEGORIES),
    choice('type', TYPES),
    ...orgFields().slice(1),
    moment('date_verified'),
    dateCreated(),
    createdBy(),
  ],
  order: ['name'],
  search: ['name', 'address', 'comment'],
  filters: assetFilters,
  rules: assetRules,
};

function subjectOf(x: Exchange, kind: 'user' | 'group'): Subject {
  const key = param(x, kind);
  if (kind === 'group') {
    const group = x.world.store.table('user-groups').get(isUuid(key) ? normalUuid(key) : key);
    if (group === undefined) throw notFound('UserGroup');
    return { group: group.id };
  }
  if (key === 'self' || key === 'my') {
    demand(x, 'perms.view_myassets');
    return { user: caller(x).id };
  }
  demand(x, 'perms.view_userassets');
  const user = x.world.store.table('users').get(isUuid(key) ? normalUuid(key) : key);
  if (user === undefined) throw notFound('User');
  return { user: user.id };
}

/** What callers call an asset in their own lists. */
function ownNames(x: Exchange, row: Row, shown: JsonObject): JsonObject {
  const isOwn = ['self', 'my'].includes(x.params.user ?? '');
  const [own] = isOwn ? x.world.store.table('my-assets').where('key', `${caller(x).id} ${row.id}`) : [];
  const words = ['name', 'comment'].filter((word) => word in shown && textOf(own?.[word]) !== '');
  return { ...shown, ...Object.fromEntries(words.map((word) => [word, own?.[word] ?? ''])) };
}

/** `POST assets/my-asset/ {asset, name, comment}`. */
function nameOwn(x: Exchange): Answer {
  const { asset, name, comment } = objectBody(x);
  if (asset === undefined) throw new ApiError(400, { asset: [says.required] });
  const row = typeof asset === 'string' ? rowOf(x.world, 'assets', asset) : undefined;
  if (row === undefined) throw new ApiError(400, { asset: [says.noObject(textOf(asset))] });
  const key = `${caller(x).id} ${row.id}`;
  const given = { ...(name === undefined ? {} : { name }), ...(comment === undefined ? {} : { comment }) };
  const table = x.world.store.table('my-assets');
  const [known] = table.where('key', key);
  if (textOf(name).length > 128) throw new ApiError(400, { name: [says.tooLong(128)] });
  if (known) table.update(known.id, given);
  else table.insert({ id: x.world.chance.uuid(), key, ...given });
  return reply(201, { asset: row.id, name: name ?? '', comment: comment ?? '' });
}

function assetsPage(x: Exchange, ids: ReadonlySet<Id>): Json {
  const rows = selectRows({ ...permedAssets, only: () => [{ column: 'id', values: ids }] }, x);
  const fields = narrow(permedAssets, fieldsOf(permedAssets, x.world.version, 'L'), x);
  return toPage(x, rows, (row) => ownNames(x, row, toAnswer(row, fields, lookOf(x, 'L'))), { limit: Infinity });
}

const assets =
  (kind: 'user' | 'group') =>
  (x: Exchange): Json =>
    assetsPage(x, effectiveAssets(x.world, subjectOf(x, kind), x.org));

function within(x: Exchange, kind: 'user' | 'group'): Json {
  const all = effectiveAssets(x.world, subjectOf(x, kind), x.org);
  const node = param(x, 'node');
  if (node === 'favorite') {
    const marked = new Set(favouritesOf(x));
    return assetsPage(x, new Set([...all].filter((one) => marked.has(one))));
  }
  if (node === 'ungrouped') return assetsPage(x, new Set());
  const under = assetsUnder(x.world, isUuid(node) ? normalUuid(node) : node);
  return assetsPage(x, new Set([...all].filter((one) => under.has(one))));
}

const favouritesOf = (x: Exchange): Id[] =>
  x.user === null
    ? []
    : x.world.store
        .table('favorite-assets')
        .where('user', x.user.id)
        .map((row) => row.asset as Id);

function detail(x: Exchange): Json {
  const subject = subjectOf(x, 'user');
  const row = rowOf(x.world, 'assets', normalUuid(param(x, 'asset')));
  const through = row === undefined ? [] : permissionsFor(x.world, subject, row.id, x.org);
  if (row === undefined || through.length === 0) throw notFound('Asset');
  const plain = ownNames(x, row, toAnswer(row, fieldsOf(permedAssets, x.world.version, 'D'), lookOf(x, 'D')));
  const username = 'user' in subject ? textOf(rowOf(x.world, 'users', subject.user)?.username) : '';
  const platform = rowOf(x.world, 'platforms', row.platform);
  const offered = listOf(platform?.protocols).map((one) => one as JsonObject);
  const protocols = listOf(row.protocols).map((one) => {
    const protocol = one as JsonObject;
    const match = offered.find((other) => other.name === protocol.name);
    return {
      name: protocol.name ?? '',
      port: protocol.port ?? 0,
      public: match?.public ?? true,
      setting: match?.setting ?? {},
    };
  });
  return {
    ...plain,
    spec_info: {},
    permed_protocols: protocols,
    permed_accounts: accounts(x, through, row.id, username),
  };
}

const SPECIAL_NAMES: Record<string, string> = {
  '@INPUT': 'Manual input',
  '@USER': 'Same account',
  '@ANON': 'Anonymous',
};

function accounts(x: Exchange, through: readonly Row[], asset: Id, username: string): Json {
  return permedAccounts(x.world, through, asset, username).map(({ alias, account, actions, expires }) => ({
    id: account?.id ?? x.world.chance.uuid(),
    alias,
    name: textOf(account?.name) || (SPECIAL_NAMES[alias] ?? alias),
    username: textOf(account?.username) || alias,
    has_username: account === null || textOf(account.username) !== '',
    has_secret: account !== null && typeof account.secret === 'string' && account.secret !== '',
    secret_type:
      account === null ? 'password' : ((toChoice(account.secret_type, SECRET_TYPES) as JsonObject).value ?? 'password'),
    actions: actions.map((action) => toChoice(action, ACTIONS)),
    ...(isIn(x.world.version, { since: '4.10.16' }) ? { date_expired: toServerTime(expires, x.zone) } : {}),
  }));
}

/** Nodes of a subject's own tree: those of effective assets with all above them. */
function nodesOf(x: Exchange, ids: ReadonlySet<Id>): Map<string, { row: Row; amount: number }> {
  const table = x.world.store.table('nodes');
  const byKey = new Map<string, Set<Id>>();
  for (const key of ids) {
    for (const node of idsOf(x.world.store.table('assets').get(key)?.nodes)) {
      let at = table.get(node);
      while (at !== undefined) {
        const set = byKey.get(textOf(at.key)) ?? new Set<Id>();
        set.add(key);
        byKey.set(textOf(at.key), set);
        at = table.where('key', textOf(at.parent_key))[0];
      }
    }
  }
  const found = new Map<string, { row: Row; amount: number }>();
  for (const [key, members] of byKey) {
    const row = table.where('key', key)[0];
    if (row !== undefined) found.set(key, { row, amount: members.size });
  }
  return found;
}

/** The full path stands in it since 4.0. */
const pathOf = (path: Json | undefined, version: SandboxVersion): JsonObject =>
  version === '3.10.23' ? {} : { full_value: path ?? '' };

function toNode(row: Row, amount: number, version: SandboxVersion): JsonObject {
  return {
    id: row.id,
    name: row.value ?? '',
    key: row.key ?? '',
    value: row.value ?? '',
    ...pathOf(row.full_value, version),
    org_id: row.org_id ?? '',
    assets_amount: amount,
  };
}

function sortedNodes(x: Exchange, ids: ReadonlySet<Id>): { row: Row; amount: number }[] {
  return [...nodesOf(x, ids).values()].sort((a, b) => compareKeys(textOf(a.row.key), textOf(b.row.key)));
}

function compareKeys(a: string, b: string): number {
  const left = a.split(':').map(Number);
  const right = b.split(':').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const side = (left[i] ?? -1) - (right[i] ?? -1);
    if (side !== 0) return side;
  }
  return 0;
}

function favouriteNode(x: Exchange, ids: ReadonlySet<Id>): JsonObject {
  const amount = favouritesOf(x).filter((one) => ids.has(one)).length;
  return {
    id: 'favorite',
    name: 'Favorite',
    key: 'favorite',
    value: 'Favorite',
    ...pathOf('', x.world.version),
    org_id: '',
    assets_amount: amount,
  };
}

const nodes =
  (kind: 'user' | 'group') =>
  (x: Exchange): Json => {
    const ids = effectiveAssets(x.world, subjectOf(x, kind), x.org);
    const rows: JsonObject[] = sortedNodes(x, ids).map(({ row, amount }) => toNode(row, amount, x.world.version));
    if (kind === 'user') rows.unshift(favouriteNode(x, ids));
    return toPage(x, { length: rows.length, slice: (from, to) => rows.slice(from, to) }, (row) => row);
  };

const children =
  (kind: 'user' | 'group') =>
  (x: Exchange): Json => {
    const ids = effectiveAssets(x.world, subjectOf(x, kind), x.org);
    const key = x.query.get('key') ?? textOf(rowOf(x.world, 'nodes', x.query.get('id'))?.key);
    const rows = sortedNodes(x, ids).filter(({ row }) => textOf(row.parent_key) === key);
    return toPage(x, { length: rows.length, slice: (from, to) => rows.slice(from, to) }, ({ row, amount }) =>
      toNode(row, amount, x.world.version),
    );
  };

const tree =
  (kind: 'user' | 'group', withAssets: boolean) =>
  (x: Exchange): Json => {
    const ids = effectiveAssets(x.world, subjectOf(x, kind), x.org);
    const key = x.query.get('key');
    const shown = sortedNodes(x, ids).filter(({ row }) => key === null || key === '' || textOf(row.parent_key) === key);
    const rows: Json[] = shown.map(({ row, amount }) => toTreeNode(row, amount));
    if (withAssets) {
      for (const one of ids) {
        const asset = x.world.store.table('assets').get(one);
        const parent = rowOf(x.world, 'nodes', idsOf(asset?.nodes)[0]);
        if (asset !== undefined && parent !== undefined) rows.push(toTreeAsset(x, asset, parent));
      }
    }
    return rows;
  };

function granted(path: string, run: Route['run'], perm = 'any'): Route {
  return route('GET', `perms/${path}`, perm, run);
}

/** What people may reach, worked out from the grants. */
export const permedRoutes: Route[] = [
  { method: 'POST', path: '/api/v1/assets/my-asset', perm: 'any', run: nameOwn, since: '4.9.0' },
  granted('users/:user/assets', assets('user')),
  granted('users/:user/assets/tree', tree('user', true)),
  granted('users/:user/ungroup/assets/tree', tree('user', true)),
  granted('users/:user/assets/:asset', detail),
  granted('users/:user/nodes', nodes('user')),
  granted('users/:user/nodes/children', children('user')),
  granted('users/:user/nodes/tree', tree('user', false)),
  granted('users/:user/nodes/children/tree', tree('user', false)),
  granted('users/:user/nodes/children-with-assets/tree', tree('user', true)),
  granted('users/:user/nodes/all-with-assets/tree', tree('user', true)),
  granted('users/:user/nodes/:node/assets', (x) => within(x, 'user')),
  granted('user-groups/:group/assets', assets('group'), 'perms.view_usergroupassets'),
  granted('user-groups/:group/nodes', nodes('group'), 'perms.view_usergroupassets'),
  granted('user-groups/:group/nodes/children', children('group'), 'perms.view_usergroupassets'),
  granted('user-groups/:group/nodes/children/tree', tree('group', false), 'perms.view_usergroupassets'),
  granted('user-groups/:group/nodes/:node/assets', (x) => within(x, 'group'), 'perms.view_usergroupassets'),
];

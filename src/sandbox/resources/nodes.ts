import { assetsUnder, subtreeOf } from '../access.ts';
import { ApiError, notFound, refused, says } from '../errors.ts';
import { type Exchange, lookOf, objectBody } from '../exchange.ts';
import { computed, id, orgFields, text } from '../fields.ts';
import { exact, uuid } from '../filters.ts';
import { toPage } from '../lists.ts';
import { toRelatedIds } from '../related-fields.ts';
import type { Action, Input, Resource } from '../resource.ts';
import { reply } from '../resource.ts';
import { fieldsOf, narrow, shapeOf, toAnswer } from '../rows.ts';
import { toSelection } from '../tables/query.ts';
import { addChild, childrenOf, ensurePath, reroot, rootNode } from '../tree.ts';
import type { Id, Json, JsonObject, Row } from '../types.ts';
import { idsOf, textOf, type World } from '../world.ts';
import { findRow, mustFind, writeAnswer } from '../writes.ts';
import { assets } from './assets.ts';
import { below, categoryTree, childTree } from './node-tree.ts';
import { suggestions } from './suggestions.ts';
import { startTask } from './tasks.ts';

const sameName = 'A node of this level has this name already.';

function setAssets(world: World, asset: Id, nodes: Id[], org: string): void {
  const root = rootNode(world, org);
  world.store.table('assets').update(asset, { nodes: nodes.length > 0 || root === undefined ? nodes : [root.id] });
}

function membership(x: Exchange, act: (node: Row, asset: Row, nodes: Id[]) => Id[]): Json {
  const node = mustFind(nodes, x);
  const given = objectBody(x).assets;
  if (given === undefined) throw new ApiError(400, { assets: [says.required] });
  const table = x.world.store.table('assets');
  for (const key of toRelatedIds('assets', given, lookOf(x, 'W'))) {
    const asset = table.get(key);
    if (asset !== undefined) setAssets(x.world, key, act(node, asset, idsOf(asset.nodes)), textOf(node.org_id));
  }
  const all = table.where('nodes', node.id).map((asset) => asset.id);
  return { assets: all, ...orgPart(node, x) };
}

function orgPart(node: Row, x: Exchange): JsonObject {
  return toAnswer(node, orgFields(), lookOf(x, 'W'));
}

function addUnder(x: Exchange, parent: Row): Json {
  const given = textOf(objectBody(x).value).trim();
  const children = childrenOf(x.world, parent);
  const value = given === '' ? newName(children) : given;
  if (children.some((child) => child.value === value)) throw refused('error', sameName);
  return writeAnswer(nodes, x, addChild(x, parent, value));
}

function newName(children: readonly Row[]): string {
  let number = 1;
  while (children.some((child) => child.value === `New node ${number}`)) number += 1;
  return `New node ${number}`;
}

function move(x: Exchange): Json {
  const parent = mustFind(nodes, x);
  for (const key of toRelatedIds('nodes', objectBody(x).nodes ?? [], lookOf(x, 'W'))) {
    const node = x.world.store.table('nodes').get(key);
    if (node === undefined || subtreeOf(x.world, node.id).has(parent.id)) continue;
    const value = textOf(node.value);
    if (childrenOf(x.world, parent).some((child) => child.value === value && child.id !== node.id))
      throw refused('error', sameName);
    const place = addChild(x, parent, value);
    x.world.store.table('nodes').remove(place.id);
    reroot(x.world, node, textOf(place.key), textOf(parent.key), textOf(place.full_value));
  }
  return 'OK';
}

/** The node a tree request starts from, by `id` or `key`; null starts at the roots. */
function startOf(x: Exchange): Row | null {
  const key = x.query.get('key');
  if (key !== null && key !== '') return x.world.store.table('nodes').where('key', key)[0] ?? null;
  const given = x.params.id ?? x.query.get('id') ?? '';
  if (given === '') return null;
  const row = findRow(nodes, x, given);
  if (row === undefined) throw notFound(nodes.noun);
  return row;
}

function nodeAssets(x: Exchange): Json {
  const node = mustFind(nodes, x);
  const table = x.world.store.table('assets');
  const deep = (x.query.get('all') ?? '') !== '';
  const values = deep ? subtreeOf(x.world, node.id) : new Set<Json>([node.id]);
  const rows = table.select({ among: [{ column: 'nodes', values }], tests: [], order: ['name'] });
  const fields = narrow(assets, shapeOf(assets, x, 'L'), x);
  return toPage(x, rows, (row) => toAnswer(row, fields, lookOf(x, 'L')));
}

function nodeTask(x: Exchange): Json {
  const node = mustFind(nodes, x);
  const { action } = objectBody(x);
  return { task: startTask(x, `assets.tasks.${textOf(action) || 'refresh'}_node`, [node.id]) };
}

const actions: Action[] = [
  suggestions('assets.match_node'),
  { method: 'GET', path: 'children', perm: 'assets.view_node', run: (x) => page(x, below(x, startOf(x))) },
  { method: 'GET', path: 'children/tree', perm: 'assets.view_node', run: (x) => childTree(x, startOf(x)) },
  { method: 'GET', path: 'category/tree', perm: 'assets.view_node', run: categoryTree },
  {
    method: 'POST',
    path: 'check_assets_amount_task',
    perm: 'assets.view_node',
    run: (x) => ({ task: startTask(x, 'assets.tasks.check_node_assets_amount', []) }),
  },
  { method: 'GET', path: ':id/children', perm: 'assets.view_node', run: (x) => page(x, below(x, mustFind(nodes, x))) },
  {
    method: 'POST',
    path: ':id/children',
    perm: 'assets.add_node',
    run: (x) => reply(201, addUnder(x, mustFind(nodes, x))),
  },
  { method: 'GET', path: ':id/assets', perm: 'assets.view_asset', run: nodeAssets },
  { method: 'PUT PATCH', path: ':id/children/add', perm: 'assets.change_node', run: move },
  {
    method: 'PUT PATCH',
    path: ':id/assets/add',
    perm: 'assets.change_assetnodes',
    run: (x) => membership(x, (node, _asset, known) => [...new Set([...known, node.id])]),
  },
  {
    method: 'PUT PATCH',
    path: ':id/assets/remove',
    perm: 'assets.change_assetnodes',
    run: (x) => membership(x, (node, _asset, known) => known.filter((one) => one !== node.id)),
  },
  {
    method: 'PUT PATCH',
    path: ':id/assets/replace',
    perm: 'assets.change_assetnodes',
    run: (x) => membership(x, (node) => [node.id]),
  },
  { method: 'POST', path: ':id/tasks', perm: 'assets.change_node', run: (x) => reply(201, nodeTask(x)) },
];

function page(x: Exchange, rows: readonly Row[]): Json {
  const fields = narrow(nodes, fieldsOf(nodes, x.world.version, 'L'), x);
  return toPage(x, toSelection(rows), (row) => toAnswer(row, fields, lookOf(x, 'L')));
}

/** The asset tree: `assets/nodes/` (api.md §5.6). */
export const nodes: Resource = {
  table: 'nodes',
  path: 'assets/nodes',
  noun: 'Node',
  model: 'assets.node',
  scope: 'org',
  fields: [
    id(),
    text('key', { mode: 'ro' }),
    text('value', { nullable: false }),
    computed('org_id', 'field', (row) => row.org_id ?? ''),
    computed('name', 'field', (row) => row.value ?? ''),
    text('full_value'),
    ...orgFields().slice(1),
  ],
  order: ['parent_key', 'value'],
  sortable: ['org_id'],
  search: ['full_value'],
  slug: 'value',
  filters: { id: uuid('id'), key: exact('key'), value: exact('value') },
  check,
  hooks: { created, updated, deleting, deleted },
  actions,
};

function check({ x, row, values, faults, given }: Input): void {
  if (row === null) {
    checkNew(x, values, given, faults);
    return;
  }
  delete values.full_value;
  if (given.value === undefined) return;
  if (row.parent_key === '') {
    faults.value = ['The root node keeps its name.'];
    return;
  }
  const parent = parentOf(x.world, row);
  const others = parent === undefined ? [] : childrenOf(x.world, parent).filter((child) => child.id !== row.id);
  if (others.some((child) => child.value === textOf(values.value))) faults.value = [sameName];
}

function parentOf(world: World, node: Row): Row | undefined {
  return world.store.table('nodes').where('key', textOf(node.parent_key))[0];
}

function checkNew(x: Exchange, values: JsonObject, given: JsonObject, faults: JsonObject): void {
  const root = rootNode(x.world, x.org);
  const full = textOf(given.full_value);
  const value = full === '' ? textOf(values.value) : (full.split('/').at(-1) ?? '');
  if (value === '') {
    faults.value = [says.required];
    return;
  }
  if (full === '' && root !== undefined && childrenOf(x.world, root).some((child) => child.value === value)) {
    faults.value = [sameName];
    return;
  }
  values.value = value;
  values.full_value = full === '' ? `${textOf(root?.full_value)}/${value}` : full;
  values.parent_key = '-';
  values.key = '-';
}

/** A new node is written anew at its place in the tree, under the id it was given. */
function created(row: Row, { x }: Input): void {
  x.world.store.table('nodes').remove(row.id);
  const parts = textOf(row.full_value)
    .split('/')
    .filter((part) => part !== '');
  const parent =
    parts.length > 1 ? ensurePath(x, parts.slice(0, -1).join('/')) : (rootNode(x.world, x.org) ?? ensurePath(x, '/'));
  const value = parts.at(-1) ?? textOf(row.value);
  Object.assign(row, addChild(x, parent, value, String(row.id)));
}

function updated(row: Row, { x }: Input): void {
  const full = `${textOf(parentOf(x.world, row)?.full_value)}/${textOf(row.value)}`;
  reroot(x.world, row, textOf(row.key), textOf(row.parent_key), full);
}

function deleting(row: Row, x: Exchange): void {
  if (row.parent_key === '') throw new ApiError(403, { error: 'The root node cannot be deleted.' });
  if (assetsUnder(x.world, row.id).size > 0) throw new ApiError(403, { error: 'The node still holds assets.' });
}

function deleted(row: Row, x: Exchange): void {
  const { store } = x.world;
  for (const child of childrenOf(x.world, row)) store.table('nodes').remove(child.id);
  const links = store.table('permission-nodes');
  for (const link of links.where('node', row.id)) links.remove(link.id);
}

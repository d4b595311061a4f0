import type { Exchange } from './exchange.ts';
import type { Row } from './types.ts';
import { textOf, type World } from './world.ts';

/** The root of an organisation's tree: the node whose key is digits only (api.md §5.6). */
export function rootNode(world: World, org: string): Row | undefined {
  return world.store
    .table('nodes')
    .where('parent_key', '')
    .find((node) => node.org_id === org);
}

/** Children of a node, by value. */
export function childrenOf(world: World, node: Row): readonly Row[] {
  return world.store.table('nodes').where('parent_key', textOf(node.key));
}

/** Depth of a node: the root has 0. */
export function depthOf(node: Row): number {
  return textOf(node.key).split(':').length - 1;
}

/** Makes a child: its key is its parent's with the next number, which is never used again. */
export function addChild(x: Exchange, parent: Row, value: string, id = x.world.chance.uuid()): Row {
  const nodes = x.world.store.table('nodes');
  const used = childrenOf(x.world, parent).map((child) => Number(textOf(child.key).split(':').at(-1)));
  const mark = Math.max(Number(parent.child_mark ?? 0), ...used.map((number) => number + 1));
  nodes.update(parent.id, { child_mark: mark + 1 });
  return nodes.insert({
    id,
    key: `${textOf(parent.key)}:${mark}`,
    parent_key: textOf(parent.key),
    value,
    full_value: `${textOf(parent.full_value)}/${value}`,
    child_mark: 0,
    org_id: textOf(parent.org_id),
  });
}

/** The node of a full path such as `/Default/a/b`, made as far as it is missing; the first part is the root's. */
export function ensurePath(x: Exchange, path: string): Row {
  const root = rootNode(x.world, x.org) ?? addRoot(x.world, x.org);
  const parts = path.split('/').filter((part) => part !== '');
  if (parts[0] === root.value) parts.shift();
  let at = root;
  for (const part of parts) {
    at = childrenOf(x.world, at).find((child) => child.value === part) ?? addChild(x, at, part);
  }
  return at;
}

/** Makes the root of an organisation's tree, with a first number of its own. */
export function addRoot(world: World, org: string): Row {
  const nodes = world.store.table('nodes');
  const numbers = nodes.where('parent_key', '').map((node) => Number(node.key));
  const value = textOf(world.store.table('orgs').get(org)?.name);
  return nodes.insert({
    id: world.chance.uuid(),
    key: String(Math.max(0, ...numbers) + 1),
    parent_key: '',
    value,
    full_value: `/${value}`,
    child_mark: 0,
    org_id: org,
  });
}

/** Gives a subtree a new place or name: keys and full paths of every node in it. */
export function reroot(world: World, node: Row, key: string, parentKey: string, fullValue: string): void {
  const nodes = world.store.table('nodes');
  const children = [...childrenOf(world, node)];
  nodes.update(node.id, { key, parent_key: parentKey, full_value: fullValue });
  for (const child of children) {
    const last = textOf(child.key).split(':').at(-1) ?? '0';
    reroot(world, child, `${key}:${last}`, key, `${fullValue}/${textOf(child.value)}`);
  }
}

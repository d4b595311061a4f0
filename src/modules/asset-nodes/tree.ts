import type { Row } from '../../graph/row.ts';

/** The asset tree of an organisation, held in memory: every row has its key, from which its place follows (api.md §5.6). */
export interface Tree {
  parent(key: string): Row | null;
  /** The nodes above, root first. */
  ancestors(key: string): Row[];
  /** The nodes directly below, by name. */
  children(key: string): Row[];
  /** All nodes below in tree order, at most `depth` steps down. */
  descendants(key: string, depth: number): Row[];
}

/** Steps from the root: a root's key has one number. */
export function depthOf(key: string): number {
  return key.split(':').length - 1;
}

function parentKey(key: string): string | undefined {
  const at = key.lastIndexOf(':');
  return at < 0 ? undefined : key.slice(0, at);
}

/** Builds the tree from all rows of an organisation. */
export function createTree(rows: readonly Row[]): Tree {
  const byKey = new Map(rows.map((row) => [String(row['key']), row]));
  const below = new Map<string, Row[]>();
  for (const row of rows) {
    const parent = parentKey(String(row['key']));
    if (parent === undefined) continue;
    const siblings = below.get(parent);
    if (siblings) siblings.push(row);
    else below.set(parent, [row]);
  }
  const byName = (left: Row, right: Row) => String(left['name']).localeCompare(String(right['name']));
  const children = (key: string) => [...(below.get(key) ?? [])].sort(byName);
  const descendants = (key: string, depth: number): Row[] =>
    depth <= 0 ? [] : children(key).flatMap((row) => [row, ...descendants(String(row['key']), depth - 1)]);
  const parent = (key: string) => byKey.get(parentKey(key) ?? '') ?? null;
  const ancestors = (key: string): Row[] => {
    const above = parent(key);
    return above ? [...ancestors(String(above['key'])), above] : [];
  };
  return { parent, ancestors, children, descendants };
}

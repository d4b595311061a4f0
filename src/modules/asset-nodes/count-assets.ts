import DataLoader from 'dataloader';
import type { Catalogue, Noun } from '../../generated/catalogue.ts';
import type { Scope } from '../../graph/context.ts';
import { fetchAll, fetchPage, type Source } from '../../graph/fetch.ts';
import { type Row, relatedId } from '../../graph/row.ts';

/** Up to this many nodes are counted by a call each; more by reading which asset stands where. */
const SINGLY = 3;

const loaders = new WeakMap<Scope, DataLoader<Row, number, string>>();

/**
 * The number of assets in a node and below, each counted once. JumpServer's own count stands only in the tree for its page, is stored and
 * can lag (api.md, Corrections): it is counted from the assets instead.
 */
export function countAssets(scope: Scope, catalogue: Catalogue, row: Row): Promise<number> {
  const known = loaders.get(scope) ?? createLoader(scope, catalogue);
  loaders.set(scope, known);
  return known.load(row);
}

function createLoader(scope: Scope, catalogue: Catalogue): DataLoader<Row, number, string> {
  return new DataLoader<Row, number, string>((rows) => countAll(scope, catalogue, rows), {
    batchScheduleFn: setImmediate,
    // Counts change with every write of the same operation; equal reads are one call all the same.
    cache: false,
  });
}

async function countAll(scope: Scope, catalogue: Catalogue, rows: readonly Row[]): Promise<number[]> {
  const assets = catalogue.nouns['Asset'] as Noun;
  const source = { session: scope.session, catalogue, capabilities: await scope.reader.capabilities() };
  if (rows.length <= SINGLY) return Promise.all(rows.map((row) => countOne(source, assets, row)));
  return countByReading(scope, source, assets, rows);
}

async function countOne(source: Source, assets: Noun, row: Row): Promise<number> {
  const rules = [{ name: 'nodes', match: 'm2m', value: [row['id']] }];
  return (await fetchPage(source, assets, { rules, limit: 1, properties: ['id'] })).count;
}

/** Reads `id, nodes` of all assets and the keys of all nodes; an asset counts for its nodes and every node above them. */
async function countByReading(scope: Scope, source: Source, assets: Noun, rows: readonly Row[]): Promise<number[]> {
  const query = { properties: ['id', 'nodes'], order: assets.order, limit: 1000 };
  const [nodes, first] = await Promise.all([
    scope.reader.scan('AssetNode', ['id', 'key', 'name']),
    fetchPage(source, assets, query),
  ]);
  const keys = new Map(nodes.map((node) => [relatedId(node), String(node['key'])]));
  const counts = new Map<string, number>();
  for (const asset of await fetchAll(source, assets, query, first)) {
    const direct = Array.isArray(asset['nodes']) ? asset['nodes'].map((node) => keys.get(relatedId(node))) : [];
    const reached = new Set(direct.flatMap((key) => (key === undefined ? [] : keyAndAbove(key))));
    for (const key of reached) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return rows.map((row) => counts.get(String(row['key'])) ?? 0);
}

/** `1:3:7` → `1:3:7`, `1:3`, `1`. */
function keyAndAbove(key: string): string[] {
  const parts = key.split(':');
  return parts.map((_, index) => parts.slice(0, index + 1).join(':'));
}

import type { AccessAsset, AccessInputs, AccessUser } from './inputs.ts';

/**
 * The order of users and assets that all positions, bit sets, pages and cursors of an engine refer to: by name, then id.
 * Engines can share one, which is what makes two points in time comparable.
 */
export interface Directory {
  readonly users: readonly AccessUser[];
  readonly assets: readonly AccessAsset[];
  readonly userAt: ReadonlyMap<string, number>;
  readonly assetAt: ReadonlyMap<string, number>;
}

/** Orders the users and assets of one or more readings; a row that is in several is taken from the last. */
export function createDirectory(...readings: readonly AccessInputs[]): Directory {
  const users = inOrder(readings.map((inputs) => inputs.users));
  const assets = inOrder(readings.map((inputs) => inputs.assets));
  return { users, assets, userAt: positionsById(users), assetAt: positionsById(assets) };
}

/** The places of these rows in an ordered list. */
function positionsById(rows: readonly { readonly id: string }[]): Map<string, number> {
  return new Map(rows.map((row, position) => [row.id, position]));
}

/** Compares by name, then by id, in code units: the same on every machine. */
export function compareByName(left: Named, right: Named): number {
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  if (left.id === right.id) return 0;
  return left.id < right.id ? -1 : 1;
}

/** The rows at these places of an ordered list; a place without a row is left out. */
export function rowsAt<Row>(rows: readonly Row[], positions: Iterable<number | undefined>): Row[] {
  return [...positions].map((position) => rows[position ?? -1]).filter((row) => row !== undefined);
}

interface Named {
  readonly id: string;
  readonly name: string;
}

function inOrder<Row extends Named>(lists: readonly (readonly Row[])[]): Row[] {
  const byId = new Map<string, Row>();
  for (const list of lists) for (const row of list) byId.set(row.id, row);
  return [...byId.values()].sort(compareByName);
}

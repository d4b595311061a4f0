import type { Inheritance, Match, ReverseField } from '../generated/catalogue.ts';
import { type Row, relatedId } from './row.ts';

/** How the rows that point to parents are told apart: a row belongs to a parent that shares a key with it. */
export interface Matching {
  readonly theirs: (row: Row) => readonly string[];
  readonly mine: (parent: Row) => readonly string[];
}

/** Reads every row of a noun. */
export type Scan = (noun: string, properties: Iterable<string>) => Promise<readonly Row[]>;

/** Gives an id with those of all rows above it. */
export type Lineage = (id: string) => readonly string[];

/** By the properties that both hold. */
export function matchingsOf({ by }: ReverseField): Matching[] {
  return by.map(plain);
}

/** By the places that both have in a tree. */
export function inheritedMatchings({ above, below }: Inheritance, lineage: Lineage): Matching[] {
  const upwards = (keys: readonly string[]) => [...new Set(keys.flatMap(lineage))];
  return [
    ...(above ? [{ ...plain(above), mine: (parent: Row) => upwards(keysIn(parent[above.mine])) }] : []),
    ...(below ? [{ ...plain(below), theirs: (row: Row) => upwards(keysIn(row[below.theirs])) }] : []),
  ];
}

function plain({ theirs, mine }: Match): Matching {
  return { theirs: (row) => keysIn(row[theirs]), mine: (parent) => keysIn(parent[mine]) };
}

/** The properties of a parent by which it inherits. */
export function inheritingProperties({ above, below }: Inheritance): string[] {
  return [above, below].flatMap((match) => (match ? [match.mine] : []));
}

/** Reads the tree, once per operation. */
export async function readLineage(scan: Scan, { tree, key }: Inheritance): Promise<Lineage> {
  const rows = await scan(tree, ['id', key]);
  const places = new Map(rows.map((row) => [relatedId(row) ?? '', String(row[key])]));
  const ids = new Map([...places].map(([id, place]) => [place, id]));
  return (id) => {
    const steps = places.get(id)?.split(':') ?? [];
    const above = steps.slice(1).map((_, index) => ids.get(steps.slice(0, index + 1).join(':')));
    return [id, ...above.filter((found) => found !== undefined)];
  };
}

function keysIn(value: unknown): string[] {
  const keys = (Array.isArray(value) ? value : [value]).map(relatedId);
  return [...new Set(keys.filter((key) => key !== null))];
}

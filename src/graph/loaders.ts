import DataLoader from 'dataloader';
import type { Catalogue, Noun, PartField } from '../generated/catalogue.ts';
import { CHUNK } from './chunk.ts';
import type { Source } from './fetch.ts';
import { loadRows } from './load-rows.ts';
import type { Plan } from './plan.ts';
import type { Row } from './row.ts';
import type { Way } from './trace.ts';
import { wantedOf } from './variants.ts';

/** What all ways of reading in one scope share. */
export interface ReadContext {
  readonly catalogue: Catalogue;
  /** Asked for late, since it is made by the first resolver. */
  readonly plan: () => Plan;
  /** Called with every row read, so that rows of another organisation are marked. */
  readonly received: (rows: readonly Row[]) => void;
  readonly nounOf: (name: string) => Noun;
  readonly source: (way: Way) => Promise<Source>;
}

/** Rows by id: those wanted in one turn are one batch, each is read once. */
export interface Loaders {
  load(noun: string, id: string): Promise<Row | null>;
  loadPart(part: PartField, noun: string, id: string): Promise<Row | null>;
  /** Puts rows that are known already where they are found by id. */
  prime(noun: string, rows: readonly Row[]): void;
  /** The same for rows that were read with these properties, if they have all that is wanted by id anywhere. */
  primeCovering(noun: string, rows: readonly Row[], properties: ReadonlySet<string>): void;
  forget(): void;
}

/** Creates the loaders of one scope: one for each noun, one for each part. */
export function createLoaders({ catalogue, plan, received, nounOf, source }: ReadContext): Loaders {
  const loaders = new Map<string, DataLoader<string, Row | null>>();
  /** Known rows go into the loader when it is first asked, which most never is. */
  const listed = new Map<string, (readonly Row[])[]>();
  const open = (noun: Noun, path: string, wanted: () => ReadonlySet<string>): DataLoader<string, Row | null> => {
    const key = path === noun.path ? noun.name : path;
    const known = loaders.get(key);
    if (known) return known;
    const way = path === noun.path ? 'ids' : 'part';
    const load = async (ids: readonly string[]) =>
      loadRows({ source: await source(way), noun, path, wanted: wanted(), received }, ids);
    const loader = new DataLoader(load, { maxBatchSize: CHUNK, batchScheduleFn: setImmediate });
    loaders.set(key, loader);
    return loader;
  };
  const byId = (name: string): DataLoader<string, Row | null> => {
    const noun = nounOf(name);
    const loader = open(noun, noun.path, () => wantedOf(catalogue, noun, plan()));
    for (const row of listed.get(name)?.flat() ?? []) loader.prime(String(row['id']).toLowerCase(), row);
    listed.delete(name);
    return loader;
  };
  const prime = (name: string, rows: readonly Row[]): void => {
    const known = listed.get(name);
    if (known) known.push(rows);
    else listed.set(name, [rows]);
  };
  return {
    load: (name, id) => byId(name).load(id),
    loadPart: ({ path }, name, id) => open(nounOf(name), path, () => plan().part(path)).load(id),
    prime,
    primeCovering: (name, rows, properties) => {
      if (isCovered(plan().union(name), properties)) prime(name, rows);
    },
    forget: () => {
      loaders.clear();
      listed.clear();
    },
  };
}

function isCovered(wanted: ReadonlySet<string>, properties: ReadonlySet<string>): boolean {
  for (const property of wanted) if (!properties.has(property)) return false;
  return true;
}

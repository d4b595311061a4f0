import DataLoader from 'dataloader';
import type { Noun } from '../generated/catalogue.ts';
import { isUpstreamError } from '../upstream/errors.ts';
import { fetchPage, type ReadPath, type Source } from './fetch.ts';
import { findRows, propertyOf } from './find.ts';
import type { Scan } from './lineage.ts';
import type { ReadContext } from './loaders.ts';
import type { Row } from './row.ts';

/** Rows by the value of a plain field that tells them (a user name, an asset's name): those wanted in one turn are one batch. */
export interface Finders {
  /** None when nobody has that value. */
  find(noun: string, field: string, value: string): Promise<readonly Row[]>;
  forget(): void;
}

/** Creates the finders of one scope: one for each field. */
export function createFinders(context: ReadContext, scan: Scan): Finders {
  const finders = new Map<string, DataLoader<string, readonly Row[]>>();
  const open = (name: string, field: string): DataLoader<string, readonly Row[]> => {
    const key = `${name}.${field}`;
    const known = finders.get(key);
    if (known) return known;
    const load = createFind(context, scan, context.nounOf(name), field);
    const finder = new DataLoader(load, { batchScheduleFn: setImmediate });
    finders.set(key, finder);
    return finder;
  };
  return { find: (name, field, value) => open(name, field).load(value), forget: () => finders.clear() };
}

type Find = (values: readonly string[]) => Promise<(readonly Row[] | Error)[]>;

function createFind({ plan, source, received }: ReadContext, scan: Scan, noun: Noun, field: string): Find {
  const property = propertyOf(noun, field);
  return async (values) => {
    const properties = plan().union(noun.name);
    const from = await source('find');
    try {
      const finding = { source: from, noun, field, properties, scan: () => scan(noun.name, [property]) };
      const rows = await findRows(finding, values);
      received(rows.flat());
      return rows;
    } catch (error) {
      const own = await readOwn(from, noun, new Set([...properties, property]), error);
      return values.map((value) => (own?.[property] === value ? [own] : (error as Error)));
    }
  };
}

/** The caller's own row, where it is one that everybody may read and the others were refused. */
async function readOwn(source: Source, noun: Noun, properties: ReadonlySet<string>, error: unknown) {
  if (noun.own === undefined || noun.own.includes('{') || !isUpstreamError(error, 'FORBIDDEN')) throw error;
  return (await fetchPage(source, noun, { route: { path: noun.own as ReadPath }, limit: 1, properties })).rows[0];
}

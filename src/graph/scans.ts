import type { Noun } from '../generated/catalogue.ts';
import { fetchAll, fetchPage } from './fetch.ts';
import type { ReadContext } from './loaders.ts';
import type { Row } from './row.ts';
import type { ListQuery } from './window.ts';

/** Every row of a noun in the organisation, read once per operation. */
export interface Scans {
  scan(noun: string, properties: Iterable<string>): Promise<readonly Row[]>;
  forget(): void;
}

/** Creates the scans of one scope. */
export function createScans(context: ReadContext): Scans {
  const scans = new Map<string, Promise<readonly Row[]>>();
  return {
    scan: (name, properties) => {
      const wanted = [...new Set([...properties, ...context.plan().union(name)])].sort();
      const key = `${name}:${wanted.join()}`;
      const known = scans.get(key) ?? scanAll(context, context.nounOf(name), wanted);
      scans.set(key, known);
      return known;
    },
    forget: () => scans.clear(),
  };
}

async function scanAll(
  { source, received }: ReadContext,
  noun: Noun,
  properties: readonly string[],
): Promise<readonly Row[]> {
  const query: ListQuery = { properties, order: noun.order };
  const from = await source('scan');
  const first = await fetchPage(from, noun, { ...query, limit: 1000 });
  const rows = noun.paged ? await fetchAll(from, noun, { ...query, limit: 1000 }, first) : first.rows;
  received(rows);
  return rows;
}

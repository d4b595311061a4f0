import type { Noun } from '../generated/catalogue.ts';
import { CHUNK } from './chunk.ts';
import { fetchAll, fetchPage, type PageQuery, type Source } from './fetch.ts';
import { hasRules } from './question.ts';
import type { Row } from './row.ts';

/**
 * Finds rows by the values of one field (a user name, an asset's name): in one call where the server can be asked for many, else by reading
 * the noun's rows once, else by a call for each. JumpServer's filters may match more loosely, so each row's own value decides.
 */
export async function findRows(
  source: Source,
  noun: Noun,
  field: string,
  values: readonly string[],
  properties: ReadonlySet<string>,
  scan: () => Promise<readonly Row[]>,
): Promise<Row[][]> {
  const property = propertyOf(noun, field);
  const wanted = new Set([...properties, property]);
  const rows = await readCandidates(source, noun, field, values, wanted, scan);
  return values.map((value) => rows.filter((row) => String(row[property]) === value));
}

/** The property of the row that a plain field reads. */
export function propertyOf(noun: Noun, field: string): string {
  const known = noun.fields[field];
  const property = known?.kind === 'value' ? known.from[0] : undefined;
  if (property === undefined) throw new Error(`${noun.name}.${field} is no plain field of the catalogue`);
  return property;
}

async function readCandidates(
  source: Source,
  noun: Noun,
  field: string,
  values: readonly string[],
  properties: ReadonlySet<string>,
  scan: () => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const filter = noun.filters[field];
  const query = { order: noun.order, properties, limit: 1000 };
  if (filter?.rule && hasRules({ noun, capabilities: source.capabilities })) {
    const { name } = filter.rule;
    const rules = chunksOfValues(values).map((chunk) => [{ name, match: 'in', value: chunk }]);
    return readEach(
      source,
      noun,
      rules.map((rule) => ({ ...query, rules: rule })),
    );
  }
  if (noun.scan && values.length > 1) return scan();
  const param = filter?.param;
  if (param === undefined) return noun.scan ? scan() : [];
  return readEach(
    source,
    noun,
    values.map((value) => ({ ...query, params: { [param]: value } })),
  );
}

/** The most bytes of values in one rule: base64 adds a third, and a URL may have 8 kB (api.md §3.4). */
const BYTES = 4500;

/** Values in chunks that fit into a URL: as many as ids, fewer when they are long. */
export function chunksOfValues(values: readonly string[]): string[][] {
  const chunks: string[][] = [];
  let room = 0;
  for (const value of values) {
    const size = Buffer.byteLength(JSON.stringify(value)) + 1;
    const last = chunks.at(-1);
    if (last && last.length < CHUNK && size <= room) last.push(value);
    else {
      chunks.push([value]);
      room = BYTES;
    }
    room -= size;
  }
  return chunks;
}

async function readEach(source: Source, noun: Noun, queries: readonly PageQuery[]): Promise<Row[]> {
  const pages = await Promise.all(
    queries.map(async (query) => fetchAll(source, noun, query, await fetchPage(source, noun, query))),
  );
  return pages.flat();
}

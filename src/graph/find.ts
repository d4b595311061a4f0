import type { Noun } from '../generated/catalogue.ts';
import { CHUNK } from './chunk.ts';
import { fetchAll, fetchPage, type PageQuery, type Source } from './fetch.ts';
import { hasRules } from './question.ts';
import type { Row } from './row.ts';

/** What is looked for: rows by a field of their noun. */
export interface Finding {
  readonly source: Source;
  readonly noun: Noun;
  readonly field: string;
  /** What is wanted of the rows besides the field's own property. */
  readonly properties: ReadonlySet<string>;
  /** Reads every row of the noun with that property. */
  readonly scan: () => Promise<readonly Row[]>;
}

/**
 * Finds rows by the values of one field (a user name, an asset's name): in one call where the server can be asked for many, else by reading
 * the noun's rows once, else by a call for each. JumpServer's filters may match more loosely, so each row's own value decides.
 */
export async function findRows(finding: Finding, values: readonly string[]): Promise<Row[][]> {
  const property = propertyOf(finding.noun, finding.field);
  const properties = new Set([...finding.properties, property]);
  const rows = await readCandidates({ ...finding, properties }, values);
  return values.map((value) => rows.filter((row) => String(row[property]) === value));
}

/** The property of the row that a plain field reads. */
export function propertyOf(noun: Noun, field: string): string {
  const known = noun.fields[field];
  const property = known?.kind === 'value' ? known.from[0] : undefined;
  if (property === undefined) throw new Error(`${noun.name}.${field} is no plain field of the catalogue`);
  return property;
}

async function readCandidates(finding: Finding, values: readonly string[]): Promise<readonly Row[]> {
  const { source, noun, field, properties, scan } = finding;
  const filter = noun.filters[field];
  const query = { order: noun.order, properties, limit: 1000 };
  if (filter?.rule && hasRules({ noun, capabilities: source.capabilities })) {
    const { name } = filter.rule;
    const rules = chunksOfValues(values).map((chunk) => [{ name, match: 'in', value: chunk }]);
    return readEach(
      finding,
      rules.map((rule) => ({ ...query, rules: rule })),
    );
  }
  if (noun.scan && values.length > 1) return scan();
  const param = filter?.param;
  if (param === undefined) return noun.scan ? scan() : [];
  return readEach(
    finding,
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

async function readEach({ source, noun }: Finding, queries: readonly PageQuery[]): Promise<Row[]> {
  const pages = await Promise.all(
    queries.map(async (query) => fetchAll(source, noun, query, await fetchPage(source, noun, query))),
  );
  return pages.flat();
}

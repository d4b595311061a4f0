import type { Noun } from '../generated/catalogue.ts';
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

/** The most values in one rule: names are longer than ids (api.md §3.5). */
const VALUES = 60;

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
    const chunks = Array.from({ length: Math.ceil(values.length / VALUES) }, (_, at) =>
      values.slice(at * VALUES, (at + 1) * VALUES),
    );
    const rules = chunks.map((chunk) => [{ name, match: 'in', value: chunk }]);
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

async function readEach(source: Source, noun: Noun, queries: readonly PageQuery[]): Promise<Row[]> {
  const pages = await Promise.all(
    queries.map(async (query) => fetchAll(source, noun, query, await fetchPage(source, noun, query))),
  );
  return pages.flat();
}

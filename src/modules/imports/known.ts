import { chunksOf } from '../../graph/chunk.ts';
import { fetchAll, fetchPage } from '../../graph/fetch.ts';
import { findRows } from '../../graph/find.ts';
import type { Row } from '../../graph/row.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { type Job, rowPath } from './job.ts';

/** A row about to be imported, as far as it can clash with rows that are there. */
export interface Candidate {
  readonly id: string;
  /** Values that only one row may have, by property, which is also the input's name; the first is what the row is known by. */
  readonly unique: Readonly<Record<string, string>>;
}

/** What stands there already. */
export interface Known {
  readonly byId: ReadonlyMap<string, Row>;
  /** Whether a row with another id has that value. False also where that was not looked up. */
  isTaken(property: string, value: string): boolean;
}

/** From this many rows on, a whole page of what is there costs less than asking for each hundred. */
const SCAN_FROM = 200;
const PAGE = 1000;

/**
 * Reads which of the rows are there already, by id and by what is unique: all rows of the organisation where that takes fewer calls; else by
 * ids, and by names in a dry run (a real run is told by JumpServer). `fields` are the graph's names of the unique properties.
 */
export async function readKnown(
  job: Job,
  noun: string,
  candidates: readonly Candidate[],
  properties: readonly string[] = [],
  fields: Readonly<Record<string, string>> = {},
): Promise<Known> {
  if (candidates.length === 0) return toKnown([]);
  const wanted = [...properties, ...Object.keys(fields)];
  const all = candidates.length >= SCAN_FROM ? await scan(job, noun, candidates.length, wanted) : undefined;
  if (all) return toKnown(all);
  const [byId, named] = await Promise.all([
    readIds(
      job,
      noun,
      candidates.map(({ id }) => id),
      wanted,
    ),
    job.isDry ? readNames(job, noun, candidates, wanted, fields) : [],
  ]);
  return toKnown([...byId, ...named]);
}

/** Notes what stands already and refuses values that are taken; answers what is to be created. */
export function sortOut<Draft extends Candidate & { readonly row: number }>(
  job: Job,
  drafts: readonly Draft[],
  known: Known,
): readonly Draft[] {
  return drafts.filter((draft) => {
    const { row, id, unique } = draft;
    const standing = known.byId.get(id);
    const other = standing && otherOf(draft, standing);
    const taken = standing ? undefined : Object.keys(unique).find((name) => known.isTaken(name, unique[name] ?? ''));
    if (other !== undefined) job.ledger.fail(row, [moved(rowPath(row, other.name), other.value)]);
    else if (standing) job.ledger.skip(row, id);
    else if (taken !== undefined)
      job.ledger.fail(row, [
        { field: rowPath(row, taken), code: 'DUPLICATE', message: 'Another one has this already.' },
      ]);
    return !standing && taken === undefined;
  });
}

/** What a row that has the id is known by, when that is something else than this row's. */
function otherOf({ unique }: Candidate, standing: Row): { readonly name: string; readonly value: unknown } | undefined {
  const [name = '', own] = Object.entries(unique)[0] ?? [];
  const value = standing[name];
  return value === undefined || value === own ? undefined : { name, value };
}

/** The refusal of a row in whose place something else was imported: it is not there, and what belongs to it must not go to the other one. */
export function moved(field: readonly string[], value: unknown): UserError {
  const message = `With this idempotencyKey the row of this number is ${JSON.stringify(value)}: give rows that have moved another key, or their old rowNumbers.`;
  return { field, code: 'CONFLICT', message };
}

function toKnown(rows: readonly Row[]): Known {
  const byId = new Map(rows.map((row) => [String(row['id']).toLowerCase(), row]));
  const values = new Map<string, Set<string>>();
  return {
    byId,
    isTaken: (property, value) => {
      const known = values.get(property) ?? new Set([...byId.values()].map((row) => String(row[property])));
      values.set(property, known);
      return known.has(value);
    },
  };
}

async function scan(
  { source, write }: Job,
  name: string,
  wanted: number,
  properties: readonly string[],
): Promise<readonly Row[] | undefined> {
  const noun = write.catalogue.nouns[name];
  if (!noun) return undefined;
  const limit = Math.min(PAGE, source.capabilities.maxPage);
  const query = { order: noun.order, limit, properties };
  const first = await fetchPage(source, noun, query);
  const isCheaper = first.count / limit <= wanted / 100 + 1;
  return isCheaper ? fetchAll(source, noun, query, first) : undefined;
}

/** The rows that have one of these ids. Without properties only which are there. */
export async function readIds(
  { source, write }: Job,
  name: string,
  ids: readonly string[],
  properties: readonly string[] = [],
): Promise<readonly Row[]> {
  const noun = write.catalogue.nouns[name];
  if (!noun) return [];
  const pages = await Promise.all(
    chunksOf(ids).map((chunk) => fetchPage(source, noun, { params: { ids: chunk }, limit: chunk.length, properties })),
  );
  return pages.flatMap(({ rows }) => rows);
}

async function readNames(
  { source, write }: Job,
  name: string,
  candidates: readonly Candidate[],
  properties: readonly string[],
  fields: Readonly<Record<string, string>>,
): Promise<readonly Row[]> {
  const noun = write.catalogue.nouns[name];
  if (!noun) return [];
  const lists = await Promise.all(
    Object.entries(fields).map(([property, field]) => {
      const values = [...new Set(candidates.flatMap(({ unique }) => unique[property] ?? []))];
      const scan = () => write.scope.reader.scan(name, properties);
      return findRows({ source, noun, field, properties: new Set(properties), scan }, values);
    }),
  );
  return lists.flat(2);
}

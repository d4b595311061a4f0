import type { Noun } from '../generated/catalogue.ts';
import { toIso } from '../graph/dates.ts';
import { brokenContract } from '../graph/errors.ts';
import { fetchPage, type Source } from '../graph/fetch.ts';
import type { Row } from '../graph/row.ts';
import { OVERLAP } from './log-follower.ts';

/** A list that grows with time, and how to ask for its newest rows. */
export interface Log {
  readonly noun: Noun;
  /** The property with a row's time, by which the list can be ordered. */
  readonly time: string;
  readonly properties: readonly string[];
  readonly params?: Readonly<Record<string, string>>;
  /** Whether the list takes `date_from` for that time. */
  readonly isWindowed: boolean;
}

/** Rows of the first page, which is all there is unless much happened; and of the pages after it. */
const FIRST = 100;
const NEXT = 1000;
/** Rows that each page shares with the one before it, so that none can slip through between them; more than one, since equal times may change places. */
const SEAM = 10;

/** A row and its time in milliseconds. */
export interface Timed {
  readonly row: Row;
  readonly at: number;
}

/**
 * Reads the rows of a log from an instant on (its second included), oldest first; without one, the newest rows as far back as windows
 * overlap. Newest rows are asked first, so one call is enough as a rule. Rows that come in meanwhile move the others on, so that some come
 * twice: they are left out. An end page only ends the reading when the list is ordered as it was asked. Throws `UPSTREAM_CONTRACT` when rows
 * went away meanwhile, since others then slip past: who follows reconnects with the last cursor.
 */
export const readBack = async (source: Source, log: Log, since: number | undefined): Promise<readonly Timed[]> => {
  const found = new Map<unknown, Timed>();
  let from = since;
  let last: unknown;
  for (let offset = 0; ; ) {
    const begin = Math.max(0, offset - SEAM);
    const { rows, count } = await readPage(source, log, since, begin);
    const reached = begin + rows.length;
    if (last !== undefined && (reached <= offset || !rows.some(({ id }) => id === last)))
      throw brokenContract(`${log.noun.name} rows went away while they were read.`);
    const timed = rows.map((row) => ({ row, at: timeOf(row, log.time) })).filter(({ at }) => !Number.isNaN(at));
    if (from === undefined && timed[0]) from = timed[0].at - OVERLAP;
    const start = from ?? Number.NEGATIVE_INFINITY;
    for (const one of timed) if (one.at >= start && !found.has(one.row['id'])) found.set(one.row['id'], one);
    offset = reached;
    last = rows.at(-1)?.['id'];
    if (rows.length === 0 || offset >= count || isPast(timed, start)) break;
  }
  return [...found.values()].reverse().sort((left, right) => left.at - right.at);
};

const readPage = (
  source: Source,
  { noun, time, properties, params, isWindowed }: Log,
  since: number | undefined,
  offset: number,
) =>
  fetchPage(source, noun, {
    params: {
      ...params,
      ...(isWindowed && since !== undefined && since > 0 && { date_from: new Date(since).toISOString() }),
    },
    order: [`-${time}`],
    limit: Math.min(offset === 0 ? FIRST : NEXT, source.capabilities.maxPage),
    offset,
    properties: [...properties, time],
  });

const isPast = (rows: readonly Timed[], start: number): boolean => {
  const last = rows.at(-1);
  return last !== undefined && last.at < start && rows.every(({ at }, index) => at <= (rows[index - 1]?.at ?? at));
};

/** NaN for a row without a time. */
const timeOf = (row: Row, property: string): number => Date.parse(toIso(row[property]) ?? '');

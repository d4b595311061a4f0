import type { Json } from '../types.ts';
import { bisect } from './bisect.ts';
import { merge, type Numbers, only } from './log-numbers.ts';
import { createGlance, type LogSource } from './log-source.ts';
import { type Among, isAmong, keyOf, type Query } from './query.ts';

/** Finds the numbers of a log's rows that fit a query. */
export type LogSearch = (query: Query) => Numbers;

const MOST_FOUND = 16;
const MOST_VALUES = 64;

/** Makes the search of a log: its rows never change, so what fits a query that has a name is found once. */
export function createLogSearch(source: LogSource): LogSearch {
  const search = createPlainSearch(source);
  const found = new Map<string, Numbers>();
  return (query) => {
    const key = keyOf({ ...query, order: [] });
    if (key === null) return search(query);
    const known = found.get(key) ?? search(query);
    found.delete(key);
    found.set(key, known);
    for (const oldest of found.keys()) {
      if (found.size <= MOST_FOUND) break;
      found.delete(oldest);
    }
    return known;
  };
}

function createPlainSearch(source: LogSource): LogSearch {
  const listFor = createLists(source);
  const glance = createGlance(source);
  return (query) => {
    const isOther = ({ column, values }: Among): boolean => !values.has(source.constants[column] ?? null);
    const [constant, varying] = split(query.among, ({ column }) => source.constants[column] !== undefined);
    if (constant.some(isOther)) return { list: [] };
    const best = narrowest(varying, listFor);
    const numbers = within(source, query, best?.list);
    const rest = varying.filter((among) => among !== best?.among);
    if (rest.length === 0 && query.tests.length === 0) return numbers;
    return only(numbers, (number) => {
      if (!rest.every((among) => holds(source, among, number))) return false;
      if (query.tests.length === 0) return true;
      const row = glance(number);
      return query.tests.every((test) => test(row));
    });
  };
}

function split<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

function holds(source: LogSource, among: Among, number: number): boolean {
  const key = source.keys[among.column];
  return key === undefined ? isAmong(source.row(number), among) : among.values.has(key(number));
}

/** A condition, and the rows that fulfil it. */
interface Listed {
  readonly among: Among;
  readonly list: ArrayLike<number>;
}

type Lists = (among: Among) => ArrayLike<number> | null;

/** The condition that leaves the fewest rows. One on ids is taken at once: no index is worth making beside it. */
function narrowest(conditions: readonly Among[], listFor: Lists): Listed | undefined {
  const ids = conditions.filter(({ column }) => column === 'id');
  const listed = (ids.length > 0 ? ids : conditions).flatMap((among): Listed[] => {
    const list = listFor(among);
    return list === null ? [] : [{ among, list }];
  });
  return listed.sort((a, b) => a.list.length - b.list.length)[0];
}

/** The numbers of a list, or of all rows, that are in the query's span of time. */
function within(source: LogSource, { span }: Query, list: ArrayLike<number> | undefined): Numbers {
  const { from, to } = spanOf(source, span);
  if (list === undefined) return { from, to };
  if (from === 0 && to === source.count) return { list };
  return only({ list }, (number) => number >= from && number < to);
}

function spanOf(source: LogSource, span: Query['span']): { from: number; to: number } {
  if (span === undefined || span.column !== source.column) return { from: 0, to: source.count };
  const firstNotAfter = (moment: number): number => bisect(source.count, (i) => source.at(i) > moment);
  const from = span.to === undefined ? 0 : firstNotAfter(span.to);
  const to = span.from === undefined ? source.count : firstNotAfter(span.from - 1);
  return { from, to: Math.max(from, to) };
}

/** Lists the rows that fulfil a condition, by id, by rule or by an index; null where only looking at each tells. */
function createLists(source: LogSource): Lists {
  const indexes = new Map<string, KeyIndex>();
  return ({ column, values }) => {
    if (column === 'id') return numbersOf(source, values);
    const lookup = source.lookups?.[column];
    if (lookup !== undefined) return merge([...values].map(lookup));
    const key = source.keys[column];
    if (key === undefined || values.size > MOST_VALUES) return null;
    const index = indexes.get(column) ?? indexKey(source.count, key);
    indexes.set(column, index);
    return merge([...values].flatMap((value) => index.get(value) ?? []));
  };
}

function numbersOf(source: LogSource, ids: ReadonlySet<Json>): number[] {
  const numbers = [...ids].map((id) => (typeof id === 'string' ? source.find(id) : -1));
  return numbers.filter((number) => number >= 0).sort((a, b) => a - b);
}

/** Numbers by value of a key column. */
type KeyIndex = ReadonlyMap<Json, Uint32Array>;

/** Counted first and filled then: arrays that grow would take several times the room for a million rows. */
function indexKey(length: number, key: (i: number) => Json): KeyIndex {
  const counts = new Map<Json, number>();
  for (let i = 0; i < length; i += 1) {
    const value = key(i);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const index = new Map([...counts].map(([value, count]) => [value, new Uint32Array(count)]));
  counts.clear();
  for (let i = 0; i < length; i += 1) {
    const value = key(i);
    const list = index.get(value);
    const at = counts.get(value) ?? 0;
    if (list !== undefined) list[at] = i;
    counts.set(value, at + 1);
  }
  return index;
}

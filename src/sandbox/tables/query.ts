import type { Json, Row } from '../types.ts';

/** A row test that no index can answer; one with a `key` depends on nothing but it and the row. */
export type RowTest = ((row: Row) => boolean) & { key?: string };

/** Rows whose column (or, for a list column, one of its members) is among these values. */
export interface Among {
  column: string;
  values: ReadonlySet<Json>;
}

/** What rows are wanted, in which order; every part narrows. */
export interface Query {
  among: Among[];
  /** A span of a moment column; both ends inclusive, as upstream has it. */
  span?: { column: string; from?: number; to?: number };
  tests: RowTest[];
  /** Columns, `-` before those that run downwards. */
  order: readonly string[];
}

/** Rows that fit a query, made only where they are looked at. */
export interface Selection {
  readonly length: number;
  slice(from: number, to: number): Row[];
}

/** Makes a selection of an array. */
export function toSelection(rows: readonly Row[]): Selection {
  return { length: rows.length, slice: (from, to) => rows.slice(from, to) };
}

/** Whether a row's column is, or holds, one of the values. */
export function isAmong(row: Row, { column, values }: Among): boolean {
  const value = row[column];
  if (Array.isArray(value)) return value.some((member) => values.has(member));
  return value !== undefined && values.has(value);
}

/** Whether a row is what a query asks for. */
export function fits(row: Row, query: Query): boolean {
  return (
    query.among.every((among) => isAmong(row, among)) &&
    isWithin(row, query.span) &&
    query.tests.every((test) => test(row))
  );
}

function isWithin(row: Row, span: Query['span']): boolean {
  if (span === undefined) return true;
  const at = row[span.column];
  return typeof at === 'number' && at >= (span.from ?? -Infinity) && at <= (span.to ?? Infinity);
}

/** A name for a query that only depends on its content; null for one with nameless tests. */
export function keyOf(query: Query): string | null {
  if (query.tests.some((test) => test.key === undefined)) return null;
  const among = query.among.map(({ column, values }) => `${column}=${nameOf(values)}`).join('&');
  const span = query.span === undefined ? '' : JSON.stringify(query.span);
  return `${query.order.join()}|${among}|${span}|${query.tests.map((test) => test.key).join('&')}`;
}

/** Large sets are known by who they are, not by what they hold. */
const identities = new WeakMap<ReadonlySet<Json>, number>();
let identity = 0;

function nameOf(values: ReadonlySet<Json>): string {
  if (values.size <= 4) return JSON.stringify([...values]);
  const known = identities.get(values);
  if (known !== undefined) return `#${known}`;
  identity += 1;
  identities.set(values, identity);
  return `#${identity}`;
}

import type { GraphContext, Scope } from './context.ts';
import { toUpstreamId } from './identity.ts';

/** What JumpServer's JSON can hold: no secret of an input, and nothing of unknown kind, which could be one. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [name: string]: Json };

/** A row as JumpServer gave it: the graph's objects keep this shape until their fields are read (architecture.md §5). */
export type Row = Readonly<Record<string, Json>>;

const SCOPE = Symbol('scope');

/** Marks a row as read in another organisation than the request's own, so that its relations are read there too. */
export function tagRow<Tagged extends object>(row: Tagged, scope: Scope): Tagged {
  Object.defineProperty(row, SCOPE, { value: scope });
  return row;
}

/** Marks a row, or an object of ours, unless it is of the request's own organisation. */
export function tagForeign<Tagged extends object>(row: Tagged, scope: Scope, context: GraphContext): Tagged {
  return scope === context.scope ? row : tagRow(row, scope);
}

/** The same for many. */
export function tagAll(rows: readonly Row[], scope: Scope, context: GraphContext): readonly Row[] {
  return scope === context.scope ? rows : rows.map((row) => tagRow(row, scope));
}

/** The scope a row was read in, or the fallback when it carries none. */
export function scopeOf(row: unknown, fallback: Scope): Scope {
  if (typeof row !== 'object' || row === null) return fallback;
  return (row as { [SCOPE]?: Scope })[SCOPE] ?? fallback;
}

const types = new WeakMap<Row, string>();

/** Notes of which noun a row is, for fields of an abstract type. A row of several places keeps its own object. */
export function nameType(row: Row, type: string): Row {
  types.set(row, type);
  return row;
}

/** Of which noun a row is, where it was noted. */
export function typeOf(row: Row): string | undefined {
  return types.get(row);
}

/** Whether a JSON value is an object that can be read as a row. */
export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Walks a path of properties into a row; undefined when a step is missing. */
export function readPath(row: Row, path: readonly string[]): Json {
  let value: Json = row;
  for (const name of path) {
    if (value === null || value === undefined) return value;
    value = (value as Row)[name];
  }
  return value;
}

/** The id of a related row: embedded as an object, or standing alone. Null when there is none. */
export function relatedId(value: unknown): string | null {
  const id = isRow(value) ? value['id'] : value;
  return id === null || id === undefined || id === '' ? null : toUpstreamId(String(id));
}

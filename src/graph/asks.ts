import { type FieldNode, type GraphQLField, getArgumentValues, print } from 'graphql';
import { DEFAULT_PAGE } from './page.ts';

/** What a list is asked, as text: equal for questions that mean the same. With variables it is what is written, as they may mean anything. */
export function asksOf(definition: GraphQLField<unknown, unknown>, node: FieldNode, withPage: boolean): string {
  const written = (node.arguments ?? []).map(print).join();
  if (written.includes('$')) return written;
  const { first, last, offset, after, before, ...rest } = getArgumentValues(definition, node);
  const page = { first: last ? undefined : (first ?? DEFAULT_PAGE), last, offset: offset || undefined, after, before };
  return JSON.stringify(meaningOf(withPage ? { ...rest, ...page } : rest) ?? {});
}

/** Whether of a connection only the number of rows is wanted. */
export function isTotalOnly(parts: ReadonlySet<string>): boolean {
  return parts.size > 0 && [...parts].every((part) => part === 'totalCount' || part === '__typename');
}

/** What a place of an operation wants of its rows, and of their connection. */
interface Wanting {
  readonly properties: Set<string>;
  readonly parts: Set<string>;
}

/** One list of an object by several names is asked for what all of them want: then it is one call. */
export function unite(sites: ReadonlySet<Wanting>): void {
  const all = [...sites];
  for (const site of all) {
    for (const other of all) {
      for (const property of other.properties) site.properties.add(property);
      for (const part of other.parts) site.parts.add(part);
    }
  }
}

/** A value without what is as good as absent: null, empty texts and objects; the order of names does not matter. */
function meaningOf(value: unknown): unknown {
  if (typeof value === 'string') return value.trim() || undefined;
  if (Array.isArray(value)) return value.map(meaningOf);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const entries = Object.entries(value).map(([name, inner]) => [name, meaningOf(inner)] as const);
  const told = entries.filter(([, inner]) => inner !== undefined).sort(([one], [other]) => (one < other ? -1 : 1));
  return told.length > 0 ? Object.fromEntries(told) : undefined;
}

import { catalogue, type Filter, type Noun } from '../../src/generated/catalogue.ts';
import { compareVersions } from '../../src/upstream/index.ts';
import { expectedValue } from '../support/expected.ts';
import { pick, type Random } from './random.ts';

type Row = Readonly<Record<string, unknown>>;

/** A filter's value as a client gives it: one, several, or a time from (inclusive) to (exclusive). */
export type FilterValue =
  | string
  | boolean
  | readonly (string | boolean)[]
  | { readonly from: string; readonly to: string };

/** What one list is filtered by. */
export type Filters = Readonly<Record<string, FilterValue>>;

/** The property that a filter compares, where it is a field of the noun. */
function propertyOf(noun: Noun, name: string, { list }: Filter): string | undefined {
  const base = list ? name.replace(/In$/, '') : name;
  const field = noun.fields[base] ?? noun.fields[`${base}s`];
  return field && 'from' in field && field.from.length === 1 && field.kind !== 'members' ? field.from[0] : undefined;
}

/** What a filter compares of a row; labels are asked as `name:value`, whatever the row shows of them. */
function valuesOf(noun: Noun, name: string, filter: Filter, row: Row): readonly unknown[] {
  const items = [row[propertyOf(noun, name, filter) ?? '']].flat();
  const field = noun.fields[`${name}s`];
  const text = field?.kind === 'ref' ? field.text : undefined;
  if (!text) return items.map(plain);
  return items.map((item) =>
    typeof item === 'string' ? item : text.map((property) => String((item as Row)[property])).join(':'),
  );
}

/** Whether a server of this version has the filter; one that lacks it is tested elsewhere. */
function isThere({ param, paramSince, rule, list, since }: Filter, noun: Noun, version: string): boolean {
  const isSince = (first: string | undefined) => first === undefined || compareVersions(version, first) >= 0;
  const ruled = rule !== undefined && (noun.rules === 'always' || (noun.rules !== undefined && isSince('4.9.0')));
  return isSince(since) && (ruled || (!list && isSince(paramSince) && (param !== undefined || rule === undefined)));
}

/** A filter by values that rows have, so that it matches something. */
export function someFilter(random: Random, noun: Noun, rows: readonly Row[], version: string): Filters | undefined {
  const candidates = Object.entries(noun.filters).filter(
    ([name, filter]) => propertyOf(noun, name, filter) !== undefined && isThere(filter, noun, version),
  );
  if (candidates.length === 0 || rows.length === 0) return undefined;
  const [name, filter] = pick(random, candidates);
  const found = [0, 1]
    .map(() => sampleOf(valuesOf(noun, name, filter, pick(random, rows))[0], filter))
    .filter((value) => value !== undefined);
  const value = filter.range ? rangeOf(found.map(String)) : filter.list ? [...new Set(found)] : found[0];
  return value === undefined || found.length === 0 ? undefined : { [name]: value };
}

/** A time range between what two rows have: the later one is just outside. */
function rangeOf(found: readonly string[]): FilterValue | undefined {
  const [from, to] = [...found].sort();
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** What a client would write for the value of a row. */
function sampleOf(wire: unknown, filter: Filter): string | boolean | undefined {
  if (wire === null || wire === undefined || wire === '') return undefined;
  if (filter.range) return isoOf(wire);
  if (filter.value === 'Boolean') return wire === true;
  if (filter.enum)
    return Object.entries(catalogue.enums[filter.enum] ?? {}).find(([, known]) => known === String(wire))?.[0];
  return String(wire);
}

function isoOf(wire: unknown): string {
  const field = { kind: 'value', value: 'DateTime', from: [], list: false, required: false } as const;
  return String(expectedValue(field, wire));
}

/** A choice's or a reference's own value. */
function plain(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  return (item as { value?: unknown }).value ?? (item as { id?: unknown }).id;
}

/** Whether a row matches all filters, by comparing its own properties. */
export function matches(noun: Noun, row: Row, filters: Filters | undefined): boolean {
  return Object.entries(filters ?? {}).every(([name, wanted]) => {
    const filter = noun.filters[name];
    if (!filter) throw new Error(`${noun.name} has no filter ${name}`);
    return valuesOf(noun, name, filter, row).some((value) => isMatch(filter, value, wanted));
  });
}

function isMatch(filter: Filter, value: unknown, wanted: FilterValue): boolean {
  if (typeof wanted === 'object' && 'from' in wanted) {
    if (value === null || value === undefined) return false;
    const time = isoOf(value);
    return wanted.from <= time && time < wanted.to;
  }
  const wire = (one: string | boolean) => (filter.enum ? catalogue.enums[filter.enum]?.[String(one)] : String(one));
  return (typeof wanted === 'object' ? wanted : [wanted]).some((one) => wire(one) === String(value));
}

import type { Catalogue, Noun } from '../generated/catalogue.ts';
import type { Plan } from './plan.ts';
import { isRow, nameType, type Row } from './row.ts';

/** The concrete type of a row that stands in a list of several types. */
export function variantOf(noun: Noun, row: Row): string {
  const { property = '', types = {}, other = noun.name } = noun.variants ?? {};
  const value = row[property];
  return types[String(isRow(value) ? value['value'] : value)] ?? other;
}

/** The properties that a noun's own fields read. */
export function ownProperties(noun: Noun): ReadonlySet<string> {
  const read = Object.values(noun.fields).flatMap((field) => ('from' in field ? [field.from[0] ?? ''] : []));
  return new Set(['id', ...read]);
}

/**
 * What rows loaded by id need: what is wanted of the noun anywhere in the operation. A list of several types gives what all of them have;
 * the rest is read from each type's own list.
 */
export function wantedOf(catalogue: Catalogue, noun: Noun, plan: Plan): ReadonlySet<string> {
  const wanted = plan.union(noun.name);
  const base = noun.variantOf === undefined ? undefined : catalogue.nouns[noun.variantOf];
  if (base) return without(wanted, ownProperties(base));
  if (!noun.variants) return wanted;
  const own = ownProperties(noun);
  const types = new Set([...Object.values(noun.variants.types), noun.variants.other]);
  const shared = [...types].flatMap((type) => [...plan.union(type)]).filter((property) => own.has(property));
  return new Set([...wanted, ...shared, noun.variants.property]);
}

function without(wanted: ReadonlySet<string>, known: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...wanted].filter((property) => !known.has(property)));
}

/** Loads rows of a concrete type by id. */
export type LoadRow = (noun: string, id: string) => Promise<Row | null>;

/**
 * Gives each row of a list of several types its own type. What is selected of a type and does not stand in the common list is added from that
 * type's own list, by ids; a row that is not there any more stays as it is.
 */
export function settleVariants(
  catalogue: Catalogue,
  noun: Noun,
  rows: readonly Row[],
  plan: Plan,
  load: LoadRow,
): Promise<Row[]> {
  return Promise.all(
    rows.map(async (row) => {
      const type = variantOf(noun, row);
      const own = catalogue.nouns[type];
      const lacks = own && [...wantedOf(catalogue, own, plan)].some((property) => !(property in row));
      const more = lacks ? await load(type, String(row['id']).toLowerCase()) : undefined;
      return nameType(more ? { ...more, ...row } : row, type);
    }),
  );
}

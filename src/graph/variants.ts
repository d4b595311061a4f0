import type { Noun } from '../generated/catalogue.ts';
import type { Plan } from './plan.ts';
import { isRow, nameType, type Row } from './row.ts';

/** The concrete type of a row that stands in a list of several types. */
export function variantOf(noun: Noun, row: Row): string {
  const { property = '', types = {}, other = noun.name } = noun.variants ?? {};
  const value = row[property];
  return types[String(isRow(value) ? value['value'] : value)] ?? other;
}

/** Loads rows of a concrete type by id. */
export type LoadRow = (noun: string, id: string) => Promise<Row | null>;

/**
 * Gives each row of a list of several types its own type. What is selected of a type and does not stand in the common list is read from that
 * type's own list, by ids; a row that is not there any more stays as it is.
 */
export function settleVariants(noun: Noun, rows: readonly Row[], plan: Plan, load: LoadRow): Promise<Row[]> {
  return Promise.all(
    rows.map(async (row) => {
      const type = variantOf(noun, row);
      const lacks = [...plan.union(type)].some((property) => !(property in row));
      const found = lacks ? await load(type, String(row['id']).toLowerCase()) : undefined;
      return nameType(found ?? row, type);
    }),
  );
}

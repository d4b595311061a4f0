import { createTable, type Table } from './table.ts';

/** All tables of a sandbox, made empty when first asked for. */
export interface Store {
  table(name: string): Table;
  /** Names of the tables that exist. */
  names(): string[];
  /** Puts a table in place of the one with its name. */
  put(table: Table): void;
}

/** Makes a store of the given tables. */
export function createStore(tables: Iterable<Table> = []): Store {
  const byName = new Map<string, Table>();
  for (const table of tables) byName.set(table.name, table);
  return {
    table: (name) => {
      const known = byName.get(name);
      if (known !== undefined) return known;
      const made = createTable(name);
      byName.set(name, made);
      return made;
    },
    names: () => [...byName.keys()],
    put: (table) => {
      byName.set(table.name, table);
    },
  };
}

import type { Id, Row } from '../types.ts';
import { contains, type Numbers, only } from './log-numbers.ts';
import { toLogSelection } from './log-order.ts';
import { createLogSearch } from './log-search.ts';
import type { LogSource } from './log-source.ts';
import type { Query, Selection } from './query.ts';
import { createTable, type Table } from './table.ts';

/** What happened to a generated log since it was generated. */
export interface LogChanges {
  /** Rows changed or added. */
  rows: Row[];
  /** Ids of generated rows that were deleted. */
  gone: Id[];
}

/** A table over a generated log. */
export interface LogTable extends Table {
  changes(): LogChanges;
}

/** Whether a table is a generated log. */
export function isLogTable(table: Table): table is LogTable {
  return 'changes' in table;
}

/** Makes a table of a generated log; what is written lies over it. */
export function createLogTable(
  name: string,
  source: LogSource,
  earlier: LogChanges = { rows: [], gone: [] },
): LogTable {
  const search = createLogSearch(source);
  const written = createTable(name);
  /** Numbers of the generated rows that were changed or deleted. */
  const hidden = new Set<number>();
  let revision = 0;

  const hide = (id: Id): void => {
    const number = source.find(id);
    if (number >= 0) hidden.add(number);
  };
  const write = (row: Row): Row => {
    hide(row.id);
    return written.insert(row);
  };
  const generated = (id: Id): Row | undefined => {
    const number = source.find(id);
    return number < 0 || hidden.has(number) ? undefined : source.row(number);
  };
  const get = (id: Id): Row | undefined => written.get(id) ?? generated(id);
  const select = (query: Query): Selection => {
    const over = written.select(query);
    return toLogSelection(source, without(search(query), hidden), over.slice(0, over.length), query.order);
  };
  for (const row of earlier.rows) write(row);
  for (const id of earlier.gone) hide(id);

  return {
    name,
    get revision() {
      return revision;
    },
    get size() {
      return source.count - hidden.size + written.size;
    },
    get,
    where: (column, value) => {
      const found = select({ among: [{ column, values: new Set([value]) }], tests: [], order: [] });
      return found.slice(0, found.length);
    },
    *all() {
      yield* written.all();
      for (let i = 0; i < source.count; i += 1) if (!hidden.has(i)) yield source.row(i);
    },
    select,
    insert: (row) => {
      revision += 1;
      return write(row);
    },
    update: (id, changes) => {
      const row = get(id);
      if (row === undefined) return undefined;
      revision += 1;
      if (written.get(id) === undefined) write(row);
      return written.update(id, changes);
    },
    remove: (id) => {
      if (get(id) === undefined) return false;
      revision += 1;
      written.remove(id);
      hide(id);
      return true;
    },
    nextNumber: () => source.count + written.size + 1,
    changes: () => ({ rows: [...written.all()], gone: goneOf(source, hidden, written) }),
  };
}

function without(numbers: Numbers, hidden: ReadonlySet<number>): Numbers {
  const isHit = [...hidden].some((number) => contains(numbers, number));
  return isHit ? only(numbers, (number) => !hidden.has(number)) : numbers;
}

function goneOf(source: LogSource, hidden: ReadonlySet<number>, written: Table): Id[] {
  return [...hidden].map((number) => source.idOf(number)).filter((id) => written.get(id) === undefined);
}

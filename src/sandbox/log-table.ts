import { type Among, createTable, isAmong, keyOf, type Query, type Selection, type Table, toCompare } from './store.ts';
import type { Id, Json, Row } from './types.ts';

/**
 * Rows of a log that nobody stores: row `i` is worked out when looked at, newest first. A million of them cost no
 * memory; filters on `keys` read those cheap columns alone, and index them on first use.
 */
export interface LogSource {
  readonly count: number;
  /** Column of the moment by which the log is ordered. */
  readonly column: string;
  /** The moment of row `i`; never later than that of the row before. */
  at(i: number): number;
  row(i: number): Row;
  idOf(i: number): Id;
  /** Number of the row with an id, -1 when it is none of these. */
  find(id: Id): number;
  /** Columns that can be had without the whole row. */
  readonly keys: Readonly<Record<string, (i: number) => Json>>;
  /** Columns that are the same in all rows. */
  readonly constants: Readonly<Record<string, Json>>;
  /** Columns whose rows are known by rule: numbers of the rows with a value, ascending. */
  readonly lookups?: Readonly<Record<string, (value: Json) => readonly number[]>>;
}

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

const MOST_FOUND = 16;

/** Numbers of rows, ascending: a whole span, or some of it. */
type Numbers = { from: number; to: number } | { list: ArrayLike<number> };

const lengthOf = (numbers: Numbers): number => ('list' in numbers ? numbers.list.length : numbers.to - numbers.from);
const numberAt = (numbers: Numbers, i: number): number =>
  'list' in numbers ? (numbers.list[i] ?? 0) : numbers.from + i;

/** First number of the log whose moment is not later than `moment`. */
function firstNotAfter(source: LogSource, moment: number): number {
  let low = 0;
  let high = source.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (source.at(middle) > moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

function spanOf(source: LogSource, query: Query): { from: number; to: number } {
  const span = query.span;
  if (span === undefined || span.column !== source.column) return { from: 0, to: source.count };
  const from = span.to === undefined ? 0 : firstNotAfter(source, span.to);
  const to = span.from === undefined ? source.count : firstNotAfter(source, span.from - 1);
  return { from, to: Math.max(from, to) };
}

function within(list: ArrayLike<number>, from: number, to: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < list.length; i += 1) {
    const number = list[i] ?? 0;
    if (number >= from && number < to) found.push(number);
  }
  return found;
}

/** Numbers by value of a key column. */
type KeyIndex = Map<Json, Uint32Array>;

function indexKey(source: LogSource, key: (i: number) => Json): KeyIndex {
  const counts = new Map<Json, number>();
  for (let i = 0; i < source.count; i += 1) {
    const value = key(i);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const index: KeyIndex = new Map();
  for (const [value, count] of counts) index.set(value, new Uint32Array(count));
  counts.clear();
  for (let i = 0; i < source.count; i += 1) {
    const value = key(i);
    const list = index.get(value);
    const at = counts.get(value) ?? 0;
    if (list !== undefined) list[at] = i;
    counts.set(value, at + 1);
  }
  return index;
}

function merged(lists: readonly ArrayLike<number>[]): ArrayLike<number> {
  const first = lists[0];
  if (lists.length === 1 && first !== undefined) return first;
  return lists.flatMap((list) => Array.from(list)).sort((a, b) => a - b);
}

/** A row that works out a column only when it is read: enough for a test, and the same object for every number. */
function createGlance(source: LogSource): (number: number) => Row {
  let at = 0;
  let whole: Row | null = null;
  const row: Row = { id: '' };
  const columns = source.count === 0 ? [] : Object.keys(source.row(0));
  for (const column of columns) {
    const key = column === source.column ? source.at : source.keys[column];
    const constant = source.constants[column];
    const read = (): Json => {
      if (key !== undefined) return key(at);
      if (constant !== undefined) return constant;
      whole ??= source.row(at);
      return whole[column] ?? null;
    };
    Object.defineProperty(row, column, { get: read, enumerable: true });
  }
  return (number) => {
    at = number;
    whole = null;
    return row;
  };
}

/** Makes a table of a generated log; what is written lies over it. */
export function createLogTable(
  name: string,
  source: LogSource,
  earlier: LogChanges = { rows: [], gone: [] },
): LogTable {
  const written = createTable(name);
  const gone = new Set<number>(earlier.gone.map((id) => source.find(id)));
  const indexes = new Map<string, KeyIndex>();
  let revision = 0;
  let covered = 0;

  const glance = createGlance(source);
  const isBase = (id: Id): boolean => {
    const number = source.find(id);
    return number >= 0 && !gone.has(number);
  };
  const cover = (row: Row): void => {
    if (written.get(row.id) === undefined && source.find(row.id) >= 0) covered += 1;
    written.insert(row);
  };
  for (const row of earlier.rows) cover(row);

  const indexOf = (column: string, key: (i: number) => Json): KeyIndex => {
    const known = indexes.get(column) ?? indexKey(source, key);
    indexes.set(column, known);
    return known;
  };

  const listFor = (among: Among): ArrayLike<number> | null => {
    const lookup = source.lookups?.[among.column];
    if (lookup !== undefined) return merged([...among.values].map(lookup));
    const key = source.keys[among.column];
    if (key === undefined || among.values.size > 64) return null;
    const index = indexOf(among.column, key);
    return merged([...among.values].flatMap((value) => index.get(value) ?? []));
  };

  const byIds = (among: Among, from: number, to: number): number[] => {
    const numbers = [...among.values].map((id) => (typeof id === 'string' ? source.find(id) : -1));
    return numbers.filter((number) => number >= from && number < to).sort((a, b) => a - b);
  };

  /** Generated rows never change, so what fits a query that has a name is found once. */
  const found = new Map<string, Numbers>();
  const numbersFor = (query: Query): Numbers => {
    const key = keyOf({ ...query, order: [] });
    if (key === null) return fitting(query);
    const known = found.get(key) ?? fitting(query);
    found.delete(key);
    found.set(key, known);
    for (const oldest of found.keys()) {
      if (found.size <= MOST_FOUND) break;
      found.delete(oldest);
    }
    return known;
  };

  /** Numbers of the generated rows that fit, those that were rewritten left out by the caller. */
  const fitting = (query: Query): Numbers => {
    const { from, to } = spanOf(source, query);
    let numbers: Numbers = { from, to };
    const rest: Among[] = [];
    for (const among of query.among) {
      const constant = source.constants[among.column];
      if (constant !== undefined) {
        if (!among.values.has(constant)) return { from: 0, to: 0 };
      } else if (among.column === 'id') {
        numbers = { list: byIds(among, from, to) };
      } else rest.push(among);
    }
    const sorted = rest.map((among) => ({ among, list: 'list' in numbers ? null : listFor(among) }));
    sorted.sort((a, b) => (a.list?.length ?? Infinity) - (b.list?.length ?? Infinity));
    const best = sorted[0];
    if (best !== undefined && best.list !== null) {
      const whole = from === 0 && to === source.count;
      numbers = { list: whole ? best.list : within(best.list, from, to) };
      sorted.shift();
    }
    const tests = query.tests;
    if (sorted.length === 0 && tests.length === 0) return numbers;
    const found: number[] = [];
    for (let i = 0; i < lengthOf(numbers); i += 1) {
      const number = numberAt(numbers, i);
      if (!sorted.every(({ among }) => holds(among, number))) continue;
      if (tests.length > 0) {
        const row = glance(number);
        if (!tests.every((test) => test(row))) continue;
      }
      found.push(number);
    }
    return { list: found };
  };

  const holds = (among: Among, number: number): boolean => {
    const key = source.keys[among.column];
    return key === undefined ? isAmong(source.row(number), among) : among.values.has(key(number));
  };

  const isCovered = (number: number): boolean =>
    gone.has(number) || (covered > 0 && written.get(source.idOf(number)) !== undefined);

  const uncovered = (numbers: Numbers): Numbers => {
    if (covered === 0 && gone.size === 0) return numbers;
    const hidden = new Set<number>(gone);
    for (const row of written.all()) {
      const number = source.find(row.id);
      if (number >= 0) hidden.add(number);
    }
    if (![...hidden].some((number) => contains(numbers, number))) return numbers;
    const found: number[] = [];
    for (let i = 0; i < lengthOf(numbers); i += 1) {
      const number = numberAt(numbers, i);
      if (!hidden.has(number)) found.push(number);
    }
    return { list: found };
  };

  const contains = (numbers: Numbers, number: number): boolean => {
    if (!('list' in numbers)) return number >= numbers.from && number < numbers.to;
    let low = 0;
    let high = numbers.list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((numbers.list[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return numbers.list[low] === number;
  };

  /** Rows in order of time, either way; the written ones set in at their places. */
  const inTime = (numbers: Numbers, over: Row[], isUp: boolean): Selection => {
    const length = lengthOf(numbers);
    const at = (i: number): number => source.at(numberAt(numbers, isUp ? length - 1 - i : i));
    const places = over.map((row) => {
      const moment = Number(row[source.column]);
      let low = 0;
      let high = length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (isUp ? at(middle) < moment : at(middle) > moment) low = middle + 1;
        else high = middle;
      }
      return low;
    });
    const rowAt = (i: number): Row => source.row(numberAt(numbers, isUp ? length - 1 - i : i));
    return {
      length: length + over.length,
      slice: (from, to) => {
        const rows: Row[] = [];
        let used = places.filter((place, k) => place + k < from).length;
        for (let i = from; i < Math.min(to, length + over.length); i += 1) {
          const next = over[used];
          const place = places[used];
          if (next !== undefined && place !== undefined && place + used === i) {
            rows.push(next);
            used += 1;
          } else rows.push(rowAt(i - used));
        }
        return rows;
      },
    };
  };

  const select = (query: Query): Selection => {
    const numbers = uncovered(numbersFor(query));
    const over = written.size === 0 ? [] : written.select(query);
    const extra = Array.isArray(over) ? over : over.slice(0, over.length);
    const [first] = query.order;
    if (first === undefined || first === `-${source.column}`) return inTime(numbers, extra, false);
    if (first === source.column) return inTime(numbers, extra, true);
    const rows = [...extra];
    for (let i = 0; i < lengthOf(numbers); i += 1) rows.push(source.row(numberAt(numbers, i)));
    rows.sort(toCompare(query.order));
    return { length: rows.length, slice: (from, to) => rows.slice(from, to) };
  };

  const get = (id: Id): Row | undefined => written.get(id) ?? (isBase(id) ? source.row(source.find(id)) : undefined);

  return {
    name,
    get revision() {
      return revision;
    },
    get size() {
      return source.count - gone.size - covered + written.size;
    },
    get,
    where: (column, value) => {
      const found = select({ among: [{ column, values: new Set([value]) }], tests: [], order: [] });
      return found.slice(0, found.length);
    },
    *all() {
      yield* written.all();
      for (let i = 0; i < source.count; i += 1) if (!isCovered(i)) yield source.row(i);
    },
    select,
    insert: (row) => {
      revision += 1;
      cover(row);
      return row;
    },
    update: (id, changes) => {
      revision += 1;
      if (written.get(id) === undefined) {
        if (!isBase(id)) return undefined;
        cover(source.row(source.find(id)));
      }
      return written.update(id, changes);
    },
    remove: (id) => {
      const wasThere = get(id) !== undefined;
      if (!wasThere) return false;
      revision += 1;
      const number = source.find(id);
      if (written.remove(id) && number >= 0) covered -= 1;
      if (number >= 0) gone.add(number);
      return true;
    },
    nextNumber: () => source.count + written.size + 1,
    changes: () => ({ rows: [...written.all()], gone: [...gone].map((number) => source.idOf(number)) }),
  };
}

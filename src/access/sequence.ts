import type { AccessEngine } from './engine.ts';
import { AccessError } from './errors.ts';

/** Where a pair stands; the order is by user's name, then asset's name, ids settling ties. */
export interface PairPosition {
  readonly user: string;
  readonly asset: string;
}

/** One page of anything. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasNextPage: boolean;
}

/** Items in a fixed order, made when they are read, however many there are. */
export interface Sequence<Item> {
  /** How many there are: exact, by counting bits, without making them. */
  total(): number;
  /** The next `first` after a position. Throws `AccessError` BAD_CURSOR when that pair's user or asset is gone. */
  page(first: number, after?: PairPosition): Page<Item>;
  /** All after a position, one at a time. */
  all(after?: PairPosition): Generator<Item>;
}

/** Makes a sequence of a generator and a way to count. */
export function createSequence<Item>(
  all: (after?: PairPosition) => Generator<Item>,
  count: () => number,
): Sequence<Item> {
  let counted: number | undefined;
  return {
    all,
    page: (first, after) => takePage(all(after), first),
    total: () => {
      counted ??= count();
      return counted;
    },
  };
}

/** Positions in the directory at which reading goes on after a pair. */
export function startAfter(engine: AccessEngine, after: PairPosition | undefined): { user: number; asset: number } {
  if (!after) return { user: 0, asset: 0 };
  const user = engine.directory.userAt.get(after.user);
  const asset = engine.directory.assetAt.get(after.asset);
  if (user === undefined || asset === undefined) {
    throw new AccessError('BAD_CURSOR', 'The pair this cursor stands on is gone; start from the first page');
  }
  return { user, asset: asset + 1 };
}

function takePage<Item>(source: Generator<Item>, first: number): Page<Item> {
  const items: Item[] = [];
  for (const item of source) {
    if (items.length === first) return { items, hasNextPage: true };
    items.push(item);
  }
  return { items, hasNextPage: false };
}

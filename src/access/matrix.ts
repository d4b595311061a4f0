import { toActionSet } from './actions.ts';
import { countBits, nextBit } from './bits.ts';
import { type AccessPair, describePair, grantsOfPair, validGrantsOf } from './check.ts';
import type { AccessEngine } from './engine.ts';
import { AccessError } from './errors.ts';
import { type MatrixFilter, selectAssets, selectUsers } from './filter.ts';
import type { Timestamp } from './inputs.ts';
import { createRowReader } from './selection.ts';

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

/** The pairs of one filter, in order, never all held at once. */
export interface AccessMatrix {
  readonly at: Timestamp;
  /** How many pairs there are: exact, by counting bits. */
  total(): number;
  /** How many pairs each user has, users without any left out. */
  totalsByUser(): Map<string, number>;
  /** The next `first` pairs after a position. Throws `AccessError` BAD_CURSOR when that pair's user or asset is gone. */
  page(first: number, after?: PairPosition): Page<AccessPair>;
  /** All pairs after a position, one at a time. */
  pairs(after?: PairPosition): Generator<AccessPair>;
}

/** Opens the matrix of a filter. */
export function createMatrix(engine: AccessEngine, filter: MatrixFilter = {}): AccessMatrix {
  const at = filter.at ?? engine.inputs.asOf;
  const users = selectUsers(engine, filter);
  const reader = createRowReader(engine, {
    at,
    actions: filter.action && toActionSet([filter.action]),
    account: filter.account,
    wildcardOnly: filter.wildcardOnly,
    permission: filter.permission,
    assets: selectAssets(engine, filter),
  });

  function* pairs(after?: PairPosition): Generator<AccessPair> {
    const start = after ? startAfter(engine, after) : { user: 0, asset: 0 };
    for (let user = nextBit(users, start.user); user >= 0; user = nextBit(users, user + 1)) {
      const row = reader.read(user).slice();
      let asset = nextBit(row, user === start.user ? start.asset : 0);
      if (asset < 0) continue;
      const grants = validGrantsOf(engine, user, at);
      for (; asset >= 0; asset = nextBit(row, asset + 1)) {
        yield describePair(engine, user, asset, grantsOfPair(grants, asset));
      }
    }
  }
  const totalsByUser = () => {
    const totals = new Map<string, number>();
    for (let user = nextBit(users, 0); user >= 0; user = nextBit(users, user + 1)) {
      const count = countBits(reader.read(user));
      if (count > 0) totals.set(engine.directory.users[user]?.id ?? '', count);
    }
    return totals;
  };
  return {
    at,
    total: () => [...totalsByUser().values()].reduce((sum, count) => sum + count, 0),
    totalsByUser,
    page: (first, after) => takePage(pairs(after), first),
    pairs,
  };
}

/** Takes the next `first` items of a generator and looks whether there is one more. */
export function takePage<Item>(source: Generator<Item>, first: number): Page<Item> {
  const items: Item[] = [];
  for (const item of source) {
    if (items.length === first) return { items, hasNextPage: true };
    items.push(item);
  }
  return { items, hasNextPage: false };
}

/** The positions at which reading goes on after a pair. */
export function startAfter(engine: AccessEngine, after: PairPosition): { user: number; asset: number } {
  const user = engine.directory.userAt.get(after.user);
  const asset = engine.directory.assetAt.get(after.asset);
  if (user === undefined || asset === undefined) {
    throw new AccessError('BAD_CURSOR', 'The pair this cursor stands on is gone; start from the first page');
  }
  return { user, asset: asset + 1 };
}

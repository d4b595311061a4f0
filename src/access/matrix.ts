import { toActionSet } from './actions.ts';
import { countBits, intersectInto, nextBit } from './bits.ts';
import { type AccessPair, describePair, validGrantsOf } from './check.ts';
import type { AccessEngine } from './engine.ts';
import { type MatrixFilter, selectAssets, selectUsers } from './filter.ts';
import type { Timestamp } from './inputs.ts';
import { createRowReader, type RowReader } from './selection.ts';
import { createSequence, type PairPosition, type Sequence, startAfter } from './sequence.ts';

/** The pairs of one filter; each is described whole, by all permissions valid at `at` and not only the filtered ones. */
export interface AccessMatrix extends Sequence<AccessPair> {
  readonly at: Timestamp;
  readonly asOf: Timestamp;
  /** How many pairs each user (by id) has; users without any are left out. */
  totalsByUser(): Map<string, number>;
}

/** Opens the matrix of a filter. */
export function createMatrix(engine: AccessEngine, filter: MatrixFilter = {}): AccessMatrix {
  const at = filter.at ?? engine.inputs.asOf;
  const reader = createReader(engine, filter, at);
  const users = selectUsers(engine, filter);
  if (reader.users) intersectInto(users, reader.users);

  function* all(after?: PairPosition): Generator<AccessPair> {
    const start = startAfter(engine, after);
    for (let user = nextBit(users, start.user); user >= 0; user = nextBit(users, user + 1)) {
      yield* pairsOfUser(engine, reader, user, at, user === start.user ? start.asset : 0);
    }
  }
  const totalsByUser = () => {
    const totals = new Map<string, number>();
    for (let user = nextBit(users, 0); user >= 0; user = nextBit(users, user + 1)) {
      const count = countBits(reader.read(user));
      const id = engine.directory.users[user]?.id;
      if (count > 0 && id !== undefined) totals.set(id, count);
    }
    return totals;
  };
  const total = () => [...totalsByUser().values()].reduce((sum, count) => sum + count, 0);
  return { at, asOf: engine.inputs.asOf, totalsByUser, ...createSequence(all, total) };
}

function createReader(engine: AccessEngine, filter: MatrixFilter, at: Timestamp): RowReader {
  return createRowReader(engine, {
    at,
    actions: filter.action && toActionSet([filter.action]),
    account: filter.account,
    wildcardOnly: filter.wildcardOnly,
    assets: selectAssets(engine, filter),
  });
}

function* pairsOfUser(
  engine: AccessEngine,
  reader: RowReader,
  user: number,
  at: Timestamp,
  from: number,
): Generator<AccessPair> {
  // A copy: whoever consumes this may read other rows meanwhile.
  const row = reader.read(user).slice();
  let asset = nextBit(row, from);
  if (asset < 0) return;
  const grants = validGrantsOf(engine, user, at);
  for (; asset >= 0; asset = nextBit(row, asset + 1)) yield describePair(engine, user, asset, grants);
}

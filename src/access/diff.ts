import { type Bits, countBits, nextBit } from './bits.ts';
import { type AccessPair, describePair, validGrantsOf } from './check.ts';
import { type ComparedRight, compareRows, type RowChange } from './compare.ts';
import { createDirectory } from './directory.ts';
import { type AccessEngine, createAccessEngine } from './engine.ts';
import { AccessError } from './errors.ts';
import type { Grant } from './grant.ts';
import type { Timestamp } from './inputs.ts';
import { createSequence, type PairPosition, type Sequence, startAfter } from './sequence.ts';

/** One side of a comparison: a user, or a permission, or (neither given) the whole organisation. */
export interface DiffSide {
  readonly engine: AccessEngine;
  readonly user?: string | undefined;
  readonly permission?: string | undefined;
  /** Default: when the engine's inputs were read. */
  readonly at?: Timestamp | undefined;
}

/** A pair reached on both sides with different rights. */
export interface AccessChange {
  readonly before: AccessPair;
  readonly after: AccessPair;
}

/** What the right side has more, less and different. */
export interface AccessDiff {
  /** Pairs of the right side alone. */
  readonly gained: Sequence<AccessPair>;
  /** Pairs of the left side alone. */
  readonly lost: Sequence<AccessPair>;
  /** Pairs of both sides whose actions, account rules or protocols differ; the end of validity alone is no change. */
  readonly changed: Sequence<AccessChange>;
}

/** Everything that makes a pair of both sides count as changed. */
export const ALL_RIGHTS: readonly ComparedRight[] = ['action', 'account', 'protocol'];

/**
 * Compares two users asset by asset, or two permissions, or two moments, or two readings of an organisation pair by pair.
 * Engines of different readings are rebuilt on one directory. Throws `AccessError` BAD_SUBJECT when a user stands against
 * something else, or a side names a user and a permission, or one that is not there.
 */
export function diffAccess(
  left: DiffSide,
  right: DiffSide,
  compared: readonly ComparedRight[] = ALL_RIGHTS,
): AccessDiff {
  const sides = toComparable(left, right);
  assertSubjects(left, right);
  const lanes = createLanes(...sides);
  const rowsOf = (lane: Lane) =>
    compareRows(lane.before.grants, lane.after.grants, sides[0].engine.directory.assets.length, compared);
  const summary = memoize(() => countChanges(lanes, rowsOf));
  const pairAt = (side: LaneSide, asset: number) => describePair(side.engine, side.user, asset, side.grants);
  const sequence = <Item>(kind: ChangeKind, make: (lane: Lane, asset: number) => Item) =>
    createSequence(
      (after) => walkLanes(lanes, sides[0].engine, after, (lane) => rowsOf(lane)?.[kind], make),
      () => summary()[kind],
    );
  return {
    gained: sequence('gained', (lane, asset) => pairAt(lane.after, asset)),
    lost: sequence('lost', (lane, asset) => pairAt(lane.before, asset)),
    changed: sequence('changed', (lane, asset) => ({
      before: pairAt(lane.before, asset),
      after: pairAt(lane.after, asset),
    })),
  };
}

type ChangeKind = 'gained' | 'lost' | 'changed';

/** One user's row on one side. */
interface LaneSide {
  readonly engine: AccessEngine;
  readonly user: number;
  readonly grants: readonly Grant[];
}

/** A user against themselves at another time, or against another user. */
interface Lane {
  readonly before: LaneSide;
  readonly after: LaneSide;
}

/** The lanes of a comparison: one for two users, else one a user of the directory, made when it is read. */
interface Lanes {
  readonly count: number;
  lane(at: number): Lane;
}

function createLanes(left: DiffSide, right: DiffSide): Lanes {
  const sideOf = (side: DiffSide, user: number): LaneSide => ({
    engine: side.engine,
    user,
    grants: grantsOnSide(side, user),
  });
  if (left.user === undefined || right.user === undefined) {
    return {
      count: left.engine.directory.users.length,
      lane: (at) => ({ before: sideOf(left, at), after: sideOf(right, at) }),
    };
  }
  const lane = {
    before: sideOf(left, positionOf(left, left.user)),
    after: sideOf(right, positionOf(right, right.user)),
  };
  return { count: 1, lane: () => lane };
}

function grantsOnSide({ engine, permission, at = engine.inputs.asOf }: DiffSide, user: number): Grant[] {
  const grants = validGrantsOf(engine, user, at);
  return permission === undefined ? grants : grants.filter((grant) => grant.permission.id === permission);
}

function* walkLanes<Item>(
  lanes: Lanes,
  engine: AccessEngine,
  after: PairPosition | undefined,
  bitsOf: (lane: Lane) => Bits | undefined,
  make: (lane: Lane, asset: number) => Item,
): Generator<Item> {
  const start = startAfter(engine, after);
  const firstLane = lanes.count === 1 ? 0 : start.user;
  for (let at = firstLane; at < lanes.count; at += 1) {
    const lane = lanes.lane(at);
    const bits = bitsOf(lane);
    if (!bits) continue;
    for (let asset = nextBit(bits, at === firstLane ? start.asset : 0); asset >= 0; asset = nextBit(bits, asset + 1)) {
      yield make(lane, asset);
    }
  }
}

function countChanges(lanes: Lanes, rowsOf: (lane: Lane) => RowChange | undefined): Record<ChangeKind, number> {
  const counts = { gained: 0, lost: 0, changed: 0 };
  for (let at = 0; at < lanes.count; at += 1) {
    const rows = rowsOf(lanes.lane(at));
    if (!rows) continue;
    counts.gained += countBits(rows.gained);
    counts.lost += countBits(rows.lost);
    counts.changed += countBits(rows.changed);
  }
  return counts;
}

function toComparable(left: DiffSide, right: DiffSide): [DiffSide, DiffSide] {
  if (left.engine.directory === right.engine.directory) return [left, right];
  const directory = createDirectory(left.engine.inputs, right.engine.inputs);
  return [
    { ...left, engine: createAccessEngine(left.engine.inputs, directory) },
    { ...right, engine: createAccessEngine(right.engine.inputs, directory) },
  ];
}

function assertSubjects(left: DiffSide, right: DiffSide): void {
  if ((left.user === undefined) !== (right.user === undefined)) {
    throw new AccessError('BAD_SUBJECT', 'A user can be compared with a user only');
  }
  for (const { engine, user, permission } of [left, right]) {
    if (user !== undefined && permission !== undefined) {
      throw new AccessError('BAD_SUBJECT', 'Name a user or a permission, not both');
    }
    if (permission !== undefined && !engine.grants.some((grant) => grant.permission.id === permission)) {
      throw new AccessError('BAD_SUBJECT', `No permission ${permission}`);
    }
    if (user !== undefined && !engine.context.userAt.has(user)) throw new AccessError('BAD_SUBJECT', `No user ${user}`);
  }
}

function positionOf({ engine }: DiffSide, user: string): number {
  return engine.context.userAt.get(user) ?? -1;
}

function memoize<Value>(make: () => Value): () => Value {
  let value: { readonly made: Value } | undefined;
  return () => {
    value ??= { made: make() };
    return value.made;
  };
}

import { type Bits, countBits, createBits, isEmptyBits, positionsOf, uniteInto } from './bits.ts';
import { type AccessPair, describePair, validGrantsOf } from './check.ts';
import { compareRows, type RowChange } from './compare.ts';
import { ALL_RIGHTS } from './diff.ts';
import { type AccessEngine, changePermissions } from './engine.ts';
import type { Grant } from './grant.ts';
import type { AccessPermission, PermissionChange, Timestamp } from './inputs.ts';
import { findRedundancy, type Redundancy } from './redundancy.ts';
import { type AccessWarning, warnAbout } from './warnings.ts';

/** What writing some permissions would change, or has changed. */
export interface AccessImpact {
  readonly pairsGained: number;
  readonly pairsLost: number;
  /** Pairs there before and after that get an action more. */
  readonly actionsWidened: number;
  /** Users with a pair gained, lost or changed in its rights. */
  readonly usersAffected: number;
  readonly assetsAffected: number;
  /** Permissions that already give all that one of the written ones gives. */
  readonly redundantWith: readonly AccessPermission[];
  readonly warnings: readonly AccessWarning[];
  /** The first pairs gained, as they will be. */
  readonly sample: readonly AccessPair[];
}

/** When to compare (default: when the inputs were read), and how many gained pairs to show (default 10). */
export interface ImpactOptions {
  readonly at?: Timestamp;
  readonly sampleSize?: number;
}

/** Works out what a change of permissions does, without writing anything; equals the matrix after less the matrix before. */
export function previewChange(
  engine: AccessEngine,
  change: PermissionChange,
  options: ImpactOptions = {},
): AccessImpact {
  const { at = engine.inputs.asOf, sampleSize = 10 } = options;
  const after = changePermissions(engine, change);
  const ids = new Set([...(change.upserts ?? []).map(({ id }) => id), ...(change.removals ?? [])]);
  const written = grantsById(after, ids);
  const redundancies = written.map((grant) => ({ grant, redundancy: findRedundancy(after, grant, at) }));
  return {
    ...compareEngines(engine, after, subjectsOf(engine, [...grantsById(engine, ids), ...written]), at, sampleSize),
    redundantWith: distinctPermissions(redundancies.map(({ redundancy }) => redundancy)),
    warnings: redundancies.flatMap(({ grant, redundancy }) => warnAbout(after, grant, redundancy, at)),
  };
}

type Counts = Omit<AccessImpact, 'redundantWith' | 'warnings'>;

function compareEngines(
  before: AccessEngine,
  after: AccessEngine,
  users: Bits,
  at: Timestamp,
  sampleSize: number,
): Counts {
  const size = before.directory.assets.length;
  const assets = createBits(size);
  const sample: AccessPair[] = [];
  const counts = { pairsGained: 0, pairsLost: 0, actionsWidened: 0, usersAffected: 0 };
  for (const user of positionsOf(users)) {
    const grants = validGrantsOf(after, user, at);
    const rows = compareRows(validGrantsOf(before, user, at), grants, size, ALL_RIGHTS);
    const touched = rows && touchedAssets(rows, size);
    if (!rows || !touched || isEmptyBits(touched)) continue;
    uniteInto(assets, touched);
    counts.pairsGained += countBits(rows.gained);
    counts.pairsLost += countBits(rows.lost);
    counts.actionsWidened += countBits(rows.widened);
    counts.usersAffected += 1;
    for (const asset of positionsOf(rows.gained)) {
      if (sample.length >= sampleSize) break;
      sample.push(describePair(after, user, asset, grants));
    }
  }
  return { ...counts, assetsAffected: countBits(assets), sample };
}

function touchedAssets(rows: RowChange, size: number): Bits {
  const touched = createBits(size);
  for (const bits of [rows.gained, rows.lost, rows.changed]) uniteInto(touched, bits);
  return touched;
}

function subjectsOf(engine: AccessEngine, grants: readonly Grant[]): Bits {
  const users = createBits(engine.directory.users.length);
  for (const grant of grants) uniteInto(users, grant.subjects);
  return users;
}

function grantsById(engine: AccessEngine, ids: ReadonlySet<string>): Grant[] {
  return engine.grants.filter((grant) => ids.has(grant.permission.id));
}

function distinctPermissions(redundancies: readonly (Redundancy | null)[]): AccessPermission[] {
  return [...new Set(redundancies.flatMap((found) => found?.grants ?? []).map((grant) => grant.permission))];
}

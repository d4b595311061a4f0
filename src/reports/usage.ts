import { hasBit } from '../access/bits.ts';
import type { AccessEngine } from '../access/engine.ts';
import type { Grant } from '../access/grant.ts';
import type { SessionFact } from './facts.ts';
import { isWithin, type TimeRange } from './range.ts';

/** Which pairs were used in a stretch of time, and with which accounts: all that is kept of any number of sessions. */
export interface SessionUsage {
  readonly range: TimeRange;
  /** Takes note of a session; those that began outside the range are none of it. */
  add(session: SessionFact): void;
  /** How many sessions began in the range. */
  count(): number;
  /** What of a grant was used, whenever the grant was valid. */
  of(engine: AccessEngine, grant: Grant): GrantUsage;
}

/** What was used of a grant. */
export interface GrantUsage {
  readonly users: ReadonlySet<string>;
  readonly assets: ReadonlySet<string>;
  readonly pairs: number;
  /** User names of accounts. */
  readonly accounts: ReadonlySet<string>;
}

/** Makes an empty record of use. Feed it every session of the range once, in any order (`readLog` sees to that). */
export function createSessionUsage(range: TimeRange): SessionUsage {
  let sessions = 0;
  const accountsOf = new Map<string, Map<string, Set<string>>>();
  return {
    range,
    add(session) {
      if (!isWithin(range, session.startedAt)) return;
      sessions += 1;
      const assets = ensure(accountsOf, session.userId, () => new Map<string, Set<string>>());
      ensure(assets, session.assetId, () => new Set<string>()).add(session.account);
    },
    count: () => sessions,
    of: (engine, grant) => usageOf(engine, grant, accountsOf),
  };
}

function usageOf(
  { context }: AccessEngine,
  grant: Grant,
  accountsOf: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>,
): GrantUsage {
  const [users, assets, accounts] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let pairs = 0;
  for (const [user, used] of accountsOf) {
    const subject = context.userAt.get(user);
    if (subject === undefined || !hasBit(grant.subjects, subject)) continue;
    for (const [asset, names] of used) {
      const resource = context.assetAt.get(asset);
      if (resource === undefined || !hasBit(grant.resources.bits, resource)) continue;
      pairs += 1;
      users.add(user);
      assets.add(asset);
      for (const name of names) accounts.add(name);
    }
  }
  return { users, assets, pairs, accounts };
}

function ensure<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

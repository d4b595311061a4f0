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
  /** Tells of each grant of an engine what was used of it, whenever it was valid. */
  on(engine: AccessEngine): (grant: Grant) => GrantUsage;
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
    on(engine) {
      const placed = placeUse(engine, accountsOf);
      return (grant) => usageOf(placed, grant);
    },
  };
}

/** The use of one user's assets, by positions in an engine's directory. */
interface PlacedUse {
  readonly user: number;
  readonly userId: string;
  readonly assets: readonly {
    readonly position: number;
    readonly id: string;
    readonly accounts: ReadonlySet<string>;
  }[];
}

type AccountsOf = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** Looks every id up once; users and assets that are gone count for nothing. */
function placeUse({ context }: AccessEngine, accountsOf: AccountsOf): PlacedUse[] {
  const placed: PlacedUse[] = [];
  for (const [userId, used] of accountsOf) {
    const user = context.userAt.get(userId);
    if (user === undefined) continue;
    const assets = [...used].flatMap(([id, accounts]) => {
      const position = context.assetAt.get(id);
      return position === undefined ? [] : [{ position, id, accounts }];
    });
    placed.push({ user, userId, assets });
  }
  return placed;
}

function usageOf(placed: readonly PlacedUse[], grant: Grant): GrantUsage {
  const [users, assets, accounts] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let pairs = 0;
  for (const use of placed) {
    if (!hasBit(grant.subjects, use.user)) continue;
    for (const asset of use.assets) {
      if (!hasBit(grant.resources.bits, asset.position)) continue;
      pairs += 1;
      users.add(use.userId);
      assets.add(asset.id);
      for (const name of asset.accounts) accounts.add(name);
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

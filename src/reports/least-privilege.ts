import { positionsOf } from '../access/bits.ts';
import { rowsAt } from '../access/directory.ts';
import type { AccessEngine } from '../access/engine.ts';
import { isValidAt } from '../access/grant.ts';
import type { AccessAsset, AccessPermission, AccessUser } from '../access/inputs.ts';
import type { SessionUsage } from './usage.ts';

/** What of a permission that is used was not used: the users and assets that could be taken out of it. */
export interface UnusedParts {
  readonly permission: AccessPermission;
  readonly usedPairs: number;
  /** Its users, own and through groups, who opened no session on any of its assets, by name. */
  readonly users: readonly AccessUser[];
  /** Its assets on which none of its users opened a session, by name. */
  readonly assets: readonly AccessAsset[];
}

/** For every valid permission with at least one session in the range of `usage`: which of its parts had none. */
export function* findUnusedParts(engine: AccessEngine, usage: SessionUsage): Generator<UnusedParts> {
  const usedOf = usage.on(engine);
  for (const grant of engine.grants) {
    const used = usedOf(grant);
    if (used.pairs === 0 || !isValidAt(grant.permission, engine.inputs.asOf)) continue;
    const users = rowsAt(engine.directory.users, positionsOf(grant.subjects)).filter(({ id }) => !used.users.has(id));
    const assets = rowsAt(engine.directory.assets, positionsOf(grant.resources.bits)).filter(
      ({ id }) => !used.assets.has(id),
    );
    if (users.length + assets.length > 0) yield { permission: grant.permission, usedPairs: used.pairs, users, assets };
  }
}

import type { AccessEngine } from './engine.ts';
import type { Timestamp } from './inputs.ts';
import { createMatrix } from './matrix.ts';

/** Where the engine and JumpServer's own tree of a user differ; both empty when they agree. */
export interface ReachDifference {
  /** Ids of assets that permissions grant and `perms/users/{id}/assets/` does not list. */
  readonly missing: readonly string[];
  /** Ids of assets that it lists and no permission grants. */
  readonly unexpected: readonly string[];
}

/**
 * Compares a user's assets with what `perms/users/{id}/assets/` answered. That answer comes from a tree which JumpServer
 * builds now and then and can lag behind (api.md §5.10): a difference is worth a warning, the permissions are the truth.
 */
export function compareReach(
  engine: AccessEngine,
  user: string,
  answered: Iterable<string>,
  at?: Timestamp,
): ReachDifference {
  const granted = new Set([...createMatrix(engine, { user, at }).all()].map((pair) => pair.asset.id));
  const listed = new Set(answered);
  return {
    missing: [...granted].filter((id) => !listed.has(id)),
    unexpected: [...listed].filter((id) => !granted.has(id)),
  };
}

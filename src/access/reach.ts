import { createBits, positionsOf } from './bits.ts';
import type { AccessEngine } from './engine.ts';
import { type Grant, validGrants } from './grant.ts';
import type { AccessAsset, AccessUser, Timestamp } from './inputs.ts';
import { uniteResources } from './selection.ts';

/** The users a permission reaches: its own and the members of its groups, by name, whether it is valid or not. */
export function usersOfPermission(engine: AccessEngine, permission: string): AccessUser[] {
  const grant = grantOf(engine, permission);
  return grant ? rowsAt(engine.directory.users, positionsOf(grant.subjects)) : [];
}

/** The assets a permission reaches: its own and those below its nodes, by name, whether it is valid or not. */
export function assetsOfPermission(engine: AccessEngine, permission: string): AccessAsset[] {
  const grant = grantOf(engine, permission);
  return grant ? rowsAt(engine.directory.assets, positionsOf(grant.resources.bits)) : [];
}

/** The assets that members of a group reach through the group alone (what `perms/user-groups/{id}/assets/` answers). */
export function assetsOfGroup(engine: AccessEngine, group: string, at: Timestamp = engine.inputs.asOf): AccessAsset[] {
  const grants = validGrants(engine.grants, at).filter((grant) => grant.permission.userGroups.includes(group));
  const reached = uniteResources(createBits(engine.directory.assets.length), grants);
  return rowsAt(engine.directory.assets, positionsOf(reached));
}

function grantOf(engine: AccessEngine, permission: string): Grant | undefined {
  return engine.grants.find((grant) => grant.permission.id === permission);
}

function rowsAt<Row>(rows: readonly Row[], positions: Iterable<number>): Row[] {
  return [...positions].map((position) => rows[position]).filter((row) => row !== undefined);
}

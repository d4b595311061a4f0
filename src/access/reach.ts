import { createBits, hasBit, positionsOf } from './bits.ts';
import { type AccessPath, groupsTo, nodesTo } from './check.ts';
import { rowsAt } from './directory.ts';
import type { AccessEngine } from './engine.ts';
import { endOf, type Grant, validGrants } from './grant.ts';
import type { AccessAsset, AccessUser, Timestamp } from './inputs.ts';
import { uniteResources } from './selection.ts';

/** How something is reached: what may be done, until when, and by which ways. */
export interface Reach {
  /** Bit set over all permissions on the way. */
  readonly actions: number;
  /** When the last of them ends; null: never. */
  readonly expiresAt: Timestamp | null;
  readonly paths: readonly AccessPath[];
}

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
  const grants = grantsOfGroup(engine, group, at);
  const reached = uniteResources(createBits(engine.directory.assets.length), grants);
  return rowsAt(engine.directory.assets, positionsOf(reached));
}

/** How members of a group reach one of those assets. */
export function reachOfGroup(
  engine: AccessEngine,
  group: string,
  asset: AccessAsset,
  at: Timestamp = engine.inputs.asOf,
): Reach {
  const position = engine.directory.assetAt.get(asset.id) ?? -1;
  const viaGroup = engine.groups.get(group) ?? null;
  const grants = grantsOfGroup(engine, group, at).filter(({ resources }) => hasBit(resources.bits, position));
  return toReach(grants, ({ permission }) =>
    nodesTo(engine, permission, position).map((viaNode) => ({ permission, viaGroup, viaNode })),
  );
}

/** How a permission reaches one of its users. */
export function reachToUser(engine: AccessEngine, permission: string, user: AccessUser): Reach {
  return toReach(grantsById(engine, permission), (grant) =>
    groupsTo(engine, grant.permission, user).map((viaGroup) => ({
      permission: grant.permission,
      viaGroup,
      viaNode: null,
    })),
  );
}

/** How a permission reaches one of its assets. */
export function reachToAsset(engine: AccessEngine, permission: string, asset: AccessAsset): Reach {
  const position = engine.directory.assetAt.get(asset.id) ?? -1;
  return toReach(grantsById(engine, permission), (grant) =>
    nodesTo(engine, grant.permission, position).map((viaNode) => ({
      permission: grant.permission,
      viaGroup: null,
      viaNode,
    })),
  );
}

function toReach(grants: readonly Grant[], pathsOf: (grant: Grant) => readonly AccessPath[]): Reach {
  const end = Math.max(...grants.map(({ permission }) => endOf(permission)));
  return {
    actions: grants.reduce((set, { permission }) => set | permission.actions, 0),
    expiresAt: Number.isFinite(end) ? end : null,
    paths: grants.flatMap(pathsOf),
  };
}

function grantsOfGroup(engine: AccessEngine, group: string, at: Timestamp): Grant[] {
  return validGrants(engine.grants, at).filter((grant) => grant.permission.userGroups.includes(group));
}

function grantsById(engine: AccessEngine, permission: string): Grant[] {
  return engine.grants.filter((grant) => grant.permission.id === permission);
}

function grantOf(engine: AccessEngine, permission: string): Grant | undefined {
  return grantsById(engine, permission)[0];
}

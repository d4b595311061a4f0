import { hasBit } from './bits.ts';
import type { AccessEngine } from './engine.ts';
import { endOf, type Grant, isValidAt } from './grant.ts';
import type { AccessAsset, AccessGroup, AccessNode, AccessPermission, AccessUser, Timestamp } from './inputs.ts';
import { subtreeAssets } from './tree.ts';

/** What stands in the way although JumpServer counts the grant (api.md, Corrections). */
export type AccessBlock = 'USER_INACTIVE' | 'USER_EXPIRED' | 'ASSET_INACTIVE';

/** One way from a user to an asset: a permission, by membership of a group or directly, by a granted node or directly. */
export interface AccessPath {
  readonly permission: AccessPermission;
  readonly viaGroup: AccessGroup | null;
  readonly viaNode: AccessNode | null;
}

/** A user who reaches an asset, and with what. */
export interface AccessPair {
  readonly user: AccessUser;
  readonly asset: AccessAsset;
  /** Bit set over all permissions of the pair. */
  readonly actions: number;
  /** When the last permission of the pair ends; null: never. */
  readonly expiresAt: Timestamp | null;
}

/** The answer to "may this user reach this asset, and why". */
export interface AccessDecision extends AccessPair {
  readonly asOf: Timestamp;
  readonly allowed: boolean;
  /** Account rules of all permissions of the pair, as stored. */
  readonly accounts: readonly string[];
  readonly protocols: readonly string[];
  readonly blockedBy: readonly AccessBlock[];
  readonly paths: readonly AccessPath[];
}

/** Decides one pair at a time (by default when the inputs were read); null when the user or the asset is unknown. */
export function checkAccess(
  engine: AccessEngine,
  userId: string,
  assetId: string,
  at: Timestamp = engine.inputs.asOf,
): AccessDecision | null {
  const userPosition = engine.context.userAt.get(userId);
  const assetPosition = engine.context.assetAt.get(assetId);
  if (userPosition === undefined || assetPosition === undefined) return null;
  const grants = grantsOfPair(validGrantsOf(engine, userPosition, at), assetPosition);
  const pair = describePair(engine, userPosition, assetPosition, grants);
  return {
    ...pair,
    asOf: engine.inputs.asOf,
    allowed: grants.length > 0,
    accounts: distinct(grants.flatMap((grant) => grant.permission.accounts)),
    protocols: distinct(grants.flatMap((grant) => grant.permission.protocols)),
    blockedBy: blocksOf(pair.user, pair.asset, at),
    paths: grants.flatMap((grant) => pathsThrough(engine, grant, pair.user, assetPosition)),
  };
}

/** All ways from a user to an asset at a time, in the order of permissions' names; empty when there is none. */
export function explainPair(
  engine: AccessEngine,
  userId: string,
  assetId: string,
  at?: Timestamp,
): readonly AccessPath[] {
  return checkAccess(engine, userId, assetId, at)?.paths ?? [];
}

/** The grants of one user that are valid at a time. */
export function validGrantsOf(engine: AccessEngine, user: number, at: Timestamp): Grant[] {
  const grants: Grant[] = [];
  for (const position of engine.grantsOfUser[user] ?? []) {
    const grant = engine.grants[position];
    if (grant && isValidAt(grant.permission, at)) grants.push(grant);
  }
  return grants;
}

/** Those of a user's grants that reach an asset. */
function grantsOfPair(grants: readonly Grant[], asset: number): Grant[] {
  return grants.filter((grant) => hasBit(grant.resources.bits, asset));
}

/** Sums up those of a user's grants that reach an asset; millions of pairs pass here, so nothing is made on the way. */
export function describePair(engine: AccessEngine, user: number, asset: number, grants: readonly Grant[]): AccessPair {
  let actions = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { permission, resources } of grants) {
    if (!hasBit(resources.bits, asset)) continue;
    actions |= permission.actions;
    end = Math.max(end, endOf(permission));
  }
  return {
    user: rowAt(engine.directory.users, user),
    asset: rowAt(engine.directory.assets, asset),
    actions,
    expiresAt: Number.isFinite(end) ? end : null,
  };
}

/** What stands in the way of a user or an asset at a time. */
function blocksOf(user: AccessUser, asset: AccessAsset, at: Timestamp): AccessBlock[] {
  const blocks: AccessBlock[] = [];
  if (!user.isActive) blocks.push('USER_INACTIVE');
  if (isExpiredAt(user, at)) blocks.push('USER_EXPIRED');
  if (!asset.isActive) blocks.push('ASSET_INACTIVE');
  return blocks;
}

/** Asks whether a user's account is past its end at a time. */
export function isExpiredAt(user: AccessUser, at: Timestamp): boolean {
  return user.expiresAt === null ? user.isExpired : user.expiresAt <= at;
}

function pathsThrough(engine: AccessEngine, grant: Grant, user: AccessUser, asset: number): AccessPath[] {
  const { permission } = grant;
  const nodes = nodesTo(engine, permission, asset);
  return groupsTo(engine, permission, user).flatMap((viaGroup) =>
    nodes.map((viaNode) => ({ permission, viaGroup, viaNode })),
  );
}

/** How a permission has a user among its subjects: named (null), and through which groups. */
export function groupsTo(
  engine: AccessEngine,
  permission: AccessPermission,
  user: AccessUser,
): readonly (AccessGroup | null)[] {
  const groups: (AccessGroup | null)[] = permission.users.includes(user.id) ? [null] : [];
  for (const id of permission.userGroups) {
    const group = user.groups.includes(id) ? engine.groups.get(id) : undefined;
    if (group) groups.push(group);
  }
  return groups;
}

/** How a permission reaches the asset at a position: named (null), and through which of its nodes. */
export function nodesTo(
  { context }: AccessEngine,
  permission: AccessPermission,
  asset: number,
): readonly (AccessNode | null)[] {
  const isNamed = permission.assets.some((id) => context.assetAt.get(id) === asset);
  const nodes: (AccessNode | null)[] = isNamed ? [null] : [];
  for (const id of permission.nodes) {
    const node = context.tree.byId.get(id);
    if (node && hasBit(subtreeAssets(context.tree, id), asset)) nodes.push(node);
  }
  return nodes;
}

/** A row at a position the engine itself made; a miss is a fault of the engine. */
function rowAt<Row>(rows: readonly Row[], position: number): Row {
  const row = rows[position];
  if (row === undefined) throw new RangeError(`No row at position ${position} of ${rows.length}`);
  return row;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}

import { positionsOf } from './bits.ts';
import { compareByName, createDirectory, type Directory } from './directory.ts';
import { createGrant, type Grant, type GrantContext } from './grant.ts';
import type { AccessGroup, AccessInputs, PermissionChange } from './inputs.ts';
import { createAssetTree } from './tree.ts';

/** Who reaches what in one organisation, ready to be asked. It never changes: `changePermissions` makes another. */
export interface AccessEngine {
  readonly inputs: AccessInputs;
  readonly directory: Directory;
  readonly context: GrantContext;
  readonly groups: ReadonlyMap<string, AccessGroup>;
  /** All permissions, valid or not, by name. */
  readonly grants: readonly Grant[];
  /** For each user's position, the grants (positions in `grants`, ascending) that have them among their subjects. */
  readonly grantsOfUser: readonly (readonly number[])[];
}

/**
 * Works out the effective access of an organisation as JumpServer grants it: (users ∪ members of groups) × (assets ∪
 * subtrees of nodes). Nothing is held per pair, so millions of pairs cost nothing. Give a `directory` to make engines comparable.
 */
export function createAccessEngine(inputs: AccessInputs, directory: Directory = createDirectory(inputs)): AccessEngine {
  const context = createContext(inputs, directory);
  const grants = inputs.permissions.map((permission) => createGrant(context, permission));
  return createEngine(inputs, directory, context, grants);
}

/** The engine after permissions were written or removed; only those are worked out again. */
export function changePermissions(engine: AccessEngine, change: PermissionChange): AccessEngine {
  const upserts = new Map(change.upserts?.map((permission) => [permission.id, permission]));
  const dropped = new Set([...upserts.keys(), ...(change.removals ?? [])]);
  const kept = engine.grants.filter((grant) => !dropped.has(grant.permission.id));
  const grants = [...kept, ...[...upserts.values()].map((permission) => createGrant(engine.context, permission))];
  const inputs = { ...engine.inputs, permissions: grants.map((grant) => grant.permission) };
  return createEngine(inputs, engine.directory, engine.context, grants);
}

function createEngine(
  inputs: AccessInputs,
  directory: Directory,
  context: GrantContext,
  unordered: Grant[],
): AccessEngine {
  const grants = unordered.sort((left, right) => compareByName(left.permission, right.permission));
  const grantsOfUser = directory.users.map((): number[] => []);
  grants.forEach((grant, position) => {
    for (const user of positionsOf(grant.subjects)) grantsOfUser[user]?.push(position);
  });
  const groups = new Map(inputs.groups.map((group) => [group.id, group]));
  return { inputs, directory, context, groups, grants, grantsOfUser };
}

/** Only rows of these inputs count, even where the directory knows more from another reading. */
function createContext(inputs: AccessInputs, directory: Directory): GrantContext {
  const userAt = ownPositions(inputs.users, directory.userAt);
  const assetAt = ownPositions(inputs.assets, directory.assetAt);
  const assetCount = directory.assets.length;
  return {
    userCount: directory.users.length,
    assetCount,
    userAt,
    assetAt,
    members: membersOf(inputs, userAt),
    tree: createAssetTree(inputs.nodes, inputs.assets, assetAt, assetCount),
    resourceSets: new Map(),
  };
}

function ownPositions(rows: readonly { readonly id: string }[], all: ReadonlyMap<string, number>): Map<string, number> {
  const own = new Map<string, number>();
  for (const { id } of rows) {
    const position = all.get(id);
    if (position !== undefined) own.set(id, position);
  }
  return own;
}

function membersOf(inputs: AccessInputs, userAt: ReadonlyMap<string, number>): Map<string, number[]> {
  const members = new Map(inputs.groups.map((group) => [group.id, [] as number[]]));
  for (const user of inputs.users) {
    const position = userAt.get(user.id);
    if (position !== undefined) for (const group of user.groups) members.get(group)?.push(position);
  }
  return members;
}

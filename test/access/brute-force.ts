/** Effective access the slow way: every user × asset × permission, sharing nothing with the engine but the input types. */
import type { AccessInputs, AccessPermission } from '../../src/access/inputs.ts';

/** One pair as the engine should describe it. */
export interface PlainPair {
  readonly user: string;
  readonly asset: string;
  readonly actions: number;
  readonly accounts: string[];
  readonly protocols: string[];
  readonly expiresAt: number | null;
  /** `permission>group>node`, a dash for direct. */
  readonly paths: string[];
}

/** All pairs of an organisation at a time, in the engine's order. */
export function allPairs(inputs: AccessInputs, at: number): PlainPair[] {
  const pairs: PlainPair[] = [];
  for (const user of byName(inputs.users)) {
    for (const asset of byName(inputs.assets)) {
      const pair = pairOf(inputs, user.id, asset.id, at);
      if (pair) pairs.push(pair);
    }
  }
  return pairs;
}

/** One pair, or nothing when no permission grants it. */
export function pairOf(inputs: AccessInputs, user: string, asset: string, at: number): PlainPair | undefined {
  const granting = grantingPermissions(inputs, user, asset, at);
  if (granting.length === 0) return undefined;
  const ends = granting.map(({ permission }) => permission.expiresAt);
  const union = (words: (permission: AccessPermission) => readonly string[]) =>
    [...new Set(granting.flatMap(({ permission }) => words(permission)))].sort();
  return {
    user,
    asset,
    actions: granting.reduce((set, { permission }) => set | permission.actions, 0),
    accounts: union((permission) => permission.accounts),
    protocols: union((permission) => permission.protocols),
    expiresAt: ends.includes(null) ? null : Math.max(...ends.map(Number)),
    paths: granting.flatMap(({ paths }) => paths).sort(),
  };
}

/** The valid permissions that grant a pair, each with its ways. */
export function grantingPermissions(inputs: AccessInputs, user: string, asset: string, at: number) {
  return byName(inputs.permissions)
    .filter((permission) => permission.isActive)
    .filter((permission) => permission.startsAt === null || permission.startsAt < at)
    .filter((permission) => permission.expiresAt === null || at < permission.expiresAt)
    .map((permission) => ({ permission, paths: pathsOf(inputs, permission, user, asset) }))
    .filter(({ paths }) => paths.length > 0);
}

/**
 * What the user may do with one account of the asset: granted actions less excluded ones, over all permissions; what `@USER` gives stays,
 * since JumpServer looks up whose account that is afterwards.
 */
export function accountActions(inputs: AccessInputs, user: string, asset: string, account: string, at: number): number {
  const username = inputs.users.find(({ id }) => id === user)?.username;
  let granted = 0;
  let excluded = 0;
  let own = 0;
  for (const { permission } of grantingPermissions(inputs, user, asset, at)) {
    const { accounts, actions } = permission;
    const isPlain = !account.startsWith('@') && !account.startsWith('%');
    if (accounts.includes(account) || (accounts.includes('@ALL') && isPlain)) granted |= actions;
    if (accounts.includes(`!${account}`)) excluded |= actions;
    if (accounts.includes('@USER') && account === username) own |= actions;
  }
  return (granted & ~excluded) | own;
}

function pathsOf(inputs: AccessInputs, permission: AccessPermission, userId: string, assetId: string): string[] {
  const user = inputs.users.find(({ id }) => id === userId);
  const asset = inputs.assets.find(({ id }) => id === assetId);
  if (!user || !asset) return [];
  const from = permission.users.includes(userId) ? ['-'] : [];
  for (const group of inputs.groups) {
    if (user.groups.includes(group.id) && permission.userGroups.includes(group.id)) from.push(group.id);
  }
  const to = permission.assets.includes(assetId) ? ['-'] : [];
  for (const node of inputs.nodes) {
    if (permission.nodes.includes(node.id) && asset.nodes.some((id) => isBelow(inputs, id, node.key))) to.push(node.id);
  }
  return from.flatMap((group) => to.map((node) => `${permission.id}>${group}>${node}`));
}

function isBelow(inputs: AccessInputs, nodeId: string, ancestor: string): boolean {
  let key = inputs.nodes.find(({ id }) => id === nodeId)?.key.split(':');
  while (key && key.length > 0) {
    if (key.join(':') === ancestor) return true;
    key = key.slice(0, -1);
  }
  return false;
}

function byName<Row extends { readonly id: string; readonly name: string }>(rows: readonly Row[]): Row[] {
  const text = ({ name, id }: Row) => `${name}\u0000${id}`;
  return [...rows].sort((left, right) => (text(left) < text(right) ? -1 : 1));
}

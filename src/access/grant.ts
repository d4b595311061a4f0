import { type AccountRules, toAccountRules } from './accounts.ts';
import { addBit, type Bits, countBits, createBits, equalBits, hashBits, uniteInto } from './bits.ts';
import type { AccessPermission, Timestamp } from './inputs.ts';
import { type AssetTree, subtreeAssets } from './tree.ts';

/** The assets of one or more permissions; permissions that name the same ones share it. */
export interface ResourceSet {
  readonly bits: Bits;
  readonly count: number;
}

/** One permission worked out: who (users ∪ members of groups) and what (assets ∪ subtrees of nodes), as positions. */
export interface Grant {
  readonly permission: AccessPermission;
  readonly subjects: Bits;
  readonly resources: ResourceSet;
  readonly accounts: AccountRules;
  /** Everything it allows, as words (`action:4`, `account:root`, `protocol:ssh`), to compare grants. */
  readonly rights: ReadonlySet<string>;
}

/** What permissions are worked out against. */
export interface GrantContext {
  readonly userCount: number;
  readonly assetCount: number;
  readonly userAt: ReadonlyMap<string, number>;
  readonly assetAt: ReadonlyMap<string, number>;
  readonly members: ReadonlyMap<string, readonly number[]>;
  readonly tree: AssetTree;
  /** Resource sets made so far, by a hash of their members. */
  readonly resourceSets: Map<number, ResourceSet[]>;
}

/** Works a permission out; references to rows that are not there give nothing, as in JumpServer. */
export function createGrant(context: GrantContext, permission: AccessPermission): Grant {
  return {
    permission,
    subjects: subjectsOf(context, permission),
    resources: resourcesOf(context, permission),
    accounts: toAccountRules(permission.accounts),
    rights: rightsOf(permission),
  };
}

/** JumpServer's own rule of validity: active, begun and not over, both ends excluded (api.md, Corrections). */
export function isValidAt(permission: AccessPermission, at: Timestamp): boolean {
  return permission.isActive && startOf(permission) < at && at < endOf(permission);
}

/** Those grants whose permission is valid at a time. */
export function validGrants(grants: readonly Grant[], at: Timestamp): Grant[] {
  return grants.filter((grant) => isValidAt(grant.permission, at));
}

/** When a permission begins; -∞ when it always was. */
export function startOf(permission: AccessPermission): Timestamp {
  return permission.startsAt ?? Number.NEGATIVE_INFINITY;
}

/** When a permission ends; +∞ when it never does. */
export function endOf(permission: AccessPermission): Timestamp {
  return permission.expiresAt ?? Number.POSITIVE_INFINITY;
}

/** Asks whether both grants open the same assets with the same rights, whoever their subjects are. */
export function isSameGrant(left: Grant, right: Grant): boolean {
  if (left === right) return true;
  if (left.permission.actions !== right.permission.actions || left.rights.size !== right.rights.size) return false;
  for (const word of left.rights) if (!right.rights.has(word)) return false;
  return equalBits(left.resources.bits, right.resources.bits);
}

function subjectsOf(context: GrantContext, permission: AccessPermission): Bits {
  const bits = createBits(context.userCount);
  for (const id of permission.users) addKnown(bits, context.userAt.get(id));
  for (const id of permission.userGroups) for (const user of context.members.get(id) ?? []) addBit(bits, user);
  return bits;
}

function resourcesOf(context: GrantContext, permission: AccessPermission): ResourceSet {
  const bits = createBits(context.assetCount);
  for (const id of permission.assets) addKnown(bits, context.assetAt.get(id));
  for (const id of permission.nodes) uniteInto(bits, subtreeAssets(context.tree, id));
  return shareResources(context, bits);
}

/** Different permissions very often come to the same assets; one copy is held, and unions skip it the second time. */
function shareResources(context: GrantContext, bits: Bits): ResourceSet {
  const hash = hashBits(bits);
  const alike = context.resourceSets.get(hash) ?? [];
  const known = alike.find((set) => equalBits(set.bits, bits));
  if (known) return known;
  const set: ResourceSet = { bits, count: countBits(bits) };
  context.resourceSets.set(hash, [...alike, set]);
  return set;
}

function addKnown(bits: Bits, position: number | undefined): void {
  if (position !== undefined) addBit(bits, position);
}

function rightsOf(permission: AccessPermission): Set<string> {
  const rights = new Set<string>();
  for (let bit = 1; bit <= permission.actions; bit <<= 1) if (permission.actions & bit) rights.add(`action:${bit}`);
  for (const rule of permission.accounts) rights.add(`account:${rule}`);
  for (const protocol of permission.protocols) rights.add(`protocol:${protocol}`);
  return rights;
}

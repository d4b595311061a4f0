import {
  type Bits,
  createBits,
  differenceOf,
  intersectInto,
  intersectionOf,
  isEmptyBits,
  subtractInto,
  uniteInto,
} from './bits.ts';
import { type Grant, isSameGrant } from './grant.ts';
import { uniteResources } from './selection.ts';

/** Which rights make two pairs differ. */
export type ComparedRight = 'action' | 'account' | 'protocol';

/** How the assets reached by one set of grants differ from those reached by another. */
export interface RowChange {
  /** Reached on the right only. */
  readonly gained: Bits;
  /** Reached on the left only. */
  readonly lost: Bits;
  /** Reached on both sides with different rights. */
  readonly changed: Bits;
  /** Reached on both sides, on the right with an action more. */
  readonly widened: Bits;
}

/** Compares two rows; undefined when both hold the same grants, which for most users is all there is to find out. */
export function compareRows(
  left: readonly Grant[],
  right: readonly Grant[],
  assetCount: number,
  compared: readonly ComparedRight[],
): RowChange | undefined {
  const differing = differingGrants(left, right);
  if (differing.length === 0) return undefined;
  const before = uniteResources(createBits(assetCount), left);
  const after = uniteResources(createBits(assetCount), right);
  const both = intersectionOf(before, after);
  intersectInto(both, uniteResources(createBits(assetCount), differing));
  const changed = createBits(assetCount);
  const widened = createBits(assetCount);
  if (!isEmptyBits(both)) {
    for (const word of rightsOf(differing, compared)) {
      const had = uniteResources(createBits(assetCount), withRight(left, word));
      const has = uniteResources(createBits(assetCount), withRight(right, word));
      const more = differenceOf(has, had);
      uniteInto(changed, more);
      if (word.startsWith('action:')) uniteInto(widened, more);
      subtractInto(had, has);
      uniteInto(changed, had);
    }
    intersectInto(changed, both);
    intersectInto(widened, both);
  }
  return { gained: differenceOf(after, before), lost: differenceOf(before, after), changed, widened };
}

/** Grants of one side that the other side does not hold alike; what both hold cannot make a difference by itself. */
function differingGrants(left: readonly Grant[], right: readonly Grant[]): Grant[] {
  const byId = new Map(left.map((grant) => [grant.permission.id, grant]));
  const differing: Grant[] = [];
  for (const grant of right) {
    const other = byId.get(grant.permission.id);
    if (other && isSameGrant(other, grant)) byId.delete(grant.permission.id);
    else differing.push(grant);
  }
  return [...differing, ...byId.values()];
}

function rightsOf(grants: readonly Grant[], compared: readonly ComparedRight[]): Set<string> {
  const words = new Set<string>();
  for (const grant of grants) {
    for (const word of grant.rights) if (compared.some((kind) => word.startsWith(`${kind}:`))) words.add(word);
  }
  return words;
}

function withRight(grants: readonly Grant[], word: string): Grant[] {
  return grants.filter((grant) => grant.rights.has(word));
}

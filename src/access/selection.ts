import { matchAccount } from './accounts.ts';
import { ALL_ACTIONS } from './actions.ts';
import {
  type Bits,
  createBits,
  intersectInto,
  overlaps,
  subtractInto,
  uniteInto,
  type Window,
  windowOf,
} from './bits.ts';
import type { AccessEngine } from './engine.ts';
import { type Grant, isValidAt, type ResourceSet } from './grant.ts';
import type { Timestamp } from './inputs.ts';

/** Which grants and assets count; each given word narrows, and one permission must satisfy all that is said of grants. */
export interface Selection {
  readonly at: Timestamp;
  /** Bit set: only grants that allow one of these actions. */
  readonly actions?: number | undefined;
  /** An account's name, or a mark such as `@INPUT`; it must be open for some action. */
  readonly account?: string | undefined;
  /** Only pairs whose every such grant opens accounts by `@ALL`, none by name. */
  readonly wildcardOnly?: boolean | undefined;
  /** Only these assets. */
  readonly assets?: Bits | undefined;
}

/** Finds the assets that users reach through the grants of one selection. */
export interface RowReader {
  /** Where assets are selected, the users whom a grant that reaches them has among its subjects: nobody else need be read. */
  readonly users: Bits | undefined;
  /** The assets the user reaches. The set is written anew by the next call: copy what must last. */
  read(user: number): Bits;
}

/** Makes the reader of one selection. It works on the window of words around the selected assets only. */
export function createRowReader(engine: AccessEngine, selection: Selection): RowReader {
  const size = engine.directory.assets.length;
  const row = createBits(size);
  const { account, assets } = selection;
  const union: Union = { window: assets ? windowOf(assets) : { from: 0, to: row.length } };
  const isReaching = ({ resources }: Grant) => assets === undefined || overlaps(resources.bits, assets, union.window);
  const marks = Uint8Array.from(engine.grants, (grant) => (isCounted(grant, selection) && isReaching(grant) ? 1 : 0));
  const users = assets && uniteSubjects(engine, (position) => marks[position] === 1);

  const validOf = (user: number) => {
    const grants: Grant[] = [];
    for (const position of engine.grantsOfUser[user] ?? []) {
      const grant = marks[position] === 1 ? engine.grants[position] : undefined;
      if (grant) grants.push(grant);
    }
    return grants;
  };
  const grantsOf = (user: number) => {
    if (account === undefined) return validOf(user);
    const username = usernameOf(engine, user);
    return validOf(user).filter((grant) => matchAccount(grant.accounts, account, username) !== 'none');
  };
  const read = (user: number) => {
    const counted = grantsOf(user);
    uniteResources(row, counted, union);
    if (selection.wildcardOnly) {
      const named = counted.filter((grant) => !isWildcard(grant, account, usernameOf(engine, user)));
      subtractInto(row, uniteResources(createBits(size), named, union));
    }
    if (account !== undefined) dropExcluded(row, counted, validOf(user), selection, union, usernameOf(engine, user));
    if (assets) intersectInto(row, assets);
    return row;
  };
  return { users, read };
}

function uniteSubjects({ context, grants }: AccessEngine, isWanted: (position: number) => boolean): Bits {
  const users = createBits(context.userCount);
  grants.forEach(({ subjects }, position) => {
    if (isWanted(position)) uniteInto(users, subjects);
  });
  return users;
}

interface Union {
  readonly window: Window;
}

/** Writes the union of the grants' assets into `target` and returns it; sets that grants share are added once. */
export function uniteResources(target: Bits, grants: readonly Grant[], union?: Union): Bits {
  target.fill(0);
  const seen = new Set<ResourceSet>();
  for (const { resources } of grants) {
    if (seen.has(resources)) continue;
    seen.add(resources);
    uniteInto(target, resources.bits, union?.window);
  }
  return target;
}

function isCounted({ permission }: Grant, selection: Selection): boolean {
  const { account, actions = account === undefined ? undefined : ALL_ACTIONS } = selection;
  if (actions !== undefined && (permission.actions & actions) === 0) return false;
  return isValidAt(permission, selection.at);
}

function isWildcard(grant: Grant, account: string | undefined, username: string): boolean {
  return account === undefined ? grant.accounts.all : matchAccount(grant.accounts, account, username) === 'wildcard';
}

/**
 * `!name` in one permission takes its actions on that account from the whole pair, whichever permission gave them; the pair goes when no
 * action is left. What `@USER` gives stays: JumpServer looks up whose account that is when it has settled the names.
 */
function dropExcluded(
  row: Bits,
  counted: Grant[],
  valid: Grant[],
  selection: Selection,
  union: Union,
  username: string,
): void {
  const { account = '', actions = ALL_ACTIONS } = selection;
  const excluding = valid.filter((grant) => grant.accounts.excluded.has(account));
  if (excluding.length === 0) return;
  const own = account === username ? counted.filter((grant) => grant.accounts.sameName) : [];
  const kept = uniteResources(new Uint32Array(row.length), own, union);
  for (let bit = 1; bit <= ALL_ACTIONS; bit <<= 1) {
    if ((actions & bit) === 0) continue;
    const allowed = uniteResources(new Uint32Array(row.length), withAction(counted, bit), union);
    subtractInto(allowed, uniteResources(new Uint32Array(row.length), withAction(excluding, bit), union));
    uniteInto(kept, allowed, union.window);
  }
  intersectInto(row, kept);
}

function withAction(grants: readonly Grant[], bit: number): Grant[] {
  return grants.filter((grant) => (grant.permission.actions & bit) !== 0);
}

function usernameOf(engine: AccessEngine, user: number): string {
  return engine.directory.users[user]?.username ?? '';
}

import { matchAccount } from './accounts.ts';
import { ALL_ACTIONS } from './actions.ts';
import { addBit, type Bits, createBits, positionsOf, subtractInto, uniteInto } from './bits.ts';
import type { AccessEngine } from './engine.ts';
import type { Grant } from './grant.ts';

/**
 * The users to whom some of the grants that reach an asset open an account of it for any action. As in a row of the matrix, `!name` takes its
 * actions from whatever gave them, and what `@USER` gives stays.
 */
export function openersOf(engine: AccessEngine, grants: readonly Grant[], account: string): Bits {
  const openers = createBits(engine.context.userCount);
  const opening = grants.filter(({ accounts }) => matchAccount(accounts, account, undefined) !== 'none');
  const excluding = grants.filter(({ accounts }) => accounts.excluded.has(account));
  for (let bit = 1; bit <= ALL_ACTIONS; bit <<= 1) {
    const allowed = subjectsWith(engine, opening, bit);
    subtractInto(allowed, subjectsWith(engine, excluding, bit));
    uniteInto(openers, allowed);
  }
  addNamesakes(engine, grants, account, openers);
  return openers;
}

/** Everybody to whom one of the grants gives an action. */
function subjectsWith(engine: AccessEngine, grants: readonly Grant[], bit: number): Bits {
  const users = createBits(engine.context.userCount);
  for (const { permission, subjects } of grants) if ((permission.actions & bit) !== 0) uniteInto(users, subjects);
  return users;
}

function addNamesakes({ directory }: AccessEngine, grants: readonly Grant[], account: string, openers: Bits): void {
  for (const { accounts, permission, subjects } of grants) {
    if (!accounts.sameName || permission.actions === 0) continue;
    for (const user of positionsOf(subjects)) if (directory.users[user]?.username === account) addBit(openers, user);
  }
}

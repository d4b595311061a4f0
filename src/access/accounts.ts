/** The rules of one permission about the accounts it opens, read once (api.md §5.9). */
export interface AccountRules {
  /** `@ALL`: every account of the asset. */
  readonly all: boolean;
  /** `@USER`: the account named like the user. */
  readonly sameName: boolean;
  /** Names and marks given outright: `root`, `@INPUT`, `@ANON`, `%<template id>`. */
  readonly named: ReadonlySet<string>;
  /** Names taken away by `!name`, from what every permission of the pair opens. */
  readonly excluded: ReadonlySet<string>;
}

/** How a permission opens one account: not at all, only because of `@ALL`, or by name (`@USER` names the user's own). */
export type AccountMatch = 'none' | 'wildcard' | 'named';

/** Reads the rules of one permission; `@SPEC` only tells JumpServer's own pages that names follow. */
export function toAccountRules(accounts: readonly string[]): AccountRules {
  return {
    all: accounts.includes('@ALL'),
    sameName: accounts.includes('@USER'),
    named: new Set(accounts.filter((rule) => rule !== '@ALL' && rule !== '@SPEC' && !rule.startsWith('!'))),
    excluded: new Set(accounts.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1))),
  };
}

/** How these rules open `account` to the user called `username` (to whoever it is, when left out), exclusions aside. */
export function matchAccount(rules: AccountRules, account: string, username: string | undefined): AccountMatch {
  if (rules.named.has(account)) return 'named';
  if (rules.sameName && account === username) return 'named';
  if (account === '@ALL') return rules.all ? 'wildcard' : 'none';
  return rules.all && !isMark(account) ? 'wildcard' : 'none';
}

/** Asks whether all that `inner` opens is opened by `outer` as well, whoever asks and whatever the asset holds. */
export function coversAccounts(outer: AccountRules, inner: AccountRules): boolean {
  if (outer.excluded.size !== inner.excluded.size) return false;
  for (const name of outer.excluded) if (!inner.excluded.has(name)) return false;
  if (inner.all && !outer.all) return false;
  for (const name of inner.named) if (!outer.named.has(name) && !(outer.all && !isMark(name))) return false;
  return true;
}

/** Marks are no names of accounts that an asset holds, so `@ALL` does not bring them. */
function isMark(account: string): boolean {
  return account.startsWith('@') || account.startsWith('%');
}

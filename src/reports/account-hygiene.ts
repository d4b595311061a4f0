import { countBits, hasBit } from '../access/bits.ts';
import type { AccessEngine } from '../access/engine.ts';
import { validGrants } from '../access/grant.ts';
import { openersOf } from '../access/openers.ts';
import type { AccountFact } from './facts.ts';
import { DAY_MILLISECONDS } from './range.ts';

/** One account and what is wrong with it. */
export interface AccountFinding {
  readonly account: AccountFact;
  readonly detail: string;
}

/** A privileged account and how many users may open it. */
export interface ReachableAccount {
  readonly account: AccountFact;
  readonly users: number;
}

/** What is looked for. */
export interface AccountHygieneOptions {
  /** A secret unchanged for longer is old. Default 90. */
  readonly secretOlderThanDays?: number;
  /** A privileged account that more users may open is reachable by many. Default 10. */
  readonly reachableByMoreThan?: number;
}

/** Accounts looked at so far. */
export interface AccountHygiene {
  readonly asOf: number;
  /** Takes an account in. Feed each once. */
  add(account: AccountFact): void;
  totalCount(): number;
  privilegedCount(): number;
  /** Active accounts that no verification ever reached. */
  neverVerified(): AccountFinding[];
  /** Active accounts whose secret, or they themselves if it never changed, are older than asked; oldest first. */
  oldSecrets(): AccountFinding[];
  /** Active privileged accounts that more users than asked may open now, most first. */
  reachableByMany(): ReachableAccount[];
}

/** Starts looking at accounts, with the engine that knows who may open them. */
export function createAccountHygiene(engine: AccessEngine, options: AccountHygieneOptions = {}): AccountHygiene {
  const { secretOlderThanDays = 90, reachableByMoreThan = 10 } = options;
  const asOf = engine.inputs.asOf;
  const unverified: AccountFact[] = [];
  const old: AccountFact[] = [];
  const privileged: AccountFact[] = [];
  let total = 0;
  return {
    asOf,
    add(account) {
      total += 1;
      if (!account.isActive) return;
      if (account.verifiedAt === null) unverified.push(account);
      if (ageInDays(account, asOf) > secretOlderThanDays) old.push(account);
      if (account.isPrivileged) privileged.push(account);
    },
    totalCount: () => total,
    privilegedCount: () => privileged.length,
    neverVerified: () => unverified.map((account) => ({ account, detail: 'Never verified' })),
    oldSecrets: () =>
      old
        .map((account) => ({ account, age: ageInDays(account, asOf) }))
        .sort((left, right) => right.age - left.age)
        .map(({ account, age }) => ({ account, detail: describeAge(account, age) })),
    reachableByMany: () =>
      countReach(engine, privileged)
        .filter(({ users }) => users > reachableByMoreThan)
        .sort((left, right) => right.users - left.users),
  };
}

/** How many users may open each account now. */
function countReach(engine: AccessEngine, accounts: readonly AccountFact[]): ReachableAccount[] {
  const grants = validGrants(engine.grants, engine.inputs.asOf);
  return accounts.map((account) => {
    const asset = engine.context.assetAt.get(account.assetId);
    const reaching = grants.filter(({ resources }) => asset !== undefined && hasBit(resources.bits, asset));
    return { account, users: countBits(openersOf(engine, reaching, account.username)) };
  });
}

function ageInDays({ secretChangedAt, createdAt }: AccountFact, asOf: number): number {
  const since = secretChangedAt ?? createdAt;
  return since === null ? 0 : Math.floor((asOf - since) / DAY_MILLISECONDS);
}

function describeAge({ secretChangedAt }: AccountFact, age: number): string {
  return secretChangedAt === null
    ? `Secret never changed in the ${age} days of the account`
    : `Secret unchanged for ${age} days`;
}

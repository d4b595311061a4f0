import type { SandboxVersion } from './types.ts';

const ORDER: readonly SandboxVersion[] = ['3.10.23', '4.9.0', '4.10.16', '4.10.19'];

/** Every server version the sandbox knows, oldest first. */
export const SANDBOX_VERSIONS: readonly SandboxVersion[] = ORDER;

/** Whether a thing that exists from `since` (inclusive) to `until` (exclusive) exists in `version`. */
export function isIn(version: SandboxVersion, span: { since?: SandboxVersion; until?: SandboxVersion }): boolean {
  const at = ORDER.indexOf(version);
  const from = span.since === undefined ? 0 : ORDER.indexOf(span.since);
  const to = span.until === undefined ? ORDER.length : ORDER.indexOf(span.until);
  return at >= from && at < to;
}

/** What differs between servers in every list and request (api.md §1.7, §3.1, §7). */
export interface VersionFacts {
  /** Rows of a list asked without `limit`; Infinity before 4.10.8. */
  unpagedRows: number;
  /** Greatest honoured `limit`. */
  maxLimit: number;
  /** `q` as a synonym of `search`. */
  searchByQ: boolean;
  /** `<filter>__in` and its kin. */
  lookups: boolean;
  /** `attr_rules` on accounts. */
  accountRules: boolean;
  /** Calls a minute and user, service account or address; Infinity when there is no throttle. */
  userRate: number;
  anonymousRate: number;
  serviceRate: number;
  suggestionRate: number;
  /** Zones were called domains. */
  domains: boolean;
  /** Unknown type and category are refused instead of answered with nothing. */
  strictChoices: boolean;
}

const NO_THROTTLE = { userRate: Infinity, anonymousRate: Infinity, serviceRate: Infinity, suggestionRate: Infinity };
const OLD = { unpagedRows: Infinity, maxLimit: 10_000, searchByQ: false, lookups: false, strictChoices: false };

const FACTS: Record<SandboxVersion, VersionFacts> = {
  '3.10.23': { ...OLD, ...NO_THROTTLE, accountRules: false, domains: true },
  '4.9.0': { ...OLD, ...NO_THROTTLE, accountRules: true, domains: true },
  '4.10.16': {
    unpagedRows: 200,
    maxLimit: 1000,
    searchByQ: true,
    lookups: false,
    accountRules: true,
    userRate: 180,
    anonymousRate: 60,
    serviceRate: 300,
    suggestionRate: 60,
    domains: false,
    strictChoices: false,
  },
  '4.10.19': {
    unpagedRows: 200,
    maxLimit: 1000,
    searchByQ: true,
    lookups: true,
    accountRules: true,
    userRate: 4096,
    anonymousRate: 2048,
    serviceRate: 20_480,
    suggestionRate: 60,
    domains: false,
    strictChoices: true,
  },
};

/** What a server of this version does differently from the others. */
export function factsOf(version: SandboxVersion): VersionFacts {
  return FACTS[version];
}

/** What some supported servers can do and others can't. Everything else works from 3.10 on (api.md §7, Corrections). */
export type Feature =
  /** Lists of groups, permissions and zones carry their members under `format=json`. */
  | 'formatJsonMembers'
  /** `attr_rules` on users and assets. */
  | 'attrRules'
  /** `attr_rules` on accounts; ignored before, so everything would come back. */
  | 'attrRulesOnAccounts'
  /** `assets/directories/` and an asset's directory services. */
  | 'directories'
  /** Account risks, checks, integration applications. */
  | 'pam'
  /** Labels in rows are `{id, name, value, color}`; texts `name:value` before. */
  | 'labelObjects'
  /** `assets/zones/`; `assets/domains/` before, which `renames.ts` hides. */
  | 'zones'
  /** A list without `limit` is cut at 200 rows without a sign. */
  | 'unpagedCut'
  /** `acls/data-masking-rules/`. */
  | 'dataMasking'
  /** `users/profile/permissions/` is there. */
  | 'profilePermissions'
  /** `q` searches as `search` does; ignored before, so everything would come back. */
  | 'qSearch'
  /** OAuth tokens as Bearer. */
  | 'oauth'
  /** Calls per minute are limited. */
  | 'throttle'
  /** `<filter>__in` and the other lookups; ignored before, so everything would come back. */
  | 'lookupIn'
  /** An unknown `type` or `category` is refused with 400 instead of matching nothing. */
  | 'strictChoices'
  /** A step of a ticket's approval names users and roles; one of a few strategies before. */
  | 'ticketRuleUsers'
  /** `tickets/flows/options/` tells everybody who would decide. */
  | 'ticketFlowOptions'
  /** `reports/reports/` keeps how reports are made. */
  | 'savedReports'
  /** Favourite assets stand in folders. */
  | 'favoriteFolders';

interface Step {
  readonly from: string;
  readonly features?: readonly Feature[];
  /** Largest `limit`; more is cut silently. */
  readonly maxPage?: number;
  /** Calls per minute and user, over all tokens of that user. */
  readonly throttlePerMinute?: number;
}

/** The one table of differences, newest first: each line adds to those below it. */
const STEPS: readonly Step[] = [
  { from: '4.10.19', features: ['lookupIn', 'strictChoices', 'favoriteFolders', 'ticketFlowOptions', 'savedReports'] },
  { from: '4.10.17', throttlePerMinute: 4096 },
  { from: '4.10.15', features: ['throttle'], throttlePerMinute: 180 },
  { from: '4.10.14', features: ['oauth'] },
  { from: '4.10.13', features: ['qSearch', 'dataMasking', 'profilePermissions'] },
  { from: '4.10.8', features: ['unpagedCut'], maxPage: 1000 },
  { from: '4.10.0', features: ['zones'] },
  { from: '4.9.0', features: ['attrRulesOnAccounts', 'directories', 'pam'] },
  { from: '4.0.0', features: ['labelObjects', 'ticketRuleUsers'] },
  { from: '3.10.0', features: ['formatJsonMembers', 'attrRules'], maxPage: 10_000 },
];

/** All features, in the table's order. */
export const features: readonly Feature[] = STEPS.flatMap((step) => step.features ?? []);

/** JumpServer's edition: `ENTERPRISE` with XPACK and a valid licence. */
export type Edition = 'COMMUNITY' | 'ENTERPRISE';

/** What the connected server can do. */
export interface Capabilities {
  /** As detected: the recorded version that the server looks like, or `JUMPSERVER_VERSION`. */
  readonly version: string;
  readonly edition: Edition;
  readonly features: ReadonlySet<Feature>;
  /** Whether the server has this feature. */
  has(feature: Feature): boolean;
  /** Whether the server is of this version or a later one. */
  since(version: string): boolean;
  /** Largest page that a list gives. */
  readonly maxPage: number;
  /** Rows after which an unpaged list is cut; undefined when it is not. */
  readonly unpagedCut: number | undefined;
  /** Calls per minute and user; undefined without a limit. */
  readonly throttlePerMinute: number | undefined;
}

/** Compares versions as numbers (`4.9.0` before `4.10.0`): negative, zero or positive. */
export const compareVersions = (left: string, right: string): number => {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number));
  const at = [0, 1, 2].find((index) => (a?.[index] ?? 0) !== (b?.[index] ?? 0)) ?? 0;
  return (a?.[at] ?? 0) - (b?.[at] ?? 0);
};

/** Reads the table for a version. */
export const toCapabilities = (version: string, edition: Edition = 'COMMUNITY'): Capabilities => {
  const since = (from: string) => compareVersions(version, from) >= 0;
  const steps = STEPS.filter(({ from }) => since(from));
  const has = new Set(steps.flatMap((step) => step.features ?? []));
  return {
    version,
    edition,
    features: has,
    has: (feature) => has.has(feature),
    since,
    maxPage: steps.find(({ maxPage }) => maxPage)?.maxPage ?? 1000,
    unpagedCut: has.has('unpagedCut') ? 200 : undefined,
    throttlePerMinute: steps.find(({ throttlePerMinute }) => throttlePerMinute)?.throttlePerMinute,
  };
};

/** Exchanges that say nothing about the sandbox, each with the reason why. */
import type { Exchange, Version } from '../../support/recordings.ts';

interface Exclusion {
  readonly names: RegExp;
  readonly versions?: readonly Version[];
  readonly reason: string;
}

/** All reads of a resource, its metadata not. */
const readsOf = (resource: string): RegExp =>
  new RegExp(`^(?:list|detail) ${resource}$|^${resource} (?:by ids|by ids paginated|projected|mini|small)$`);

const exclusions: readonly Exclusion[] = [
  { names: readsOf('access_keys'), reason: "the recorder's own access key is not in the snapshot" },
  { names: readsOf('task_executions'), reason: 'background tasks of the recorded server are not in the snapshot' },
  { names: readsOf('virtual_accounts'), reason: 'four rows made in the same instant come in an order of chance' },
  {
    names: readsOf('change_secret_automations'),
    versions: ['3.10.23'],
    reason: 'this automation is not in the snapshot',
  },
  {
    names: /^(list|detail) command_filter_acls$|^command_filter_acls by ids/,
    versions: ['4.10.19'],
    reason: 'the list has no members of it, so neither has the snapshot',
  },
  {
    names: readsOf('gather_account_automations'),
    versions: ['4.10.19'],
    reason: 'the list has no members of it, so neither has the snapshot',
  },
  {
    names: /^list accounts$|^accounts (projected|mini|small)$|^no limit gives an array/,
    reason: 'all accounts share two names: which come first among equals is chance',
  },
  {
    names: /^labels (projected|mini|small)$/,
    reason: 'which label comes first among those of one name is chance',
  },
  {
    names: /^list user_group_relations$|^user_group_relations (projected|mini|small)$/,
    reason: 'a list without any order',
  },
  { names: /^activities of a user$/, reason: 'which object a log entry is about is not in the snapshot' },
  {
    names: /^operate log detail$/,
    versions: ['4.9.0'],
    reason: 'what an operation changed is not in the snapshot',
  },
  {
    names: /^ordinary user (favorites|connection tokens|own nodes)$/,
    reason: "an own list, read for the snapshot as the administrator's, so this user's rows are not in it",
  },
  {
    names: /^terminal tasks$/,
    versions: ['3.10.23', '4.9.0', '4.10.16'],
    reason: 'tasks of before are not in the snapshot',
  },
  {
    names: /^dashboard (index|dates)$|^command count of sessions$/,
    reason: 'counts over logs of which the snapshot holds a part',
  },
  {
    names: /^ordinary user own login logs$/,
    reason: "the recorder's own sign-ins for the user's token were not recorded",
  },
];

/** Why the exchange does not count; undefined when it does. */
export const exclusionOf = (exchange: Exchange, version: Version): string | undefined =>
  exclusions.find(({ names, versions }) => names.test(exchange.name) && (versions?.includes(version) ?? true))?.reason;

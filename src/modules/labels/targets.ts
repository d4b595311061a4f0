import { badInput } from '../../graph/errors.ts';
import { fromGlobalId, toRowId } from '../../graph/identity.ts';
import type { Write } from '../../graph/write.ts';
import type { Operation } from '../../graph/write-send.ts';
import { nounOf } from '../noun.ts';

/** Where each noun that can carry labels is written. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  Account: 'PATCH /accounts/accounts/{id}/',
  AccountTemplate: 'PATCH /accounts/account-templates/{id}/',
  Asset: 'PATCH /assets/assets/{id}/',
  Permission: 'PATCH /perms/asset-permissions/{id}/',
  Platform: 'PATCH /assets/platforms/{id}/',
  User: 'PATCH /users/users/{id}/',
  UserGroup: 'PATCH /users/groups/{id}/',
  Zone: 'PATCH /assets/zones/{id}/',
};

/** Something that can carry labels, as an input names it. */
export interface Target {
  readonly noun: string;
  readonly id: string;
  /** Its place in `input.resources`. */
  readonly at: number;
  readonly operation: Operation;
}

/** What `input.resources` names, each once. Throws `BAD_USER_INPUT` for what is no global id of something that can carry labels. */
export function targetsOf(write: Write): readonly Target[] {
  const found = new Map<string, Target>();
  ((write.input['resources'] ?? []) as readonly string[]).forEach((text, at) => {
    const target = toTarget(text, at);
    const key = `${target.noun} ${target.id}`;
    if (!found.has(key)) found.set(key, target);
  });
  return [...found.values()];
}

function toTarget(text: string, at: number): Target {
  const place = `input.resources.${at}`;
  const noun = fromGlobalId(text)?.type ?? '';
  const operation = OPERATIONS[noun];
  if (!operation) throw badInput(`${place}: expected the global id of one of ${Object.keys(OPERATIONS).join(', ')}.`);
  return { noun, id: toRowId(nounOf(noun), text, place), at, operation };
}

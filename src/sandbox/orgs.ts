import { isUuid, normalUuid } from './ids.ts';
import type { Id } from './types.ts';
import { DEFAULT_ORG, derived, idOf, ROOT_ORG, SYSTEM_ORG, textOf, type World } from './world.ts';

const WORDS: Record<string, string> = { default: DEFAULT_ORG, root: ROOT_ORG, global: ROOT_ORG, system: SYSTEM_ORG };

/** The organisation a value names: id, name or keyword; null when there is none such (api.md §2). */
function findOrg(world: World, value: string | null): string | null {
  if (value === null || value === '') return null;
  const word = WORDS[value.toLowerCase()];
  if (word !== undefined) return word;
  const orgs = world.store.table('orgs');
  const row = isUuid(value) ? orgs.get(normalUuid(value)) : orgs.where('name', value)[0];
  if (row !== undefined) return String(row.id);
  return isUuid(value) && [ROOT_ORG, SYSTEM_ORG].includes(normalUuid(value)) ? normalUuid(value) : null;
}

/** The organisation of a request: query `oid`, header, cookie, session; an unknown one is Default, not an error. */
export function orgOf(world: World, asked: readonly (string | null)[]): string {
  for (const value of asked) {
    if (value === null || value === '') continue;
    return findOrg(world, value) ?? DEFAULT_ORG;
  }
  return DEFAULT_ORG;
}

/** The users of an organisation: those with a role in it. */
export function memberIds(world: World, org: string): ReadonlySet<Id> {
  const bindings = world.store.table('role-bindings');
  return derived(world, `members ${org}`, [bindings], () => {
    const ids = new Set<Id>();
    for (const binding of bindings.where('org', org)) {
      const user = idOf(binding.user);
      if (user !== null) ids.add(user);
    }
    return ids;
  });
}

/** The organisations a user has a role in. */
export function orgsOf(world: World, user: Id): string[] {
  const ids = world.store
    .table('role-bindings')
    .where('user', user)
    .map((binding) => textOf(binding.org))
    .filter((org) => org !== '');
  return [...new Set(ids)];
}

import type { Field } from '../field.ts';
import { bool, type Choices, computed, dateCreated, dateUpdated, id, plainChoice } from '../fields.ts';
import { exact, uuid } from '../filters.ts';
import type { Resource } from '../resource.ts';
import { textOf, type World } from '../world.ts';

const ALIASES: Record<string, { name: string; username: string; comment: string }> = {
  '@INPUT': { name: 'Typed in', username: 'Typed in', comment: 'User name and secret are typed when connecting' },
  '@USER': { name: 'Same name', username: 'Same as the user', comment: 'The account with the name of the user' },
  '@ANON': { name: 'Nobody', username: '', comment: 'No account at all: web pages and custom assets only' },
  '@SPEC': { name: 'Chosen', username: '', comment: '' },
};

/** The four virtual accounts are there from the first look on. */
function ensureVirtual(world: World): void {
  const rows = world.store.table('virtual-accounts');
  if (rows.size > 0) return;
  for (const alias of Object.keys(ALIASES)) {
    const now = world.now();
    rows.insert({ id: world.chance.uuid(), alias, secret_from_login: null, date_created: now, date_updated: now });
  }
}

const aliasText = (name: 'name' | 'username' | 'comment'): Field =>
  computed(name, 'field', (row) => ALIASES[textOf(row.alias)]?.[name] ?? '');

const aliasChoices: Choices = Object.fromEntries(Object.entries(ALIASES).map(([alias, { name }]) => [alias, name]));

/** The four accounts that stand for a way to choose one: `accounts/virtual-accounts/` (api.md §5.8). */
export const virtualAccounts: Resource = {
  table: 'virtual-accounts',
  tells: 'GET POST PATCH',
  path: 'accounts/virtual-accounts',
  noun: 'VirtualAccount',
  model: 'accounts.virtualaccount',
  scope: 'global',
  projected: false,
  order: [],
  only: (x) => {
    ensureVirtual(x.world);
    return [];
  },
  filters: { id: uuid('id'), alias: exact('alias') },
  fields: [
    id(),
    plainChoice('alias', aliasChoices),
    aliasText('username'),
    aliasText('name'),
    {
      ...bool('secret_from_login', { nullable: true, meta: { help_text: 'Reuse the secret of the sign-in' } }),
      read: (row) => row.secret_from_login ?? null,
    },
    dateCreated(),
    dateUpdated(),
    aliasText('comment'),
  ],
};

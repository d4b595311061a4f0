import { SECRET_TYPES } from '../choices.ts';
import { confirmed } from '../confirm.ts';
import { lookOf } from '../exchange.ts';
import { choice, computed, moment } from '../fields.ts';
import { labelsOf } from '../labels.ts';
import { listAnswer, toPage } from '../lists.ts';
import type { Resource } from '../resource.ts';
import { fieldsOf, toAnswer } from '../rows.ts';
import { rowOf, textOf } from '../world.ts';
import { mustFind } from '../writes.ts';
import { accountActions } from './account-actions.ts';
import { clashOf, completeAccount, dropAccount } from './account-checks.ts';
import { accountFields } from './account-fields.ts';
import { accountFilters } from './account-filters.ts';

/** Accounts on assets: `accounts/accounts/` (api.md §5.8). */
export const accounts: Resource = {
  table: 'accounts',
  path: 'accounts/accounts',
  noun: 'Account',
  model: 'accounts.account',
  scope: 'org',
  fields: accountFields,
  mini: 'id name username',
  small: 'id name username secret_type privileged is_active spec_info',
  order: ['name'],
  search: (row, x) => {
    const asset = rowOf(x.world, 'assets', row.asset);
    return [row.username, row.name, asset?.name, asset?.address, row.comment].map(textOf);
  },
  filters: accountFilters,
  rules: { asset: (row) => row.asset ?? null, labels: (row, x) => labelsOf(x.world, row.id).map((label) => label.id) },
  unique: [
    ['asset', 'username', 'secret_type'],
    ['asset', 'name'],
  ],
  clash: clashOf,
  check: completeAccount,
  hooks: { deleted: dropAccount },
  actions: accountActions,
};

/** Secrets of accounts, after a confirmation with a second factor (api.md §1.6). */
export const accountSecrets: Resource = {
  ...accounts,
  path: 'accounts/account-secrets',
  model: 'accounts.accountsecret',
  perms: { view: 'accounts.view_accountsecret' },
  methods: '',
  fields: [...accountFields, computed('secret', 'string', (row) => row.secret ?? null)],
  actions: [
    {
      method: 'GET',
      path: '',
      perm: 'accounts.view_accountsecret',
      run: (x) => {
        confirmed(x, 3);
        return listAnswer({ ...accountSecrets, actions: [] }, x);
      },
    },
    {
      method: 'GET',
      path: ':id',
      perm: 'accounts.view_accountsecret',
      run: (x) => {
        confirmed(x, 3);
        const row = mustFind(accounts, x);
        return toAnswer(row, fieldsOf(accountSecrets, x.world.version, 'D'), lookOf(x, 'D'));
      },
    },
    {
      method: 'GET',
      path: ':id/histories',
      perm: 'accounts.view_accountsecret',
      run: (x) => {
        confirmed(x, 3);
        const row = mustFind(accounts, x);
        const kept = x.world.store.table('account-histories').where('account', row.id);
        const shown = moment('history_date');
        return toPage(x, [...kept].reverse(), (one) => ({
          id: one.id,
          secret: one.secret ?? null,
          secret_type: toAnswer(one, [choice('secret_type', SECRET_TYPES)], lookOf(x, 'D')).secret_type ?? null,
          version: one.version ?? 0,
          history_date: shown.read(one, lookOf(x, 'D')),
          history_user: null,
        }));
      },
    },
  ],
};

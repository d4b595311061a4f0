import { SECRET_STRATEGIES, SECRET_TYPES } from '../choices.ts';
import { confirmed } from '../confirm.ts';
import { lookOf } from '../exchange.ts';
import { bool, choice, createdBy, dateCreated, dateUpdated, id, json, orgFields, secret, text } from '../fields.ts';
import { exact } from '../filters.ts';
import { labels } from '../labels.ts';
import { ref, refs } from '../related-fields.ts';
import type { Resource } from '../resource.ts';
import { fieldsOf, toAnswer } from '../rows.ts';
import type { JsonObject } from '../types.ts';
import { mustFind } from '../writes.ts';
import { spec, suFace } from './account-fields.ts';
import { startTask } from './tasks.ts';

const RULES: JsonObject = {
  length: 16,
  lowercase: true,
  uppercase: true,
  digit: true,
  symbol: true,
  exclude_symbols: '',
};

/** Templates of accounts. */
export const accountTemplates: Resource = {
  table: 'account-templates',
  path: 'accounts/account-templates',
  patchEmpties: ['password_rules'],
  noun: 'AccountTemplate',
  model: 'accounts.accounttemplate',
  scope: 'org',
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    text('username', { max: 128 }),
    choice('secret_type', SECRET_TYPES, { fill: 'password' }),
    secret('secret'),
    secret('passphrase'),
    labels('accounts.accounttemplate'),
    choice('secret_strategy', SECRET_STRATEGIES, { fill: 'specific' }),
    json('password_rules', { type: 'nested object', fill: RULES }),
    json('push_params', { fill: {} }),
    refs('platforms', 'platforms'),
    ref('su_from', 'account-templates', { nullable: true, face: suFace }),
    ...orgFields(),
    bool('privileged'),
    bool('is_active', { fill: true }),
    bool('auto_push'),
    ...spec,
    dateCreated(),
    dateUpdated(),
    createdBy(),
    text('comment'),
  ],
  mini: 'id name username',
  small: 'id name username secret_type privileged is_active spec_info',
  order: ['name'],
  search: ['username', 'name'],
  filters: { username: exact('username'), name: exact('name') },
  unique: [['name']],
  actions: [
    {
      method: 'GET',
      path: 'su-from-account-templates',
      perm: 'accounts.view_accounttemplate',
      run: (x) => {
        const fields = fieldsOf(accountTemplates, x.world.version, 'L');
        const rows = [...x.world.store.table('account-templates').all()].filter(
          (row) => row.id !== x.query.get('template_id'),
        );
        return rows.map((row) => toAnswer(row, fields, lookOf(x, 'L')));
      },
    },
    {
      method: 'PATCH',
      path: ':id/sync-related-accounts',
      perm: 'accounts.change_account',
      run: (x) => {
        const template = mustFind(accountTemplates, x);
        const table = x.world.store.table('accounts');
        for (const row of table.where('source_id', String(template.id)))
          table.update(row.id, { secret: template.secret ?? null });
        return { task: startTask(x, 'accounts.tasks.template_sync_related_accounts', [template.id]) };
      },
    },
  ],
};

/** Secrets of templates, after a confirmation with a second factor. */
export const templateSecrets: Resource = {
  ...accountTemplates,
  path: 'accounts/account-template-secrets',
  methods: '',
  noOptions: true,
  actions: [
    {
      method: 'GET',
      path: ':id',
      perm: 'accounts.view_accounttemplatesecret',
      run: (x) => {
        confirmed(x, 3);
        const row = mustFind(accountTemplates, x);
        const fields = fieldsOf(accountTemplates, x.world.version, 'D');
        return { ...toAnswer(row, fields, lookOf(x, 'D')), secret: row.secret ?? null };
      },
    },
  ],
};

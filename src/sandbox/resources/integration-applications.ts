import { bool, computed, dateCreated, dateUpdated, id, moment, orgFields, text, texts } from '../fields.ts';
import { flag, iexact, uuid } from '../filters.ts';
import type { Resource } from '../resource.ts';
import type { Row } from '../types.ts';
import { idsOf, isObject, type Look } from '../world.ts';
import { mustFind } from '../writes.ts';
import { reach } from './acls.ts';

/** How many accounts an integration application reaches. */
function reachedAccounts(row: Row, look: Look): number {
  const scope = row.accounts;
  if (!isObject(scope)) return 0;
  if (scope.type === 'ids') return idsOf(scope.ids).length;
  return look.world.store.table('accounts').where('org_id', row.org_id ?? null).length;
}

/** Programs that fetch secrets: `accounts/integration-applications/` (api.md §5.8). */
export const integrationApplications: Resource = {
  table: 'integration-applications',
  path: 'accounts/integration-applications',
  noun: 'IntegrationApplication',
  model: 'accounts.integrationapplication',
  scope: 'org',
  since: '4.9.0',
  order: ['name'],
  search: ['name', 'comment'],
  unique: [['name']],
  mini: 'id name logo',
  small: 'id name logo accounts',
  filters: { id: uuid('id'), name: iexact('name'), is_active: flag('is_active'), comment: iexact('comment') },
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    text('logo', { type: 'file upload', max: 128, fill: '/static/img/logo.png' }),
    reach('accounts'),
    texts('ip_group', {
      type: 'list',
      fill: ['*'],
      meta: { help_text: 'Addresses it may come from; * is everywhere' },
    }),
    computed('accounts_amount', 'field', reachedAccounts),
    ...orgFields(),
    bool('is_active', { fill: true }),
    moment('date_last_used', { nullable: true }),
    dateCreated(),
    dateUpdated(),
    text('comment'),
  ],
  actions: [
    {
      method: 'GET',
      path: 'sdks',
      perm: 'accounts.view_integrationapplication',
      run: (x) => {
        const language = x.query.get('language') ?? 'python';
        return { readme: `# ${language}`, code: `connect("${language}")` };
      },
    },
    {
      method: 'GET',
      path: ':id/refresh-secret',
      since: '4.10.19',
      perm: 'accounts.change_integrationapplication',
      run: (x) => {
        const row = mustFind(integrationApplications, x);
        const secret = x.world.chance.uuid().replaceAll('-', '');
        x.world.store.table('integration-applications').update(row.id, { secret });
        return { id: row.id, secret };
      },
    },
  ],
};

import { accountAssetFace } from '../asset-faces.ts';
import { ACCOUNT_SOURCES, CONNECTIVITY, EXECUTION_STATES, SECRET_TYPES } from '../choices.ts';
import type { Field } from '../field.ts';
import {
  bool,
  choice,
  computed,
  createdBy,
  dateCreated,
  dateUpdated,
  id,
  integer,
  json,
  moment,
  orgFields,
  secret,
  text,
} from '../fields.ts';
import { labels } from '../labels.ts';
import { bareRef, type Face, ref } from '../related-fields.ts';
import type { Row } from '../types.ts';
import { rowOf } from '../world.ts';

/** An account as the one that another changes to. */
export const suFace: Face = (row) => ({ id: row.id, name: row.name ?? '', username: row.username ?? '' });
const dsFace: Face = (row) => ({ id: row.id, name: row.name ?? '', domain_name: row.domain_name ?? '' });

/** The fields of an account. */
export const spec: Field[] = [
  computed('spec_info', 'field', () => ({}), { at: 'LDW', since: '4.9.0', until: '4.10.16' }),
  computed('spec_info', 'field', () => ({}), { at: 'D', since: '4.10.16' }),
];

/** The properties of an account (api.md §5.8). */
export const accountFields: Field[] = [
  id(),
  text('name', { max: 128 }),
  text('username', { max: 128 }),
  choice('secret_type', SECRET_TYPES, { fill: 'password' }),
  secret('secret'),
  secret('passphrase'),
  { ...bareRef('template', 'account-templates', { mode: 'wo', nullable: true }), column: null, at: '' },
  { ...bool('push_now', { mode: 'wo' }), column: null, at: '' },
  { ...choice('on_invalid', { skip: 'Skip', update: 'Update', error: 'Error' }, { mode: 'wo' }), column: null, at: '' },
  labels('accounts.account'),
  ref('su_from', 'accounts', { nullable: true, face: suFace }),
  ref('asset', 'assets', { required: true, type: 'nested object', face: accountAssetFace }),
  integer('version', { mode: 'ro', fill: 0, meta: { read_only: false } }),
  computed(
    'ds',
    'object_related_field',
    (row, look) => {
      const asset = rowOf(look.world, 'assets', row.asset);
      return asset?.category === 'ds' ? dsFace(asset, look) : null;
    },
    { since: '4.9.0' },
  ),
  choice('source', ACCOUNT_SOURCES, { fill: 'local' }),
  text('source_id', { nullable: true }),
  text('login_by', { nullable: true, mode: 'ro', since: '4.9.0' }),
  choice('connectivity', CONNECTIVITY, { mode: 'ro', fill: '-' }),
  { ...choice('change_secret_status', EXECUTION_STATES, { mode: 'ro', since: '4.9.0' }), type: 'string', meta: {} },
  ...orgFields(),
  bool('privileged'),
  bool('is_active', { fill: true }),
  bool('secret_reset', { fill: true, since: '4.9.0' }),
  computed('has_secret', 'boolean', (row) => hasSecret(row), { at: 'D' }),
  ...spec,
  dateCreated(),
  dateUpdated(),
  moment('date_last_login', { mode: 'ro', since: '4.9.0' }),
  moment('date_verified', { mode: 'ro', since: '4.9.0' }),
  moment('date_change_secret', { mode: 'ro', since: '4.9.0' }),
  createdBy(),
  text('comment'),
  { ...json('params', { mode: 'wo', meta: { write_only: false } }), at: '' },
];

/** Whether an account has a secret. */
export function hasSecret(row: Row): boolean {
  return typeof row.secret === 'string' && row.secret !== '';
}

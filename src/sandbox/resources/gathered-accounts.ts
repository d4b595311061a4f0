import { gatheredAssetFace } from '../asset-faces.ts';
import { objectBody } from '../exchange.ts';
import { bool, type Choices, choice, dateUpdated, id, json, moment, orgFields, text } from '../fields.ts';
import { contains, exact, iexact, uuid } from '../filters.ts';
import { ref } from '../related-fields.ts';
import { type Action, type Resource, reply } from '../resource.ts';
import { idsOf } from '../world.ts';

const PRESENCE: Choices = { 0: 'Pending', 1: 'Confirmed', 2: 'Ignored' };

const CONFIRMED = '1';

/** `PUT status/ {ids, status}`: unknown ids are left out without a word; what is confirmed is an account from then on. */
const setStatus: Action = {
  method: 'PUT',
  path: 'status',
  since: '4.9.0',
  perm: 'accounts.change_gatheredaccount',
  run: (x) => {
    const { ids, status } = objectBody(x);
    const present = status === CONFIRMED ? { present: true } : {};
    for (const key of idsOf(ids))
      x.world.store.table('gathered-accounts').update(key, { status: status ?? null, ...present });
    return reply(200);
  },
};

/** Accounts found on assets: `accounts/gathered-accounts/` (api.md §5.8). */
export const gatheredAccounts: Resource = {
  table: 'gathered-accounts',
  path: 'accounts/gathered-accounts',
  noun: 'GatheredAccount',
  model: 'accounts.gatheredaccount',
  scope: 'org',
  order: ['username'],
  search: ['username'],
  filters: {
    id: uuid('id'),
    username: iexact('username'),
    asset_id: uuid('asset'),
    asset_name: contains('asset_name'),
    status: exact('status'),
  },
  fields: [
    id({ mode: 'ro' }),
    ref('asset', 'assets', { required: true, type: 'nested object', face: gatheredAssetFace }),
    text('username', { mode: 'ro', meta: { help_text: 'As found on the asset' } }),
    text('address_last_login', { nullable: true, mode: 'ro' }),
    choice('status', PRESENCE, { mode: 'ro', fill: '0' }),
    json('detail', { mode: 'ro', fill: {} }),
    ...orgFields(),
    bool('remote_present', { mode: 'ro', fill: true }),
    bool('present', { mode: 'ro' }),
    moment('date_last_login', { mode: 'ro' }),
    dateUpdated(),
  ],
  actions: [setStatus],
};

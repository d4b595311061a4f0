import { ApiError, says } from '../errors.ts';
import { type Exchange, lookOf, objectBody } from '../exchange.ts';
import { type Choices, choice, dateCreated, id, integer, json, text } from '../fields.ts';
import { exact, uuid } from '../filters.ts';
import { licensedSince } from '../gates.ts';
import { ref, relatedIn } from '../related-fields.ts';
import type { Action, Resource } from '../resource.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { textOf } from '../world.ts';

const RISKS: Choices = {
  long_time_no_login: 'Long unused',
  new_found: 'New on the asset',
  group_changed: 'Other groups',
  sudo_changed: 'Other sudo rights',
  authorized_keys_changed: 'Other keys',
  account_deleted: 'Deleted on the asset',
  password_expired: 'Password expired',
  long_time_password: 'Old password',
  weak_password: 'Weak password',
  leaked_password: 'Leaked password',
  repeated_password: 'Repeated password',
  password_error: 'Wrong password',
  no_admin_account: 'No administrator',
  others: 'Others',
};
const STATUSES: Choices = { '0': 'Pending', '1': 'Confirmed', '2': 'Ignored' };

/** What is done about a risk, and the status that it has then. */
const ACTIONS: Readonly<Record<string, string>> = {
  ignore: '2',
  reopen: '0',
  close: '1',
  disable_remote: '1',
  delete_remote: '1',
  delete_account: '1',
  delete_both: '1',
  add_account: '1',
  change_password_add: '1',
  change_password: '1',
};

const checked = (x: Exchange): JsonObject => {
  const body = objectBody(x);
  const faults: JsonObject = {};
  const given = (name: string, choices?: object) => {
    const value = textOf(body[name]);
    if (body[name] === undefined) faults[name] = [says.required];
    else if (value === '') faults[name] = [says.blank];
    else if (choices !== undefined && !(value in choices)) faults[name] = [says.noChoice(value)];
  };
  given('username');
  given('risk', RISKS);
  given('action', ACTIONS);
  if (Object.keys(faults).length > 0) throw new ApiError(400, faults);
  return body;
};

const handle: Action = {
  method: 'POST',
  path: 'handle',
  perm: 'accounts.change_accountrisk',
  run: (x) => {
    const asset = relatedIn(objectBody(x), 'asset', 'assets', lookOf(x, 'W'));
    const { username, risk, action } = checked(x);
    const table = x.world.store.table('account-risks');
    const rows = table.where('asset', asset.id).filter((row) => row.username === username && row.risk === risk);
    for (const row of rows) table.update(row.id, { status: ACTIONS[textOf(action)] ?? '0' });
    return { message: 'Success' };
  },
};

const countByAsset: Action = {
  method: 'GET',
  path: 'assets',
  perm: 'accounts.view_accountrisk',
  run: (x) => {
    const rows = [...x.world.store.table('account-risks').all()].filter((row) => row.org_id === x.org);
    const assets = [...new Set(rows.map((row) => row.asset ?? null))];
    const results = assets.map((asset) =>
      summary(
        x,
        asset,
        rows.filter((row) => row.asset === asset),
      ),
    );
    return { count: results.length, next: null, previous: null, results };
  },
};

function summary(x: Exchange, asset: Json, rows: readonly Row[]): JsonObject {
  const known = x.world.store.table('assets').get(textOf(asset));
  const kinds = Object.fromEntries(
    rows.map(({ risk }) => [textOf(risk), rows.filter((row) => row.risk === risk).length]),
  );
  return { id: asset, name: known?.name ?? '', risk_total: rows.length, risk_summary: kinds };
}

/** What is wrong with accounts: `accounts/account-risks/` (api.md §5.8). */
export const accountRisks: Resource = {
  table: 'account-risks',
  path: 'accounts/account-risks',
  noun: 'AccountRisk',
  model: 'accounts.accountrisk',
  scope: 'org',
  methods: 'LRD',
  since: '4.9.0',
  gate: licensedSince('4.9.0'),
  order: ['-date_created'],
  filters: { asset_id: uuid('asset'), username: exact('username'), risk: exact('risk'), status: exact('status') },
  fields: [
    id({ mode: 'ro' }),
    ref('asset', 'assets', { mode: 'ro' }),
    text('username', { mode: 'ro' }),
    choice('risk', RISKS, { mode: 'ro' }),
    choice('status', STATUSES, { mode: 'ro', fill: '0' }),
    json('details', { mode: 'ro', type: 'field', fill: [] }),
    dateCreated(),
  ],
  actions: [handle, countByAsset],
};

/** Changes of secrets that are under way: `accounts/change-secret-status/`. */
export const changeSecretStatus: Resource = {
  table: 'change-secret-status',
  path: 'accounts/change-secret-status',
  noun: 'Account',
  model: 'accounts.changesecretautomation',
  scope: 'org',
  methods: 'LRD',
  since: '4.9.0',
  gate: licensedSince('4.9.0'),
  uncut: true,
  noIds: true,
  order: ['username'],
  filters: { asset_id: uuid('asset'), username: exact('username') },
  fields: [
    id({ mode: 'ro' }),
    ref('asset', 'assets', { mode: 'ro' }),
    text('username', { mode: 'ro' }),
    json('meta', { mode: 'ro', type: 'field', fill: {} }),
    integer('ttl', { mode: 'ro', fill: 600 }),
  ],
};

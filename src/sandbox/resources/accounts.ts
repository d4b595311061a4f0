import { subtreeOf } from '../access.ts';
import { accountAssetFace } from '../asset-faces.ts';
import { ACCOUNT_SOURCES, CONNECTIVITY, EXECUTION_STATES, SECRET_STRATEGIES, SECRET_TYPES } from '../choices.ts';
import { confirmed } from '../confirm.ts';
import { ApiError, ServerCrash, says } from '../errors.ts';
import { type Exchange, lookOf, objectBody } from '../exchange.ts';
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
import { exact, flag, flagOf, number, oneOf, uuid } from '../filters.ts';
import { isUuid, normalUuid } from '../ids.ts';
import { labels, labelsOf } from '../labels.ts';
import { toPage } from '../lists.ts';
import { type Face, ref, refs, toRelatedIds } from '../related-fields.ts';
import type { Action, Filter, Input, Resource } from '../resource.ts';
import { reply } from '../resource.ts';
import { fieldsOf, listOf, toAnswer } from '../rows.ts';
import { DAY_MS } from '../time.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { isIn } from '../versions.ts';
import { idsOf, ROOT_ORG, rowOf, textOf } from '../world.ts';
import { mustFind, readInput, storeNew } from '../writes.ts';
import { startTask } from './tasks.ts';

const suFace: Face = (row) => ({ id: row.id, name: row.name ?? '', username: row.username ?? '' });
const dsFace: Face = (row) => ({ id: row.id, name: row.name ?? '', domain_name: row.domain_name ?? '' });

const spec: Field[] = [
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
  { ...json('template', { mode: 'wo', type: 'field' }), column: null, at: '' },
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

function hasSecret(row: Row): boolean {
  return typeof row.secret === 'string' && row.secret !== '';
}

const ofAsset =
  (column: string, how: 'exact' | 'part'): Filter =>
  (value, x) => {
    if (value === '') return null;
    const wanted = value.toLowerCase();
    return (row) => {
      const found = textOf(rowOf(x.world, 'assets', row.asset)?.[column]).toLowerCase();
      return how === 'exact' ? found === wanted : found.includes(wanted);
    };
  };

const recent = (column: string): Filter => flagOf((row, x) => Number(row[column] ?? 0) > x.world.now() - 7 * DAY_MS);
const stale = (column: string): Filter => flagOf((row, x) => Number(row[column] ?? 0) < x.world.now() - 30 * DAY_MS);

const byAsset: Filter = (value, x) => {
  if (value === '') return null;
  if (!isUuid(value)) throw new ServerCrash('asset is no uuid');
  const asset = x.world.store.table('assets').get(normalUuid(value));
  return { column: 'asset', values: new Set<Json>([normalUuid(value), ...idsOf(asset?.directory_services)]) };
};

const byNode: Filter = (value, x) => {
  const node = isUuid(value) ? x.world.store.table('nodes').get(normalUuid(value)) : undefined;
  if (node === undefined) return null;
  const under = subtreeOf(x.world, node.id);
  return (row) => idsOf(rowOf(x.world, 'assets', row.asset)?.nodes).some((one) => under.has(one));
};

const crash: Filter = (value) => {
  if (value === '') return null;
  throw new ServerCrash('this filter asks for a column that is not there');
};

const accountFilters: Record<string, Filter> = {
  id: uuid('id'),
  name: exact('name'),
  hostname: exact('name'),
  username: exact('username'),
  address: ofAsset('address', 'exact'),
  asset_name: ofAsset('name', 'exact'),
  asset_id: uuid('asset'),
  asset: byAsset,
  assets: (value) => (value === '' ? null : { column: 'asset', values: new Set([value]) }),
  node_id: byNode,
  platform: (value, x) => {
    if (value === '') return null;
    number('platform')(value, x);
    return (row) => rowOf(x.world, 'assets', row.asset)?.platform === Number(value);
  },
  category: ofAsset('category', 'exact'),
  type: ofAsset('type', 'exact'),
  secret_type: oneOf('secret_type', SECRET_TYPES),
  privileged: flag('privileged'),
  is_active: flag('is_active'),
  has_secret: flagOf(hasSecret),
  connectivity: exact('connectivity'),
  secret_reset: flag('secret_reset'),
  source_id: exact('source_id'),
  latest_discovery: recent('date_created'),
  latest_accessed: recent('date_last_login'),
  latest_updated: recent('date_updated'),
  latest_secret_changed: recent('date_change_secret'),
  long_time_no_change_secret: stale('date_change_secret'),
  long_time_no_login: stale('date_last_login'),
  long_time_no_verified: stale('date_verified'),
  ip: crash,
};

/** Secret types that the protocols of an asset take. */
export function secretTypesOf(x: Exchange, asset: Row): Set<string> {
  const platform = rowOf(x.world, 'platforms', asset.platform);
  const names = new Set(listOf(asset.protocols).map((one) => textOf((one as JsonObject).name)));
  const offered = listOf(platform?.protocols).map((one) => one as JsonObject);
  return new Set(
    offered.filter((one) => names.has(textOf(one.name))).flatMap((one) => listOf(one.secret_types).map(textOf)),
  );
}

/** Makes an account of a nested input of an asset; a template fills what is not given. */
export function createAccount(x: Exchange, asset: Row, item: JsonObject): Row {
  const body: JsonObject = { ...item, asset: asset.id };
  const input = readInput(accounts, x, body, null, { partial: false, bulk: false });
  if (Object.keys(input.faults).length > 0) throw new ApiError(400, { accounts: [input.faults] });
  return storeNew(accounts, input);
}

/** Before 4.9 every save counts, and a PUT starts from zero again. */
function countSave({ x, row, values, partial }: Input): void {
  if (x.world.version === '3.10.23') values.version = (partial ? Number(row?.version ?? 0) : 0) + 1;
}

function completeAccount(input: Input): void {
  const { x, row, values, extra, faults } = input;
  countSave(input);
  if (row !== null) {
    delete values.username;
    delete values.asset;
    if (values.secret !== undefined && values.secret !== null && values.secret !== row.secret) {
      values.version ??= Number(row.version ?? 0) + 1;
      values.date_change_secret = x.world.now();
    }
    return;
  }
  const template = rowOf(x.world, 'account-templates', (extra.template ?? null) as Json);
  if (template !== undefined) {
    for (const column of ['name', 'username', 'secret_type', 'secret', 'privileged']) {
      if (input.given[column] === undefined) values[column] = template[column] ?? null;
    }
    values.source = 'template';
    values.source_id = String(template.id);
    delete faults.name;
  }
  if (textOf(values.name) === '') values.name = textOf(values.username);
  const isOld = isIn(x.world.version, { until: '4.10.16' });
  if (isOld && input.given.username === undefined && template === undefined) faults.username = [says.required];
  tellClash(input);
}

const clashOf = (group: readonly string[]): JsonObject =>
  group.includes('username')
    ? { username: ['An account with this user name and secret type is on the asset already.'] }
    : { name: ['An account with this name is on the asset already.'] };

/** One clash is enough; before 4.10 it is told without saying where. */
function tellClash({ x, faults, row }: Input): void {
  if (faults.username !== undefined && faults.name !== undefined) delete faults.name;
  const isOld = isIn(x.world.version, { until: '4.10.16' });
  if (isOld && row === null && Object.keys(faults).length > 0 && isClash(faults)) {
    throw new ApiError(400, ['The account is there already.']);
  }
}

const isClash = (faults: JsonObject): boolean =>
  JSON.stringify(faults.username ?? faults.name ?? '').includes('on the asset already');

function dropAccount(row: Row, x: Exchange): void {
  const table = x.world.store.table('accounts');
  for (const other of table.where('su_from', row.id)) table.update(other.id, { su_from: null });
}

const chosenAccounts = (x: Exchange, value: Json | undefined): Row[] =>
  idsOf(value)
    .flatMap((key) => x.world.store.table('accounts').where('id', key))
    .filter((row) => x.org === ROOT_ORG || row.org_id === x.org);

function runAccountTask(x: Exchange): Json {
  const body = objectBody(x);
  const action = textOf(body.action);
  if (!['verify', 'push', 'remove'].includes(action)) throw new ApiError(400, { action: [says.noChoice(action)] });
  if (action === 'remove') confirmed(x, 2);
  const chosen = chosenAccounts(x, body.accounts);
  const table = x.world.store.table('accounts');
  if (action === 'verify') {
    x.world.memory.later.push({
      at: x.world.now() + 2000,
      run: () => {
        for (const account of chosen) {
          table.update(account.id, { connectivity: hasSecret(account) ? 'ok' : 'err', date_verified: x.world.now() });
        }
      },
    });
  }
  if (action === 'remove') for (const account of chosen) table.remove(account.id);
  return {
    task: startTask(
      x,
      `accounts.tasks.${action}_accounts`,
      chosen.map((account) => account.id),
    ),
  };
}

function spread(x: Exchange): Json {
  const body = objectBody(x);
  const assets = toRelatedIds('assets', body.assets ?? [], lookOf(x, 'W'));
  const nodes = Array.isArray(body.nodes) ? body.nodes.flatMap((node) => [...subtreeOf(x.world, textOf(node))]) : [];
  const table = x.world.store.table('assets');
  const under = nodes.flatMap((node) => table.where('nodes', node).map((asset) => asset.id));
  const mode = textOf(body.on_invalid) || 'error';
  return [...new Set([...assets, ...under])].map((key) => spreadOne(x, table.get(key), body, mode));
}

function spreadOne(x: Exchange, asset: Row | undefined, body: JsonObject, mode: string): JsonObject {
  if (asset === undefined) return { asset: '', account: '', state: 'error', error: 'gone' };
  const kind = textOf(body.secret_type) || 'password';
  const username = textOf(body.username);
  const told: JsonObject = {
    asset: `${textOf(asset.name)}(${textOf(asset.address)})`,
    ...(isIn(x.world.version, { since: '4.10.16' }) ? { account: textOf(body.name) || username } : {}),
  };
  if (!secretTypesOf(x, asset).has(kind)) {
    return { ...told, state: 'error', error: `This asset takes no secret of this kind: ${kind}` };
  }
  const known = x.world.store
    .table('accounts')
    .where('asset', asset.id)
    .find((one) => one.username === username && one.secret_type === kind);
  if (known === undefined) {
    const { assets: _assets, nodes: _nodes, ...item } = body;
    createAccount(x, asset, item);
    return { ...told, state: 'created', changed: true };
  }
  if (mode === 'skip') return { ...told, state: 'skipped', changed: false };
  if (mode === 'update') {
    x.world.store
      .table('accounts')
      .update(known.id, { secret: body.secret ?? null, version: Number(known.version ?? 0) + 1 });
    return { ...told, state: 'updated', changed: true };
  }
  return { ...told, state: 'error', error: 'The account is on the asset already.' };
}

function copyTo(x: Exchange, isMove: boolean): Json {
  const source = mustFind(accounts, x);
  const targets = toRelatedIds('assets', objectBody(x).assets ?? [], lookOf(x, 'W'));
  const { id: _id, ...copy } = source;
  const results = targets.map((key): JsonObject => {
    const asset = x.world.store.table('assets').get(key);
    const told = `${textOf(asset?.name)}(${textOf(asset?.address)})`;
    const clash = x.world.store
      .table('accounts')
      .where('asset', key)
      .some(
        (one) =>
          one.name === source.name || (one.username === source.username && one.secret_type === source.secret_type),
      );
    if (asset === undefined || clash)
      return { asset: told, state: 'error', error: 'The account is on the asset already.' };
    x.world.store.table('accounts').insert({ ...copy, id: x.world.chance.uuid(), asset: key });
    return { asset: told, state: 'created' };
  });
  if (isMove && results.every((one) => one.state === 'created')) x.world.store.table('accounts').remove(source.id);
  return results;
}

function suFrom(x: Exchange): Json {
  const account = rowOf(x.world, 'accounts', x.query.get('account'));
  const asset = account?.asset ?? x.query.get('asset') ?? '';
  const rows = x.world.store
    .table('accounts')
    .where('asset', asset)
    .filter((row) => row.id !== account?.id);
  const fields = fieldsOf(accounts, x.world.version, 'L');
  return toPage(x, [...rows], (row) => toAnswer(row, fields, lookOf(x, 'L')));
}

const actions: Action[] = [
  { method: 'GET', path: 'su-from-accounts', perm: 'accounts.view_account', run: suFrom },
  {
    method: 'POST',
    path: 'username-suggestions',
    perm: 'accounts.view_account',
    run: (x) => {
      const wanted = textOf(objectBody(x).username).toLowerCase();
      const names = new Set<string>();
      for (const row of x.world.store.table('accounts').all()) {
        if (textOf(row.username).toLowerCase().includes(wanted)) names.add(textOf(row.username));
        if (names.size === 10) break;
      }
      return [...names];
    },
  },
  {
    method: 'PATCH',
    path: 'clear-secret',
    perm: 'accounts.change_account',
    run: (x) => {
      for (const row of chosenAccounts(x, objectBody(x).account_ids))
        x.world.store.table('accounts').update(row.id, { secret: null });
      return { answer: true as const, status: 200, text: '' };
    },
  },
  { method: 'POST', path: 'bulk', perm: 'accounts.add_account', run: spread },
  { method: 'POST', path: 'tasks', perm: 'accounts.verify_account', run: (x) => reply(201, runAccountTask(x)) },
  { method: 'POST', path: ':id/copy-to-assets', perm: 'accounts.add_account', run: (x) => copyTo(x, false) },
  { method: 'POST', path: ':id/move-to-assets', perm: 'accounts.add_account', run: (x) => copyTo(x, true) },
];

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
  actions,
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
        return toPage(x, hasSecret(row) ? [row] : [], (one) => ({
          id: Number(one.version ?? 0) + 1,
          secret: one.secret ?? null,
          secret_type: toAnswer(one, [choice('secret_type', SECRET_TYPES)], lookOf(x, 'D')).secret_type ?? null,
          version: one.version ?? 0,
          history_date: null,
          history_user: null,
        }));
      },
    },
  ],
};

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
        return toPage(x, rows, (row) => toAnswer(row, fields, lookOf(x, 'L')));
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

import { EXECUTION_STATES } from '../choices.ts';
import { ApiError } from '../errors.ts';
import { type Exchange, lookOf, objectBody } from '../exchange.ts';
import type { Field, FieldOptions } from '../field.ts';
import {
  bool,
  type Choices,
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
  texts,
  toChoice,
} from '../fields.ts';
import { exact, iexact, uuid } from '../filters.ts';
import { licensedSince } from '../gates.ts';
import { ref, refs, relatedIn } from '../related-fields.ts';
import type { Action, Condition, Resource } from '../resource.ts';
import { reply } from '../resource.ts';
import type { Json, Row } from '../types.ts';
import { idsOf, type Look, momentOf, rowOf, textOf } from '../world.ts';
import { accountRisks, changeSecretStatus } from './account-risks.ts';
import { gatheredAccounts } from './gathered-accounts.ts';
import { integrationApplications } from './integration-applications.ts';
import { progressOf, startTask } from './tasks.ts';
import { virtualAccounts } from './virtual-accounts.ts';

const TRIGGERS: Choices = { manual: 'By hand', timing: 'By the clock' };
const SECRET_TYPES: Choices = { password: 'Password', ssh_key: 'SSH key' };
const STRATEGIES: Choices = { specific: 'Given', random: 'Random' };
const KEY_STRATEGIES: Choices = { set_jms: 'Replace own keys', set: 'Replace all keys' };

const executions = (look: Look, row: Row): readonly Row[] =>
  look.world.store.table('automation-executions').where('automation', row.id);

const latest = (look: Look, row: Row): number | null => {
  const times = executions(look, row).map((execution) => momentOf(execution.date_published) ?? 0);
  return times.length === 0 ? null : Math.max(...times);
};

/** When it runs by itself: by `crontab`, else every so many hours. */
function period(row: Row): string {
  if (row.is_periodic !== true) return '-';
  const crontab = textOf(row.crontab);
  return crontab === '' ? `Every ${textOf(row.interval)} h` : `At ${crontab}`;
}

const schedule = (type: string): Field[] => [
  id(),
  text('name', { required: true, max: 128 }),
  text('type', { mode: 'ro', fill: type, ...(type === 'backup_account' ? { since: '4.9.0' } : {}) }),
  text('type', { mode: 'ro', fill: type, at: '', until: '4.9.0', type: 'hidden' }),
  integer('interval', { fill: 24, min: 1, max: 65535, nullable: true }),
  { ...text('crontab', { max: 128, nullable: true, fill: '' }), read: (row) => row.crontab ?? null },
  computed('periodic_display', 'string', period),
  computed('executed_amount', 'integer', (row, look) => executions(look, row).length),
  bool('is_periodic', { fill: true }),
  ...orgFields(),
  dateCreated(),
  dateUpdated(),
  text('comment'),
  createdBy(),
];

const lastRun = (options: FieldOptions = {}): Field => ({
  ...moment('last_execution_date', { mode: 'ro', ...options }),
  read: (row, look) => moment('at').read({ id: row.id, at: latest(look, row) }, look),
});

/** Members that stand in the list until 4.10.19, where amounts replace them. */
const members = (): Field[] => [
  refs('nodes', 'nodes', { until: '4.10.19' }),
  refs('assets', 'assets', { until: '4.10.19' }),
  refs('nodes', 'nodes', { at: 'DW', since: '4.10.19' }),
  refs('assets', 'assets', { at: 'DW', since: '4.10.19' }),
  computed('assets_amount', 'integer', (row) => idsOf(row.assets).length, { at: 'L', since: '4.10.19' }),
  computed('nodes_amount', 'integer', (row) => idsOf(row.nodes).length, { at: 'L', since: '4.10.19' }),
];

const RULES: Json = { length: 16, lowercase: true, uppercase: true, digit: true, symbol: true, exclude_symbols: '' };

const secretFields = (required: boolean): Field[] => [
  texts('accounts', { type: 'json', required, meta: { help_text: 'User names' } }),
  ...members(),
  choice('secret_type', SECRET_TYPES, { required: true }),
  choice('secret_strategy', STRATEGIES, { required: true }),
  secret('secret', { max: 40_960 }),
  json('password_rules', { type: 'nested object', fill: RULES }),
  choice('ssh_key_change_strategy', KEY_STRATEGIES, { fill: 'set_jms' }),
  secret('passphrase', { max: 512 }),
  json('params', { fill: {}, meta: { help_text: 'Parameters by platform' } }),
  bool('is_active', { fill: true }),
];

const automation = {
  scope: 'org',
  order: ['name'],
  search: ['name'],
  unique: [['name']],
} as const;

const executionFields: readonly Field[] = [
  id(),
  ref('automation', 'automations', { nullable: true }),
  choice('trigger', TRIGGERS, { mode: 'ro', fill: 'manual' }),
  at('date_start', (row, look) => progressOf(row, look.world).start),
  at('date_finished', (row, look) => progressOf(row, look.world).end),
  json('snapshot', { type: 'field', mode: 'ro', fill: {} }),
  {
    ...computed('status', 'labeled_choice', (row, look) =>
      toChoice(progressOf(row, look.world).status, EXECUTION_STATES),
    ),
    meta: { choices: Object.entries(EXECUTION_STATES).map(([value, label]) => ({ value, label })) },
  },
  computed('duration', 'decimal', (row, look) => {
    const { start, end } = progressOf(row, look.world);
    return start === null || end === null ? null : (end - start) / 1000;
  }),
];

function at(name: string, when: (row: Row, look: Look) => number | null): Field {
  const shown = moment('at');
  return {
    ...shown,
    name,
    column: null,
    mode: 'ro',
    read: (row, look) => shown.read({ id: row.id, at: when(row, look) }, look),
  };
}

/** Starts an automation: an execution, and a task that can be watched. */
const run = (type: string, perm: string): Action => ({
  method: 'POST',
  path: '',
  perm,
  run: (x) => {
    const name = type === 'backup_account' && x.world.version === '3.10.23' ? 'plan' : 'automation';
    if (objectBody(x)[name] === undefined) throw new ApiError(400, { [name]: ['Say which one.'] });
    const row = relatedIn(objectBody(x), name, 'automations', lookOf(x, 'W'));
    const task = startTask(x, 'accounts.tasks.automation.execute_account_automation_task', [
      String(row.id),
      'manual',
      type,
    ]);
    x.world.store.table('automation-executions').insert({
      id: task,
      automation: row.id,
      type,
      trigger: 'manual',
      org_id: row.org_id ?? x.org,
      snapshot: { name: textOf(row.name), type },
      date_published: x.world.now(),
    });
    return reply(201, { task });
  },
});

const executionsOf = (type: string, path: string, noun: string): Resource => ({
  table: 'automation-executions',
  path,
  noun,
  title: noun.replace(/([a-z])([A-Z])/g, '$1 $2'),
  model: `accounts.${noun.toLowerCase()}`,
  scope: 'org',
  methods: 'LCR',
  noIds: true,
  order: ['-date_published'],
  only: () => [{ column: 'type', values: new Set([type]) }],
  filters: {
    id: uuid('id'),
    trigger: exact('trigger'),
    automation_id: uuid('automation'),
    automation__name: byAutomation,
    automation_name: byAutomation,
  },
  fields: executionFields,
  actions: [run(type, `accounts.add_${noun.toLowerCase()}`)],
});

function byAutomation(value: string, x: Exchange): { column: string; values: ReadonlySet<Json> } | null {
  if (value === '') return null;
  const rows = x.world.store.table('automations').where('name', value);
  return { column: 'automation', values: new Set<Json>(rows.map((row) => row.id)) };
}

const ofType =
  (type: string): (() => Condition[]) =>
  () => [{ column: 'type', values: new Set([type]) }];

/** Automations that give accounts another secret can be filtered by which. */
const SECRET_FILTERS = {
  id: uuid('id'),
  name: exact('name'),
  secret_type: exact('secret_type'),
  secret_strategy: exact('secret_strategy'),
};

/** What is done to accounts without anyone watching, and what comes of it (api.md §5.8). */
export const automations: readonly Resource[] = [
  {
    ...automation,
    table: 'automations',
    path: 'accounts/account-backup-plans',
    noun: 'BackupAccountAutomation',
    title: 'Backup Account',
    model: 'accounts.accountbackupautomation',
    only: ofType('backup_account'),
    filters: { id: uuid('id'), name: iexact('name'), backup_type: exact('backup_type') },
    fields: [
      ...schedule('backup_account'),
      texts('accounts', { type: 'json', since: '4.9.0' }),
      refs('nodes', 'nodes', { since: '4.9.0' }),
      refs('assets', 'assets', { since: '4.9.0' }),
      texts('types', { type: 'json' }),
      refs('recipients_part_one', 'users'),
      refs('recipients_part_two', 'users'),
      choice('backup_type', { email: 'E-mail' }, { fill: 'email' }),
      refs('obj_recipients_part_one', 'replay-storages', { meta: { help_text: 'Storages of the first part' } }),
      refs('obj_recipients_part_two', 'replay-storages', { meta: { help_text: 'Storages of the second part' } }),
      secret('zip_encrypt_password', { max: 40_960 }),
      bool('is_active', { fill: true, since: '4.9.0' }),
      bool('is_password_divided_by_email', { fill: true }),
      bool('is_password_divided_by_obj_storage', { fill: true }),
      lastRun({ since: '4.9.0' }),
    ],
  },
  executionsOf('backup_account', 'accounts/account-backup-plan-executions', 'BackupAccountExecution'),
  {
    ...automation,
    table: 'automations',
    path: 'accounts/gather-account-automations',
    noun: 'GatherAccountsAutomation',
    title: 'Discover Accounts Automation',
    model: 'accounts.gatheraccountsautomation',
    only: ofType('gather_accounts'),
    filters: { id: uuid('id'), name: exact('name') },
    fields: [
      ...schedule('gather_accounts'),
      texts('accounts', { type: 'json' }),
      ...members(),
      refs('recipients', 'users', { until: '4.10.19' }),
      refs('recipients', 'users', { at: 'DW', since: '4.10.19' }),
      bool('is_active', { fill: true }),
      bool('is_sync_account'),
      bool('check_risk', { fill: true, since: '4.9.0', meta: { help_text: 'Look for risks too' } }),
      lastRun({ since: '4.9.0' }),
    ],
  },
  executionsOf('gather_accounts', 'accounts/gather-account-executions', 'DiscoverAccountsExecution'),
  {
    ...automation,
    table: 'automations',
    path: 'accounts/push-account-automations',
    noun: 'PushAccountAutomation',
    model: 'accounts.pushaccountautomation',
    only: ofType('push_account'),
    filters: SECRET_FILTERS,
    fields: [
      ...schedule('push_account'),
      ...secretFields(true),
      bool('check_conn_after_change', { fill: true, since: '4.9.0' }),
      lastRun({ since: '4.9.0' }),
    ],
  },
  executionsOf('push_account', 'accounts/push-account-executions', 'PushAccountExecution'),
  {
    ...automation,
    table: 'automations',
    path: 'accounts/change-secret-automations',
    noun: 'ChangeSecretAutomation',
    model: 'accounts.changesecretautomation',
    gate: licensedSince('4.9.0'),
    only: ofType('change_secret'),
    filters: SECRET_FILTERS,
    fields: [...schedule('change_secret'), ...secretFields(false), refs('recipients', 'users')],
  },
  {
    ...executionsOf('change_secret', 'accounts/change-secret-executions', 'ChangeSecretExecution'),
    gate: licensedSince('4.9.0'),
  },
  {
    table: 'change-secret-records',
    path: 'accounts/change-secret-records',
    noun: 'ChangeSecretRecord',
    model: 'accounts.changesecretrecord',
    scope: 'org',
    methods: 'LR',
    gate: licensedSince('4.9.0'),
    order: ['-date_finished'],
    filters: {
      execution_id: uuid('execution'),
      asset_id: uuid('asset'),
      status: exact('status'),
      account_username: (value, x) =>
        value === '' ? null : (row) => rowOf(x.world, 'accounts', row.account)?.username === value,
    },
    fields: [id(), ref('asset', 'assets'), ref('account', 'accounts'), text('status'), moment('date_finished')],
  },
  {
    ...automation,
    table: 'automations',
    path: 'accounts/check-account-automations',
    noun: 'CheckAccountAutomation',
    model: 'accounts.checkaccountautomation',
    since: '4.9.0',
    gate: licensedSince('4.9.0'),
    only: ofType('check_account'),
    filters: { id: uuid('id'), name: exact('name') },
    fields: [
      ...schedule('check_account'),
      ...members(),
      refs('recipients', 'users', { at: 'DW' }),
      texts('engines', { type: 'json' }),
      bool('is_active', { fill: true }),
      lastRun(),
    ],
  },
  {
    ...executionsOf('check_account', 'accounts/check-account-executions', 'CheckAccountExecution'),
    since: '4.9.0',
    gate: licensedSince('4.9.0'),
  },
  accountRisks,
  changeSecretStatus,
  gatheredAccounts,
  virtualAccounts,
  integrationApplications,
];

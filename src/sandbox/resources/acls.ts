import { InvalidValue, says } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import type { Field, FieldOptions } from '../field.ts';
import {
  actions,
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
  kindOf,
  orgFields,
  text,
  texts,
} from '../fields.ts';
import { exact, iexact, uuid } from '../filters.ts';
import { refs } from '../related-fields.ts';
import type { Condition, Filter, Resource } from '../resource.ts';
import type { Json, JsonObject, Row, SandboxVersion } from '../types.ts';
import { isIn } from '../versions.ts';
import { idsOf, isObject, textOf } from '../world.ts';

const NOTICE: Choices = { reject: 'Reject', accept: 'Accept', notice: 'Notify' };
const WARNING: Choices = { reject: 'Reject', accept: 'Accept', warning: 'Warn', notify_and_warn: 'Notify and warn' };
const PLAIN: Choices = { reject: 'Reject', accept: 'Accept' };

/** Who or what a list applies to: `{type:"all"}`, `{type:"ids",ids}` or `{type:"attrs",attrs}` (api.md §5.0). */
export function reach(name: string, options: FieldOptions = {}): Field {
  return {
    ...json(name, { required: true, type: 'field', fill: { type: 'all' }, ...options }),
    meta: {},
    parse: (value) => {
      if (!isObject(value)) throw new InvalidValue([says.object(kindOf(value))]);
      if (value.type === 'all') return { type: 'all' };
      if (value.type === 'ids' && Array.isArray(value.ids)) return { type: 'ids', ids: value.ids };
      if (value.type === 'attrs' && Array.isArray(value.attrs)) return { type: 'attrs', attrs: value.attrs };
      throw new InvalidValue([says.noChoice(textOf(value.type))]);
    },
  };
}

/** Lists that reach the object with this id or name: everything, or it by id, or it by name. */
const reaches =
  (column: string, table: string, names: readonly string[]): Filter =>
  (value, x) => {
    if (value === '') return null;
    const rows = x.world.store.table(table);
    const found = rows.get(value) ?? names.flatMap((name) => rows.where(name, value))[0];
    return (row) => isWithin(row[column], found, value);
  };

function isWithin(scope: Json | undefined, found: Row | undefined, value: string): boolean {
  if (!isObject(scope)) return false;
  if (scope.type === 'all') return true;
  if (scope.type === 'ids') return idsOf(scope.ids).includes(found?.id ?? value);
  const attrs = Array.isArray(scope.attrs) ? scope.attrs.filter(isObject) : [];
  return found !== undefined && attrs.every((rule) => meets(found, rule));
}

function meets(row: Row, rule: JsonObject): boolean {
  const have = row[textOf(rule.name)];
  const members: Json[] = Array.isArray(have) ? have : [have ?? null];
  const wanted: Json[] = Array.isArray(rule.value) ? rule.value : [rule.value ?? null];
  if (rule.match === 'contains') return textOf(have).includes(textOf(rule.value));
  return wanted.some((one) => members.includes(one));
}

const users = reaches('users', 'users', ['username', 'name']);
const assets = reaches('assets', 'assets', ['name', 'address']);

const HOURS = /^(\d\d):(\d\d)~(\d\d):(\d\d)$/;

/** From where and when: `{ip_group, time_period}`. */
const rules = (): Field => ({
  ...json('rules', { required: true, type: 'nested object', fill: { ip_group: ['*'], time_period: [] } }),
  meta: {
    children: {
      ip_group: {
        type: 'list',
        required: false,
        read_only: false,
        write_only: false,
        label: 'Addresses',
        default: ['*'],
      },
      time_period: { type: 'field', required: false, read_only: false, write_only: false, label: 'Hours' },
    },
  },
  parse: (value) => {
    if (!isObject(value)) throw new InvalidValue({ non_field_errors: [says.object(kindOf(value))] });
    const periods = Array.isArray(value.time_period) ? value.time_period.filter(isObject) : [];
    const wrong = periods.some((period) =>
      textOf(period.value)
        .split('、')
        .some((span) => span !== '' && !HOURS.test(span)),
    );
    if (wrong) throw new InvalidValue({ time_period: [says.text] });
    return { ip_group: Array.isArray(value.ip_group) ? value.ip_group : ['*'], time_period: periods };
  },
});

const head = (choices: Choices): Field[] => [
  id(),
  text('name', { required: true, max: 128 }),
  integer('priority', { fill: 50, min: 1, max: 100, meta: { help_text: '1 is looked at first, 100 last' } }),
  choice('action', choices, { fill: 'reject' }),
];

const tail = (): Field[] => [
  bool('is_active', { fill: true }),
  dateCreated(),
  dateUpdated(),
  text('comment'),
  createdBy({ mode: 'rw', max: 128 }),
];

/** Before 4.10 even lists of no organisation told one. */
const orgOfNone = (): Field => text('org_id', { mode: 'ro', until: '4.10.16', column: 'org_id' });

const accounts = (options: FieldOptions = {}): Field =>
  texts('accounts', { required: true, type: 'list', fill: ['@ALL'], ...options });

const filters: Readonly<Record<string, Filter>> = {
  id: uuid('id'),
  name: iexact('name'),
  users,
  action: exact('action'),
};

const SMALL = 'id name priority action is_active date_created date_updated comment created_by';

const common = { order: ['name'], search: ['name'], mini: 'id name', small: `${SMALL} org_id` } as const;

/** The organisation stood in the short form until 4.10. */
const small = (version: SandboxVersion): string => (isIn(version, { until: '4.10.16' }) ? `${SMALL} org_id` : SMALL);
const orgScoped = { ...common, scope: 'org', small, unique: [['name']] } as const;

/** Every kind of access control list (api.md §5.15). */
export const acls: readonly Resource[] = [
  {
    ...common,
    table: 'login-acls',
    path: 'acls/login-acls',
    noun: 'LoginACL',
    model: 'acls.loginacl',
    scope: 'global',
    unique: [['name']],
    filters,
    fields: [...head(NOTICE), refs('reviewers', 'users'), reach('users'), rules(), orgOfNone(), ...tail()],
  },
  {
    ...orgScoped,
    table: 'login-asset-acls',
    path: 'acls/login-asset-acls',
    noun: 'LoginAssetACL',
    model: 'acls.loginassetacl',
    filters: { ...filters, assets },
    fields: [
      ...head(NOTICE),
      refs('reviewers', 'users'),
      reach('users'),
      reach('assets'),
      accounts(),
      rules(),
      ...orgFields(),
      ...tail(),
    ],
  },
  {
    ...orgScoped,
    table: 'command-filter-acls',
    path: 'acls/command-filter-acls',
    noun: 'CommandFilterACL',
    model: 'acls.commandfilteracl',
    filters: { ...filters, assets },
    fields: [
      ...head(WARNING),
      ...inListUntil((options) => [
        refs('reviewers', 'users', options),
        reach('users', options),
        reach('assets', options),
        accounts(options),
        refs('command_groups', 'command-groups', options),
      ]),
      computed('command_groups_amount', 'integer', (row) => idsOf(row.command_groups).length, {
        at: 'LW',
        since: '4.10.19',
      }),
      ...orgFields(),
      ...tail(),
    ],
  },
  {
    table: 'command-groups',
    path: 'acls/command-groups',
    noun: 'CommandGroup',
    model: 'acls.commandgroup',
    scope: 'org',
    order: ['name'],
    search: ['name'],
    unique: [['name']],
    filters: { id: uuid('id'), name: exact('name'), command_filters: usedBy() },
    fields: [
      id(),
      text('name', { required: true, max: 128 }),
      choice('type', { command: 'Command', regex: 'Pattern' }, { fill: 'command' }),
      text('content', { required: true, meta: { help_text: 'One command or pattern a line' } }),
      ...orgFields(),
      bool('ignore_case', { fill: true }),
      text('comment'),
    ],
  },
  {
    ...common,
    table: 'connect-method-acls',
    path: 'acls/connect-method-acls',
    noun: 'ConnectMethodACL',
    model: 'acls.connectmethodacl',
    scope: 'global',
    unique: [['name']],
    filters: { ...filters, methods: usesMethod() },
    fields: [
      ...head(PLAIN),
      refs('reviewers', 'users'),
      reach('users'),
      texts('connect_methods', { type: 'json' }),
      orgOfNone(),
      ...tail(),
    ],
  },
  {
    ...orgScoped,
    table: 'clipboard-acls',
    path: 'acls/clipboard-acls',
    noun: 'ClipboardACL',
    model: 'acls.clipboardacl',
    since: '4.10.19',
    filters: { ...filters, assets },
    fields: [
      ...head(PLAIN),
      refs('reviewers', 'users'),
      reach('users'),
      reach('assets'),
      accounts(),
      ...orgFields(),
      actions('operations', { fill: ['copy', 'paste'] }),
      ...['copy_text_limit', 'paste_text_limit', 'download_file_size_limit', 'upload_file_size_limit'].map((name) =>
        integer(name, { fill: 0, min: 0 }),
      ),
      ...tail(),
    ],
  },
  {
    ...orgScoped,
    table: 'data-masking-rules',
    path: 'acls/data-masking-rules',
    noun: 'DataMaskingRule',
    model: 'acls.datamaskingrule',
    since: '4.10.16',
    filters,
    fields: [
      ...head(NOTICE),
      refs('reviewers', 'users'),
      reach('users'),
      reach('assets'),
      accounts(),
      ...orgFields(),
      text('fields_pattern', { fill: 'password', max: 128 }),
      choice(
        'masking_method',
        {
          fixed_char: 'Fixed characters',
          hide_middle: 'Middle hidden',
          keep_prefix: 'Start kept',
          keep_suffix: 'End kept',
        },
        { fill: 'fixed_char' },
      ),
      text('mask_pattern', { fill: '######', max: 128 }),
      ...tail(),
    ],
  },
];

/** Members that left the list's own rows with 4.10.19, where only amounts stand there. */
function inListUntil(make: (options: FieldOptions) => Field[]): Field[] {
  return [...make({ until: '4.10.19' }), ...make({ since: '4.10.19', at: 'DW' })];
}

function usedBy(): Filter {
  return (value: string, x: Exchange): Condition => {
    const filter = x.world.store.table('command-filter-acls').get(value);
    return value === '' ? null : { column: 'id', values: new Set(idsOf(filter?.command_groups)) };
  };
}

function usesMethod(): Filter {
  return (value) => {
    const words = value.split(',').filter((word) => word !== '');
    return words.length === 0 ? null : (row) => words.every((word) => idsOf(row.connect_methods).includes(word));
  };
}

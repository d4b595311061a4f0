import { autoConfig, platformFace } from '../asset-faces.ts';
import { AUTOFILL, CATEGORIES, CONNECTIVITY, TYPES, TYPES_OF } from '../choices.ts';
import { InvalidValue, says } from '../errors.ts';
import type { Field } from '../field.ts';
import {
  bool,
  type Choices,
  choice,
  computed,
  createdBy,
  dateCreated,
  id,
  json,
  kindOf,
  moment,
  orgFields,
  text,
  toChoice,
} from '../fields.ts';
import { labels } from '../labels.ts';
import { ref, refs, relatedRows } from '../related-fields.ts';
import { fieldsOf, listOf, toAnswer } from '../rows.ts';
import { ensurePath } from '../tree.ts';
import type { Id, Json, JsonObject, Row } from '../types.ts';
import { idsOf, isObject, type Look, rowOf, textOf, type World } from '../world.ts';
import { createAccount } from './account-actions.ts';
import { accounts } from './accounts.ts';

import type { Part } from './asset-parts.ts';

const SPEC: Record<string, string[]> = {
  database: ['db_name', 'use_ssl', 'allow_invalid_cert', 'pg_ssl_mode'],
  web: ['autofill', 'username_selector', 'password_selector', 'submit_selector', 'script'],
  ds: ['domain_name'],
  gpt: ['proxy'],
};

/** Left out where the category's own serializer shows a detail, which shows choices as such too. */
const RAW = new Set(['pg_ssl_mode', 'script']);

function specInfo(row: Row, look: Look): JsonObject {
  if (row.category === 'custom') return (row.custom_info ?? {}) as JsonObject;
  const isDetail = look.view === 'D';
  const isOld = look.world.version === '3.10.23';
  const names = (SPEC[textOf(row.category)] ?? []).filter(
    (name) => !(isDetail && RAW.has(name)) && !(isOld && name === 'pg_ssl_mode'),
  );
  return Object.fromEntries(
    names.map((name) => [name, isDetail && name === 'autofill' ? toChoice(row[name], AUTOFILL) : (row[name] ?? '')]),
  );
}

const ownAccounts = (world: World, asset: Id): readonly Row[] => world.store.table('accounts').where('asset', asset);

/** Accounts usable on an asset: its own and those of its directory services. */
function accountsOf(world: World, asset: Row): Row[] {
  const services = idsOf(asset.directory_services);
  return [...ownAccounts(world, asset.id), ...services.flatMap((id) => [...ownAccounts(world, id)])];
}

const nestedAccounts: Field = {
  ...computed(
    'accounts',
    'field',
    (row, look) => {
      const shown = fieldsOf(accounts, look.world.version, 'D').filter((field) => NESTED.has(field.name));
      return accountsOf(look.world, row).map((account) => toAnswer(account, shown, look));
    },
    { at: 'D' },
  ),
  mode: 'wo',
  parse: (value) => {
    if (!Array.isArray(value)) throw new InvalidValue([says.notAList(kindOf(value))]);
    return value;
  },
  after: (row, value, x) => {
    const known = new Set(ownAccounts(x.world, row.id).map((account) => `${account.username} ${account.secret_type}`));
    for (const item of listOf(value)) {
      if (!isObject(item)) continue;
      const kind = textOf(item.secret_type) || 'password';
      if (!known.has(`${textOf(item.username)} ${kind}`)) createAccount(x, row, item);
    }
  },
};

const NESTED = new Set(
  'id name username secret_type su_from version ds source source_id login_by change_secret_status privileged is_active secret_reset date_updated date_last_login date_verified date_change_secret comment'.split(
    ' ',
  ),
);

const protocols: Field = {
  ...json('protocols', { type: 'field', meta: { child: { type: 'nested object' } }, fill: [] }),
  read: (row) => listOf(row.protocols),
  parse: (value) => {
    if (!Array.isArray(value)) throw new InvalidValue([says.notAList(kindOf(value))]);
    const faults = value.map(protocolFaults);
    if (faults.some((fault) => Object.keys(fault).length > 0)) throw new InvalidValue(faults);
    return value.map((item) => toProtocol(item as JsonObject));
  },
};

function protocolFaults(item: Json): JsonObject {
  if (!isObject(item)) return { non_field_errors: [says.object(kindOf(item))] };
  const faults: JsonObject = {};
  if (item.name === undefined) faults.name = [says.required];
  const port = Number(item.port ?? 0);
  if (port > 65_535) faults.port = [says.tooGreat(65_535)];
  if (port < 0) faults.port = [says.tooSmall(0)];
  return faults;
}

const toProtocol = (item: JsonObject): JsonObject => ({ name: item.name ?? '', port: Number(item.port ?? 0) });

/** The full paths of the nodes an asset hangs on. */
function nodePaths(row: Row, look: Look): string[] {
  return relatedRows(look, 'nodes', idsOf(row.nodes), 'value').map((node) => textOf(node.full_value));
}

const nodesDisplay: Field = {
  ...computed('nodes_display', 'list', nodePaths, { meta: { child: { type: 'field' } } }),
  mode: 'rw',
  parse: (value) => {
    if (!Array.isArray(value)) throw new InvalidValue([says.notAList(kindOf(value))]);
    return value;
  },
  after: (row, value, x) => {
    const ids = listOf(value).map((path) => ensurePath(x, textOf(path)).id);
    x.world.store.table('assets').update(row.id, { nodes: ids });
  },
};

function only(choices: Choices, values: readonly string[]): Choices {
  return Object.fromEntries(values.map((value) => [value, choices[value] ?? value]));
}

function without(choices: Choices, value: string): Choices {
  return Object.fromEntries(Object.entries(choices).filter(([known]) => known !== value));
}

/** The fields of the assets of one category. */
export function toFields(part: Part): Field[] {
  const isWide = part.category === null || part.category === 'gateway' || part.category === 'ds';
  const types = isWide ? TYPES : only(TYPES, TYPES_OF[part.category ?? ''] ?? Object.keys(TYPES));
  const categories = isWide || part.category === 'gpt' ? CATEGORIES : only(CATEGORIES, [part.category ?? '']);
  return [
    id(),
    text('name', { required: true, max: 128 }),
    text('address', { required: true, max: 767 }),
    ref('zone', 'zones', { nullable: true, since: '4.10.16' }),
    { ...ref('domain', 'zones', { nullable: true, column: 'zone' }), until: '4.10.16' },
    ref('platform', 'platforms', { required: true, face: platformFace }),
    refs('nodes', 'nodes', { fill: [], order: 'value' }),
    labels('assets.asset'),
    { ...protocols, until: '4.10.19' },
    { ...protocols, meta: { ...protocols.meta, required: true }, since: '4.10.19' },
    nodesDisplay,
    nestedAccounts,
    refs('directory_services', 'assets', { since: '4.9.0' }),
    computed('accounts_amount', 'integer', (row, look) => accountsOf(look.world, row).length, { since: '4.9.0' }),
    choice('category', categories, { mode: 'ro' }),
    choice('type', types, { mode: 'ro', until: '4.10.19' }),
    choice('type', without(types, 'chatgpt'), { mode: 'ro', since: '4.10.19' }),
    choice('connectivity', CONNECTIVITY, { mode: 'ro', fill: '-' }),
    computed('auto_config', 'nested object', (row, look) =>
      autoConfig(look.world, rowOf(look.world, 'platforms', row.platform)),
    ),
    ...(part.extra ?? []),
    ...orgFields(),
    gatheredInfo(part.leak === 'host'),
    computed('spec_info', 'field', specInfo),
    bool('is_active', { fill: true }),
    moment('date_verified', { mode: 'ro' }),
    moment('date_last_login', { mode: 'ro', since: '4.10.19' }),
    dateCreated(),
    moment('date_updated', { mode: 'ro', fill: (look) => look.world.now(), since: '4.9.0' }),
    text('comment'),
    createdBy(),
  ];
}

/** What was found on the asset: a client may write it, except on hosts. */
function gatheredInfo(isHost: boolean): Field {
  if (isHost) return computed('gathered_info', 'nested object', (row) => row.gathered_info ?? {});
  return json('gathered_info', { fill: {} });
}

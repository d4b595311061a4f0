import { REPLAY_STORAGE_TYPES, STORAGE_TYPES, TERMINAL_LOADS, TERMINAL_TYPES } from '../choices.ts';
import { ApiError, forbidden, says } from '../errors.ts';
import { type Exchange, lookOf } from '../exchange.ts';
import type { Field } from '../field.ts';
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
  plainChoice,
  text,
  texts,
} from '../fields.ts';
import { exact, flag } from '../filters.ts';
import { ref } from '../related-fields.ts';
import type { Input, Resource } from '../resource.ts';
import { fieldsOf, listOf, toAnswer } from '../rows.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { textOf } from '../world.ts';
import { mustFind } from '../writes.ts';

function storage(own: Pick<Resource, 'table' | 'path' | 'noun' | 'model'>, types: Choices, used: string): Resource {
  return {
    ...own,
    scope: 'global',
    projected: false,
    bulkDelete: 'global',
    methods: 'LCRUD',
    fields: [
      id(),
      text('name', { required: true, max: 128 }),
      choice('type', types, { required: true }),
      {
        ...json('meta', { fill: {}, required: true, type: 'nested object' }),
        read: (row) => withoutSecrets(row.meta ?? {}),
      },
      bool('is_default'),
      text('comment'),
    ],
    order: ['name'],
    search: ['name', 'type'],
    unique: [['name']],
    filters: { name: exact('name'), type: exact('type'), is_default: flag('is_default') },
    only: (x) => (x.query.get('real') === '1' ? [(row) => row.type !== 'null'] : []),
    check: checkStorage,
    hooks: {
      created: (row, { x }) => beDefault(x, own.table, row),
      updated: (row, { x }) => beDefault(x, own.table, row),
      deleting: (row, x) => {
        if (row.is_default === true || row.type === 'null' || row.type === 'server') refuseDelete('the default one');
        const users = x.world.store.table('terminals').where(used, textOf(row.name));
        if (users.length > 0) refuseDelete(users.map(({ name }) => textOf(name)).join(', '));
      },
    },
  };
}

function refuseDelete(why: string): never {
  throw new ApiError(400, { msg: `This storage stays: ${why}.` });
}

const BUCKET = ['BUCKET', 'ENDPOINT'];

/** What the settings of each type must name. */
const STORAGE_NEEDS: Readonly<Record<string, readonly string[]>> = {
  es: ['HOSTS'],
  s3: BUCKET,
  ceph: BUCKET,
  oss: BUCKET,
  obs: BUCKET,
  cos: BUCKET,
  swift: [...BUCKET, 'REGION'],
  azure: ['CONTAINER_NAME', 'ACCOUNT_NAME', 'ACCOUNT_KEY'],
  sftp: ['SFTP_HOST', 'SFTP_USERNAME', 'SFTP_ROOT_PATH'],
};

/** Settings are read by the type in the address, or else by the row's; without either they are dropped. What is given joins what is there. */
function checkStorage({ x, values, row, faults, given, partial }: Input): void {
  if (values.is_default === true && given.type === 'sftp') values.is_default = false;
  if (values.meta === undefined) return;
  const needs = STORAGE_NEEDS[textOf(row?.type ?? x.query.get('type'))];
  const meta = needs === undefined ? {} : toObject(values.meta);
  const missing = partial ? [] : (needs ?? []).filter((name) => meta[name] === undefined);
  const wrong = listOf(meta.HOSTS).filter((host) => !/^https?:\/\/[^/#]+:\d+$/.test(textOf(host)));
  if (missing.length > 0) faults.meta = Object.fromEntries(missing.map((name) => [name, [says.required]]));
  if (wrong.length > 0) faults.meta = { HOSTS: { 0: ['No address with scheme and port.'] } };
  values.meta = { ...toObject(row?.meta ?? {}), ...meta };
}

function toObject(value: Json): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** At most one is the default. */
function beDefault(x: Exchange, table: string, row: Row): void {
  if (row.is_default !== true) return;
  const rows = x.world.store.table(table);
  for (const other of rows.where('is_default', true))
    if (other.id !== row.id) rows.update(other.id, { is_default: false });
}

const SECRET_KEYS = new Set(['SECRET_KEY', 'ACCOUNT_KEY', 'SFTP_PASSWORD', 'STP_PRIVATE_KEY', 'STP_PASSPHRASE']);

function withoutSecrets(meta: Json): Json {
  return Object.fromEntries(Object.entries(toObject(meta)).filter(([name]) => !SECRET_KEYS.has(name)));
}

function storageTree(x: Exchange): Json {
  const rows = [...x.world.store.table('command-storages').all()].filter((row) => row.type !== 'null');
  const counts = x.world.store.table('commands').size;
  const leaves: Json[] = rows.map((row) => {
    const title = `${textOf(row.name)}(${textOf(row.type)})`;
    const count = row.type === 'server' ? counts : 0;
    return { id: row.id, name: `${title} (${count})`, title, pId: 'root', isParent: false, open: false, valid: true };
  });
  return [
    ...leaves,
    { id: 'root', name: 'Command stores', title: 'Command stores', pId: '', isParent: true, open: true },
  ];
}

/** Only the server's own are there to be reached; a failure quotes the address. */
function testStorage({ type, meta }: Row): Json {
  if (STORAGE_NEEDS[textOf(type)] === undefined) return { is_valid: true, msg: 'The storage answers.' };
  const { HOSTS, ENDPOINT, SFTP_HOST } = toObject(meta ?? {});
  return { is_valid: false, msg: `No connection to ${textOf(listOf(HOSTS)[0] ?? ENDPOINT ?? SFTP_HOST)}` };
}

/** Where commands are kept (api.md §5.11). */
export const commandStorages: Resource = {
  ...storage(
    {
      table: 'command-storages',
      path: 'terminal/command-storages',
      noun: 'CommandStorage',
      model: 'terminal.commandstorage',
    },
    STORAGE_TYPES,
    'command_storage',
  ),
  actions: [
    { method: 'GET', path: 'tree', perm: 'terminal.view_commandstorage|terminal.view_command', run: storageTree },
    {
      method: 'GET',
      path: ':id/test-connective',
      perm: 'terminal.view_commandstorage',
      run: (x) => testStorage(mustFind(commandStorages, x)),
    },
  ],
};

/** Where replays are kept. */
export const replayStorages: Resource = {
  ...storage(
    {
      table: 'replay-storages',
      path: 'terminal/replay-storages',
      noun: 'ReplayStorage',
      model: 'terminal.replaystorage',
    },
    REPLAY_STORAGE_TYPES,
    'replay_storage',
  ),
  actions: [
    {
      method: 'GET',
      path: ':id/test-connective',
      perm: 'terminal.view_replaystorage',
      run: (x) => testStorage(mustFind(replayStorages, x)),
    },
  ],
};

/** The name of a storage: told as required until 4.10.19. */
const named = (name: string): Field[] => [
  text(name, { fill: 'default', max: 128, meta: { required: true }, until: '4.10.19' }),
  text(name, { fill: 'default', max: 128, since: '4.10.19' }),
];

/** Components that carry sessions. */
export const terminals: Resource = {
  table: 'terminals',
  path: 'terminal/terminals',
  noun: 'Terminal',
  model: 'terminal.terminal',
  scope: 'global',
  projected: false,
  bulkDelete: 'global',
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    plainChoice('type', TERMINAL_TYPES, { mode: 'ro', fill: 'koko' }),
    text('remote_addr', { max: 128 }),
    computed(
      'session_online',
      'field',
      (row, look) =>
        look.world.store
          .table('sessions')
          .where('is_finished', false)
          .filter((one) => one.terminal === row.id).length,
    ),
    ...named('command_storage'),
    ...named('replay_storage'),
    bool('is_active', { mode: 'ro' }),
    bool('is_alive', { mode: 'ro' }),
    dateCreated(),
    text('comment'),
    choice('load', TERMINAL_LOADS, { mode: 'ro', fill: 'offline' }),
    json('stat', { mode: 'ro', type: 'nested object' }),
  ],
  order: ['name'],
  search: ['name', 'type', 'remote_addr'],
  check: ({ values, faults, x }) => {
    for (const kind of ['command', 'replay']) {
      const key = values[`${kind}_storage`];
      if (key === undefined) continue;
      const storages = x.world.store.table(`${kind}-storages`);
      const found = storages.get(textOf(key)) ?? storages.where('name', key)[0];
      if (found === undefined) faults[`${kind}_storage`] = ['Not found'];
      else values[`${kind}_storage`] = textOf(found.name);
    }
  },
  hooks: {
    deleting: (row, x) => {
      const running = x.world.store.table('sessions').where('is_finished', false);
      if (running.some(({ terminal }) => terminal === row.id))
        throw new ApiError(400, { detail: 'Sessions run on it.', code: 'have_online_session' });
    },
  },
  filters: { name: exact('name'), type: exact('type'), remote_addr: exact('remote_addr'), is_alive: flag('is_alive') },
};

const port = (
  name: string,
  fill: number,
  span: { since?: '4.9.0' | '4.10.16' | '4.10.19'; until?: '4.10.19' } = {},
): Field => integer(name, { fill, min: 0, max: 65_535, ...span });

/** The one that is always there, and on. */
const isDefault = (row: Row | null): boolean => String(row?.id).endsWith('-000000000001');

/** Addresses through which clients connect. */
export const endpoints: Resource = {
  table: 'endpoints',
  path: 'terminal/endpoints',
  noun: 'Endpoint',
  model: 'terminal.endpoint',
  scope: 'global',
  projected: false,
  bulkDelete: 'global',
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    text('host', { max: 256 }),
    port('https_port', 443),
    port('http_port', 80),
    port('ssh_port', 2222),
    port('rdp_port', 3389),
    port('magnus_port', 0, { since: '4.10.19' }),
    port('mysql_port', 33_061, { until: '4.10.19' }),
    port('mariadb_port', 33_062, { until: '4.10.19' }),
    port('postgresql_port', 54_320, { until: '4.10.19' }),
    port('redis_port', 63_790, { until: '4.10.19' }),
    port('vnc_port', 15_900, { since: '4.9.0' }),
    port('oracle_port', 15_210, { until: '4.10.19' }),
    port('sqlserver_port', 14_330, { until: '4.10.19' }),
    port('mongodb_port', 27_018, { since: '4.10.16', until: '4.10.19' }),
    { ...text('oracle_port_range', { mode: 'ro', fill: '30000-30100' }), until: '4.9.0' },
    bool('is_active', { fill: true, since: '4.9.0' }),
    text('comment'),
    dateCreated(),
    dateUpdated(),
    createdBy({ mode: 'rw', max: 128 }),
  ],
  order: ['name'],
  search: ['name', 'host'],
  unique: [['name']],
  check: ({ values, row }) => {
    if (isDefault(row) && values.is_active === false) values.is_active = true;
  },
  filters: { name: exact('name'), host: exact('host') },
  hooks: {
    deleting: (row) => {
      if (isDefault(row)) throw forbidden();
    },
  },
  actions: [
    {
      method: 'GET',
      path: 'smart',
      perm: 'any',
      run: (x) => {
        const row = [...x.world.store.table('endpoints').all()][0];
        return row === undefined ? {} : toAnswer(row, fieldsOf(endpoints, x.world.version, 'D'), lookOf(x, 'D'));
      },
    },
  ],
};

/** Which addresses use which endpoint. */
export const endpointRules: Resource = {
  table: 'endpoint-rules',
  path: 'terminal/endpoint-rules',
  noun: 'EndpointRule',
  model: 'terminal.endpointrule',
  scope: 'global',
  projected: false,
  bulkDelete: 'global',
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    texts('ip_group', { type: 'list', fill: ['*'] }),
    integer('priority', { fill: 50, min: 1, max: 100 }),
    ref('endpoint', 'endpoints', { nullable: true }),
    text('comment'),
    dateCreated(),
    dateUpdated(),
    createdBy({ mode: 'rw', max: 128 }),
    bool('is_active', { fill: true }),
  ],
  order: ['priority', 'name'],
  search: ['name'],
  unique: [['name'], ['priority']],
  filters: { name: exact('name') },
};

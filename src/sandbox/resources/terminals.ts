import { REPLAY_STORAGE_TYPES, STORAGE_TYPES, TERMINAL_LOADS, TERMINAL_TYPES } from '../choices.ts';
import { ApiError, forbidden } from '../errors.ts';
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
import type { Resource } from '../resource.ts';
import { fieldsOf, toAnswer } from '../rows.ts';
import type { Json } from '../types.ts';
import { textOf } from '../world.ts';

function storage(table: string, path: string, noun: string, model: string, types: Choices): Resource {
  return {
    table,
    path,
    noun,
    model,
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
    hooks: {
      deleting: (row) => {
        if (row.is_default === true || row.type === 'null')
          throw new ApiError(400, { detail: 'A built-in storage stays.', code: 'storage_invalid' });
      },
    },
  };
}

const SECRET_KEYS = /(secret|password|key)$/i;

function withoutSecrets(meta: Json): Json {
  if (meta === null || typeof meta !== 'object' || Array.isArray(meta)) return {};
  return Object.fromEntries(Object.entries(meta).filter(([name]) => !SECRET_KEYS.test(name)));
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

/** Where commands are kept (api.md §5.11). */
export const commandStorages: Resource = {
  ...storage(
    'command-storages',
    'terminal/command-storages',
    'CommandStorage',
    'terminal.commandstorage',
    STORAGE_TYPES,
  ),
  actions: [
    { method: 'GET', path: 'tree', perm: 'terminal.view_commandstorage|terminal.view_command', run: storageTree },
    {
      method: 'GET',
      path: ':id/test-connective',
      perm: 'terminal.view_commandstorage',
      run: () => ({ is_valid: true, msg: 'The storage answers.' }),
    },
  ],
};

/** Where replays are kept. */
export const replayStorages: Resource = {
  ...storage(
    'replay-storages',
    'terminal/replay-storages',
    'ReplayStorage',
    'terminal.replaystorage',
    REPLAY_STORAGE_TYPES,
  ),
  actions: [
    {
      method: 'GET',
      path: ':id/test-connective',
      perm: 'terminal.view_replaystorage',
      run: () => ({ is_valid: true, msg: 'The storage answers.' }),
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
  filters: { name: exact('name'), type: exact('type'), remote_addr: exact('remote_addr'), is_alive: flag('is_alive') },
};

const port = (
  name: string,
  fill: number,
  span: { since?: '4.9.0' | '4.10.16' | '4.10.19'; until?: '4.10.19' } = {},
): Field => integer(name, { fill, min: 0, max: 65_535, ...span });

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
  filters: { name: exact('name'), host: exact('host') },
  hooks: {
    deleting: (row) => {
      if (String(row.id).endsWith('-000000000001')) throw forbidden();
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

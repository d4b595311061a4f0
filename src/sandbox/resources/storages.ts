import { REPLAY_STORAGE_TYPES, STORAGE_TYPES } from '../choices.ts';
import { ApiError, says } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { bool, type Choices, choice, id, json, text } from '../fields.ts';
import { exact, flag } from '../filters.ts';
import type { Input, Resource } from '../resource.ts';
import { listOf } from '../rows.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { isObject, textOf } from '../world.ts';
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
  return isObject(value) ? value : {};
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

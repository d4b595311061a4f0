import { TERMINAL_LOADS, TERMINAL_TYPES } from '../choices.ts';
import { ApiError } from '../errors.ts';
import type { Field } from '../field.ts';
import { bool, choice, computed, dateCreated, id, json, plainChoice, text } from '../fields.ts';
import { exact, flag } from '../filters.ts';
import type { Resource } from '../resource.ts';
import { textOf } from '../world.ts';

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

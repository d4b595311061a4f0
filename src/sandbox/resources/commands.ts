import { RISK_LEVELS } from '../choices.ts';
import { InvalidValue, says } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { choice, computed, id, integer, text } from '../fields.ts';
import { contains, exact, oneOf, startsWith } from '../filters.ts';
import type { Condition, Resource } from '../resource.ts';
import { parseTime, toServerTime } from '../time.ts';
import { rowOf, textOf } from '../world.ts';

/** Commands of sessions: `terminal/commands/`; without a storage or a session there are none (api.md §5.11). */
export const commands: Resource = {
  table: 'commands',
  path: 'terminal/commands',
  noun: 'Command',
  model: 'terminal.command',
  scope: 'org',
  methods: 'LR',
  projected: false,
  fields: [
    text('user'),
    text('asset'),
    text('input'),
    text('session'),
    choice('risk_level', RISK_LEVELS, { numeric: true }),
    text('org_id', { mode: 'ro' }),
    id(),
    text('account'),
    text('output'),
    {
      ...integer('timestamp'),
      read: (row) => Math.floor(Number(row.timestamp) / 1000),
      back: (value) => Number(value) * 1000,
    },
    computed('timestamp_display', 'string', (row, look) => toServerTime(Number(row.timestamp), look.zone)),
    text('remote_addr', { nullable: true }),
  ],
  order: ['-timestamp'],
  search: ['input'],
  noIds: false,
  only: (x) => (hasStore(x) ? [] : [() => false]),
  filters: {
    session_id: exact('session'),
    session: exact('session'),
    user: startsWith('user'),
    asset: contains('asset'),
    asset_id: ofAsset,
    account: startsWith('account'),
    input: contains('input'),
    risk_level: oneOf('risk_level', RISK_LEVELS, true),
    date_from: aTime,
    date_to: aTime,
  },
  dates: 'timestamp',
};

/** Other lists ignore what is no time. */
function aTime(value: string, x: Exchange): null {
  if (value !== '' && parseTime(value, x.zone) === null) throw new InvalidValue([says.time]);
  return null;
}

/** Commands name their asset in words: those of the asset with this id. */
function ofAsset(value: string, x: Exchange): Condition {
  if (value === '') return null;
  const asset = rowOf(x.world, 'assets', value);
  return {
    column: 'asset',
    values: new Set(asset === undefined ? [] : [`${textOf(asset.name)}(${textOf(asset.address)})`]),
  };
}

function hasStore(x: Exchange): boolean {
  const storage = x.query.get('command_storage_id') ?? '';
  if (storage !== '') return rowOf(x.world, 'command-storages', storage)?.type === 'server';
  return (x.query.get('session_id') ?? x.query.get('session') ?? '') !== '' || (x.params.id ?? '') !== '';
}

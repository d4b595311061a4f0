import { LOGIN_FROM, SESSION_ERRORS, SESSION_TYPES } from '../choices.ts';
import { forbidden, notFound } from '../errors.ts';
import { caller, type Exchange, lookOf } from '../exchange.ts';
import { bool, choice, computed, id, integer, moment, text } from '../fields.ts';
import { exact, flag, idOrName, oneOf } from '../filters.ts';
import { selectRows, toPage } from '../lists.ts';
import { optionsAnswer } from '../metadata.ts';
import { type Face, ref } from '../related-fields.ts';
import type { Answer, Resource } from '../resource.ts';
import type { Route } from '../routes.ts';
import { fieldsOf, narrow, toAnswer } from '../rows.ts';
import type { Json, Row } from '../types.ts';
import { orgName, rowOf, textOf, type World } from '../world.ts';
import { mustFind } from '../writes.ts';

const terminalFace: Face = (row) => ({ id: row.id, name: row.name ?? '', type: row.type ?? '' });

/** A span of time as `h:mm:ss`, days before it when it is long. */
function toDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const clock = `${Math.floor((seconds % 86_400) / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return days === 0 ? clock : `${days} day${days === 1 ? '' : 's'}, ${clock}`;
}

function commandAmount(row: Row, world: World): number {
  if (typeof row.command_amount === 'number') return row.command_amount;
  return world.store.table('commands').where('session', row.id).length;
}

/** Who used which asset when: `terminal/sessions/` (api.md §5.11). User and asset are texts that outlive them. */
export const sessions: Resource = {
  table: 'sessions',
  path: 'terminal/sessions',
  noun: 'Session',
  model: 'terminal.session',
  scope: 'org',
  fields: [
    id(),
    text('user', { required: true, max: 128 }),
    text('asset', { required: true }),
    text('user_id', { max: 36 }),
    text('asset_id', { max: 36 }),
    text('account', { required: true, max: 128 }),
    text('account_id', { required: true, max: 128 }),
    text('protocol', { required: true, max: 128 }),
    choice('type', SESSION_TYPES, { fill: 'normal' }),
    choice('login_from', LOGIN_FROM, { fill: 'ST' }),
    text('remote_addr', { max: 128, nullable: true }),
    computed('duration', 'field', (row, look) => {
      const end = typeof row.date_end === 'number' ? row.date_end : look.world.now();
      return toDuration(end - Number(row.date_start));
    }),
    computed('terminal_display', 'field', (row, look) => textOf(rowOf(look.world, 'terminals', row.terminal)?.name)),
    bool('is_locked', { type: 'field', mode: 'ro' }),
    computed('command_amount', 'integer', (row, look) => commandAmount(row, look.world), { at: 'LD' }),
    choice('error_reason', SESSION_ERRORS, { blank: true, fill: '' }),
    integer('replay_size', { fill: 0, since: '4.10.16' }),
    ref('terminal', 'terminals', { mode: 'ro', type: 'nested object', face: terminalFace }),
    text('org_id', { mode: 'ro', meta: { read_only: false, required: true } }),
    computed('org_name', 'string', (row, look) => orgName(look.world, row.org_id)),
    bool('is_success', { fill: true }),
    bool('is_finished'),
    bool('has_replay'),
    bool('has_command'),
    computed('can_replay', 'boolean', (row) => row.has_replay === true),
    computed(
      'can_join',
      'boolean',
      (row) => row.is_finished !== true && row.type === 'normal' && row.can_join !== false,
    ),
    computed('can_terminate', 'boolean', (row) => row.is_finished !== true),
    moment('date_start', { fill: (look) => look.world.now() }),
    moment('date_end', { nullable: true }),
    text('comment', { nullable: true }),
  ],
  mini: 'id',
  small:
    'id user asset user_id asset_id account account_id protocol type login_from remote_addr duration terminal_display is_locked command_amount error_reason replay_size is_success is_finished has_replay has_command date_start date_end comment',
  order: ['-date_start'],
  search: ['user', 'asset', 'account', 'remote_addr', 'protocol'],
  dates: 'date_start',
  filters: {
    user: exact('user'),
    user_id: exact('user_id'),
    asset: exact('asset'),
    asset_id: exact('asset_id'),
    account: exact('account'),
    remote_addr: exact('remote_addr'),
    protocol: exact('protocol'),
    is_finished: flag('is_finished'),
    login_from: oneOf('login_from', LOGIN_FROM),
    terminal: idOrName('terminal', 'terminals'),
    order: () => null,
  },
  actions: [
    {
      method: 'GET',
      path: ':id/replay',
      perm: 'terminal.view_sessionreplay',
      run: fetchReplay,
    },
    {
      method: 'GET',
      path: ':id/replay/download',
      perm: 'terminal.download_sessionreplay',
      run: (x) => download(x),
    },
    {
      method: 'GET',
      path: 'online-info',
      perm: 'any',
      run: (x) => ({ count: countDesktops(x) }),
    },
    {
      method: 'POST GET',
      path: ':id/lifecycle_log',
      perm: 'any',
      run: () => {
        throw forbidden();
      },
    },
  ],
};

/** Running sessions by RDP on an asset with an account, whose text ends with the user name; null when one of the two is missing. */
function countDesktops(x: Exchange): number | null {
  const [asset, account] = [x.query.get('asset_id'), x.query.get('account')];
  if (asset === null || account === null) return null;
  const running = x.world.store.table('sessions').where('is_finished', false);
  const own = running.filter((row) => row.asset_id === asset && row.protocol === 'rdp');
  return own.filter((row) => textOf(row.account).endsWith(`(${account})`)).length;
}

/** How long a replay takes to be fetched from its storage. */
const FETCH_TAKES = 2000;

/** Fetched in the background: told to be running until it is there (api.md §5.11). */
function fetchReplay(x: Exchange): Json {
  const row = mustFind(sessions, x);
  const { replays } = x.world.memory;
  const now = x.world.now();
  const asked = replays.get(row.id) ?? now;
  replays.set(row.id, asked);
  const isDone = now - asked >= FETCH_TAKES;
  if (!isDone) return { status: 'running', start_time: asked / 1000, key: `GET_${String(row.id).replaceAll('-', '')}` };
  if (row.has_replay !== true) throw notFound('SessionReplay');
  const src = `/api/v1/terminal/sessions/${row.id}/replay/download/`;
  return {
    type: row.protocol === 'rdp' ? 'guacamole' : 'asciicast',
    src,
    download_url: src,
    user: row.user ?? '',
    asset: row.asset ?? '',
  };
}

/** A tar for those who take anything; one who insists on JSON is turned away. */
function download(x: Exchange): Answer {
  const row = mustFind(sessions, x);
  const accept = x.request.headers.get('accept') ?? '*/*';
  const headers = { 'content-type': 'application/octet-stream; charset=utf-8' };
  if (!/\*\/\*|octet|tar/.test(accept)) return { answer: true, status: 406, text: 'detailcode', headers };
  if (row.has_replay !== true) throw notFound('SessionReplay');
  return {
    answer: true,
    status: 200,
    text: '',
    headers: { ...headers, 'content-disposition': `attachment; filename="${row.id}.tar"` },
  };
}

/** A session as its own user sees it. */
const ownSessions: Resource = {
  ...sessions,
  methods: 'L',
  filters: {},
  title: 'My Session Api',
  fields: sessions.fields.map((field) => {
    if (field.name === 'terminal') return ref('terminal', 'terminals');
    return field.name === 'command_amount' ? { ...field, type: 'field' } : field;
  }),
  only: (x) => [{ column: 'user_id', values: new Set<Json>([caller(x).id]) }],
};

/** The caller's own sessions, a plain list. */
export const mySessions: Route = {
  method: 'GET',
  path: '/api/v1/terminal/my-sessions',
  perm: 'any',
  run: (x) => {
    const rows = selectRows(ownSessions, x);
    const fields = narrow(ownSessions, fieldsOf(ownSessions, x.world.version, 'L'), x);
    return toPage(x, rows, (row: Row) => toAnswer(row, fields, lookOf(x, 'L')));
  },
};

/** What the caller's own sessions look like. */
export const mySessionsOptions: Route = {
  method: 'OPTIONS',
  path: mySessions.path,
  perm: 'any',
  run: (x) => optionsAnswer(ownSessions, x),
};

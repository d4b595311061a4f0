import { caller } from '../exchange.ts';
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
  moment,
  orgFields,
  text,
  toChoice,
} from '../fields.ts';
import { exact, flag, related, uuid } from '../filters.ts';
import { type Face, ref, refs } from '../related-fields.ts';
import type { Resource } from '../resource.ts';
import { idsOf, rowOf, textOf } from '../world.ts';

const LOGIN_FROM: Choices = {
  ST: 'SSH terminal',
  RT: 'RDP terminal',
  WT: 'Web terminal',
  DT: 'DB terminal',
  VT: 'VNC terminal',
};
const SHARE: Choices = { readonly: 'Read only', writable: 'Read and write' };

const sessionFace: Face = (row) => ({ id: row.id, name: `${textOf(row.user)} ${textOf(row.asset)}` });

/** Sessions that others may join, and who did (api.md §5.11). */
export const sharings: readonly Resource[] = [
  {
    table: 'session-sharings',
    path: 'terminal/session-sharings',
    noun: 'SessionSharing',
    model: 'terminal.sessionsharing',
    scope: 'org',
    methods: 'LCRU',
    order: ['-date_created'],
    only: (x) => [{ column: 'creator', values: new Set([caller(x).id]) }],
    filters: {
      id: uuid('id'),
      session: related('session', 'sessions'),
      creator: related('creator', 'users'),
      is_active: flag('is_active'),
    },
    fields: [
      id(),
      text('verify_code', { mode: 'ro', fill: (look) => String(look.world.chance.below(9000) + 1000) }),
      integer('expired_time', { fill: 0 }),
      refs('users', 'users', { type: 'field', required: true, mode: 'wo' }),
      computed('users_display', 'field', (row, look) =>
        idsOf(row.users).map((key) => textOf(look.world.store.table('users').get(key)?.name)),
      ),
      choice('action_permission', SHARE, { mode: 'wo', at: 'LDW', fill: 'writable' }),
      text('origin', { type: 'url', max: 200 }),
      computed('url', 'field', (row) => `${textOf(row.origin)}/koko/share/${row.id}/`),
      ref('session', 'sessions', { required: true, face: sessionFace }),
      ref('creator', 'users', { fill: (look) => look.user?.id ?? null }),
      ...orgFields(),
      bool('is_active', { fill: true }),
      dateCreated(),
      dateUpdated(),
      createdBy({ mode: 'rw', max: 128 }),
    ],
  },
  {
    table: 'session-join-records',
    path: 'terminal/session-join-records',
    noun: 'SessionJoinRecord',
    title: 'Session Join Records List',
    model: 'terminal.sessionjoinrecord',
    scope: 'org',
    methods: 'LCR',
    order: ['-date_joined'],
    filters: {
      id: uuid('id'),
      session: related('session', 'sessions'),
      sharing: related('sharing', 'session-sharings'),
      joiner: related('joiner', 'users'),
      login_from: exact('login_from'),
      is_finished: flag('is_finished'),
      is_success: flag('is_success'),
    },
    fields: [
      id(),
      computed('joiner_display', 'field', (row, look) =>
        textOf(look.world.store.table('users').get(textOf(row.joiner))?.name),
      ),
      text('verify_code', { required: true, max: 16 }),
      text('remote_addr', { required: true, max: 128 }),
      choice('login_from', LOGIN_FROM, { fill: 'WT' }),
      text('reason', { fill: '-', max: 1024 }),
      computed(
        'action_permission',
        'labeled_choice',
        (row, look) => toChoice(rowOf(look.world, 'session-sharings', row.sharing)?.action_permission, SHARE),
        { meta: { choices: Object.entries(SHARE).map(([value, label]) => ({ value, label })) } },
      ),
      ref('session', 'sessions', { face: sessionFace }),
      ref('sharing', 'session-sharings', { required: true, face: (row) => ({ id: row.id }) }),
      ref('joiner', 'users', { required: true }),
      ...orgFields(),
      bool('is_success', { fill: true }),
      bool('is_finished'),
      moment('date_joined', { mode: 'ro', fill: (look) => look.world.now() }),
      moment('date_left', { nullable: true }),
      dateCreated(),
      dateUpdated(),
      createdBy({ mode: 'rw', max: 128 }),
    ],
  },
];

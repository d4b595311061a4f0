import { FILE_OPERATIONS, LOGIN_TYPES, MFA_STATES, OPERATIONS } from '../choices.ts';
import { ApiError, says } from '../errors.ts';
import { caller, type Exchange } from '../exchange.ts';
import { bool, choice, computed, type Field, id, moment, orgFields, text, toChoice } from '../fields.ts';
import { contains, exact, flagOf, iexact, oneOf, uuid } from '../filters.ts';
import { userText } from '../operate-log.ts';
import type { Resource } from '../resource.ts';
import type { Route } from '../routes.ts';
import { toServerTime } from '../time.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { rowOf, textOf } from '../world.ts';
import { detailAnswer, mustFind } from '../writes.ts';

const status: Field = {
  ...choice('status', { true: 'Success', false: 'Failed' }, { mode: 'ro' }),
  read: (row) => ({ value: row.status ?? false, label: row.status === true ? 'Success' : 'Failed' }),
};

/** Sign-ins, good and bad: `audits/login-logs/` (api.md §5.12). */
export const loginLogs: Resource = {
  table: 'login-logs',
  path: 'audits/login-logs',
  noun: 'UserLoginLog',
  model: 'audits.userloginlog',
  scope: 'global',
  methods: 'LR',
  projected: false,
  fields: [
    id(),
    text('username', { required: true, max: 128 }),
    choice('type', LOGIN_TYPES, { required: true }),
    text('ip', { required: true }),
    text('city', { max: 254 }),
    text('user_agent', { max: 254, nullable: true }),
    choice('mfa', MFA_STATES, { numeric: true }),
    text('reason', { max: 128 }),
    computed('reason_display', 'field', (row) => row.reason ?? ''),
    text('backend', { max: 32 }),
    computed('backend_display', 'field', (row) => row.backend ?? ''),
    status,
    moment('datetime'),
  ],
  order: ['-datetime'],
  search: ['username', 'ip', 'city'],
  dates: 'datetime',
  filters: {
    id: uuid('id'),
    username: exact('username'),
    ip: exact('ip'),
    city: exact('city'),
    type: oneOf('type', LOGIN_TYPES),
    status: flagOf((row) => row.status === true),
    mfa: oneOf('mfa', MFA_STATES, true),
  },
};

/** The caller's own sign-ins. */
export const myLoginLogs: Resource = {
  ...loginLogs,
  path: 'audits/my-login-logs',
  title: 'My Login Log',
  perms: { view: 'any' },
  only: (x) => {
    const user = caller(x);
    const names = new Set<Json>([textOf(user.username), userText(user)]);
    return [{ column: 'username', values: names }];
  },
};

/** What was done to what: `audits/operate-logs/`. */
export const operateLogs: Resource = {
  table: 'operate-logs',
  path: 'audits/operate-logs',
  noun: 'OperateLog',
  model: 'audits.operatelog',
  scope: 'org',
  methods: 'L',
  fields: [
    id(),
    text('user', { required: true, max: 128 }),
    choice('action', OPERATIONS),
    text('resource_type', { max: 64 }),
    text('resource', { max: 128 }),
    text('remote_addr', { max: 128, nullable: true }),
    ...orgFields(),
    moment('datetime'),
  ],
  mini: 'id',
  small: 'id user action resource_type resource remote_addr org_id org_name datetime',
  order: ['-datetime'],
  search: ['resource', 'user'],
  dates: 'datetime',
  filters: {
    user: exact('user'),
    action: oneOf('action', OPERATIONS),
    resource: exact('resource'),
    resource_type: iexact('resource_type'),
    remote_addr: exact('remote_addr'),
  },
  actions: [
    {
      method: 'GET',
      path: ':id',
      perm: 'audits.view_operatelog',
      run: (x) => {
        const row = mustFind(operateLogs, x);
        return x.query.get('type') === 'action_detail' ? { diff: [] } : detailAnswer(operateLogs, x, row);
      },
    },
  ],
};

/** Files that went through sessions: `audits/ftp-logs/`. */
export const fileLogs: Resource = {
  table: 'ftp-logs',
  path: 'audits/ftp-logs',
  noun: 'FTPLog',
  title: 'Ftp Log',
  model: 'audits.ftplog',
  scope: 'org',
  methods: 'LRC',
  projected: false,
  fields: [
    id(),
    text('user', { required: true }),
    text('remote_addr', { nullable: true }),
    text('asset', { required: true }),
    text('account'),
    ...orgFields(),
    choice('operate', FILE_OPERATIONS),
    text('filename'),
    moment('date_start'),
    bool('is_success', { fill: true }),
    bool('has_file'),
    text('session', { nullable: true }),
  ],
  order: ['-date_start'],
  search: ['filename', 'user', 'asset'],
  dates: 'date_start',
  filters: {
    user: exact('user'),
    asset: exact('asset'),
    account: exact('account'),
    filename: contains('filename'),
    session: exact('session'),
  },
};

/** Changed passwords: `audits/password-change-logs/`. */
export const passwordLogs: Resource = {
  table: 'password-change-logs',
  path: 'audits/password-change-logs',
  noun: 'PasswordChangeLog',
  model: 'audits.passwordchangelog',
  scope: 'global',
  methods: 'LR',
  projected: false,
  fields: [id(), text('user'), text('change_by'), text('remote_addr'), moment('datetime')],
  order: ['-datetime'],
  search: ['user', 'change_by', 'remote_addr'],
  dates: 'datetime',
  filters: { user: exact('user'), change_by: exact('change_by'), remote_addr: exact('remote_addr') },
};

/** Runs of jobs: `audits/job-logs/`. */
export const jobLogs: Resource = {
  table: 'job-logs',
  path: 'audits/job-logs',
  noun: 'JobLogAudit',
  title: 'Job Log Audit',
  model: 'audits.joblog',
  scope: 'org',
  methods: 'LR',
  projected: false,
  fields: [
    id(),
    text('material'),
    text('job_type'),
    text('creator_name'),
    text('time_cost', { nullable: true }),
    bool('is_finished'),
    bool('is_success'),
    text('task_id', { nullable: true }),
    moment('date_created'),
    moment('date_start'),
    moment('date_finished'),
  ],
  order: ['-date_start'],
  search: ['material', 'creator_name'],
  dates: 'date_start',
  filters: { material: exact('material'), creator__name: exact('creator_name') },
};

/** Who is signed in: `audits/user-sessions/`. */
export const userSessions: Resource = {
  table: 'user-sessions',
  path: 'audits/user-sessions',
  noun: 'UserSession',
  model: 'audits.usersession',
  scope: 'global',
  methods: 'LR',
  projected: false,
  fields: [
    id(),
    computed(
      'user',
      'object_related_field',
      (row, look) => {
        const user = rowOf(look.world, 'users', row.user);
        return user === undefined ? null : { id: user.id, name: textOf(user.name) };
      },
      { column: 'user' },
    ),
    text('ip'),
    text('city'),
    text('user_agent'),
    choice('type', LOGIN_TYPES),
    text('backend'),
    computed('backend_display', 'field', (row) => row.backend ?? ''),
    computed('is_active', 'boolean', () => true),
    computed('is_current_user_session', 'boolean', () => false),
    moment('date_created'),
    moment('date_expired'),
  ],
  order: ['-date_created'],
  search: ['ip', 'city'],
  filters: { id: uuid('id'), ip: exact('ip'), city: exact('city'), type: oneOf('type', LOGIN_TYPES) },
  actions: [
    {
      method: 'POST',
      path: 'offline',
      perm: 'audits.offline_usersession',
      run: (x) => {
        const body = x.body;
        const ids =
          body !== null && typeof body === 'object' && !Array.isArray(body) && Array.isArray(body.ids) ? body.ids : [];
        for (const key of ids) x.world.store.table('user-sessions').remove(textOf(key));
        return { answer: true as const, status: 200, text: '' };
      },
    },
  ],
};

const MOST_ACTIVITIES = 30;

function activities(x: Exchange): Json {
  const key = x.query.get('resource_id') ?? '';
  if (key === '') throw new ApiError(400, { resource_id: [says.required] });
  const logs = [...x.world.store.table('operate-logs').where('resource_id', key)].map((row) => ({
    at: Number(row.datetime),
    row,
    kind: 'O',
  }));
  const user = x.world.store.table('users').get(key);
  const names = user === undefined ? [] : [textOf(user.username), userText(user)];
  const logins = names
    .flatMap((name) => [...x.world.store.table('login-logs').where('username', name)])
    .map((row) => ({ at: Number(row.datetime), row, kind: 'L' }));
  return [...logs, ...logins]
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST_ACTIVITIES)
    .map(({ at, row, kind }) => toActivity(at, row, kind));
}

function toActivity(at: number, row: Row, kind: string): JsonObject {
  const time = toServerTime(at, null).slice(0, 19).replaceAll('/', '-');
  const isLogin = kind === 'L';
  return {
    id: row.id,
    timestamp: time,
    detail_url: isLogin
      ? `/ui/#/audit/audits/login-logs/${row.id}`
      : `/api/v1/audits/operate-logs/${row.id}/?type=action_detail`,
    content: isLogin
      ? `${textOf(row.username)} signed in: ${row.status === true ? 'success' : 'failure'}`
      : `${textOf(row.user)}: ${textOf((toChoice(row.action, OPERATIONS) as JsonObject).label)} ${textOf(row.resource)}`,
    r_type: kind,
  };
}

/** Audits that follow no list convention. */
export const auditRoutes: Route[] = [
  { method: 'GET', path: '/api/v1/audits/activities', perm: 'audits.view_activitylog', run: activities },
];

/** The logs and who is signed in (api.md §5.12). */
export const audits: readonly Resource[] = [
  loginLogs,
  myLoginLogs,
  operateLogs,
  fileLogs,
  passwordLogs,
  jobLogs,
  userSessions,
];

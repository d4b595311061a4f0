import { FILE_OPERATIONS, LOGIN_TYPES, MFA_STATES, OPERATIONS } from '../choices.ts';
import { caller } from '../exchange.ts';
import type { Field } from '../field.ts';
import { bareValue, bool, choice, computed, id, integer, moment, orgFields, text } from '../fields.ts';
import { contains, exact, flag, flagOf, iexact, oneOf, related, since, uuid } from '../filters.ts';
import { userText } from '../operate-log.ts';
import { ref } from '../related-fields.ts';
import type { Resource } from '../resource.ts';
import type { Json, Row } from '../types.ts';
import { isObject, ROOT_ORG, textOf, type World } from '../world.ts';
import { detailAnswer, mustFind } from '../writes.ts';

const status: Field = {
  ...choice('status', { 1: 'Success', 0: 'Failed' }, { required: true, numeric: true }),
  back: bareValue,
  read: (row) => ({ value: row.status ?? false, label: row.status === true ? 'Success' : 'Failed' }),
};

/** Where an address is: found out by the server itself since 4.10.19. */
const city: readonly Field[] = [
  text('city', { max: 254, until: '4.10.19' }),
  text('city', { type: 'field', mode: 'ro', since: '4.10.19' }),
];

/** Sign-ins, good and bad: `audits/login-logs/` (api.md §5.12). */
const loginLogs: Resource = {
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
    ...city,
    text('user_agent', { max: 254, nullable: true }),
    choice('mfa', MFA_STATES, { required: true, numeric: true }),
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
const myLoginLogs: Resource = {
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

/** What was done to what, in the organisation asked in and in none: `audits/operate-logs/`. */
const operateLogs: Resource = {
  table: 'operate-logs',
  path: 'audits/operate-logs',
  noun: 'OperateLog',
  model: 'audits.operatelog',
  scope: 'global',
  only: (x) => (x.org === ROOT_ORG ? [] : [{ column: 'org_id', values: new Set<Json>([x.org, ROOT_ORG, '']) }]),
  methods: 'L',
  fields: [
    id(),
    text('user', { required: true, max: 128 }),
    choice('action', OPERATIONS, { required: true }),
    text('resource_type', { type: 'field', mode: 'ro' }),
    text('resource', { type: 'field', mode: 'ro' }),
    text('remote_addr', { max: 128, nullable: true }),
    ...orgFields(),
    moment('datetime', { mode: 'ro' }),
    computed('diff', 'field', () => [], { at: 'D' }),
  ],
  // What changed stands in lists under `format=json`, not at the row's own address (api.md §5.12).
  shape: (fields, x) => (x.query.get('format') === 'json' ? fields : fields.filter(({ name }) => name !== 'diff')),
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
const fileLogs: Resource = {
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
    text('user', { required: true, max: 128 }),
    text('remote_addr', { nullable: true, max: 128 }),
    text('asset', { required: true, max: 768 }),
    text('account', { required: true, max: 128 }),
    text('org_id', { max: 36 }),
    choice('operate', FILE_OPERATIONS, { required: true }),
    text('filename', { required: true, max: 1024 }),
    moment('date_start', { mode: 'ro' }),
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
    operate: since('4.10.19', oneOf('operate', FILE_OPERATIONS)),
    is_success: since('4.10.19', flag('is_success')),
    remote_addr: since('4.10.19', exact('remote_addr')),
  },
};

/** Changed passwords: `audits/password-change-logs/`. */
const passwordLogs: Resource = {
  table: 'password-change-logs',
  path: 'audits/password-change-logs',
  noun: 'PasswordChangeLog',
  model: 'audits.passwordchangelog',
  scope: 'global',
  methods: 'LR',
  projected: false,
  fields: [
    id(),
    text('user', { required: true, max: 128 }),
    text('change_by', { required: true, max: 128 }),
    text('remote_addr', { nullable: true, max: 128 }),
    moment('datetime', { mode: 'ro' }),
  ],
  order: ['-datetime'],
  search: ['user', 'change_by', 'remote_addr'],
  dates: 'datetime',
  filters: { user: exact('user'), change_by: exact('change_by'), remote_addr: exact('remote_addr') },
};

/** Runs of jobs: `audits/job-logs/`. */
const jobLogs: Resource = {
  table: 'job-logs',
  path: 'audits/job-logs',
  noun: 'JobLogAudit',
  title: 'Job Log Audit',
  model: 'audits.joblog',
  scope: 'org',
  methods: 'LR',
  projected: false,
  fields: [
    id({ mode: 'ro' }),
    text('material', { type: 'field', mode: 'ro' }),
    text('job_type', { type: 'field', mode: 'ro', fill: 'adhoc' }),
    text('creator_name', { type: 'field', mode: 'ro' }),
    text('time_cost', { type: 'field', mode: 'ro', nullable: true }),
    bool('is_finished', { type: 'field', mode: 'ro' }),
    bool('is_success', { type: 'field', mode: 'ro' }),
    text('task_id', { nullable: true, mode: 'ro' }),
    ...orgFields(),
    moment('date_created', { mode: 'ro' }),
    moment('date_start', { mode: 'ro' }),
    moment('date_finished', { mode: 'ro' }),
  ],
  order: ['-date_start'],
  search: ['material', 'creator_name'],
  dates: 'date_start',
  filters: { material: exact('material'), creator__name: exact('creator_name'), job_type: exact('job_type') },
};

const isStillOpen = (row: Row, world: World): boolean => Number(row.date_expired ?? 0) > world.now();

/** Who is signed in: `audits/user-sessions/`. */
const userSessions: Resource = {
  table: 'user-sessions',
  path: 'audits/user-sessions',
  noun: 'UserSession',
  model: 'audits.usersession',
  scope: 'global',
  methods: 'LRC',
  projected: false,
  fields: [
    id(),
    ref('user', 'users'),
    text('ip', { required: true }),
    ...city,
    text('user_agent', { max: 254 }),
    choice('type', LOGIN_TYPES, { required: true }),
    text('backend', { max: 32 }),
    computed('backend_display', 'field', (row) => row.backend ?? ''),
    computed('is_active', 'field', (row, look) => isStillOpen(row, look.world)),
    computed('is_current_user_session', 'field', (row, look) => row.user === look.user?.id),
    moment('date_created'),
    moment('date_expired', { required: true }),
  ],
  order: ['-date_created'],
  search: ['ip', 'city'],
  filters: {
    id: uuid('id'),
    ip: exact('ip'),
    city: exact('city'),
    type: oneOf('type', LOGIN_TYPES),
    is_active: flagOf((row, x) => isStillOpen(row, x.world)),
    user: since('4.10.19', related('user', 'users')),
  },
  actions: [
    {
      method: 'POST',
      path: 'offline',
      perm: 'audits.offline_usersession',
      run: (x) => {
        const body = x.body;
        const ids = isObject(body) && Array.isArray(body.ids) ? body.ids : [];
        for (const key of ids) x.world.store.table('user-sessions').remove(textOf(key));
        return { answer: true as const, status: 200, text: '' };
      },
    },
  ],
};

/** Secrets that applications took: `audits/service-access-logs/`. */
const serviceAccessLogs: Resource = {
  table: 'service-access-logs',
  path: 'audits/service-access-logs',
  noun: 'ServiceAccessLog',
  model: 'audits.serviceaccesslog',
  scope: 'global',
  methods: 'LR',
  projected: false,
  since: '4.9.0',
  fields: [
    id(),
    text('remote_addr', { required: true }),
    text('service', { required: true, max: 128 }),
    text('service_id', { required: true }),
    text('asset', { required: true, max: 128 }),
    text('account', { required: true, max: 128 }),
    moment('datetime', { mode: 'ro' }),
  ],
  order: ['-datetime'],
  search: ['service', 'asset', 'account', 'remote_addr'],
  dates: 'datetime',
  filters: {
    account: exact('account'),
    remote_addr: exact('remote_addr'),
    service_id: uuid('service_id'),
    service: since('4.10.19', exact('service')),
    asset: since('4.10.19', exact('asset')),
  },
};

/** Jobs of everybody, as far as they are scheduled: `audits/jobs/`. */
const scheduledJobs: Resource = {
  table: 'jobs',
  path: 'audits/jobs',
  noun: 'Job',
  title: 'Jobs Audit',
  model: 'ops.job',
  perms: { view: 'audits.view_joblog' },
  scope: 'org',
  methods: 'LU',
  since: '4.9.0',
  fields: [
    id({ mode: 'ro' }),
    text('name', { max: 128 }),
    text('args', { mode: 'ro' }),
    choice('type', { adhoc: 'Command', playbook: 'Playbook', upload_file: 'Upload' }, { mode: 'ro', fill: 'adhoc' }),
    text('crontab', { type: 'field', mode: 'ro' }),
    integer('interval', { fill: 24, min: 1, max: 65_535 }),
    computed('summary', 'field', () => ({ total: 0, success: 0 })),
    ...orgFields(),
    computed('is_periodic_display', 'boolean', (row) => row.is_periodic ?? false),
    bool('is_periodic', { fill: true }),
    moment('date_last_run', { mode: 'ro' }),
    text('created_by', { mode: 'ro' }),
  ],
  order: ['-is_periodic', '-date_updated'],
  search: ['args', 'name'],
  filters: { id: uuid('id'), name: iexact('name'), args: iexact('args'), creator__name: exact('created_by') },
};

/** The logs and who is signed in (api.md §5.12). */
export const audits: readonly Resource[] = [
  loginLogs,
  myLoginLogs,
  operateLogs,
  fileLogs,
  passwordLogs,
  jobLogs,
  userSessions,
  serviceAccessLogs,
  scheduledJobs,
];

import { caller, type Exchange } from '../exchange.ts';
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
  moment,
  orgFields,
  text,
} from '../fields.ts';
import { contains, exact, iexact, since, uuid } from '../filters.ts';
import { bareRef, ref } from '../related-fields.ts';
import type { Condition, Resource } from '../resource.ts';
import type { Row } from '../types.ts';
import { type Look, momentOf } from '../world.ts';
import { jobExecutions, jobs } from './jobs.ts';
import { taskExecutions } from './tasks.ts';

const SCOPES: Choices = { public: 'Public', private: 'Private' };
const MODULES: Choices = {
  shell: 'Shell',
  win_shell: 'PowerShell',
  python: 'Python',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  postgresql: 'PostgreSQL',
  sqlserver: 'SQL Server',
  oracle: 'Oracle',
  raw: 'Raw',
};

/** Own ones and, where there are scopes, public ones. */
const readable = (x: Exchange): Condition[] => {
  const user = caller(x).id;
  return [(row) => row.creator === user || row.scope === 'public'];
};

const creator = (): Field =>
  bareRef('creator', 'users', { mode: 'ro', type: 'hidden', fill: (look) => look.user?.id ?? null });

/** Until 4.9 these belonged to an organisation and were not shared. */
const owned = (): Field[] => [
  ...orgFields({ until: '4.9.0' }),
  json('variable', { type: 'field', fill: [], since: '4.9.0' }),
  choice('scope', SCOPES, { fill: 'public', since: '4.9.0' }),
];

const shared = {
  scope: 'global',
  order: ['name'],
  search: ['name', 'comment'],
  unique: [['creator', 'name']],
  only: readable,
} as const;

/** What every server does by the clock. */
const CLOCKWORK = ['check_password_expired_periodic', 'check_user_expired_periodic'];

/** Commands and playbooks, and the tasks behind everything that takes its time (api.md §5.17). */
export const ops: readonly Resource[] = [
  {
    ...shared,
    table: 'adhocs',
    path: 'ops/adhocs',
    noun: 'AdHoc',
    title: 'Ad Hoc',
    model: 'ops.adhoc',
    filters: {
      id: uuid('id'),
      name: iexact('name'),
      module: exact('module'),
      args: iexact('args'),
      scope: exact('scope'),
      creator: uuid('creator'),
      comment: iexact('comment'),
    },
    fields: [
      id(),
      creator(),
      text('name', { required: true, max: 128 }),
      choice('module', MODULES, { fill: 'shell' }),
      text('args', { max: 8192 }),
      ...owned(),
      dateCreated(),
      dateUpdated(),
      createdBy({ mode: 'rw', max: 128, since: '4.9.0' }),
      text('comment', { max: 1024 }),
    ],
  },
  {
    ...shared,
    table: 'playbooks',
    path: 'ops/playbooks',
    noun: 'Playbook',
    model: 'ops.playbook',
    filters: {
      id: uuid('id'),
      name: iexact('name'),
      scope: exact('scope'),
      creator: uuid('creator'),
      create_method: exact('create_method'),
      vcs_url: since('4.10.19', exact('vcs_url')),
      comment: iexact('comment'),
    },
    fields: [
      id({ mode: 'ro' }),
      text('path', { type: 'file upload', nullable: true }),
      text('name', { required: true, max: 128, until: '4.10.19' }),
      text('name', { max: 128, since: '4.10.19' }),
      creator(),
      choice('create_method', { blank: 'Empty', vcs: 'Repository' }, { fill: 'blank' }),
      text('vcs_url', { max: 1024 }),
      ...owned(),
      dateCreated(),
      dateUpdated(),
      createdBy({ since: '4.9.0' }),
      text('comment', { max: 1024 }),
    ],
  },
  {
    table: 'variables',
    path: 'ops/variables',
    noun: 'Variable',
    model: 'ops.variable',
    scope: 'global',
    methods: 'L',
    since: '4.9.0',
    order: ['-date_created'],
    filters: { id: uuid('id') },
    fields: [
      id({ mode: 'ro' }),
      text('name', { required: true, max: 1024 }),
      text('var_name', { required: true, max: 1024, meta: { help_text: 'Its name in the script' } }),
      choice('type', { text: 'Text', select: 'Choice' }, { fill: 'text' }),
      text('default_value', { max: 2048 }),
      text('tips', { max: 1024 }),
      ref('adhoc', 'adhocs'),
      ref('playbook', 'playbooks'),
      ref('job', 'jobs'),
      json('form_data', { type: 'field', mode: 'ro' }),
      text('extra_args', { max: 1024, meta: { help_text: 'One choice a line' } }),
      bool('required'),
      dateCreated(),
      dateUpdated(),
      createdBy(),
    ],
  },
  {
    table: 'tasks',
    path: 'ops/tasks',
    noun: 'CeleryTask',
    title: 'Celery Task',
    model: 'ops.celerytask',
    scope: 'global',
    methods: 'LRD',
    order: ['name'],
    filters: { id: uuid('id'), name: contains('name') },
    fields: [
      id({ mode: 'ro' }),
      text('name', { mode: 'ro' }),
      json('meta', { type: 'field', mode: 'ro', fill: {} }),
      computed('summary', 'field', (row, look) => {
        const total = look.world.store.table('task-executions').where('name', row.name ?? null).length;
        return { total, success: total };
      }),
      computed('state', 'field', () => 'success'),
      computed('date_last_publish', 'datetime', (row, look) => lastPublished(row, look)),
      text('exec_cycle', { mode: 'ro' }),
      text('next_exec_time', { mode: 'ro', type: 'datetime' }),
      bool('enabled', { fill: true }),
    ],
  },
  taskExecutions,
  {
    table: 'period-tasks',
    path: 'ops/celery/period-tasks',
    noun: 'PeriodicTask',
    model: 'django_celery_beat.periodictask',
    scope: 'global',
    methods: 'LRU',
    order: ['name'],
    search: ['name'],
    only: (x) => {
      const rows = x.world.store.table('period-tasks');
      for (const name of CLOCKWORK) {
        const task = `users.tasks.${name}`;
        if (rows.get(name) === undefined)
          rows.insert({ id: name, name, task, description: task, enabled: true, total_run_count: 3 });
      }
      return [];
    },
    fields: [
      bool('enabled', { fill: true }),
      text('name', { mode: 'ro' }),
      text('task', { mode: 'ro' }),
      text('description', { mode: 'ro' }),
      moment('last_run_at', { mode: 'ro' }),
      integer('total_run_count', { mode: 'ro' }),
    ],
  },
  jobs,
  jobExecutions,
];

function lastPublished(row: Row, look: Look): string | null {
  const runs = look.world.store.table('task-executions').where('name', row.name ?? null);
  const latest = Math.max(0, ...runs.map((run) => momentOf(run.date_published) ?? 0));
  const shown = moment('at').read({ id: row.id, at: latest === 0 ? null : latest }, look);
  return typeof shown === 'string' ? shown : null;
}

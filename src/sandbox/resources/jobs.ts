import { ApiError, forbidden, notFound, says } from '../errors.ts';
import { type Exchange, lookOf, objectBody } from '../exchange.ts';
import {
  bool,
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
import { exact, iexact, uuid } from '../filters.ts';
import { type Gate, runsCommands } from '../gates.ts';
import { bareRef, ref, refs, relatedIn } from '../related-fields.ts';
import { type Action, type Resource, reply } from '../resource.ts';
import { fieldsOf, toAnswer } from '../rows.ts';
import type { Json, Row } from '../types.ts';
import { isIn } from '../versions.ts';
import { type Look, rowOf, textOf } from '../world.ts';
import { progressOf, startTask } from './tasks.ts';

const POLICIES = { privileged_only: 'Privileged', privileged_first: 'Privileged first', skip: 'Skip' };
const MODULES = { shell: 'Shell', python: 'Python', mysql: 'MySQL', raw: 'Raw' };

/** What is run on assets: `ops/jobs/` (api.md §5.15). Switched off as servers come. */
export const jobs: Resource = {
  table: 'jobs',
  path: 'ops/jobs',
  noun: 'Job',
  model: 'ops.job',
  scope: 'org',
  gate: runsCommands,
  order: ['name'],
  search: ['name', 'comment'],
  unique: [['name']],
  filters: { id: uuid('id'), name: iexact('name'), type: exact('type'), is_periodic: exact('is_periodic') },
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    choice('type', { adhoc: 'Command', playbook: 'Playbook', upload_file: 'Upload' }, { fill: 'adhoc' }),
    choice('module', MODULES, { fill: 'shell' }),
    text('args', { max: 8192 }),
    ref('playbook', 'playbooks', { nullable: true }),
    refs('assets', 'assets'),
    refs('nodes', 'nodes'),
    text('runas', { max: 128, fill: 'root' }),
    choice('runas_policy', POLICIES, { fill: 'skip' }),
    text('chdir', { max: 1024 }),
    integer('timeout', { fill: -1 }),
    bool('instant'),
    bool('is_periodic'),
    text('crontab', { max: 128 }),
    integer('interval', { fill: 24, min: 1, max: 65_535 }),
    { ...bool('run_after_save', { mode: 'wo' }), column: null, at: '' },
    computed('material', 'string', (row) => row.args ?? ''),
    computed('summary', 'field', () => ({ total: 0, success: 0 })),
    computed('average_time_cost', 'integer', () => 0),
    computed('periodic_display', 'string', () => '-'),
    moment('date_last_run', { mode: 'ro' }),
    ...orgFields(),
    dateCreated(),
    dateUpdated(),
    createdBy(),
    text('comment'),
  ],
};

function assertSwitchedOn(x: Exchange): void {
  if (!runsCommands(x.world)) throw forbidden();
}

/** A job is run by asking for an execution of it; it has a task of its own. */
const start: Action = {
  method: 'POST',
  path: '',
  perm: 'ops.add_jobexecution',
  run: (x) => {
    assertSwitchedOn(x);
    const job = relatedIn(objectBody(x), 'job', 'jobs', lookOf(x, 'W'));
    const task = startTask(x, 'ops.tasks.run_ops_job_execution', [job.id]);
    const row = x.world.store.table('job-executions').insert({
      id: task,
      job: job.id,
      parameters: objectBody(x).parameters ?? {},
      org_id: job.org_id ?? x.org,
      date_published: x.world.now(),
      date_created: x.world.now(),
    });
    return reply(201, toAnswer(row, fieldsOf(jobExecutions, x.world.version, 'W'), lookOf(x, 'W')));
  },
};

const stop: Action = { method: 'POST', path: 'stop', perm: 'ops.add_jobexecution', run: stopTask };

function stopTask(x: Exchange): Json {
  assertSwitchedOn(x);
  const task = textOf(objectBody(x).task_id);
  if (task === '') throw new ApiError(400, { task_id: [says.required] });
  const row = x.world.store.table('job-executions').get(task);
  if (row === undefined) throw notFound('JobExecution');
  x.world.store.table('job-executions').update(row.id, { stopped: true });
  return { task_id: task };
}

const isDone = (row: Row, look: Look): boolean => row.stopped === true || progressOf(row, look.world).end !== null;

/** Before 4.9 whoever may see jobs sees their runs, switched off or not (recorded). */
const showsRuns: Gate = (world) => isIn(world.version, { until: '4.9.0' }) || runsCommands(world);

/** Runs of jobs: `ops/job-executions/`. */
export const jobExecutions: Resource = {
  table: 'job-executions',
  path: 'ops/job-executions',
  noun: 'JobExecution',
  model: 'ops.jobexecution',
  scope: 'org',
  gate: showsRuns,
  methods: 'LR',
  order: ['-date_created'],
  filters: { job_id: uuid('job') },
  fields: [
    id(),
    bareRef('job', 'jobs'),
    computed('job_type', 'choice', (row, look) => rowOf(look.world, 'jobs', row.job)?.type ?? 'adhoc'),
    computed('material', 'string', (row, look) => rowOf(look.world, 'jobs', row.job)?.args ?? ''),
    json('parameters', { fill: {} }),
    computed('is_finished', 'boolean', isDone),
    computed('is_success', 'boolean', (row, look) => row.stopped !== true && isDone(row, look)),
    json('summary', { mode: 'ro', fill: {} }),
    computed('time_cost', 'integer', () => null),
    computed('task_id', 'string', (row) => row.id),
    dateCreated(),
    computed('date_start', 'datetime', () => null),
    computed('date_finished', 'datetime', () => null),
    ...orgFields(),
  ],
  actions: [start, stop],
};

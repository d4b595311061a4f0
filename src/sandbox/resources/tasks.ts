import type { Exchange } from '../exchange.ts';
import type { Field } from '../field.ts';
import { computed, id, json, moment, text } from '../fields.ts';
import { uuid } from '../filters.ts';
import type { Resource } from '../resource.ts';
import type { Json, Row } from '../types.ts';
import { type Look, momentOf, type World } from '../world.ts';

/** How far a background task has come, told from its age alone: nothing runs, so nothing is left behind. */
export interface Progress {
  status: 'pending' | 'running' | 'success';
  start: number | null;
  end: number | null;
}

const WAITS = 1000;
const RUNS = 4000;

/** Accepted, a second later started, four seconds after that done. */
export function progressOf(row: Row, world: World): Progress {
  const published = momentOf(row.date_published) ?? 0;
  const start = published + WAITS;
  const end = start + RUNS;
  const now = world.now();
  if (now < start) return { status: 'pending', start: null, end: null };
  if (now < end) return { status: 'running', start, end: null };
  return { status: 'success', start, end };
}

/** Notes a background task; its id is what actions answer as `{task}`. */
export function startTask(x: Exchange, name: string, args: readonly Json[] = [], kwargs: Json = {}): string {
  const id = x.world.chance.uuid();
  const published = x.world.now();
  x.world.store.table('task-executions').insert({ id, name, args: [...args], kwargs, date_published: published });
  return id;
}

const isDone = (row: Row, look: Look): boolean => progressOf(row, look.world).status === 'success';

function at(name: string, when: (row: Row, look: Look) => number | null): Field {
  const shown = moment('at');
  return { ...shown, name, column: null, read: (row, look) => shown.read({ id: row.id, at: when(row, look) }, look) };
}

function secondsOf(row: Row, look: Look): number | null {
  const { start, end } = progressOf(row, look.world);
  return start === null || end === null ? null : (end - start) / 1000;
}

/** Words for the last part of a task's dotted name. */
const inWords = (row: Row): string => {
  const last =
    String(row.name ?? '')
      .split('.')
      .at(-1) ?? '';
  const words = last.replace(/_task$/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function stateOf(row: Row, look: Look): string {
  const words = { pending: 'PENDING', running: 'STARTED', success: 'SUCCESS' };
  return words[progressOf(row, look.world).status];
}

/** The tasks behind everything that takes its time: `ops/task-executions/` (api.md §5.17). */
export const taskExecutions: Resource = {
  table: 'task-executions',
  path: 'ops/task-executions',
  noun: 'CeleryTaskExecution',
  title: 'Celery Task Execution',
  model: 'ops.celerytaskexecution',
  scope: 'global',
  projected: false,
  methods: 'LCR',
  order: ['-date_published'],
  filters: { id: uuid('id') },
  fields: [
    id(),
    text('name', { required: true, max: 1024 }),
    computed('task_name', 'field', inWords),
    json('args', { required: true, fill: [] }),
    json('kwargs', { required: true, fill: {} }),
    computed('time_cost', 'field', secondsOf),
    computed('timedelta', 'field', secondsOf),
    { ...computed('state', 'string', stateOf, { since: '4.10.19' }), mode: 'rw', required: true },
    computed('is_success', 'boolean', isDone),
    { ...computed('is_finished', 'boolean', isDone), mode: 'rw' },
    moment('date_published', { mode: 'ro' }),
    at('date_start', (row, look) => progressOf(row, look.world).start),
    at('date_finished', (row, look) => progressOf(row, look.world).end),
    computed('has_ansible_log', 'field', isDone, { since: '4.10.19' }),
    computed('is_ansible_task', 'field', () => true, { since: '4.10.19' }),
  ],
};

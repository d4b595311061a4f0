import { ApiError, says } from '../errors.ts';
import { caller, type Exchange, objectBody } from '../exchange.ts';
import { bool, id, moment, text } from '../fields.ts';
import { flag } from '../filters.ts';
import { userText } from '../operate-log.ts';
import { type Answer, type Resource, reply } from '../resource.ts';
import { listOf } from '../rows.ts';
import type { Json, Row } from '../types.ts';
import { textOf } from '../world.ts';
import { assigneesOf } from './ticket-steps.ts';

/** How long a terminal takes to carry a termination out. */
const KILL_TAKES = 2000;

/** Tasks for terminals: `terminal/tasks/`. */
export const terminalTasks: Resource = {
  table: 'terminal-tasks',
  path: 'terminal/tasks',
  noun: 'Task',
  model: 'terminal.task',
  perms: { view: 'terminal.terminate_session|terminal.view_task' },
  scope: 'global',
  methods: 'LR',
  projected: false,
  fields: [
    id(),
    text('created_by', { mode: 'ro' }),
    text('updated_by', { mode: 'ro' }),
    moment('date_created', { mode: 'ro' }),
    moment('date_updated', { mode: 'ro' }),
    text('comment'),
    text('name'),
    text('args'),
    { ...text('kwargs'), read: (row) => row.kwargs ?? {} },
    bool('is_finished'),
    moment('date_finished'),
    text('terminal', { nullable: true }),
  ],
  order: ['date_created'],
  search: ['name'],
  filters: { is_finished: flag('is_finished') },
  actions: [
    { method: 'POST', path: 'kill-session', perm: 'terminal.terminate_session', run: kill },
    { method: 'POST', path: 'kill-session-for-ticket', perm: 'any', run: (x) => asApprover(x, x.body ?? [], kill) },
    { method: 'POST', path: 'toggle-lock-session', perm: 'terminal.terminate_session', run: toggleLock },
    {
      method: 'POST',
      path: 'toggle-lock-session-for-ticket',
      perm: 'any',
      run: (x) => asApprover(x, [objectBody(x).session_id ?? null], toggleLock),
    },
  ],
};

function noteTask(x: Exchange, name: string, session: Row): void {
  const now = x.world.now();
  const by = userText(x.user);
  x.world.store.table('terminal-tasks').insert({
    id: x.world.chance.uuid(),
    created_by: textOf(x.user?.name),
    updated_by: textOf(x.user?.name),
    date_created: now,
    date_updated: now,
    comment: '',
    name,
    args: session.id,
    kwargs: { created_by: by, terminated_by: by },
    is_finished: false,
    date_finished: null,
    terminal: session.terminal ?? null,
  });
}

const openSession = (x: Exchange, key: string): Row | undefined => {
  const row = x.world.store.table('sessions').get(key);
  return row !== undefined && row.is_finished !== true ? row : undefined;
};

/** For those who decide the tickets by which all of the sessions were opened, and for nobody else. */
function asApprover(x: Exchange, keys: Json, run: (x: Exchange) => Json): Json | Answer {
  const tickets = [...x.world.store.table('tickets').all()];
  const mayDecide = (key: Json): boolean =>
    tickets.some((ticket) => ticket.session === key && assigneesOf(ticket).includes(caller(x).id));
  return listOf(keys).every(mayDecide) ? run(x) : reply(403, {});
}

function kill(x: Exchange): Json {
  const keys = x.body ?? {};
  if (!Array.isArray(keys)) throw new ApiError(400, [says.list]);
  const table = x.world.store.table('sessions');
  const ok: Json[] = [];
  for (const key of keys) {
    const row = openSession(x, textOf(key));
    if (row === undefined) continue;
    noteTask(x, 'kill_session', row);
    x.world.memory.later.push({
      at: x.world.now() + KILL_TAKES,
      run: () => table.update(row.id, { is_finished: true, date_end: x.world.now() }),
    });
    ok.push(row.id);
  }
  return { ok };
}

function toggleLock(x: Exchange): Json {
  const { session_id = null, task_name = null } = objectBody(x);
  const name = textOf(task_name);
  if (!['lock_session', 'unlock_session'].includes(name)) throw new ApiError(400, { task_name: [says.noChoice(name)] });
  const ok: Json[] = [];
  for (const key of Array.isArray(session_id) ? session_id : [session_id]) {
    const row = openSession(x, textOf(key));
    if (row === undefined) continue;
    noteTask(x, name, row);
    x.world.store.table('sessions').update(row.id, { is_locked: name === 'lock_session' });
    ok.push(row.id);
  }
  return { ok };
}

import type { GraphContext } from '../../graph/context.ts';
import { getJson } from '../../graph/fetch.ts';
import type { Resolver } from '../../graph/resolve.ts';
import { isRow, type Row, relatedId, scopeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { mutation, notFound, type Reference, type Write } from '../../graph/write.ts';
import { each } from '../../graph/write-each.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { create, remove, someReferences, update } from '../../graph/write-plain.ts';

/** Ends sessions in one call; JumpServer leaves unknown and finished ones out of its answer (api.md §5.11). */
const terminateSessions = mutation(async (write) => {
  const references = someReferences(write, 'ids');
  const body = references.map(({ id }) => id);
  const operation = isApprover(write)
    ? 'POST /terminal/tasks/kill-session-for-ticket/'
    : 'POST /terminal/tasks/kill-session/';
  const accepted = toAccepted(await write.send(operation, { body }));
  return outcome(write, references, accepted);
});

/** Locks or unlocks sessions, one call for each. */
function toggle(task: 'lock_session' | 'unlock_session'): Resolver {
  return mutation(async (write) => {
    const references = someReferences(write, 'ids');
    const operation = isApprover(write)
      ? 'POST /terminal/tasks/toggle-lock-session-for-ticket/'
      : 'POST /terminal/tasks/toggle-lock-session/';
    const { succeeded, userErrors } = await each(write, 'ids', references, (id) =>
      write.send(operation, { body: { session_id: id, task_name: task } }),
    );
    const asked = references.filter(({ id }) => succeeded.some((one) => one.id === id));
    const accepted = succeeded.flatMap(({ result }) => [...toAccepted(result)]);
    const { sessions, userErrors: left } = await outcome(write, asked, new Set(accepted));
    return { sessions, userErrors: [...userErrors, ...left] };
  });
}

/** Who approved that sessions began has addresses of their own. */
function isApprover({ input }: Write): boolean {
  return input['asApprover'] === true;
}

function toAccepted(answer: unknown): ReadonlySet<string> {
  const ids = isRow(answer) && Array.isArray(answer['ok']) ? answer['ok'] : [];
  return new Set(ids.map((id) => String(id).toLowerCase()));
}

/** Which were accepted; what became of the others is looked up, unless the caller may do no more than approve. */
async function outcome(write: Write, references: readonly Reference[], accepted: ReadonlySet<string>) {
  const left = references.filter(({ id }) => !accepted.has(id));
  const there = isApprover(write) ? new Set(left.map(({ id }) => id)) : await existing(write, left);
  const userErrors = left.map(({ id, at }): UserError => {
    const field = ['ids', String(at)];
    if (!there.has(id)) return notFound(field, at);
    return { field, row: at, code: 'CONFLICT', message: 'The session is over already.' };
  });
  const done = references.filter(({ id }) => accepted.has(id));
  return { sessions: done.map(({ id }): Row => ({ id })), userErrors };
}

async function existing({ scope }: Write, references: readonly Reference[]): Promise<ReadonlySet<string | null>> {
  const ids = references.map(({ id }) => id);
  const rows = ids.length > 0 ? await scope.reader.loadMany('Session', ids) : [];
  return new Set(rows.map((row) => (row ? relatedId(row['id']) : null)));
}

/** How many remote desktops run with an account; a question that everybody may ask of any asset. */
async function countDesktops(row: Row, { username }: { username: string }, context: GraphContext) {
  const query = { asset_id: String(row['id']), account: username };
  const answer = await getJson(scopeOf(row, context.scope).session, '/terminal/sessions/online-info/', query);
  return isRow(answer) && typeof answer['count'] === 'number' ? answer['count'] : null;
}

/** Writes of sessions, and of who may join them. */
export const sessions = {
  Asset: { remoteDesktopsCount: countDesktops },
  Mutation: {
    terminateSessions,
    lockSessions: toggle('lock_session'),
    unlockSessions: toggle('unlock_session'),
    updateSession: update('Session'),
    deleteSession: remove('Session'),
    createSessionSharing: create('SessionSharing'),
    updateSessionSharing: update('SessionSharing'),
  },
} satisfies Resolvers;

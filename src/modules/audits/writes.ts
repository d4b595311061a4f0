import type { Resolvers } from '../../graph/served.ts';
import { globalId, mutation, refuse } from '../../graph/write.ts';
import { knownRows } from '../../graph/write-known.ts';
import { someReferences, update } from '../../graph/write-plain.ts';

/** Signs users out. JumpServer passes over the caller's own place, and over ids that are not there, without a word. */
const signOutUsers = mutation(async (write) => {
  const references = someReferences(write, 'ids');
  const rows = await knownRows(write, 'OnlineUser', 'ids', ['id', 'is_current_user_session']);
  refuse(
    references.flatMap(({ at }, index) =>
      rows[index]?.['is_current_user_session'] === true
        ? [{ field: ['ids', String(at)], row: at, code: 'FORBIDDEN', message: 'That is the caller’s own place.' }]
        : [],
    ),
  );
  const ids = references.map(({ id }) => id);
  await write.send('POST /audits/user-sessions/offline/', { body: { ids } });
  return { deletedIds: ids.map((id) => globalId('OnlineUser', id)) };
});

/** Writes of what the audits show. */
export const auditWrites = {
  Mutation: { signOutUsers, updateScheduledJob: update('ScheduledJob') },
} satisfies Resolvers;

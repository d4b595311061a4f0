import { brokenContract } from '../../graph/errors.ts';
import { isRow, type Json, type Row } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { mutation, notFound, refuse, required, type Write } from '../../graph/write.ts';
import { knownRows } from '../../graph/write-known.ts';
import { someReferences } from '../../graph/write-plain.ts';
import { isUpstreamError } from '../../upstream/index.ts';

const ALL_OR_SOME = { field: ['ids'], code: 'INVALID', message: 'Give ids, or all: true, not both.' } as const;

/** JumpServer leaves unknown ids out without a word, so they are looked up first. */
const markMessagesRead = mutation(async (write) => {
  if (write.input['all'] === true) return markAllRead(write);
  const ids = someReferences(write, 'ids').map(({ id }) => id);
  await knownRows(write, 'SiteMessage', 'ids');
  await write.send('PATCH /notifications/site-messages/mark-as-read/', { body: { ids } });
  return { siteMessages: ids.map((id) => ({ id })), unreadMessagesCount: await unread(write) };
});

async function markAllRead(write: Write) {
  if (write.input['ids'] !== undefined && write.input['ids'] !== null) refuse([ALL_OR_SOME]);
  await write.send('PATCH /notifications/site-messages/mark-as-read-all/', { body: {} });
  return { unreadMessagesCount: await unread(write) };
}

async function unread(write: Write): Promise<Json> {
  const answer = await write.send('GET /notifications/site-messages/unread-total/');
  return isRow(answer) ? (answer['total'] ?? null) : null;
}

/** A message to nobody is a fault inside JumpServer, and unknown ids get nothing without a word. */
const sendMessage = mutation(async (write) => {
  const { users, userGroups, isBroadcast } = write.input;
  const named = [users, userGroups].some((ids) => Array.isArray(ids) && ids.length > 0);
  if (!named && isBroadcast !== true) refuse([required(['users'], 'Give users, userGroups, or isBroadcast: true.')]);
  await Promise.all([knownRows(write, 'User', 'users'), knownRows(write, 'UserGroup', 'userGroups')]);
  await write.send('POST /notifications/site-messages/send/', { body: write.newBody() });
  return { success: true };
});

const updateMessageSubscription = mutation(async (write) => {
  const path = { message_type: String(write.input['messageType']) };
  const operation = 'PATCH /notifications/system-msg-subscription/{message_type}/';
  const row = await write.send(operation, { path, body: write.body() }).catch((error: unknown) => {
    if (isUpstreamError(error, 'NOT_FOUND')) refuse([notFound(['messageType'])]);
    throw error;
  });
  return { messageSubscription: row };
});

/** The address has the caller's id, which their profile tells. */
const updateMessageBackends = mutation(async (write) => {
  const profile = await write.send('GET /users/profile/');
  if (!isRow(profile)) throw brokenContract('JumpServer gave no profile.');
  const path = { user_id: String(profile['id']) };
  const operation = 'PATCH /notifications/user-msg-subscription/{user_id}/';
  const row = await write.send(operation, { path, body: write.body() });
  return { messageBackends: (row as Row)['receive_backends'] ?? [] };
});

/** What the caller does with messages, and who gets them. */
export const messages = {
  Mutation: { markMessagesRead, sendMessage, updateMessageSubscription, updateMessageBackends },
} satisfies Resolvers;

import type { Resolvers } from '../../graph/schema.ts';
import { mutation } from '../../graph/write.ts';
import { knownRows } from '../../graph/write-known.ts';
import { someReferences } from '../../graph/write-plain.ts';

/** JumpServer leaves unknown ids out without a word, so they are looked up first. */
const markMessagesRead = mutation(async (write) => {
  const ids = someReferences(write, 'ids').map(({ id }) => id);
  await knownRows(write, 'SiteMessage', 'ids');
  await write.send('PATCH /notifications/site-messages/mark-as-read/', { body: { ids } });
  return { siteMessages: ids.map((id) => ({ id })) };
});

/** What the caller does with messages. */
export const messages: Resolvers = { Mutation: { markMessagesRead } };

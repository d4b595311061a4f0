import type { Resolvers } from '../../graph/schema.ts';
import { mutation } from '../../graph/write.ts';
import { cookieOf } from '../../graph/write-confirm.ts';
import { act, remove, update } from '../../graph/write-plain.ts';
import { sendOnce } from '../../graph/write-send.ts';
import { createConnectionToken } from './connection-token.ts';
import { partSecret } from './told-once.ts';

/** Makes an access key. JumpServer wants the password confirmed first, and keeps the proof in a session (api.md §1.5, §1.6). */
const createAccessKey = mutation(async ({ context, input, scope }) => {
  const cookie = cookieOf(context, input['challenge']);
  const answer = await sendOnce(scope.session, 'POST /authentication/access-keys/', { body: {}, cookie });
  const { row, secret } = partSecret(answer, 'secret');
  return { accessKey: row, secret };
});

const createTempToken = mutation(async (write) => {
  const { row, secret } = partSecret(await write.send('POST /authentication/temp-tokens/', { body: {} }), 'secret');
  return { tempToken: row, secret };
});

/** What the caller signs in and connects with. Secrets are told once, in the payload alone (graph.md §1). */
export const credentials: Resolvers = {
  Mutation: {
    createAccessKey,
    updateAccessKey: update('AccessKey'),
    deleteAccessKey: remove('AccessKey'),
    createTempToken,
    expireTempToken: act('TempToken', 'PATCH'),
    createConnectionToken,
    expireConnectionToken: act('ConnectionToken', 'PATCH'),
  },
};

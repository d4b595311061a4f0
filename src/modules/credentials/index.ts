import type { Resolvers } from '../../graph/served.ts';
import { mutation, refuse } from '../../graph/write.ts';
import { cookieOf } from '../../graph/write-confirm.ts';
import { act, create, remove, update } from '../../graph/write-plain.ts';
import { sendOnce } from '../../graph/write-send.ts';
import { isUpstreamError } from '../../upstream/index.ts';
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

const setConnectionTokenReusable = mutation(async (write) => {
  const id = write.id('id');
  await write.send(write.operation('PATCH'), { path: { id }, body: write.body(['id']) });
  return { connectionToken: { id } };
});

/** Without this word JumpServer would make a key pair of its own, and keep the private key. */
function takeGivenKey(body: Record<string, unknown>): void {
  body['generate_key_type'] = 'load';
}

/** A 400 says nothing but that it is another one. */
const verifyPassword = mutation(async (write) => {
  await write.send('POST /authentication/password/verify/', { body: write.body() }).catch((error: unknown) => {
    if (isUpstreamError(error) && error.status === 400)
      refuse([{ field: ['password'], code: 'INVALID', message: 'It is not the caller’s password.' }]);
    throw error;
  });
  return { success: true };
});

/** What the caller signs in and connects with. Secrets are told once, in the payload alone (graph.md §1). */
export const credentials = {
  Mutation: {
    createAccessKey,
    updateAccessKey: update('AccessKey'),
    deleteAccessKey: remove('AccessKey'),
    createTempToken,
    expireTempToken: act('TempToken', 'PATCH'),
    createConnectionToken,
    expireConnectionToken: act('ConnectionToken', 'PATCH'),
    setConnectionTokenReusable,
    createSshKey: create('SshKey', takeGivenKey),
    updateSshKey: update('SshKey'),
    deleteSshKey: remove('SshKey'),
    revokeOauthToken: remove('OauthToken'),
    verifyPassword,
  },
} satisfies Resolvers;

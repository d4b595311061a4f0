import { isRow } from '../../graph/row.ts';
import { mutation } from '../../graph/write.ts';
import { cookieOf } from '../../graph/write-confirm.ts';
import { sendOnce } from '../../graph/write-send.ts';

/**
 * Reads one secret (api.md §1.6, §5.8). JumpServer wants a confirmation first and keeps its proof in a session, whose cookie the challenge
 * carries. The call is sent once, past everything that remembers answers.
 */
export const revealAccountSecret = mutation(async (write) => {
  const id = write.id('id');
  const cookie = cookieOf(write.context, write.input['challenge']);
  const row = await sendOnce(write.scope.session, 'GET /accounts/account-secrets/{id}/', { path: { id }, cookie });
  const secret = isRow(row) && typeof row['secret'] === 'string' && row['secret'] !== '' ? row['secret'] : null;
  return { account: { id }, secret };
});

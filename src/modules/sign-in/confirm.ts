import { isRow } from '../../graph/row.ts';
import type { Secret } from '../../graph/secret.ts';
import { mutation, type Outcome } from '../../graph/write.ts';
import { fromHandle, toHandle } from '../../graph/write-confirm.ts';
import type { RawAnswer } from '../../upstream/index.ts';

/**
 * Gives the proof that a 412 asked for (api.md §1.6). JumpServer keeps it in a session, also for callers with a token: its cookie goes into a
 * new challenge, with which the same request is sent again.
 */
export const confirm = mutation(async ({ context, input }) => {
  const challenge = fromHandle(context, String(input['challenge']), 'confirm');
  const type = String(input['type']);
  const secret = (input['value'] as Secret).reveal();
  const body = { confirm_type: challenge.level, mfa_type: type, secret_key: secret };
  const { cookie } = challenge;
  const answer = await context.session.exchange('POST', '/authentication/confirm/', body, { cookie });
  if (answer.status !== 200) return refused(answer);
  return { challenge: toHandle(context, { ...challenge, cookie: answer.cookie ?? cookie }) };
});

function refused({ status, body }: RawAnswer): Outcome {
  const told = isRow(body) ? (body['error'] ?? body['detail']) : undefined;
  const message = typeof told === 'string' && told.length < 300 ? told : 'JumpServer does not accept this proof.';
  return { userErrors: [{ field: ['value'], code: status === 429 ? 'CONFLICT' : 'INVALID', message }] };
}

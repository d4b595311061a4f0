import type { GraphContext } from '../../graph/context.ts';
import { GraphError } from '../../graph/errors.ts';
import type { Resolver } from '../../graph/resolve.ts';
import { isRow, nameType, type Row } from '../../graph/row.ts';
import type { Secret } from '../../graph/secret.ts';
import { mutation } from '../../graph/write.ts';
import { fromHandle, toHandle } from '../../graph/write-confirm.ts';
import type { RawAnswer } from '../../upstream/index.ts';

/** Seconds that JumpServer keeps a sign-in under way (api.md §1.3). */
const SIGN_IN_SECONDS = 600;

interface LoginInput {
  readonly username: string;
  readonly password: Secret;
  readonly challenge?: string | null;
}

interface CodeInput {
  readonly challenge: string;
  readonly type: string;
  readonly code: Secret;
}

/** Signs in. JumpServer answers 201 with a token, or 200 with what is still missing (api.md §1.2). */
export const login: Resolver = async (_source, args, context) => {
  const { username, password, challenge } = args['input'] as LoginInput;
  const cookie = challenge ? fromHandle(context, challenge, 'sign-in').cookie : undefined;
  const body = { username, password: password.reveal() };
  const answer = await context.session.exchange('POST', '/authentication/auth/', body, { cookie });
  return toResult(context, answer, cookie);
};

/** Gives the second factor and goes on signing in with the same session. */
export const verifyMfa: Resolver = async (_source, args, context) => {
  const { challenge, type, code } = args['input'] as CodeInput;
  const { cookie } = fromHandle(context, challenge, 'sign-in');
  const body = { type, code: code.reveal() };
  const verified = await context.session.exchange('POST', '/authentication/mfa/challenge/', body, { cookie });
  if (verified.status !== 200) throw toRefusal(verified);
  const next = verified.cookie ?? cookie;
  return toResult(context, await context.session.exchange('POST', '/authentication/auth/', {}, { cookie: next }), next);
};

/** Has a code sent. */
export const sendMfaCode: Resolver = mutation(async ({ context, input }) => {
  const { cookie } = fromHandle(context, String(input['challenge']), 'sign-in');
  const body = { type: input['type'] };
  const answer = await context.session.exchange('POST', '/authentication/mfa/send-code/', body, { cookie });
  if (answer.status === 200) return { success: true };
  const { message } = toRefusal(answer);
  return { success: false, userErrors: [{ field: ['type'], code: 'INVALID', message }] };
});

/** Tells the outcomes apart by status and body; nothing else does. */
function toResult(context: GraphContext, answer: RawAnswer, cookie: string | undefined): Row {
  const { status, body } = answer;
  if (isRow(body) && typeof body['token'] === 'string') return nameType({ keyword: 'Bearer', ...body }, 'LoginSuccess');
  if (status !== 200 || !isRow(body)) throw toRefusal(answer);
  const data = isRow(body['data']) ? body['data'] : {};
  const challenge = toSignInHandle(context, answer.cookie ?? cookie);
  switch (body['error']) {
    case 'mfa_required':
      return nameType({ challenge, methods: data['choices'] ?? [] }, 'MfaRequired');
    case 'login_confirm_wait':
      return nameType({ challenge, state: 'PENDING', ticket_uuid: data['ticket_id'] }, 'LoginReviewRequired');
    case 'login_confirm_error':
      return nameType({ challenge, state: 'REFUSED', ticket_uuid: data['ticket_id'] }, 'LoginReviewRequired');
    default:
      throw toRefusal(answer);
  }
}

function toSignInHandle(context: GraphContext, cookie: string | undefined): string {
  const { principal } = context.session;
  return toHandle(context, { purpose: 'sign-in', principal, level: '', cookie }, SIGN_IN_SECONDS);
}

/** What the words of JumpServer's refusals mean to a person (api.md §1.2). */
const REASONS: Readonly<Record<string, string>> = {
  password_failed: 'User name or password is wrong.',
  password_decrypt_failed: 'User name or password is wrong.',
  user_not_exist: 'User name or password is wrong.',
  user_invalid: 'This account can’t be used.',
  user_inactive: 'This account is switched off.',
  user_expired: 'This account has expired.',
  password_expired: 'The password has expired; choose a new one on JumpServer’s web page.',
  block_login: 'Too many failed logins: this user is locked out for a while.',
  block_global_ip_login: 'Too many failed logins: this address is locked out for a while.',
  acl_not_allow: 'A rule does not let this user sign in from here now.',
  session_empty: 'The sign-in has expired; start again.',
  mfa_failed: 'The code is wrong.',
  block_mfa: 'Too many wrong codes: this user is locked out for a while.',
};

function toRefusal({ status, body }: RawAnswer): GraphError {
  const word = isRow(body) && typeof body['error'] === 'string' ? body['error'] : '';
  const reason = word in REASONS ? { reason: word } : {};
  if (status >= 500) {
    const hint = 'One cause: a new password has to be chosen on its web page first.';
    return new GraphError('UPSTREAM_UNAVAILABLE', `JumpServer failed while signing in. ${hint}`);
  }
  return new GraphError('UNAUTHENTICATED', REASONS[word] ?? 'JumpServer does not let this user sign in here.', reason);
}

import { createHmac } from 'node:crypto';
import { openSession } from '../auth.ts';
import { CONFIRM_LEVELS } from '../confirm.ts';
import { ApiError, refused } from '../errors.ts';
import { caller, type Exchange, objectBody } from '../exchange.ts';
import { openReview, reviewState } from '../login-review.ts';
import { userText } from '../operate-log.ts';
import { type Answer, reply } from '../resource.ts';
import { type Route, route } from '../routes.ts';
import { toServerTime } from '../time.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { textOf, type WebSession, type World } from '../world.ts';
import { profileOf } from './profile.ts';
import { isValidUser } from './users.ts';

const TOKEN_LIVES = 86_400_000;
const FAILURES_ALLOWED = 7;
const BLOCKED_FOR = 30 * 60_000;

function logSignIn(x: Exchange, username: string, isGood: boolean, reason: string): void {
  x.world.store.table('login-logs').insert({
    id: x.world.chance.uuid(),
    username,
    type: x.request.headers.get('x-jms-login-type') ?? 'U',
    ip: x.address,
    city: 'Unknown',
    user_agent: (x.request.headers.get('user-agent') ?? '').slice(0, 254),
    mfa: isGood ? 0 : 2,
    reason: reason.slice(0, 128),
    backend: isGood ? 'Password' : '',
    status: isGood,
    datetime: x.world.now(),
  });
}

function isBlocked(world: World, username: string): boolean {
  return (world.memory.failures.get(username)?.until ?? 0) > world.now();
}

function countFailure(world: World, username: string): number {
  const known = world.memory.failures.get(username);
  const count = (known?.count ?? 0) + 1;
  world.memory.failures.set(username, { count, until: count >= FAILURES_ALLOWED ? world.now() + BLOCKED_FOR : 0 });
  return FAILURES_ALLOWED - count;
}

function fail(x: Exchange, username: string, error: string, msg: string): never {
  logSignIn(x, username, false, msg);
  throw new ApiError(400, { error, msg });
}

/** The seeded password of a user without one of their own: the sandbox's, said in its documentation. */
export const SANDBOX_PASSWORD = 'sandbox';

function checkPassword(x: Exchange, username: string, password: string): Row {
  if (isBlocked(x.world, username))
    fail(x, username, 'block_login', 'Blocked after too many failures; wait half an hour.');
  const user = x.world.store.table('users').where('username', username)[0];
  const isRight = user !== undefined && password !== '' && password === (textOf(user.password) || SANDBOX_PASSWORD);
  if (user !== undefined && isRight && user.is_active !== true && x.world.version === '4.10.19') {
    fail(x, username, 'user_inactive', 'This user is switched off.');
  }
  if (user === undefined || !isRight || user.is_active !== true) {
    const left = countFailure(x.world, username);
    fail(x, username, 'password_failed', `User name or password is wrong. ${left} attempts are left.`);
  }
  if (!isValidUser(user, x.world)) fail(x, username, 'user_expired', 'This user has expired.');
  return user;
}

function cookieOf(session: WebSession): Record<string, string> {
  return { 'set-cookie': `jms_sessionid=${session.id}; HttpOnly; Path=/; SameSite=Lax` };
}

/** `POST authentication/auth/`: a token, or what is still missing (api.md §1.2). */
function signIn(x: Exchange): Answer {
  const body = objectBody(x);
  const username = textOf(body.username);
  if (x.world.version === '4.9.0' && body.username === undefined && x.session === null) {
    throw new ApiError(400, { error: 'There is no user name to work with.' });
  }
  const resumed = x.session?.pending == null ? undefined : x.world.store.table('users').get(x.session.pending);
  const user =
    resumed !== undefined && (username === '' || resumed.username === username)
      ? resumed
      : checkPassword(x, username, textOf(body.password));
  const session = x.session ?? openSession(x.world);
  session.pending = user.id;
  const cookie = cookieOf(session);
  const needsFactor = Number(user.mfa_level) > 0 && !session.secondFactor;
  if (needsFactor && user.is_otp_secret_key_bound !== true)
    throw new ApiError(400, { error: 'Bind a second factor first.' }, cookie);
  if (needsFactor) {
    const data = { choices: ['otp'], url: '/api/v1/authentication/mfa/challenge/' };
    return reply(200, { error: 'mfa_required', msg: 'A second factor is needed.', data }, cookie);
  }
  const waiting = reviewOf(x, user, session);
  if (waiting !== null) return reply(200, waiting, cookie);
  return reply(201, admit(x, user), cookie);
}

function reviewOf(x: Exchange, user: Row, session: WebSession): JsonObject | null {
  const ticket = openReview(x, user, session);
  if (ticket === null) return null;
  return reviewState(ticket);
}

function admit(x: Exchange, user: Row): JsonObject {
  const { world } = x;
  const now = world.now();
  world.memory.failures.delete(textOf(user.username));
  const known = [...world.memory.bearers].find(
    ([, one]) => one.user === user.id && one.address === x.address && one.expires > now,
  );
  const token = known?.[0] ?? world.chance.uuid().replaceAll('-', '') + world.chance.uuid().slice(0, 4);
  world.memory.bearers.set(token, { user: user.id, expires: now + TOKEN_LIVES, address: x.address });
  world.store.table('users').update(user.id, { last_login: now });
  logSignIn(x, userText(user), true, '');
  return {
    token,
    keyword: 'Bearer',
    date_expired: toServerTime(now + TOKEN_LIVES, x.zone),
    user: { ...profileOf(x, user, 'W'), updated_by: 'System' },
  };
}

/** The code that a second factor shows now: RFC 6238 over the user's secret, thirty seconds each. */
export function currentCode(secret: string, now: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = (digest[19] ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

function isRightCode(x: Exchange, user: Row, code: string): boolean {
  const secret = textOf(user.otp_secret);
  const now = x.world.now();
  return [0, -30_000, 30_000].some((shift) => currentCode(secret, now + shift) === code);
}

function challenge(x: Exchange): Answer {
  const body = objectBody(x);
  const session = x.session;
  const user = session?.pending == null ? undefined : x.world.store.table('users').get(session.pending);
  if (session === null || user === undefined)
    throw new ApiError(400, { error: 'session_empty', msg: 'The sign-in session is gone.' });
  const username = textOf(user.username);
  if (isBlocked(x.world, username))
    throw new ApiError(401, { error: 'block_mfa', msg: 'Blocked after too many failures.' });
  if (!isRightCode(x, user, textOf(body.code))) {
    const left = countFailure(x.world, username);
    throw new ApiError(401, { error: 'mfa_failed', msg: `The code is wrong. ${left} attempts are left.` });
  }
  session.secondFactor = true;
  return reply(200, { msg: 'ok' });
}

function reviewStatus(x: Exchange): Json {
  const ticket = x.session?.ticket == null ? undefined : x.world.store.table('tickets').get(x.session.ticket);
  if (ticket === undefined) return { error: 'login_confirm_error', msg: 'There is no review.', data: {} };
  return reviewState(ticket) ?? { msg: 'ok' };
}

function closeReview(x: Exchange): Json {
  const ticket = x.session?.ticket ?? null;
  if (ticket !== null) x.world.store.table('tickets').update(ticket, { state: 'closed', status: 'closed' });
  return { msg: 'ok' };
}

function levelOf(name: string): 1 | 2 | 3 {
  return name === 'mfa' ? 3 : name === 'relogin' ? 1 : 2;
}

function confirmMethods(x: Exchange): Json {
  const type = x.query.get('confirm_type') ?? 'relogin';
  const user = caller(x);
  const hasFactor = user.is_otp_secret_key_bound === true;
  if (type === 'mfa' && !hasFactor) throw new ApiError(400, { error: 'This user has no second factor.' });
  if (hasFactor && type !== 'relogin')
    return {
      confirm_type: 'mfa',
      content: [{ name: 'otp', display_name: 'One-time code', disabled: false, placeholder: '' }],
    };
  return {
    confirm_type: type,
    content:
      type === 'password' ? [{ name: 'password', display_name: 'Password', disabled: false, placeholder: '' }] : [],
  };
}

function confirm(x: Exchange): Answer {
  const body = objectBody(x);
  const level = levelOf(textOf(body.confirm_type));
  const user = caller(x);
  const secret = textOf(body.secret_key);
  const isRight = level === 3 ? isRightCode(x, user, secret) : secret === (textOf(user.password) || SANDBOX_PASSWORD);
  if (!isRight) throw new ApiError(400, { error: `The ${CONFIRM_LEVELS[level] ?? ''} is wrong.` });
  const session = x.session ?? openSession(x.world);
  session.expires = Math.max(session.expires, x.world.now() + 3_600_000);
  session.confirmed = { level, until: x.world.now() + (level === 3 ? 3_600_000 : 300_000) };
  return reply(200, 'ok', cookieOf(session));
}

function confirmState(x: Exchange): Json {
  const level = levelOf(x.query.get('confirm_type') ?? 'relogin');
  const proof = x.session?.confirmed ?? null;
  if (proof === null || proof.level < level || proof.until <= x.world.now()) {
    throw new ApiError(412, {
      type: 'user_confirm_required',
      code: CONFIRM_LEVELS[level] ?? '',
      detail: 'Confirm first that it is you.',
    });
  }
  return 'ok';
}

/** Signing in and proving it again (api.md §1.2, §1.3, §1.6). */
export const signInRoutes: Route[] = [
  route('POST', 'authentication/auth', 'open', signIn),
  route('POST', 'authentication/tokens', 'open', signIn),
  route('POST', 'authentication/mfa/challenge', 'open', challenge),
  route('POST', 'authentication/mfa/verify', 'open', challenge),
  route('POST', 'authentication/mfa/send-code', 'open', () => ({ msg: 'ok' })),
  route('POST', 'authentication/mfa/select', 'open', () => ({ msg: 'ok' })),
  route('GET', 'authentication/login-confirm-ticket/status', 'open', reviewStatus),
  route('DELETE', 'authentication/login-confirm-ticket/status', 'open', closeReview),
  route('GET', 'authentication/confirm', 'any', confirmMethods),
  route('POST', 'authentication/confirm', 'any', confirm),
  route('GET', 'authentication/confirm/check', 'any', confirmState),
  route('POST', 'authentication/password/verify', 'any', (x) => {
    if (textOf(objectBody(x).password) !== (textOf(caller(x).password) || SANDBOX_PASSWORD))
      throw refused('passwd_invalid', 'The password is wrong.');
    return { msg: 'ok' };
  }),
  route('GET', 'authentication/user-session', 'any', () => ({ ok: true })),
  route('DELETE', 'authentication/user-session', 'any', (x) => {
    if (x.session !== null) x.world.memory.sessions.delete(x.session.id);
    return reply(204);
  }),
];

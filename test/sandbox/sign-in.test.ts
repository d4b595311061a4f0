import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { currentCode, SANDBOX_PASSWORD, type SandboxState } from '../../src/sandbox/index.ts';
import { type Answered, startSandbox } from './ask.ts';

const open = { as: null };
const cookieOf = (answer: Answered): string => (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
const sign = (username: string, password = SANDBOX_PASSWORD) => ({ username, password });

/** A seeded user with a second factor, and the secret behind it. */
function factorUser(state: SandboxState): { username: string; secret: string } {
  const row = state.tables.users?.find(
    (user) => user.otp_secret != null && user.is_active === true && Number(user.date_expired) > Date.now(),
  );
  return { username: String(row?.username), secret: String(row?.otp_secret) };
}

describe('signing in', () => {
  const { sandbox, get, post } = startSandbox();

  test('gives a token that works, and the same one again from the same address', async () => {
    const first = await post('authentication/auth/', sign('user'), open);
    expect([first.status, first.body.keyword, first.body.user.username]).toEqual([201, 'Bearer', 'user']);
    expect((await get('users/profile/', { as: `Bearer ${first.body.token}` })).body.username).toBe('user');
    expect((await post('authentication/auth/', sign('user'), open)).body.token).toBe(first.body.token);
    const elsewhere = await post('authentication/auth/', sign('user'), {
      ...open,
      headers: { 'x-forwarded-for': '203.0.113.9' },
    });
    expect(elsewhere.body.token).not.toBe(first.body.token);
  });

  test('leaves a line in the log, good or bad', async () => {
    await post('authentication/auth/', sign('user', 'wrong'), {
      ...open,
      headers: { 'x-forwarded-for': '203.0.113.10' },
    });
    const { body } = await get('audits/login-logs/?limit=1');
    expect(body.results[0]).toMatchObject({ username: 'user', ip: '203.0.113.10', status: { value: false } });
  });

  test('with a wrong name or password is one and the same fault', async () => {
    const bad = [sign('user', 'wrong'), sign('nobody'), {}];
    for (const body of bad) {
      const answer = await post('authentication/auth/', body, open);
      expect([answer.status, answer.body.error]).toEqual([400, 'password_failed']);
    }
  });

  test('locks after seven failures, for half an hour, and an administrator can unlock', async () => {
    const clock = { now: 1_800_000_000_000 };
    const asked = startSandbox({ now: () => clock.now });
    for (let i = 0; i < 7; i += 1) await asked.post('authentication/auth/', sign('user', 'wrong'), open);
    expect((await asked.post('authentication/auth/', sign('user'), open)).body.error).toBe('block_login');
    const { body } = await asked.get('users/users/?username=user');
    expect(body[0].login_blocked).toBe(true);
    await asked.patch(`users/users/${body[0].id}/unblock/`);
    expect((await asked.post('authentication/auth/', sign('user'), open)).status).toBe(201);
    for (let i = 0; i < 7; i += 1) await asked.post('authentication/auth/', sign('user', 'wrong'), open);
    clock.now += 31 * 60_000;
    expect((await asked.post('authentication/auth/', sign('user'), open)).status).toBe(201);
  });

  test('of an inactive or expired user fails', async () => {
    const { body } = await get('users/users/?limit=1&is_active=false');
    expect((await post('authentication/auth/', sign(body.results[0].username), open)).status).toBe(400);
    const expired = await get('users/users/?limit=1&is_active=true&is_expired=true');
    expect((await post('authentication/auth/', sign(expired.body.results[0].username), open)).status).toBe(400);
  });

  test('with a second factor takes the code in the session of the first call', async () => {
    const { username, secret } = factorUser(sandbox.exportState());
    const first = await post('authentication/auth/', sign(username), open);
    expect([first.status, first.body.error, first.body.data.choices]).toEqual([200, 'mfa_required', ['otp']]);
    const inSession = { ...open, headers: { cookie: cookieOf(first) } };
    const wrong = await post('authentication/mfa/challenge/', { type: 'otp', code: '000000' }, inSession);
    expect([wrong.status, wrong.body.error]).toEqual([401, 'mfa_failed']);
    const right = await post(
      'authentication/mfa/challenge/',
      { type: 'otp', code: currentCode(secret, Date.now()) },
      inSession,
    );
    expect([right.status, right.body]).toEqual([200, { msg: 'ok' }]);
    expect((await post('authentication/auth/', {}, inSession)).body.user.username).toBe(username);
    expect((await post('authentication/mfa/challenge/', { type: 'otp', code: '1' }, open)).status).toBe(400);
  });

  test('may have to wait until someone agrees', async () => {
    const asked = startSandbox();
    const waiting = asked.sandbox.exportState().tables.users?.[23];
    const person = sign(String(waiting?.username));
    const first = await asked.post('authentication/auth/', person, open);
    expect([first.status, first.body.error]).toEqual([200, 'login_confirm_wait']);
    const inSession = { ...open, headers: { cookie: cookieOf(first) } };
    const state = async () => (await asked.get('authentication/login-confirm-ticket/status/', inSession)).body;
    expect((await state()).error).toBe('login_confirm_wait');
    const ticket = first.body.data.ticket_id;
    expect((await asked.post('authentication/auth/', person, inSession)).body.data.ticket_id).toBe(ticket);
    expect((await asked.put(`tickets/apply-login-tickets/${ticket}/approve/`)).status).toBe(200);
    expect(await state()).toEqual({ msg: 'ok' });
    expect((await asked.post('authentication/auth/', {}, inSession)).status).toBe(201);
  });
});

describe('a confirmation', () => {
  const { sandbox, get, post } = startSandbox();

  test('by password opens the making of an access key, in its session only', async () => {
    const refused = await post('authentication/access-keys/', {});
    expect([refused.status, refused.body.type, refused.body.code]).toEqual([412, 'user_confirm_required', 'password']);
    const wrong = await post('authentication/confirm/', { confirm_type: 'password', secret_key: 'nope' });
    expect([wrong.status, Object.keys(wrong.body)]).toEqual([400, ['error']]);
    const right = await post('authentication/confirm/', { confirm_type: 'password', secret_key: SANDBOX_PASSWORD });
    expect(right.body).toBe('ok');
    const headers = { cookie: cookieOf(right) };
    expect((await get('authentication/confirm/check/?confirm_type=password', { headers })).body).toBe('ok');
    const made = await post('authentication/access-keys/', {}, { headers });
    expect([made.status, typeof made.body.secret]).toEqual([201, 'string']);
    expect((await post('authentication/access-keys/', {})).status).toBe(412);
  });

  test('by a second factor opens the secrets of accounts', async () => {
    const { username, secret } = factorUser(sandbox.exportState());
    const asked = startSandbox({ state: sandbox.exportState(), tokens: { two: username } });
    const user = (await asked.get(`users/users/?username=${username}`)).body[0];
    await asked.patch(`users/users/${user.id}/`, { system_roles: ['00000000-0000-0000-0000-000000000001'] });
    const as = 'Bearer two';
    const account = (await asked.get('accounts/accounts/?limit=1&has_secret=true')).body.results[0].id;
    expect((await asked.get(`accounts/account-secrets/${account}/`, { as })).body.code).toBe('mfa');
    expect((await asked.get('authentication/confirm/?confirm_type=mfa', { as })).body.content[0].name).toBe('otp');
    const right = await asked.post(
      'authentication/confirm/',
      { confirm_type: 'mfa', mfa_type: 'otp', secret_key: currentCode(secret, Date.now()) },
      { as },
    );
    const shown = await asked.get(`accounts/account-secrets/${account}/`, { as, headers: { cookie: cookieOf(right) } });
    expect(shown.body.secret).toMatch(/^sandbox-secret-/);
    expect((await asked.get('authentication/confirm/?confirm_type=mfa')).status).toBe(400);
  });
});

describe('an access key', () => {
  test('signs requests: its own only, with the date and the very address', async () => {
    const { sandbox, get, post } = startSandbox();
    const confirm = await post('authentication/confirm/', { confirm_type: 'password', secret_key: SANDBOX_PASSWORD });
    const { body: key } = await post('authentication/access-keys/', {}, { headers: { cookie: cookieOf(confirm) } });
    const date = 'Mon, 02 Jan 2023 10:00:00 GMT';
    const signed = (path: string, headers = '(request-target) date', secret: string = key.secret) => {
      const lines = [`(request-target): get /api/v1/${path}`, `date: ${date}`].filter((line) =>
        headers.includes(line.split(':')[0] ?? ''),
      );
      const signature = createHmac('sha256', secret).update(lines.join('\n')).digest('base64');
      const as = `Signature keyId="${key.id}",algorithm="hmac-sha256",headers="${headers}",signature="${signature}"`;
      return get(path, { as, headers: { date } });
    };
    expect((await signed('users/profile/?a=1')).body.username).toBe('admin');
    expect((await signed('users/profile/', undefined, 'other')).body.code).toBe('authentication_failed');
    expect((await signed('users/profile/', 'date')).status).toBe(500);
    expect(sandbox.log.length).toBeGreaterThan(0);
  });
});

describe('a browser session', () => {
  test('reads with its cookie, and writes only with the token of its form', async () => {
    const { get, post } = startSandbox();
    const token = 'form-token';
    const cookie = `jms_sessionid=sandbox-admin; jms_csrftoken=${token}`;
    expect((await get('users/profile/', { ...open, headers: { cookie } })).body.username).toBe('admin');
    const refused = await post('labels/labels/', { name: 'a', value: 'b' }, { ...open, headers: { cookie } });
    expect(refused.status).toBe(403);
    const written = await post(
      'labels/labels/',
      { name: 'a', value: 'b' },
      { ...open, headers: { cookie, 'x-csrftoken': token } },
    );
    expect(written.status).toBe(201);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_PASSWORD, SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { type Callers, list, mutate, type Named, NOBODY, refusals, startCallers, writesOf } from './support.ts';

/** Whether somebody can sign in with a password. */
const signsIn = async ({ sandbox }: TestGraph, username: string, password: string) => {
  const request = new Request('http://jumpserver.test/api/v1/authentication/auth/', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return (await sandbox.fetch(request)).status === 201;
};

describe.each(SANDBOX_VERSIONS)('on JumpServer %s', (version) => {
  let admin: TestGraph;
  let user: TestGraph;
  beforeAll(async () => {
    admin = await startGraph({ version });
    user = await startGraph({ sandbox: admin.sandbox, token: 'sandbox-user' });
  });
  afterAll(async () => {
    await user.close();
    await admin.close();
  });
  beforeEach(() => admin.sandbox.clearLog());

  it('an administrator sets a password, as often as wanted, by one write that nobody else learns of', async () => {
    const input = { name: 'Own', username: 'own', email: 'own@corp.example', password: 'first-P4ss!' };
    const { id, uuid } = (await mutate(admin, 'createUser', input, 'user { id uuid }'))['user'] as Named;
    admin.sandbox.clearLog();
    for (let time = 1; time <= 2; time++) {
      const payload = await mutate(admin, 'setUserPassword', { id, password: 'second-P4ss!' }, 'user { uuid }');
      expect(payload).toMatchObject({ userErrors: [], user: { uuid } });
      expect(writesOf(admin)).toHaveLength(time);
    }
    expect(await signsIn(admin, 'own', 'first-P4ss!')).toBe(false);
    expect(await signsIn(admin, 'own', 'second-P4ss!')).toBe(true);
  });

  it('everybody changes their own account by one write', async () => {
    const input = { phone: { code: '+49', phone: '1511234567' }, wechat: 'mine', comment: 'on leave' };
    for (let time = 1; time <= 2; time++) {
      const payload = await mutate(user, 'updateProfile', input, 'user { username wechat comment phone { code } }');
      expect(payload).toMatchObject({
        userErrors: [],
        user: { wechat: 'mine', comment: 'on leave', phone: { code: '+49' } },
      });
      expect(writesOf(user)).toHaveLength(time);
    }
    const { data } = await user.query('{ viewer { user { wechat } } }');
    expect(data).toEqual({ viewer: { user: { wechat: 'mine' } } });
  });
});

describe('setUserPassword', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());

  it('tells an empty password and an unknown user', async () => {
    const [somebody] = await list(callers.admin, 'users(first: 1)', 'id');
    const set = async (input: object) => refusals(await mutate(callers.admin, 'setUserPassword', input, 'user { id }'));
    expect(await set({ id: somebody?.id, password: '' })).toEqual(['password REQUIRED']);
    expect(await set({ id: NOBODY, password: SANDBOX_PASSWORD })).toEqual(['id NOT_FOUND']);
  });

  it('updateProfile tells a text that is too long', async () => {
    const payload = await mutate(callers.user, 'updateProfile', { wechat: 'x'.repeat(257) }, 'user { id }');
    expect(refusals(payload)).toEqual(['wechat INVALID']);
  });
});

describe.each(['4.9.0', '4.10.16', '4.10.19'] as const)('preferences on JumpServer %s', (version) => {
  let user: TestGraph;
  beforeAll(async () => {
    user = await startGraph({ version, token: 'sandbox-user' });
  });
  afterAll(() => user.close());
  beforeEach(() => user.sandbox.clearLog());
  const update = (input: object) => mutate(user, 'updatePreferences', input, 'preferences');
  const larger = { category: 'luna', preferences: { command_line: { character_terminal_font_size: 18 } } };

  it('are changed one by one, the others stay, and a repeat does no harm', async () => {
    await update({ category: 'luna', preferences: { graphics: { rdp_resolution: '1024x768' } } });
    for (let time = 0; time < 2; time++)
      expect(await update(larger)).toMatchObject({
        userErrors: [],
        preferences: {
          command_line: { character_terminal_font_size: 18 },
          graphics: { rdp_resolution: '1024x768', keyboard_layout: 'en-us-qwerty' },
        },
      });
    expect(writesOf(user)).toEqual(Array(3).fill('PATCH /api/v1/users/preference/?category=luna'));
    const { data } = await user.query('{ viewer { preferences(category: "luna") } }');
    expect(data).toMatchObject({ viewer: { preferences: { command_line: { character_terminal_font_size: 18 } } } });
  });

  it('of an unknown part, of a wrong kind and without groups are refused', async () => {
    expect(refusals(await update({ ...larger, category: 'lunar' }))).toEqual(['category INVALID']);
    const wrong = { command_line: { character_terminal_font_size: 'large' } };
    expect(refusals(await update({ ...larger, preferences: wrong }))).toEqual(['preferences INVALID']);
    user.sandbox.clearLog();
    expect(refusals(await update({ ...larger, preferences: 18 }))).toEqual(['preferences INVALID']);
    expect(writesOf(user)).toEqual([]);
  });

  it('are given up where the server can', async () => {
    await update(larger);
    const reset = await mutate(user, 'resetPreferences', { category: 'luna' }, 'preferences');
    if (version === '4.10.19') {
      expect(reset).toMatchObject({ preferences: { command_line: { character_terminal_font_size: 14 } } });
      const unknown = await mutate(user, 'resetPreferences', { category: 'lunar' }, 'preferences');
      expect(refusals(unknown)).toEqual(['category INVALID']);
    } else expect(refusals(reset)).toEqual([' UNSUPPORTED_BY_SERVER']);
  });
});

it('an older server keeps no preferences and says so', async () => {
  const old = await startGraph({ version: '3.10.23' });
  const input = { category: 'luna', preferences: {} };
  expect(refusals(await mutate(old, 'updatePreferences', input, 'preferences'))).toEqual([' UNSUPPORTED_BY_SERVER']);
  await old.close();
});

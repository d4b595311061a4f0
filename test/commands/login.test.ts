import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { toFailure } from '../../src/commands/act.ts';
import { readLogin } from '../../src/commands/credentials.ts';
import { runLogin, runLogout } from '../../src/commands/login.ts';
import { runReport } from '../../src/commands/report.ts';
import { createSandbox, currentCode } from '../../src/sandbox/index.ts';
import { setUp } from './support.ts';

const sandbox = createSandbox({ throttle: false });
const { tables } = sandbox.exportState();
const [acl] = (tables['login-acls'] ?? []).filter((row) => row['action'] === 'review');
const caught = (acl?.['users'] as unknown as { ids: string[] }).ids;
const active = (tables['users'] ?? []).filter((row) => row['is_active'] === true);
const factored = active.find((row) => !caught.includes(String(row.id)) && typeof row['otp_secret'] === 'string');
const reviewed = active.find((row) => caught.includes(String(row.id)) && typeof row['otp_secret'] !== 'string');
const code = () => currentCode(String(factored?.['otp_secret']), Date.now());

describe('jumpgraph login', () => {
  it('keeps a token that only its owner can read, and reports are made with it', async () => {
    const stage = setUp(sandbox, { lines: ['admin', 'sandbox'], isSignedIn: false });
    expect(await runLogin({}, stage.surroundings)).toBe(0);
    const { credentialsFile } = stage.surroundings;
    expect(statSync(credentialsFile).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(credentialsFile, 'utf8'))).toEqual({
      'http://jumpserver.test': {
        username: 'admin',
        token: expect.stringMatching(/^\w{20,}$/),
        expiresAt: expect.stringMatching(/Z$/),
      },
    });
    expect(stage.messages()).toContain('Signed in as admin until');
    expect(stage.messages()).not.toMatch(/sandbox(?!\.)/);
    const command = { name: 'overview', format: 'csv', out: '-', parameters: {} } as const;
    expect(await runReport(command, stage.surroundings)).toBe(0);
  });

  it('gives a second factor where it is asked for', async () => {
    const username = String(factored?.['username']);
    const stage = setUp(sandbox, { lines: ['sandbox', code()], isSignedIn: false });
    expect(await runLogin({ username }, stage.surroundings)).toBe(0);
    const stored = await readLogin(stage.surroundings.credentialsFile, 'http://jumpserver.test', Date.now());
    expect(stored?.username).toBe(username);
    expect(stage.messages()).not.toContain(code());
  });

  it('waits for a reviewer, and can be ended while it waits', async () => {
    const stage = setUp(sandbox, { lines: ['sandbox'], isSignedIn: false });
    const signing = runLogin({ username: String(reviewed?.['username']), reviewInterval: 5 }, stage.surroundings);
    await vi.waitFor(() => expect(stage.messages()).toContain('Waiting for a reviewer'), 10_000);
    stage.stop();
    await expect(signing).rejects.toThrow();
  });

  it.each([
    ['a wrong password', ['admin', 'wrong'], /wrong/],
    ['too few lines', ['admin'], /ended before/],
  ])('keeps nothing after %s', async (_name, lines, text) => {
    const stage = setUp(sandbox, { lines, isSignedIn: false });
    stage.surroundings.terminal.input.push(null);
    const failure = await runLogin({}, stage.surroundings).then(() => undefined, toFailure);
    expect(failure).toMatchObject({ exitCode: 3, text: expect.stringMatching(text) });
    expect(await readLogin(stage.surroundings.credentialsFile, 'http://jumpserver.test', Date.now())).toBeUndefined();
  });

  it('an expired token counts as none, and logout forgets it', async () => {
    const stage = setUp(sandbox, { lines: ['admin', 'sandbox'], isSignedIn: false });
    await runLogin({}, stage.surroundings);
    const { credentialsFile } = stage.surroundings;
    expect(await readLogin(credentialsFile, 'http://jumpserver.test', Date.now() + 2 * 86_400_000)).toBeUndefined();
    await runLogout(stage.surroundings);
    expect(readFileSync(credentialsFile, 'utf8')).toBe('{}\n');
    expect(statSync(credentialsFile).mode & 0o777).toBe(0o600);
    writeFileSync(credentialsFile, '{"x":1}');
    await expect(readLogin(credentialsFile, 'x', 0)).rejects.toThrow();
  });
});

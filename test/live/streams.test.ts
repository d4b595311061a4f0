import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS, type Sandbox } from '../../src/sandbox/index.ts';
import {
  createTestClock,
  createTestSandbox,
  EVERY,
  startLive,
  startSession,
  type TestClock,
  write,
} from './support.ts';

describe.each(SANDBOX_VERSIONS)('on JumpServer %s', (version) => {
  let clock: TestClock;
  let sandbox: Sandbox;
  let live: Awaited<ReturnType<typeof startLive>>;

  beforeEach(async () => {
    clock = createTestClock();
    sandbox = createTestSandbox(clock, version);
    live = await startLive(clock, sandbox);
  });

  afterEach(() => live.close());

  const SESSIONS = '/terminal/sessions/';

  it('tells when a session is over, also one that began and ended between two looks', async () => {
    const open = await startSession(sandbox);
    const subscribed = live.subscribe(
      'subscription { sessionEnded { occurredAt session { uuid isFinished endedAt } } }',
    );
    await live.until(SESSIONS, 1);
    clock.advance(1_000);
    const brief = await startSession(sandbox);
    await write(sandbox, 'PATCH', `${SESSIONS}${brief}/`, { is_finished: true, date_end: '2026/11/22 12:00:01 +0000' });
    clock.advance(1_000);
    await write(sandbox, 'PATCH', `${SESSIONS}${open}/`, { is_finished: true, date_end: '2026/11/22 12:00:02 +0000' });
    await live.look(SESSIONS);
    await subscribed.has(2);
    const ended = (uuid: string, at: string) => ({
      data: { sessionEnded: { occurredAt: at, session: { uuid, isFinished: true, endedAt: at } } },
    });
    expect(subscribed.answers).toEqual([ended(brief, '2026-11-22T12:00:01Z'), ended(open, '2026-11-22T12:00:02Z')]);
  });

  it('tells each change of a running session, and after a restart those of meanwhile', async () => {
    const CHANGED = `subscription ($after: String) {
    sessionChanged(after: $after) { id cursor session { uuid isLocked } }
  }`;
    interface Changed {
      readonly sessionChanged: { readonly id: string; readonly cursor: string; readonly session: object };
    }
    const [one, other] = [await startSession(sandbox), await startSession(sandbox)];
    const lock = (id: string, task: string) =>
      write(sandbox, 'POST', '/terminal/tasks/toggle-lock-session/', { session_id: id, task_name: `${task}_session` });
    const before = live.subscribe<Changed>(CHANGED);
    await live.until(SESSIONS, 1);
    await lock(one, 'lock');
    await startSession(sandbox);
    await live.look(SESSIONS);
    await before.has(1);
    await lock(one, 'unlock');
    await live.look(SESSIONS);
    await before.has(2);
    await live.close();
    await lock(other, 'lock');
    live = await startLive(clock, sandbox);
    const after = live.subscribe<Changed>(CHANGED, { after: before.answers[1]?.data?.sessionChanged.cursor });
    await after.has(1);
    const told = [...before.answers, ...after.answers].map(({ data }) => data?.sessionChanged);
    expect(told.map((event) => event?.session)).toEqual([
      { uuid: one, isLocked: true },
      { uuid: one, isLocked: false },
      { uuid: other, isLocked: true },
    ]);
    expect(new Set(told.map((event) => event?.id)).size).toBe(3);
  });

  it('tells failed logins and leaves the others out', async () => {
    const LOGINS = '/audits/login-logs/';
    const subscribed = live.subscribe('subscription { loginFailed { loginLog { username isSuccess } } }');
    await live.until(LOGINS, 1);
    clock.advance(1_000);
    await signIn('alice', 'wrong');
    await signIn('admin', 'sandbox');
    clock.advance(1_000);
    await signIn('nobody', 'wrong');
    await live.look(LOGINS);
    await subscribed.has(2);
    const names = subscribed.answers.map(({ data }) => (data?.['loginFailed'] as { loginLog: object }).loginLog);
    expect(names).toEqual([
      { username: expect.stringContaining('alice'), isSuccess: false },
      { username: 'nobody', isSuccess: false },
    ]);
  });

  const signIn = (username: string, password: string) =>
    sandbox.fetch(
      new Request('http://jumpserver.test/api/v1/authentication/auth/', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username, password }),
      }),
    );

  it('tells once that a permission comes near its end, and again when the end is moved', async () => {
    const PERMISSIONS = '/perms/asset-permissions/';
    const grant = (name: string, end: string) =>
      write(sandbox, 'POST', PERMISSIONS, {
        name,
        accounts: ['@ALL'],
        actions: ['connect'],
        date_start: '2026/11/01 00:00:00 +0000',
        date_expired: end,
      });
    const soon = await grant('soon', '2026/11/29 12:00:15 +0000');
    await grant('later', '2027/11/29 12:00:00 +0000');
    const subscribed = live.subscribe(
      'subscription { permissionExpiring { occurredAt permission { name expiresAt } } }',
    );
    await live.until(PERMISSIONS, 3);
    for (let looks = 0; looks < 3; looks += 1) await live.look(PERMISSIONS);
    await subscribed.has(1);
    await write(sandbox, 'PATCH', `${PERMISSIONS}${soon['id']}/`, { date_expired: '2026/11/28 00:00:00 +0000' });
    await live.look(PERMISSIONS);
    await subscribed.has(2);
    expect(subscribed.answers.map(({ data }) => data?.['permissionExpiring'])).toEqual([
      { occurredAt: '2026-11-22T12:00:15Z', permission: { name: 'soon', expiresAt: '2026-11-29T12:00:15Z' } },
      { occurredAt: '2026-11-22T12:00:40Z', permission: { name: 'soon', expiresAt: '2026-11-28T00:00:00Z' } },
    ]);
    const lists = sandbox.log.filter(({ method, path }) => method === 'GET' && path.endsWith(PERMISSIONS));
    expect(lists.every(({ query }) => !/users|nodes|format=json|amount/.test(query))).toBe(true);
    expect(EVERY).toBe(10_000);
  });

  it('tells an ordinary user about their own tickets alone', async () => {
    const TICKETS = '/tickets/tickets/';
    const subscribed = live.subscribe('subscription { ticketChanged { ticket { __typename title state } } }', {
      token: 'sandbox-user',
    });
    await live.until(TICKETS, 1);
    clock.advance(1_000);
    const ask = (title: string, token: string) =>
      sandbox.fetch(
        new Request('http://jumpserver.test/api/v1/tickets/apply-asset-tickets/open/', {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({
            title,
            type: 'apply_asset',
            apply_accounts: ['@ALL'],
            apply_actions: ['connect'],
            apply_date_start: '2026-11-22T12:00:00Z',
            apply_date_expired: '2026-11-30T12:00:00Z',
            org_id: '00000000-0000-0000-0000-000000000002',
            apply_assets: [asset],
          }),
        }),
      );
    const { results } = (await (
      await sandbox.fetch(
        new Request('http://jumpserver.test/api/v1/assets/assets/?limit=1', {
          headers: { authorization: 'Bearer sandbox-admin' },
        }),
      )
    ).json()) as { results: { id: string }[] };
    const asset = results[0]?.id;
    expect((await ask('theirs', 'sandbox-auditor')).status).toBe(201);
    expect((await ask('mine', 'sandbox-user')).status).toBe(201);
    await live.look(TICKETS);
    await subscribed.has(1);
    expect(subscribed.answers).toEqual([
      {
        data: {
          ticketChanged: {
            ticket: {
              __typename: 'ApplyAssetTicket',
              title: 'mine',
              state: 'PENDING',
            },
          },
        },
      },
    ]);
  });

  it('tells risky commands of every storage, and none of the harmless', async () => {
    const COMMANDS = '/terminal/commands/';
    const subscribed = live.subscribe('subscription { commandRisk { occurredAt command { input riskLevel } } }');
    await live.until(COMMANDS, 1);
    clock.advance(1_000);
    run([
      { input: 'ls', risk_level: 0 },
      { input: 'rm -rf /', risk_level: 5 },
      { input: 'reboot', risk_level: 4 },
    ]);
    await live.look(COMMANDS);
    await subscribed.has(2);
    const told = subscribed.answers.map(({ data }) => data?.['commandRisk']);
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        { occurredAt: '2026-11-22T12:00:01Z', command: { input: 'rm -rf /', riskLevel: 'REJECT' } },
        { occurredAt: '2026-11-22T12:00:01Z', command: { input: 'reboot', riskLevel: 'WARNING' } },
      ]),
    );
  });

  /** Commands can't be written over the API: components do it another way. */
  const run = (commands: readonly { readonly input: string; readonly risk_level: number }[]): void => {
    const state = sandbox.exportState();
    const known = state.logs?.['commands'];
    commands.forEach(({ input, risk_level }, index) => {
      known?.rows.push({
        id: `00000000-0000-4000-8000-00000000000${index}`,
        user: 'Alice(alice)',
        asset: 'web-1',
        account: 'root',
        session: '00000000-0000-4000-8000-000000000009',
        org_id: '00000000-0000-0000-0000-000000000002',
        output: '',
        remote_addr: null,
        timestamp: clock.now(),
        input,
        risk_level,
      });
    });
    sandbox.load(state);
  };
});

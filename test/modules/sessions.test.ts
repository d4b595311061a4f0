import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph } from '../support/graph.ts';
import {
  type Callers,
  failure,
  list,
  mutate,
  type Named,
  NOBODY,
  refusals,
  startCallers,
  writesOf,
} from './support.ts';

const TICKET = 'd1f6c8a4-7a0e-4f0e-9d53-1f0e2b7c5a01';

let callers: Callers;
let running: Named[];
let over: Named | undefined;

beforeAll(async () => {
  callers = await startCallers();
  running = await list(callers.admin, 'sessions(first: 3, filter: { isFinished: false })', 'id uuid');
  [over] = await list(callers.admin, 'sessions(first: 1, filter: { isFinished: true })', 'id uuid');
});
afterAll(() => callers.close());
beforeEach(() => callers.admin.sandbox.clearLog());

describe('lockSessions and unlockSessions', () => {
  it('lock and unlock running sessions, one call for each', async () => {
    const ids = [running[0]?.id, running[1]?.id];
    for (const [name, isLocked] of [
      ['lockSessions', true],
      ['unlockSessions', false],
    ] as const) {
      callers.admin.sandbox.clearLog();
      const payload = await mutate(callers.admin, name, { ids }, 'sessions { id isLocked }');
      expect(payload).toMatchObject({ sessions: ids.map((id) => ({ id, isLocked })), userErrors: [] });
      expect(writesOf(callers.admin)).toHaveLength(2);
    }
  });

  it.each(['lockSessions', 'unlockSessions'])('%s tells unknown sessions by place', async (name) => {
    const payload = await mutate(callers.admin, name, { ids: [NOBODY, running[0]?.id] }, 'sessions { id }');
    expect(payload.sessions).toEqual([{ id: running[0]?.id }]);
    expect(payload.userErrors).toMatchObject([{ field: ['ids', '0'], code: 'NOT_FOUND', row: 0 }]);
  });
});

describe('terminateSessions', () => {
  it('answers which were accepted, in one write, and why the others were not', async () => {
    const ids = [over?.id, running[2]?.id, NOBODY];
    const payload = await mutate(callers.admin, 'terminateSessions', { ids }, 'sessions { uuid }');
    expect(payload.sessions).toEqual([{ uuid: running[2]?.uuid }]);
    expect(payload.userErrors).toMatchObject([
      { field: ['ids', '0'], code: 'CONFLICT', row: 0 },
      { field: ['ids', '2'], code: 'NOT_FOUND', row: 2 },
    ]);
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/terminal/tasks/kill-session/']);
  });

  it('refuses an empty list and a malformed id, and sends nothing', async () => {
    const payload = await mutate(callers.admin, 'terminateSessions', { ids: [] }, 'sessions { uuid }');
    expect(refusals(payload)).toEqual(['ids REQUIRED']);
    expect(await failure(callers.admin, 'terminateSessions', { ids: ['nonsense'] })).toBe('BAD_USER_INPUT');
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('an ordinary user', () => {
  it.each(['terminateSessions', 'lockSessions', 'unlockSessions'])('may not %s', async (name) => {
    expect(await failure(callers.user, name, { ids: [running[0]?.id] })).toBe('FORBIDDEN');
    expect(await failure(callers.user, name, { ids: [running[0]?.id], asApprover: true })).toBe('FORBIDDEN');
  });
});

describe.each(SANDBOX_VERSIONS)('whoever approved that a session began, on JumpServer %s,', (version) => {
  it('locks, unlocks and ends it without any other right, by one write each', async () => {
    const sandbox = createSandbox({ version, throttle: false });
    const admin = await startGraph({ sandbox });
    const [session] = await list(admin, 'sessions(first: 1, filter: { isFinished: false })', 'id uuid');
    const approver = await startGraph({ sandbox, token: 'sandbox-user' });
    const me = await approver.query<{ viewer: { user: { uuid: string } } }>('{ viewer { user { uuid } } }');
    const step = { state: 'approved', assignees: [me.data.viewer.user.uuid], approval_level: 1 };
    const ticket = { id: TICKET, type: 'login_asset_confirm', session: session?.uuid ?? null, process_map: [step] };
    const state = sandbox.exportState();
    sandbox.load({ ...state, tables: { ...state.tables, tickets: [ticket] } });
    for (const [name, path] of [
      ['lockSessions', 'toggle-lock-session-for-ticket'],
      ['unlockSessions', 'toggle-lock-session-for-ticket'],
      ['terminateSessions', 'kill-session-for-ticket'],
    ] as const) {
      sandbox.clearLog();
      const payload = await mutate(approver, name, { ids: [session?.id], asApprover: true }, 'sessions { id }');
      expect(payload).toMatchObject({ userErrors: [], sessions: [{ id: session?.id }] });
      expect(writesOf(approver)).toEqual([`POST /api/v1/terminal/tasks/${path}/`]);
    }
    await approver.close();
    await admin.close();
  });
});

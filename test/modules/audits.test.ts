import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
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

const JOB = 'a4d0f6de-1d4f-4f6b-8e0d-0b6f1f7a9c01';

/** A sandbox where a job is scheduled: the recorded servers let nobody create one. */
const withJob = (version: SandboxVersion = '4.10.16') => {
  const sandbox = createSandbox({ version, throttle: false });
  const state = sandbox.exportState();
  const org = '00000000-0000-0000-0000-000000000002';
  const job = { id: JOB, name: 'nightly', args: 'uptime', type: 'adhoc', is_periodic: true, interval: 24, org_id: org };
  sandbox.load({ ...state, tables: { ...state.tables, jobs: [job] } });
  return sandbox;
};

const SCHEDULED = 'scheduledJob { id name isPeriodic }';

describe.each(
  SANDBOX_VERSIONS.filter((version) => version !== '3.10.23'),
)('scheduled jobs on JumpServer %s', (version) => {
  it('are switched off and on, each by one write', async () => {
    const graph = await startGraph({ sandbox: withJob(version) });
    for (const isPeriodic of [false, true, true]) {
      graph.sandbox.clearLog();
      const payload = await mutate(graph, 'updateScheduledJob', { id: JOB, isPeriodic }, SCHEDULED);
      expect(payload).toMatchObject({ userErrors: [], scheduledJob: { name: 'nightly', isPeriodic } });
      expect(writesOf(graph)).toEqual([`PATCH /api/v1/audits/jobs/${JOB}/`]);
    }
    await graph.close();
  });
});

it('scheduled jobs are not there before 4.9', async () => {
  const graph = await startGraph({ version: '3.10.23' });
  const payload = await mutate(graph, 'updateScheduledJob', { id: JOB, isPeriodic: false }, 'scheduledJob { id }');
  expect(refusals(payload)).toEqual([' UNSUPPORTED_BY_SERVER']);
  await graph.close();
});

it('scheduled jobs are for whoever may change jobs, which every user may', async () => {
  const callers = await startCallers(withJob());
  const own = await mutate(callers.user, 'updateScheduledJob', { id: JOB, isPeriodic: false }, '__typename');
  expect(own).toMatchObject({ userErrors: [] });
  const input = { id: NOBODY, isPeriodic: false };
  const payload = await mutate(callers.admin, 'updateScheduledJob', input, 'scheduledJob { id }');
  expect(refusals(payload)).toEqual(['id NOT_FOUND']);
  await callers.close();
});

describe.each(SANDBOX_VERSIONS)('users of the pages of JumpServer %s', (version) => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ version });
  });
  afterAll(() => graph.close());

  it('are signed out by one write', async () => {
    const there = await list<Named & { isCurrent: boolean }>(graph, 'onlineUsers', 'id isCurrent');
    const ids = there.filter(({ isCurrent }) => !isCurrent).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    graph.sandbox.clearLog();
    const payload = await mutate(graph, 'signOutUsers', { ids }, 'deletedIds');
    expect(payload).toMatchObject({ userErrors: [], deletedIds: ids });
    expect(writesOf(graph)).toEqual(['POST /api/v1/audits/user-sessions/offline/']);
    const again = await mutate(graph, 'signOutUsers', { ids: [ids[0]] }, 'deletedIds');
    expect(refusals(again)).toEqual(['ids.0 NOT_FOUND']);
  });
});

describe('signing out is refused', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.admin.sandbox.clearLog());

  it('for the caller’s own place, an unknown one and none at all: nothing is sent', async () => {
    const there = await list<Named & { isCurrent: boolean }>(callers.admin, 'onlineUsers', 'id isCurrent');
    const own = there.find(({ isCurrent }) => isCurrent)?.id;
    expect(own).toBeDefined();
    const signOut = async (ids: unknown[]) =>
      refusals(await mutate(callers.admin, 'signOutUsers', { ids }, 'deletedIds'));
    expect(await signOut([own])).toEqual(['ids.0 FORBIDDEN']);
    expect(await signOut([NOBODY])).toEqual(['ids.0 NOT_FOUND']);
    expect(await signOut([])).toEqual(['ids REQUIRED']);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('to an ordinary user', async () => {
    expect(await failure(callers.user, 'signOutUsers', { ids: [NOBODY] })).toBe('FORBIDDEN');
  });
});

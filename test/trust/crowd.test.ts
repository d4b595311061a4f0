import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

const USERS = 64;
/** What JumpServer allows a user in a minute. */
const ALLOWED = 180;
/** Calls of one user that are in flight at a time. */
const AT_A_TIME = 6;
/** Calls of one route that are in flight at a time. */
const ON_A_ROUTE = 48;
const QUERY = '{ viewer { user { username } } }';

let graph: TestGraph;
afterEach(() => graph.close());

/** A company in which 64 users have a token each, `user-0` and so on. */
function createCompany(throttle: boolean): Sandbox {
  const state = createSandbox({ users: 90 }).exportState();
  const active = (state.tables['users'] ?? []).filter(({ is_active: isActive }) => isActive === true).slice(0, USERS);
  const tokens = Object.fromEntries(active.map(({ username }, user) => [`user-${user}`, String(username)]));
  return createSandbox({ state, tokens, throttle });
}

const start = async (throttle: boolean, answer: (request: Request, sandbox: Sandbox) => Promise<Response>) => {
  const sandbox = createCompany(throttle);
  const config = {
    OPERATION_TIMEOUT: '3',
    MAX_OPERATIONS: '1000',
    MAX_OPERATIONS_PER_CALLER: '0',
    LOG_LEVEL: 'silent',
  };
  graph = await startGraph({ sandbox, config, fetch: (request) => answer(request, sandbox) });
  await graph.query('{ serverInfo { version } }');
};

const ask = (user: number) => graph.query(QUERY, {}, { headers: { authorization: `Bearer user-${user}` } });
const askOthers = (times: number) =>
  Promise.all(Array.from({ length: (USERS - 1) * times }, (_, index) => ask(1 + (index % (USERS - 1)))));
const userOf = (request: Request) => Number(/user-(\d+)/.exec(request.headers.get('authorization') ?? '')?.[1] ?? -1);

describe('64 users with credentials of their own', () => {
  it('are not refused by the load of one who asks for more than is allowed', async () => {
    const refusals = new Map<number, number>();
    await start(true, async (request, sandbox) => {
      const response = await sandbox.fetch(request);
      if (response.status === 429) refusals.set(userOf(request), (refusals.get(userOf(request)) ?? 0) + 1);
      return response;
    });
    const greedy = Promise.all(Array.from({ length: ALLOWED + 60 }, () => ask(0)));
    const others = await askOthers(3);
    expect(others.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    const answers = await greedy;
    const served = answers.filter(({ errors }) => !errors);
    const codes = new Set(answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions.code) ?? []));
    expect(served.length).toBeGreaterThan(ALLOWED - 2 * AT_A_TIME);
    expect(served.length).toBeLessThanOrEqual(ALLOWED);
    expect([...codes]).toEqual(['UPSTREAM_THROTTLED']);
    expect([...refusals.keys()]).toEqual([0]);
    expect(refusals.get(0)).toBeLessThanOrEqual(AT_A_TIME);
  });

  it('are all answered where JumpServer refuses the first call of each', async () => {
    const known = new Set<number>();
    await start(false, async (request, sandbox) => {
      const user = userOf(request);
      if (user < 0 || known.has(user)) return sandbox.fetch(request);
      known.add(user);
      return Response.json({ detail: 'Request was throttled.' }, { status: 429, headers: { 'retry-after': '0' } });
    });
    const answers = await askOthers(1);
    expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    expect(answers.map(({ extensions }) => extensions.upstream.retries)).toEqual(answers.map(() => 1));
  });

  it('have their calls under way while one has hundreds waiting', async () => {
    const underWay = new Set<number>();
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    await start(false, async (request, sandbox) => {
      const user = userOf(request);
      if (user < 0) return sandbox.fetch(request);
      underWay.add(user);
      // The one has six places: nobody is answered before others have all the rest.
      if (underWay.size > ON_A_ROUTE - AT_A_TIME) open();
      await gate;
      return sandbox.fetch(request);
    });
    const greedy = Promise.all(Array.from({ length: 300 }, () => ask(0)));
    const others = await askOthers(1);
    expect(others.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    expect((await greedy).flatMap(({ errors }) => errors ?? [])).toEqual([]);
  });
});

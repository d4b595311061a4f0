import { describe, expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { startSandbox } from './ask.ts';

describe('the state of a sandbox', () => {
  test('is the same for the same seed and another for another', async () => {
    const at = (): number => 1_800_000_000_000;
    const [one, same, other] = [1, 1, 2].map((seed) => createSandbox({ seed, now: at }).exportState());
    expect(JSON.stringify(one)).toBe(JSON.stringify(same));
    expect(JSON.stringify(one)).not.toBe(JSON.stringify(other));
  });

  test('goes out as JSON and comes back whole, the logs and what happened to them included', async () => {
    // The clock stands still: a running session grows with every second.
    const at = Date.now();
    const now = () => at;
    const first = startSandbox({ now });
    const open = await first.get('terminal/sessions/?is_finished=false&limit=1');
    const session = open.body.results[0].id;
    await first.post('terminal/tasks/toggle-lock-session/', { session_id: session, task_name: 'lock_session' });
    await first.post('users/groups/', { name: 'Night Shift' });
    const second = startSandbox({ now, state: JSON.parse(JSON.stringify(first.sandbox.exportState())) });
    expect((await second.get(`terminal/sessions/${session}/`)).body.is_locked).toBe(true);
    expect((await second.get('users/groups/?name=Night+Shift')).body).toHaveLength(1);
    const lists = ['terminal/sessions/?limit=40', 'audits/login-logs/?limit=40', 'users/users/?limit=40'];
    for (const list of lists) expect((await second.get(list)).body).toEqual((await first.get(list)).body);
  });

  test('is what it was made with after a reset', async () => {
    const { sandbox, get, remove } = startSandbox();
    const before = sandbox.exportState();
    const { body } = await get('terminal/sessions/?limit=1&is_finished=true');
    await remove(`terminal/sessions/${body.results[0].id}/`);
    await remove('users/groups/?search=a');
    expect((await get('terminal/sessions/?limit=1')).body.count).toBe(499);
    sandbox.reset();
    expect(sandbox.exportState()).toEqual(before);
  });

  test('loads another in its place', async () => {
    const { sandbox, get } = startSandbox();
    sandbox.load(createSandbox({ version: '4.9.0', users: 12 }).exportState());
    expect((await get('users/users/?limit=1')).body.count).toBe(12);
    expect((await get('assets/zones/')).status).toBe(404);
    expect((await get('assets/domains/')).status).toBe(200);
  });
});

describe('the log', () => {
  test('tells every request served, with who asked', async () => {
    const { sandbox, get } = startSandbox();
    await get('users/groups/?limit=2');
    await get('users/groups/', { as: null });
    expect(sandbox.log).toMatchObject([
      { method: 'GET', path: '/api/v1/users/groups/', query: '?limit=2', status: 200, principal: 'admin' },
      { method: 'GET', status: 401, principal: null },
    ]);
    sandbox.clearLog();
    expect(sandbox.log).toEqual([]);
  });

  test('keeps no more than it is told to', async () => {
    const { sandbox, get } = startSandbox({ logSize: 3 });
    for (const page of [1, 2, 3, 4, 5]) await get(`users/groups/?limit=${page}`);
    expect(sandbox.log.map(({ query }) => query)).toEqual(['?limit=3', '?limit=4', '?limit=5']);
  });
});

describe('a company of any size', () => {
  const { get } = startSandbox({ assets: 3000, users: 300, sessions: 200_000 });

  test('answers pages of its logs without holding them', async () => {
    const { body } = await get('terminal/sessions/?limit=2&offset=150000&fields=id,date_start');
    expect(body.count).toBe(200_000);
    const [first, second] = body.results;
    expect(first.date_start >= second.date_start).toBe(true);
    const byId = await get(`terminal/sessions/?ids=${second.id},${first.id}`);
    expect(byId.body.map(({ id }: { id: string }) => id)).toEqual([first.id, second.id]);
  });

  test('finds the sessions of a user and of an asset, and the commands of a session', async () => {
    const { body } = await get('terminal/sessions/?limit=100&offset=1000');
    const session = body.results.find(({ command_amount }: { command_amount: number }) => command_amount === 6);
    const mine = await get(`terminal/sessions/?limit=1000&user_id=${session.user_id}&fields=id,user_id`);
    expect(new Set(mine.body.results.map(({ user_id }: { user_id: string }) => user_id))).toEqual(
      new Set([session.user_id]),
    );
    const there = await get(`terminal/sessions/?limit=1000&asset_id=${session.asset_id}&fields=id`);
    expect(there.body.results.map(({ id }: { id: string }) => id)).toContain(session.id);
    const commands = await get(`terminal/commands/?limit=10&session_id=${session.id}`);
    expect(commands.body.count).toBe(6);
    expect(commands.body.results.every(({ session: of }: { session: string }) => of === session.id)).toBe(true);
  });
});

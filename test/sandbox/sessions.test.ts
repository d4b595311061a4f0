import { describe, expect, test } from 'vitest';
import { startSandbox } from './ask.ts';

const clock = { now: 1_800_000_000_000 };
const { get, post, put, remove } = startSandbox({ now: () => clock.now });
const later = (milliseconds: number): void => {
  clock.now += milliseconds;
};

describe('sessions', () => {
  test('are ended by a bare array of ids: those accepted come back, and end a little later', async () => {
    const open = (await get('terminal/sessions/?is_finished=false&limit=2')).body.results[0].id;
    const closed = (await get('terminal/sessions/?is_finished=true&limit=1')).body.results[0].id;
    const { body } = await post('terminal/tasks/kill-session/', [open, closed, 'nonsense']);
    expect(body).toEqual({ ok: [open] });
    expect((await get(`terminal/sessions/${open}/`)).body.is_finished).toBe(false);
    later(3000);
    const ended = (await get(`terminal/sessions/${open}/`)).body;
    expect([ended.is_finished, ended.can_terminate, ended.date_end === null]).toEqual([true, false, false]);
  });

  test('are locked and unlocked while they are open', async () => {
    const session = (await get('terminal/sessions/?is_finished=false&limit=1')).body.results[0].id;
    const toggle = (task_name: string) =>
      post('terminal/tasks/toggle-lock-session/', { session_id: session, task_name });
    expect((await toggle('lock_session')).body).toEqual({ ok: [session] });
    expect((await get(`terminal/sessions/${session}/`)).body.is_locked).toBe(true);
    await toggle('unlock_session');
    expect((await get(`terminal/sessions/${session}/`)).body.is_locked).toBe(false);
    expect((await toggle('burn_session')).status).toBe(400);
  });

  test('have commands, which no list shows without a storage or a session', async () => {
    const { body } = await get('terminal/sessions/?limit=20');
    const session = body.results.find(({ command_amount }: { command_amount: number }) => command_amount > 0);
    expect((await get('terminal/commands/?limit=5')).body.count).toBe(0);
    expect((await get(`terminal/commands/?limit=9&session_id=${session.id}`)).body.count).toBe(session.command_amount);
    const storage = (await get('terminal/command-storages/?type=server')).body[0].id;
    const risky = await get(`terminal/commands/?limit=9&risk_level=5&command_storage_id=${storage}`);
    expect(
      risky.body.results.every(({ risk_level }: { risk_level: { value: number } }) => risk_level.value === 5),
    ).toBe(true);
  });

  test('have replays that are fetched in the background', async () => {
    const { body } = await get('terminal/sessions/?limit=50&is_finished=true');
    const session = body.results.find(({ has_replay }: { has_replay: boolean }) => has_replay);
    expect((await get(`terminal/sessions/${session.id}/replay/`)).body.status).toBe('running');
    later(3000);
    const { src } = (await get(`terminal/sessions/${session.id}/replay/`)).body;
    expect((await get(src.replace('/api/v1/', ''))).status).toBe(200);
  });

  test('of the caller alone are theirs to see', async () => {
    const mine = await get('terminal/my-sessions/?limit=50', { as: 'Bearer sandbox-user' });
    const user = (await get('users/users/?username=user')).body[0].id;
    expect(mine.body.results.every(({ user_id }: { user_id: string }) => user_id === user)).toBe(true);
  });
});

describe('what takes its time', () => {
  test('is accepted, runs, and ends well', async () => {
    const automation = (await get('accounts/gather-account-automations/')).body[0].id;
    const { body } = await post('accounts/gather-account-executions/', { automation });
    const state = async () => (await get(`accounts/gather-account-executions/${body.task}/`)).body.status.value;
    const states = [await state()];
    later(2000);
    states.push(await state());
    later(10_000);
    states.push(await state());
    expect(states).toEqual(['pending', 'running', 'success']);
    expect((await get(`ops/task-executions/?ids=${body.task}`)).body[0].is_finished).toBe(true);
  });

  test('tests an asset and tells how it went', async () => {
    const host = (await get('assets/hosts/?limit=50&is_active=true')).body.results.find(
      ({ connectivity }: { connectivity: { value: string } }) => connectivity.value === '-',
    );
    expect(typeof (await post(`assets/assets/${host.id}/tasks/`, { action: 'test' })).body.task).toBe('string');
    later(10_000);
    expect((await get(`assets/hosts/${host.id}/`)).body.connectivity.value).toBe('ok');
  });
});

describe('a request for access', () => {
  test('is opened by a user, granted by an administrator, and then opens what it asked for', async () => {
    const as = 'Bearer sandbox-user';
    const mine = new Set((await get('perms/users/self/assets/', { as })).body.map(({ id }: { id: string }) => id));
    const asset = (await get('assets/hosts/?limit=50')).body.results.find(({ id }: { id: string }) => !mine.has(id));
    const org_id = asset.org_id;
    const wish = {
      title: 'Please',
      org_id,
      apply_assets: [asset.id],
      apply_nodes: [],
      apply_accounts: ['root'],
      apply_actions: ['connect'],
      apply_date_start: new Date(clock.now - 60_000).toISOString(),
      apply_date_expired: new Date(clock.now + 86_400_000).toISOString(),
    };
    const opened = await post('tickets/apply-asset-tickets/open/', wish, { as });
    expect([opened.status, opened.body.state.value]).toEqual([201, 'pending']);
    const granted = await put(`tickets/apply-asset-tickets/${opened.body.id}/approve/`, wish);
    expect(granted.status).toBe(200);
    later(2000);
    const now = (await get('perms/users/self/assets/', { as })).body.map(({ id }: { id: string }) => id);
    expect(now).toContain(asset.id);
    expect((await get('perms/asset-permissions/?from_ticket=true&limit=1')).body.count).toBeGreaterThan(0);
    expect((await put(`tickets/tickets/${opened.body.id}/reject/`)).status).toBe(400);
  });
});

describe('the dashboard', () => {
  test('answers exactly the keys that were asked for', async () => {
    const { body } = await get('index/?total_count_assets=1&total_count_users=1&total_count_online_sessions=1');
    expect(body.total_count_assets).toBe(210);
    expect(Object.keys(body).sort()).toEqual([
      'total_count_assets',
      'total_count_online_sessions',
      'total_count_users',
    ]);
    expect((await get('index/?dates_metrics=1&days=7')).body.dates_metrics_date).toHaveLength(7);
    expect((await get('index/?all=1', { as: 'Bearer sandbox-user' })).status).toBe(403);
  });
});

describe('favourites', () => {
  test('are marked once each and unmarked one at a time', async () => {
    const asset = (await get('assets/devices/?limit=1')).body.results[0].id;
    expect((await post('assets/favorite-assets/', { asset })).status).toBe(201);
    expect((await get(`assets/favorite-assets/?asset=${asset}`)).body).toHaveLength(1);
    expect((await remove(`assets/favorite-assets/?asset=${asset}`)).status).toBe(204);
    expect((await get(`assets/favorite-assets/?asset=${asset}`)).body).toEqual([]);
  });
});

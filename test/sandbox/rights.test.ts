import { describe, expect, test } from 'vitest';
import { startSandbox } from './ask.ts';

const ROOT = '00000000-0000-0000-0000-000000000000';
const user = { as: 'Bearer sandbox-user' };
const auditor = { as: 'Bearer sandbox-auditor' };

describe('who asks', () => {
  const { get, post } = startSandbox({ tokens: { mine: 'auditor' } });

  test('nobody is told so, with how to sign in', async () => {
    const answer = await get('users/users/', { as: null });
    expect([answer.status, answer.body.code]).toEqual([401, 'not_authenticated']);
    expect(answer.headers.get('www-authenticate')).toContain('Signature');
    expect((await get('users/users/', { as: 'Bearer unknown' })).body.code).toBe('not_authenticated');
    expect((await get('users/users/', { as: 'Token unknown' })).body.code).toBe('authentication_failed');
  });

  test('a token of one’s own is taken as Bearer and as Token', async () => {
    for (const as of ['Bearer mine', 'Token mine'])
      expect((await get('users/profile/', { as })).body.username).toBe('auditor');
  });

  test('an ordinary user may see what is theirs and nothing else', async () => {
    const refused = [
      'users/users/',
      'assets/assets/',
      'perms/asset-permissions/',
      'terminal/sessions/',
      'accounts/accounts/',
      'assets/nodes/',
      'audits/login-logs/',
      'orgs/orgs/',
    ];
    for (const path of refused) expect([path, (await get(path, user)).status]).toEqual([path, 403]);
    const open = [
      'users/profile/',
      'perms/users/self/assets/',
      'perms/users/self/nodes/',
      'terminal/my-sessions/',
      'audits/my-login-logs/',
      'tickets/tickets/',
      'assets/favorite-assets/',
      'authentication/connection-token/',
    ];
    for (const path of open) expect([path, (await get(path, user)).status]).toEqual([path, 200]);
    expect((await post('users/users/', { name: 'x', username: 'x' }, user)).body.code).toBe('permission_denied');
  });

  test('an auditor reads logs and sessions and changes nothing', async () => {
    for (const path of ['audits/login-logs/', 'audits/operate-logs/', 'terminal/sessions/']) {
      expect([path, (await get(path, auditor)).status]).toEqual([path, 200]);
    }
    expect((await get('users/users/', auditor)).status).toBe(403);
    expect((await post('terminal/tasks/kill-session/', [], auditor)).status).toBe(403);
  });

  test('rights are told with the organisations they hold in', async () => {
    const { body } = await get('users/profile/permissions/', user);
    expect(body.perms).toContain('perms.view_myassets');
    expect(body.perms).not.toContain('users.view_user');
    expect([body.console_orgs, body.audit_orgs]).toEqual([[], []]);
    const admin = await get('users/profile/permissions/');
    expect(admin.body.console_orgs.map(({ name }: { name: string }) => name)).toEqual([
      'GLOBAL',
      'Default',
      'Vale Robotics',
    ]);
  });
});

describe('organisations', () => {
  const { sandbox, get, post, patch } = startSandbox();

  test('are asked for by id, name or keyword; an unknown one is Default, without a word', async () => {
    const current = async (org?: string) =>
      (await get('orgs/orgs/current/', org === undefined ? {} : { org })).body.name;
    expect(await current('Vale Robotics')).toBe('Vale Robotics');
    expect(await current('root')).toBe('GLOBAL');
    expect(await current('nonsense')).toBe('Default');
    expect(await current()).toBe('Default');
  });

  test('part the rows: ids of another are dropped from lists and not found in detail', async () => {
    const { body } = await get('assets/assets/?limit=1', { org: 'Vale Robotics' });
    expect(body.count).toBe(12);
    const { id } = body.results[0];
    expect((await get(`assets/assets/?ids=${id}`)).body).toEqual([]);
    expect((await get(`assets/assets/${id}/`)).status).toBe(404);
    expect((await get(`assets/assets/${id}/`, { org: ROOT })).body.org_name).toBe('Vale Robotics');
  });

  test('all at once can be read and changed, but nothing is created in them', async () => {
    expect((await get('assets/assets/?limit=1', { org: ROOT })).body.count).toBe(224);
    const refused = await post('users/groups/', { name: 'Everywhere' }, { org: ROOT });
    expect([refused.status, Array.isArray(refused.body)]).toEqual([400, true]);
    const { body } = await get('users/groups/?limit=1', { org: 'Vale Robotics' });
    const changed = await patch(`users/groups/${body.results[0].id}/`, { comment: 'seen' }, { org: ROOT });
    expect([changed.body.comment, changed.body.org_name]).toEqual(['seen', 'Vale Robotics']);
    expect((await get('perms/asset-permissions-users-relations/?limit=1', { org: ROOT })).body.count).toBe(0);
  });

  test('keep their groups: a user of two shows those of the organisation that is asked, and writes leave the others', async () => {
    const [lab] = (await get('users/groups/?limit=1', { org: 'Vale Robotics' })).body.results;
    const [member] = (await get(`users/groups/${lab.id}/`, { org: 'Vale Robotics' })).body.users;
    const groupsIn = async (org: string): Promise<string[]> =>
      (await get(`users/users/${member.id}/`, { org })).body.groups.map(({ name }: { name: string }) => name);
    const here = await groupsIn('Default');
    expect(await groupsIn('Vale Robotics')).toEqual(['Robotics Lab']);
    expect(here.length).toBeGreaterThan(0);
    expect(here).not.toContain('Robotics Lab');
    expect(await groupsIn(ROOT)).toEqual([...here, 'Robotics Lab'].sort());
    expect((await patch(`users/users/${member.id}/`, { groups: [lab.id] })).status).toBe(400);
    expect((await patch(`users/users/${member.id}/`, { groups: [] })).body.groups).toEqual([]);
    expect([await groupsIn('Default'), await groupsIn('Vale Robotics')]).toEqual([[], ['Robotics Lab']]);
  });

  test('have members: users of another are not in the list', async () => {
    const here = (await get('users/users/?limit=1')).body.count;
    const there = (await get('users/users/?limit=100', { org: 'Vale Robotics' })).body;
    const everywhere = (await get('users/users/?limit=1', { org: ROOT })).body.count;
    expect([here, everywhere]).toEqual([60, 60]);
    expect(there.count).toBeLessThan(20);
  });

  test('have administrators of their own, who are nothing elsewhere', async () => {
    const username = sandbox.exportState().tables.users?.[6]?.username;
    const local = startSandbox({ state: sandbox.exportState(), tokens: { local: String(username) } });
    const as = 'Bearer local';
    expect((await local.get('assets/assets/?limit=1', { as, org: 'Vale Robotics' })).body.count).toBe(12);
    expect((await local.get('assets/assets/?limit=1', { as })).status).toBe(403);
    expect((await local.get('assets/assets/?limit=1', { as, org: ROOT })).status).toBe(403);
    expect((await local.post('orgs/orgs/', { name: 'Mine' }, { as, org: 'Vale Robotics' })).status).toBe(403);
  });

  test('are made with a tree of their own', async () => {
    const { status, body } = await post('orgs/orgs/', { name: 'Third' });
    expect([status, body.resource_statistics.nodes_amount]).toEqual([201, 1]);
    const nodes = await get('assets/nodes/', { org: body.id });
    expect(nodes.body.map(({ full_value }: { full_value: string }) => full_value)).toEqual(['/Third']);
  });
});

describe('the throttle', () => {
  const clock = { now: 1_800_000_000_000 };
  const limited = (version: '4.9.0' | '4.10.16' | '4.10.19') =>
    startSandbox({ version, throttle: true, now: () => clock.now });
  const burst = async (asked: ReturnType<typeof startSandbox>, count: number): Promise<number[]> => {
    const statuses: number[] = [];
    for (let i = 0; i < count; i += 1) statuses.push((await asked.get('orgs/orgs/current/')).status);
    return statuses;
  };

  test('of 4.10.16 refuses the 181st call of a minute, says how long to wait, and lets go after it', async () => {
    const asked = limited('4.10.16');
    expect(new Set(await burst(asked, 180))).toEqual(new Set([200]));
    const refused = await asked.get('orgs/orgs/current/');
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([429, 'throttled', '60']);
    expect((await asked.get('orgs/orgs/current/', user)).status).toBe(200);
    clock.now += 60_000;
    expect((await asked.get('orgs/orgs/current/')).status).toBe(200);
  });

  test('of 4.10.19 is wide, and 4.9 has none', async () => {
    expect(new Set(await burst(limited('4.10.19'), 400))).toEqual(new Set([200]));
    expect(new Set(await burst(limited('4.9.0'), 400))).toEqual(new Set([200]));
  });
});

describe('paths', () => {
  const { get, post, put, ask } = startSandbox();

  test('without their slash are moved, for writes too', async () => {
    const moved = await get('users/users');
    expect([moved.status, moved.headers.get('location')]).toEqual([301, '/api/v1/users/users/']);
    expect((await post('users/groups', { name: 'Nobody' })).status).toBe(301);
  });

  test('that lead nowhere are HTML, or JSON to JSON', async () => {
    expect((await get('no/such/')).headers.get('content-type')).toContain('text/html');
    expect(await (await get('no/such/', { headers: { 'content-type': 'application/json' } })).status).toBe(404);
  });

  test('refuse methods that are not theirs', async () => {
    const { status, body } = await put('audits/login-logs/');
    expect([status, body.code]).toEqual([405, 'method_not_allowed']);
    expect((await ask('OPTIONS', 'users/groups/')).body.actions.POST.name).toMatchObject({
      type: 'string',
      required: true,
      max_length: 128,
    });
  });

  test('answer health and open settings to anybody', async () => {
    expect((await get('health/', { as: null })).body.status).toBe(true);
    expect((await get('settings/public/open/', { as: null })).body.XPACK_ENABLED).toBe(false);
    expect((await get('settings/public/', { as: null })).status).toBe(401);
  });
});

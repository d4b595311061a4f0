import { describe, expect, test } from 'vitest';
import { startSandbox } from './ask.ts';

const { get, post, patch } = startSandbox();

const rules = (attrs: object[]): string =>
  encodeURIComponent(Buffer.from(JSON.stringify({ type: 'attrs', attrs })).toString('base64'));
const names = ({ body }: { body: { results: { name: string }[] } }): string[] => body.results.map(({ name }) => name);

describe('ids', () => {
  test('find rows in the order of the list, not of the question, and lose the unknown in silence', async () => {
    const { body } = await get('users/groups/?limit=3');
    const [a, b, c] = body.results.map(({ id }: { id: string }) => id);
    const answer = await get(`users/groups/?ids=${c},00000000-0000-4000-8000-00000000abcd,${a},${b}`);
    expect(answer.body.map(({ id }: { id: string }) => id)).toEqual([a, b, c]);
    const rest = await get(`users/groups/?limit=50&id%21=${a},${b}`);
    expect(rest.body.count).toBe(6);
  });

  test('that are malformed crash the server: HTML, or JSON when the request says it carries JSON', async () => {
    const page = await get('users/users/?ids=bogus');
    expect([page.status, page.headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8']);
    const json = await get('users/users/?ids=bogus', { headers: { 'content-type': 'application/json' } });
    expect([json.status, Object.keys(json.body)]).toEqual([500, ['error']]);
  });

  test('that are empty are ignored', async () => {
    expect((await get('users/users/?limit=1&ids=')).body.count).toBe(60);
  });

  test('narrow each other, in logs as elsewhere', async () => {
    for (const list of ['audits/login-logs', 'assets/nodes']) {
      const [a, b] = (await get(`${list}/?limit=2`)).body.results.map(({ id }: { id: string }) => id);
      expect(
        (await get(`${list}/?limit=9&id=${a}&ids=${a},${b}`)).body.results.map(({ id }: { id: string }) => id),
      ).toEqual([a]);
      expect((await get(`${list}/?limit=9&id=${a}&ids=${b}`)).body.count).toBe(0);
    }
  });

  test('can be stashed first, and an unknown stash is empty', async () => {
    const { body } = await get('assets/hosts/?limit=4&fields=id');
    const resources = body.results.map(({ id }: { id: string }) => id);
    const { spm } = (await post('common/resources/cache/', { resources })).body;
    expect((await get(`assets/hosts/?limit=9&spm=${spm}`)).body.count).toBe(4);
    expect((await get('assets/hosts/?limit=9&spm=nothing')).body.count).toBe(0);
  });
});

describe('attr_rules', () => {
  test('find the accounts of many assets', async () => {
    const { body } = await get('assets/assets/?limit=3&fields=id');
    const value = body.results.map(({ id }: { id: string }) => id);
    const found = await get(
      `accounts/accounts/?limit=50&attr_rules=${rules([{ name: 'asset', match: 'm2m', value }])}`,
    );
    const owners = new Set(found.body.results.map(({ asset }: { asset: { id: string } }) => asset.id));
    expect(owners).toEqual(new Set(value));
  });

  test('find assets of a node with those below it, and nothing of an unknown node', async () => {
    const { body } = await get('assets/nodes/?value=Rotterdam');
    const under = await get(`assets/assets/?limit=1&node=${body[0].id}`);
    const ruled = await get(
      `assets/assets/?limit=1&attr_rules=${rules([{ name: 'nodes', match: 'm2m', value: [body[0].id] }])}`,
    );
    expect(ruled.body.count).toBe(under.body.count);
    const unknown = '00000000-0000-4000-8000-00000000abcd';
    expect((await get(`assets/assets/?limit=1&node=${unknown}`)).body.count).toBe(212);
    const none = rules([{ name: 'nodes', match: 'm2m', value: [unknown] }]);
    expect((await get(`assets/assets/?limit=1&attr_rules=${none}`)).body.count).toBe(0);
  });

  test('are AND-ed, know other comparisons, crash on an unknown name and refuse what is no base64', async () => {
    const both = rules([
      { name: 'category', match: 'in', value: ['database', 'web'] },
      { name: 'name', match: 'startswith', value: 'portal' },
    ]);
    const { body } = await get(`assets/assets/?limit=5&attr_rules=${both}`);
    expect(body.count).toBe(20);
    expect(
      (await get(`assets/assets/?attr_rules=${rules([{ name: 'nonsense', match: 'in', value: [1] }])}`)).status,
    ).toBe(500);
    const refused = await get('users/users/?limit=1&attr_rules=%25%25%25');
    expect([refused.status, Object.keys(refused.body)]).toEqual([400, ['attr_rules']]);
  });

  test('say nothing on accounts of 3.10', async () => {
    const old = startSandbox({ version: '3.10.23' });
    const rule = rules([{ name: 'asset', match: 'm2m', value: ['00000000-0000-4000-8000-00000000abcd'] }]);
    const all = (await old.get('accounts/accounts/?limit=1')).body.count;
    expect((await old.get(`accounts/accounts/?limit=1&attr_rules=${rule}`)).body.count).toBe(all);
  });
});

describe('filters', () => {
  test('that nobody declared are ignored', async () => {
    expect((await get('users/users/?limit=1&id__in=x&flavour=sour')).body.count).toBe(60);
  });

  test('of the wrong type are refused by field', async () => {
    const { status, body } = await get('users/users/?limit=1&id=bogus');
    expect([status, Object.keys(body)]).toEqual([400, ['id']]);
  });

  test('with __in exist from 4.10.19 on', async () => {
    const late = startSandbox({ version: '4.10.19' });
    const { body } = await late.get('users/users/?limit=2&fields=id');
    const [a, b] = body.results.map(({ id }: { id: string }) => id);
    const one = await late.get(`terminal/sessions/?limit=1&user_id=${a}`);
    const two = await late.get(`terminal/sessions/?limit=1&user_id=${b}`);
    const both = await late.get(`terminal/sessions/?limit=1&user_id__in=${a},${b}`);
    expect(both.body.count).toBe(one.body.count + two.body.count);
    const early = await get(`terminal/sessions/?limit=1&user_id__in=${a},${b}`);
    expect(early.body.count).toBe(500);
  });

  test('find users by group, role, source and state', async () => {
    const groups = (await get('users/groups/?limit=1')).body.results;
    const members = await get(`users/users/?limit=100&group_id=${groups[0].id}`);
    expect(members.body.count).toBe(groups[0].users_amount);
    const others = await get(`users/users/?limit=1&exclude_group_id=${groups[0].id}`);
    expect(others.body.count).toBe(60 - members.body.count);
    const admins = await get('users/users/?limit=5&system_roles=00000000-0000-0000-0000-000000000001');
    expect(names(admins)).toEqual(['Administrator']);
    const active = (await get('users/users/?limit=1&is_active=true')).body.count;
    const inactive = (await get('users/users/?limit=1&is_active=false')).body.count;
    expect(active + inactive).toBe(60);
    expect(inactive).toBeGreaterThan(0);
  });

  test('find assets by platform, zone, protocol, address and activity', async () => {
    const cisco = await get('assets/assets/?limit=100&platform=Cisco');
    expect((await get('assets/assets/?limit=1&platform=14')).body.count).toBe(cisco.body.count);
    const zones = (await get('assets/zones/')).body;
    const inZone = await get(`assets/assets/?limit=100&zone=${zones[0].id}&is_gateway=false`);
    expect(inZone.body.count).toBe(zones[0].assets_amount);
    expect((await get('assets/assets/?limit=1&protocols=mysql,redis')).body.count).toBe(30);
    expect(names(await get('assets/assets/?limit=9&ips=10.20.0.1,10.20.0.2'))).toEqual(['app-0001', 'app-0002']);
  });

  test('find permissions of a user through groups, and directly only with all=false', async () => {
    const { body } = await get('users/users/?limit=1&username=user');
    const id = body.results[0].id;
    const all = await get(`perms/asset-permissions/?limit=100&format=json&user_id=${id}`);
    const direct = await get(`perms/asset-permissions/?limit=100&format=json&user_id=${id}&all=false`);
    expect(direct.body.count).toBeGreaterThan(0);
    expect(all.body.count).toBeGreaterThan(direct.body.count);
    const isDirect = ({ users }: { users: { id: string }[] }): boolean => users.some((user) => user.id === id);
    expect(direct.body.results.every(isDirect)).toBe(true);
    expect(all.body.results.filter(isDirect)).toHaveLength(direct.body.count);
  });

  test('on labels OR the values of a name and AND the names', async () => {
    const gold = (await get('users/users/?limit=1&labels=class:gold')).body.count;
    const silver = (await get('users/users/?limit=1&labels=class:silver')).body.count;
    expect((await get('users/users/?limit=1&labels=class:gold,class:silver')).body.count).toBe(gold + silver);
    expect((await get('users/users/?limit=1&labels=class:*')).body.count).toBe(gold + silver);
    const both = await get('assets/assets/?limit=100&labels=stage:production,owner:shop');
    for (const { labels } of both.body.results)
      expect(labels.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['stage', 'owner']));
  });

  test('on time are inclusive at both ends', async () => {
    const { body } = await get('terminal/sessions/?limit=3&offset=100', { headers: { 'x-tz': 'UTC' } });
    const at = body.results.map(({ date_start }: { date_start: string }) => date_start);
    const answer = await get(
      `terminal/sessions/?limit=9&date_from=${encodeURIComponent(at[2])}&date_to=${encodeURIComponent(at[0])}`,
    );
    expect(answer.body.results.map(({ id }: { id: string }) => id)).toContain(body.results[1].id);
    expect((await get('terminal/sessions/?limit=1&date_from=nonsense')).body.count).toBe(500);
    const refused = await get('terminal/commands/?limit=1&date_to=nonsense');
    expect([refused.status, Object.keys(refused.body)]).toEqual([400, ['date_to']]);
  });
});

describe('search and order', () => {
  test('takes every word, in any of the searched properties', async () => {
    expect(names(await get('users/users/?limit=9&search=sandbox+auditor'))).toEqual(['Sandbox Auditor']);
    expect(names(await get('users/users/?limit=9&q=auditor@'))).toEqual(['Sandbox Auditor']);
  });

  test('orders by scalar properties, downwards with a minus, and ignores what it cannot order by', async () => {
    const up = names(await get('assets/assets/?limit=500&order=name'));
    const down = names(await get('assets/assets/?limit=500&order=-name'));
    expect(down).toEqual([...up].reverse());
    expect(names(await get('assets/assets/?limit=500&order=nonsense'))).toEqual(up);
  });
});

describe('fields', () => {
  test('leave what was asked for, drop what was not, and have short forms', async () => {
    const keys = async (query: string): Promise<string[]> =>
      Object.keys((await get(`users/users/?limit=1&${query}`)).body.results[0]);
    expect(await keys('fields=id,name,nonsense')).toEqual(['id', 'name']);
    expect(await keys('fields_size=mini')).toEqual(['id', 'name', 'username']);
    expect(await keys('fields%21=id,name')).not.toContain('name');
  });

  test('that embed others can be had in lists by format=json', async () => {
    const plain = (await get('users/groups/?limit=1')).body.results[0];
    const full = (await get('users/groups/?limit=1&format=json')).body.results[0];
    expect([plain.users, full.users.length]).toEqual([undefined, plain.users_amount]);
  });

  test('with times follow X-TZ', async () => {
    const at = async (zone?: string): Promise<string> => {
      const headers: Record<string, string> = zone === undefined ? {} : { 'x-tz': zone };
      return (await get('users/users/?limit=1&fields=date_joined', { headers })).body.results[0].date_joined;
    };
    expect(await at()).toMatch(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \+0800$/);
    expect(await at('UTC')).toMatch(/ \+0000$/);
    expect(await at('America/Lima')).toMatch(/ -0500$/);
  });
});

describe('labels', () => {
  test('are bound by pair, made when unknown, and replaced as a whole', async () => {
    const { body } = await get('assets/hosts/?limit=1');
    const { id } = body.results[0];
    const pairs = async (labels: string[]): Promise<string[]> => {
      const answer = await patch(`assets/hosts/${id}/`, { labels });
      return answer.body.labels.map(({ name, value }: { name: string; value: string }) => `${name}:${value}`);
    };
    expect(await pairs(['stage:production', 'berth:9'])).toEqual(
      expect.arrayContaining(['stage:production', 'berth:9']),
    );
    expect(await pairs(['berth:9'])).toEqual(['berth:9']);
    expect((await get('labels/labels/?name=berth')).body[0].res_count).toBe(1);
  });
});

describe('a list as CSV', () => {
  test('has titles with the property in parentheses, and says no to those who insist on JSON', async () => {
    const { text, headers } = await get('users/groups/?format=csv&fields=id,name');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(text.split('\r\n')[0]).toMatch(/\(id\),\*.*\(name\)/);
    expect(text.split('\r\n')).toHaveLength(10);
    const refused = await get('users/groups/?format=csv', { headers: { accept: 'application/json' } });
    expect([refused.status, refused.body.code]).toEqual([406, 'not_acceptable']);
  });
});

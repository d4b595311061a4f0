import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startSandbox } from './ask.ts';

interface Ref {
  id: string;
}

const ids = (rows: Ref[]): string[] => rows.map(({ id }) => id).sort();

describe('effective access', () => {
  let now = 1_800_000_000_000;
  const tick = (): number => {
    now += 10;
    return now;
  };
  const { get, post, patch, all } = startSandbox({ now: tick });

  test('is told alike from the user’s, the asset’s and the permission’s side', async () => {
    const user = (await get('users/users/?username=user')).body[0];
    const mine: Ref[] = await all(`perms/users/${user.id}/assets/`);
    expect(mine.length).toBeGreaterThan(3);
    for (const { id } of mine.slice(0, 3)) expect(ids(await all(`assets/assets/${id}/perm-users/`))).toContain(user.id);
    const own: Ref[] = await all('perms/users/self/assets/', { as: 'Bearer sandbox-user' });
    expect(ids(own)).toEqual(ids(mine));
    const nodes: { key: string; assets_amount: number }[] = await all(`perms/users/${user.id}/nodes/`);
    expect(nodes.find(({ key }) => key === '1')?.assets_amount).toBe(mine.length);
  });

  test('holds accounts by the rules of the grant, and ends with it', async () => {
    const user = (await get('users/users/?username=auditor')).body[0];
    const asset = (await get('assets/hosts/?limit=1&platform=Linux')).body.results[0];
    const permission = (
      await post('perms/asset-permissions/', {
        name: 'Just this',
        users: [user.id],
        assets: [asset.id],
        accounts: ['@ALL', '!root', '@INPUT'],
        actions: ['connect', 'upload'],
      })
    ).body;
    const detail = await get(`perms/users/${user.id}/assets/${asset.id}/`);
    const aliases = detail.body.permed_accounts.map(({ username }: { username: string }) => username);
    expect(aliases).not.toContain('root');
    expect(aliases).toEqual(expect.arrayContaining(['deploy', '@INPUT']));
    await patch(`perms/asset-permissions/${permission.id}/`, { is_active: false });
    const left: Ref[] = await all(`perms/users/${user.id}/assets/`);
    const others = (await get(`assets/assets/${asset.id}/perm-users/${user.id}/permissions/`)).body;
    expect(left.some(({ id }) => id === asset.id)).toBe(others.some(({ is_valid }: { is_valid: boolean }) => is_valid));
  });

  test('opens connections: for an account of the grant only', async () => {
    const as = 'Bearer sandbox-user';
    const assets: Ref[] = await all('perms/users/self/assets/', { as });
    const details = await Promise.all(assets.map(({ id }) => get(`perms/users/self/assets/${id}/`, { as })));
    const open = details.find(({ body }) => body.permed_accounts.length > 0)?.body;
    const ask = (account: string) =>
      post(
        'authentication/connection-token/',
        { asset: open.id, account, protocol: 'ssh', connect_method: 'web_cli' },
        { as },
      );
    const made = await ask(open.permed_accounts[0].alias);
    expect([made.status, typeof made.body.value, made.body.expire_time]).toEqual([201, 'string', 299]);
    expect((await ask('nobody')).body.code).toBe('perm_account_invalid');
  });
});

/** A grant in terms of positions in the lists of users, groups, assets and nodes. */
const grant = fc.record({
  users: fc.uniqueArray(fc.nat(11), { maxLength: 3 }),
  groups: fc.uniqueArray(fc.nat(7), { maxLength: 2 }),
  assets: fc.uniqueArray(fc.nat(39), { maxLength: 4 }),
  nodes: fc.uniqueArray(fc.nat(40), { maxLength: 2 }),
  is_active: fc.boolean(),
  from: fc.integer({ min: -30, max: 5 }),
  to: fc.integer({ min: -5, max: 30 }),
});

const DAY = 86_400_000;

describe('for any grants', () => {
  const state = startSandbox({ assets: 40, users: 12, sessions: 0 }).sandbox.exportState();
  for (const table of Object.keys(state.tables))
    if (/permission/.test(table) && table !== 'rbac-permissions') state.tables[table] = [];

  test('the assets of a user are (users ∪ members) × (assets ∪ subtrees) of what counts now', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(grant, { minLength: 1, maxLength: 5 }), async (grants) => {
        const { post, all } = startSandbox({ state });
        const [users, groups, assets, nodes] = await Promise.all([
          all('users/users/'),
          all('users/groups/?format=json'),
          all('assets/assets/'),
          all('assets/nodes/'),
        ]);
        const at = (rows: Ref[], places: number[]): string[] => places.flatMap((place) => rows[place]?.id ?? []);
        const now = Date.now();
        const given = grants.map((one, i) => ({
          name: `grant ${i}`,
          users: at(users, one.users),
          user_groups: at(groups, one.groups),
          assets: at(assets, one.assets),
          nodes: at(nodes, one.nodes),
          accounts: ['@ALL'],
          is_active: one.is_active,
          date_start: new Date(now + one.from * DAY - 1000).toISOString(),
          date_expired: new Date(now + one.to * DAY + 60_000).toISOString(),
        }));
        for (const one of given) expect((await post('perms/asset-permissions/', one)).status).toBe(201);
        const counts = (one: (typeof given)[number]): boolean =>
          one.is_active && Date.parse(one.date_start) < now && Date.parse(one.date_expired) > now;
        for (const user of users) {
          const mine = groups
            .filter(({ users: members }) => members.some(({ id }: Ref) => id === user.id))
            .map(({ id }) => id);
          const expected = new Set<string>();
          for (const one of given.filter(counts)) {
            if (!one.users.includes(user.id) && !one.user_groups.some((group) => mine.includes(group))) continue;
            for (const asset of one.assets) expected.add(asset);
            const keys = nodes.filter(({ id }) => one.nodes.includes(id)).map(({ key }) => key);
            const under = nodes
              .filter(({ key }) => keys.some((top) => key === top || key.startsWith(`${top}:`)))
              .map(({ id }) => id);
            for (const asset of assets)
              if (asset.nodes.some(({ id }: Ref) => under.includes(id))) expected.add(asset.id);
          }
          expect(ids(await all(`perms/users/${user.id}/assets/`))).toEqual([...expected].sort());
        }
      }),
      { numRuns: 15, seed: 4 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAccessEngine } from '../../src/access/engine.ts';
import { createAccountHygiene } from '../../src/reports/account-hygiene.ts';
import { takeAssetInventory } from '../../src/reports/asset-inventory.ts';
import { createCommandRisks, programOf } from '../../src/reports/command-risks.ts';
import type { AccountFact, LoginFact } from '../../src/reports/facts.ts';
import { toAccountFact, toCommandFact, toLoginFact, toSessionFact } from '../../src/reports/facts.ts';
import { createLoginStatistics } from '../../src/reports/login-statistics.ts';
import { createOverview } from '../../src/reports/overview.ts';
import { createSessionStatistics } from '../../src/reports/session-statistics.ts';
import { accountActions } from '../access/brute-force.ts';
import { organizations } from '../access/random-organization.ts';
import { company, today } from '../access/small-company.ts';
import { loadSnapshot, versions } from '../support/recordings.ts';

const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };
const engine = createAccessEngine(company);

describe('session statistics', () => {
  const rows = [
    sessionRow({ date_start: '2026/03/01 23:30:00 +0000', protocol: 'ssh', is_success: true }),
    sessionRow({ date_start: '2026/03/01 23:59:59 +0000', protocol: 'rdp', is_success: false }),
    sessionRow({ date_start: '2026/03/02 00:00:00 +0000', protocol: 'ssh', is_success: true }),
    sessionRow({ date_start: '2026/03/03 00:00:00 +0000', protocol: 'ssh', is_success: true }),
  ];
  const range = { from: Date.parse('2026-03-01'), to: Date.parse('2026-03-03') };

  test('count what began in the range, its end excluded, day by day', () => {
    const statistics = count(rows, { range, groupBy: ['DAY'] });
    expect(statistics.totalCount()).toBe(3);
    expect(
      statistics.groups().map(({ key, count, failed, durationSeconds }) => [key, count, failed, durationSeconds]),
    ).toEqual([
      ['2026-03-01', 2, 1, 3600],
      ['2026-03-02', 1, 0, 1800],
    ]);
  });

  test('put a session into the hour of its own time zone, half hours and all', () => {
    const statistics = count(rows, { range, groupBy: ['HOUR'], timeZone: 'Asia/Kolkata' });
    expect(statistics.groups().map(({ key, count }) => [key, count])).toEqual([['2026-03-02T05', 3]]);
  });

  test('combine dimensions, and name users and assets by id and text', () => {
    const [group] = count(rows, { range, groupBy: ['USER', 'PROTOCOL'] }).groups();
    expect(group).toEqual({
      key: 'u-1',
      label: 'Ann(ann)',
      count: 2,
      failed: 0,
      durationSeconds: 3600,
      keys: [
        { dimension: 'USER', key: 'u-1', label: 'Ann(ann)' },
        { dimension: 'PROTOCOL', key: 'ssh', label: 'ssh' },
      ],
    });
  });

  test('refuse a time zone that does not exist', () => {
    expect(() => createSessionStatistics({ range, groupBy: ['DAY'], timeZone: 'Mars/Olympus' })).toThrow(RangeError);
  });

  test.each(versions)('count the sessions recorded on %s exactly', (version) => {
    const recorded = loadSnapshot(version).sessions ?? [];
    const statistics = count(recorded, { range: everything, groupBy: ['PROTOCOL'] });
    const ssh = recorded.filter((row) => row.protocol === 'ssh');
    expect(statistics.totalCount()).toBe(500);
    expect(statistics.groups().find(({ key }) => key === 'ssh')).toMatchObject({
      count: ssh.length,
      failed: ssh.filter((row) => row.is_success === false).length,
    });
  });
});

describe('login statistics', () => {
  const statistics = createLoginStatistics({ range: { from: 100, to: 200 } });
  const logins: LoginFact[] = [
    login('ann', '10.0.0.1', 50, true),
    login('ann', '10.0.0.1', 110, true),
    login('ann', '10.0.0.2', 120, false),
    login('ann', '10.0.0.2', 130, true),
    login('ben', '10.0.0.2', 140, false),
    login('ben', '10.0.0.2', 150, false),
    login('ben', '10.0.0.2', 200, true),
  ];
  for (const one of logins) statistics.add(one);

  test('count attempts and failures of the range', () => {
    expect([statistics.totalCount(), statistics.failedCount()]).toEqual([5, 3]);
    expect(statistics.byUser()).toEqual([
      { key: 'ben', count: 2, failed: 2, lastFailedAt: 150 },
      { key: 'ann', count: 3, failed: 1, lastFailedAt: 120 },
    ]);
    expect(statistics.byDay()).toEqual([{ day: '1970-01-01', count: 5, failed: 3 }]);
  });

  test('call an address new when its user was never seen there before, not even before the range', () => {
    expect(statistics.newAddresses()).toEqual([{ username: 'ann', address: '10.0.0.2', city: 'X', at: 130 }]);
  });

  test('name active users who never got in', () => {
    expect(statistics.withoutLogin(company.users).map(({ id }) => id)).toEqual(['cem']);
  });

  test.each(versions)('read what %s recorded', (version) => {
    const recorded = loadSnapshot(version)['login-logs'] ?? [];
    const facts = recorded.map(toLoginFact).filter((fact) => fact !== null);
    expect(facts).toHaveLength(recorded.length);
    expect(facts.every(({ username }) => !username.includes('('))).toBe(true);
    expect(facts.filter(({ isSuccess }) => !isSuccess).length).toBeLessThan(facts.length);
  });
});

describe('command risks', () => {
  test.each(versions)('count the levels recorded on %s', (version) => {
    const recorded = loadSnapshot(version).commands ?? [];
    const risks = createCommandRisks({ range: everything });
    const risky = recorded.map(toCommandFact).filter((fact) => risks.add(fact));
    expect(risks.totalCount()).toBe(recorded.length);
    expect(risks.riskyCount()).toBe(risky.length);
    expect(risks.byLevel().map(({ key }) => key)).toContain('ACCEPT');
    expect(risks.byProgram().reduce((sum, { risky }) => sum + risky, 0)).toBe(risky.length);
  });

  test.each([
    ['rm -rf /tmp/x', 'rm'],
    ['  /usr/bin/rm -rf x', 'rm'],
    ['sudo -n -u root systemctl stop x', 'systemctl'],
    ['sudo systemctl stop x', 'systemctl'],
    ['', ''],
  ])('the program of %j is %j', (input, program) => {
    expect(programOf(input)).toBe(program);
  });
});

describe('account hygiene', () => {
  test('finds unverified accounts, old secrets and privileged accounts that many may open', () => {
    const hygiene = createAccountHygiene(engine, { secretOlderThanDays: 30, reachableByMoreThan: 1 });
    const [day, month] = [86_400_000, 31 * 86_400_000];
    hygiene.add(account({ username: 'app', assetId: 'web', isPrivileged: true, secretChangedAt: today - day }));
    hygiene.add(account({ username: 'root', assetId: 'orders', isPrivileged: true, createdAt: today - month }));
    hygiene.add(account({ username: 'app', assetId: 'orders', verifiedAt: today }));
    hygiene.add(account({ username: 'off', assetId: 'web', isActive: false, createdAt: 0 }));
    expect(hygiene.totalCount()).toBe(4);
    expect(hygiene.neverVerified().map(({ account: { username, assetId } }) => `${username}@${assetId}`)).toEqual([
      'app@web',
      'root@orders',
    ]);
    expect(hygiene.oldSecrets()).toMatchObject([
      { account: { username: 'root' }, detail: 'Secret never changed in the 31 days of the account' },
    ]);
    // Ann and Ben may open app on web; of root on orders, "operate" excludes Ben and leaves Ann the upload.
    expect(hygiene.reachableByMany()).toMatchObject([{ account: { username: 'app', assetId: 'web' }, users: 2 }]);
  });

  test('counts who may open a privileged account as a brute force does, exclusions and own accounts included', () => {
    let opened = 0;
    fc.assert(
      fc.property(organizations, (inputs) => {
        const hygiene = createAccountHygiene(createAccessEngine(inputs), { reachableByMoreThan: -1 });
        const names = ['root', 'app', 'user-0', 'user-1'];
        const held = inputs.assets.flatMap(({ id }) => names.map((username) => ({ username, assetId: id })));
        for (const one of held) hygiene.add(account({ ...one, isPrivileged: true }));
        const found = hygiene.reachableByMany().map(({ account: one, users }) => [one.assetId, one.username, users]);
        const wanted = held.map(({ assetId, username }) => {
          const openers = inputs.users.filter(
            ({ id }) => accountActions(inputs, id, assetId, username, inputs.asOf) > 0,
          );
          opened += openers.length;
          return [assetId, username, openers.length];
        });
        expect(found.sort()).toEqual(wanted.sort());
      }),
      { numRuns: 40 },
    );
    expect(opened).toBeGreaterThan(100);
  });

  test.each(versions)('reads the accounts recorded on %s', (version) => {
    const facts = (loadSnapshot(version).accounts ?? []).map(toAccountFact);
    expect(facts.length).toBeGreaterThan(300);
    expect(facts.every(({ assetId, username }) => assetId !== '' && username !== '')).toBe(true);
  });
});

test('the inventory counts assets and names those that nobody reaches', () => {
  const inventory = takeAssetInventory(
    createAccessEngine({ ...company, permissions: company.permissions.slice(1, 3) }),
  );
  expect(inventory).toMatchObject({
    totalCount: 3,
    inactiveCount: 1,
    byCategory: [{ key: 'host', count: 3, inactive: 1 }],
    byNode: [
      { key: '/Firm/prod', count: 1, inactive: 0 },
      { key: '/Firm/prod-old', count: 1, inactive: 1 },
      { key: '/Firm/prod/db', count: 1, inactive: 0 },
    ],
  });
  expect(inventory.unreached.map(({ id }) => id)).toEqual(['attic', 'web']);
});

test('the overview counts what was given and leaves the rest empty', () => {
  expect(createOverview(engine)).toMatchObject({
    users: 3,
    activeUsers: 2,
    permissions: 5,
    validPermissions: 3,
    expiredPermissions: 1,
    emptyPermissions: 0,
    pairs: 5,
    usersWithAccess: 3,
    sessions: null,
    logins: null,
  });
});

function count(rows: readonly Record<string, unknown>[], options: Parameters<typeof createSessionStatistics>[0]) {
  const statistics = createSessionStatistics(options);
  for (const row of rows) {
    const fact = toSessionFact(row);
    if (fact) statistics.add(fact);
  }
  return statistics;
}

function sessionRow(differences: Record<string, unknown>) {
  return {
    id: 's',
    user: 'Ann(ann)',
    user_id: 'u-1',
    asset: 'web(10.0.0.1)',
    asset_id: 'a-1',
    account: 'root(root)',
    login_from: { value: 'ST', label: 'SSH Terminal' },
    date_end: null,
    duration: '0:30:00',
    ...differences,
  };
}

function login(username: string, address: string, at: number, isSuccess: boolean): LoginFact {
  return { id: `${username}${at}`, username, address, city: 'X', reason: '', isSuccess, at };
}

function account(differences: Partial<AccountFact>): AccountFact {
  return {
    id: JSON.stringify(differences),
    name: '',
    username: '',
    assetId: '',
    assetText: '',
    secretType: 'password',
    isPrivileged: false,
    isActive: true,
    createdAt: today,
    verifiedAt: null,
    secretChangedAt: null,
    ...differences,
  };
}

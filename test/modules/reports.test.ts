import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

type Raw = Readonly<Record<string, unknown>>;

const DAY = 86_400_000;
let graph: TestGraph;
beforeAll(async () => {
  // Time stands still: what a report counts and what is counted by hand is of the same days, also at midnight.
  vi.useFakeTimers({ toFake: ['Date'] });
  graph = await startGraph({ sandboxOptions: { sessions: 3000 } });
  await graph.query('{ serverInfo { version } }');
});
afterAll(async () => {
  await graph.close();
  vi.useRealTimers();
});

/** All rows of a path as JumpServer lists them, read independently of what is tested. */
async function rowsOf(path: string, { sandbox }: TestGraph = graph): Promise<Raw[]> {
  const rows: Raw[] = [];
  for (let offset = 0; ; offset += 1000) {
    const address = `http://jumpserver.test/api/v1${path}${path.includes('?') ? '&' : '?'}limit=1000&offset=${offset}`;
    const headers = { authorization: 'Bearer sandbox-admin', 'x-tz': 'UTC' };
    const answer = await sandbox.fetch(new Request(address, { headers }));
    const { count, results } = (await answer.json()) as { count: number; results: Raw[] };
    rows.push(...results);
    if (rows.length >= count) return rows;
  }
}

/** `2026/01/31 08:00:00 +0000` in milliseconds. */
const timeOf = (value: unknown) =>
  Date.parse(String(value).replaceAll('/', '-').replace(' +0000', 'Z').replace(' ', 'T'));
const endOfToday = () => (Math.floor(Date.now() / DAY) + 1) * DAY;
const wire = (value: unknown) => (typeof value === 'object' && value !== null ? (value as Raw)['value'] : value);

async function report<T>(selection: string, on: TestGraph = graph): Promise<T> {
  const { data, errors } = await on.query<{ reports: T }>(`{ reports { ${selection} } }`);
  expect(errors).toBeUndefined();
  return data.reports;
}

describe('sessionStatistics', () => {
  const [from, to] = ['2000-01-01T00:00:00Z', '2090-01-01T00:00:00Z'];
  const range = `range: { from: "${from}", to: "${to}" }`;

  it('counts every session of the range once, as a count by hand does', async () => {
    const sessions = await rowsOf('/terminal/sessions/?fields=id,user,user_id,protocol,is_success,date_start,date_end');
    const { sessionStatistics } = await report<{
      sessionStatistics: {
        totalCount: number;
        groups: {
          keys: { dimension: string; key: string; label: string }[];
          key: string;
          count: number;
          failed: number;
        }[];
      };
    }>(
      `sessionStatistics(${range}, groupBy: [USER, PROTOCOL]) { totalCount groups { keys { dimension key label } key count failed } }`,
    );
    const expected = new Map<string, { count: number; failed: number }>();
    for (const row of sessions) {
      const key = `${row['user_id']} ${row['user']} ${row['protocol']}`;
      const tally = expected.get(key) ?? { count: 0, failed: 0 };
      tally.count += 1;
      tally.failed += row['is_success'] === false ? 1 : 0;
      expected.set(key, tally);
    }
    const found = sessionStatistics.groups.map(({ keys: [user, protocol], key, count, failed }) => {
      expect([user?.dimension, protocol?.dimension, key]).toEqual(['USER', 'PROTOCOL', user?.key]);
      return [`${user?.key} ${user?.label} ${protocol?.key}`, { count, failed }] as const;
    });
    expect(sessionStatistics.totalCount).toBe(sessions.length);
    expect(new Map(found)).toEqual(expected);
  });

  it('names days as they are in the zone asked for, in their order', async () => {
    const sessions = await rowsOf('/terminal/sessions/?fields=id,date_start');
    const { sessionStatistics } = await report<{ sessionStatistics: { groups: { key: string; count: number }[] } }>(
      `sessionStatistics(${range}, groupBy: [DAY], timeZone: "Asia/Shanghai") { groups { key count } }`,
    );
    const expected = new Map<string, number>();
    for (const row of sessions) {
      const day = new Date(timeOf(row['date_start']) + 8 * 3_600_000).toISOString().slice(0, 10);
      expected.set(day, (expected.get(day) ?? 0) + 1);
    }
    expect(sessionStatistics.groups.map(({ key, count }) => [key, count])).toEqual([...expected].sort());
  });

  it('takes `from` in and leaves `to` out', async () => {
    const [first] = await rowsOf('/terminal/sessions/?fields=id,date_start&order=date_start');
    const at = new Date(timeOf(first?.['date_start'])).toISOString();
    const next = new Date(timeOf(first?.['date_start']) + 1000).toISOString();
    const counts = await report<Record<string, { totalCount: number }>>(
      `in: sessionStatistics(range: { from: "${at}", to: "${next}" }, groupBy: [DAY]) { totalCount }
       out: sessionStatistics(range: { from: "${from}", to: "${at}" }, groupBy: [DAY]) { totalCount }`,
    );
    expect([counts['in']?.totalCount, counts['out']?.totalCount]).toEqual([1, 0]);
  });

  it.each([
    ['half a range', 'sessionStatistics(range: { from: "2026-01-01T00:00:00Z" }, groupBy: [DAY])'],
    ['a range backwards', `sessionStatistics(range: { from: "${to}", to: "${from}" }, groupBy: [DAY])`],
    ['a dimension twice', `sessionStatistics(${range}, groupBy: [DAY, DAY])`],
    ['a zone that does not exist', `sessionStatistics(${range}, groupBy: [DAY], timeZone: "Mars/Olympus")`],
  ])('refuses %s', async (_name, field) => {
    const { errors } = await graph.query(`{ reports { ${field} { totalCount } } }`);
    expect(errors?.map(({ extensions: { code } }) => code)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('permissionAudit', () => {
  /** Sessions of the last days, and the names of permissions none of whose pairs had one, by what JumpServer itself lists of each. */
  const countByHand = async (days: number, on: TestGraph = graph) => {
    const [sessions, permissions] = await Promise.all([
      rowsOf('/terminal/sessions/?fields=id,user_id,asset_id,date_start', on),
      rowsOf('/perms/asset-permissions/?fields=id,name', on),
    ]);
    const recent = sessions.filter((row) => timeOf(row['date_start']) >= endOfToday() - days * DAY);
    const used = new Set(recent.map((row) => `${row['user_id']} ${row['asset_id']}`));
    const unused = await Promise.all(
      permissions.map(async ({ id, name }) => {
        const list = async (side: string) =>
          (await rowsOf(`/perms/asset-permissions/${id}/${side}s/all/`, on)).map((row) => String(row[side]));
        const [users, assets] = [await list('user'), await list('asset')];
        return users.some((user) => assets.some((asset) => used.has(`${user} ${asset}`))) ? [] : [String(name)];
      }),
    );
    return { sessions: recent.length, unused: unused.flat().sort(), permissions: permissions.length };
  };

  const askUnused = async (days: number, on: TestGraph = graph) => {
    const { data, extensions } = await on.query<{
      reports: { permissionAudit: { sessions: number; unused: { totalCount: number; nodes: { permission: Raw }[] } } };
    }>(
      `{ reports { permissionAudit(unusedForDays: ${days}) { sessions unused(first: 1000) { totalCount nodes { permission { name } reason } } } } }`,
    );
    const { sessions, unused } = data.reports.permissionAudit;
    const found = unused.nodes.map(({ permission }) => permission['name']);
    expect(found).toHaveLength(unused.totalCount);
    return { sessions, unused: found, calls: extensions.upstream.calls };
  };

  it('finds the permissions without a session of any of their pairs, as JumpServer’s own answers tell it', async () => {
    const [{ sessions, unused }, found] = [await countByHand(30), await askUnused(30)];
    expect(found).toMatchObject({ sessions, unused });
  });

  it('reads no session when none is asked about', async () => {
    graph.sandbox.clearLog();
    await report('permissionAudit { expired { totalCount } shadowed { totalCount } withoutSubject { totalCount } }');
    expect(graph.sandbox.log.filter(({ path }) => path.includes('sessions'))).toEqual([]);
  });

  it('looks through 100,000 sessions in at most 110 calls, and finds the same as a count by hand', async () => {
    const busy = await startGraph({ sandboxOptions: { sessions: 100_000 } });
    const { calls, ...found } = await askUnused(366, busy);
    expect(calls).toBeLessThanOrEqual(110);
    const { permissions, ...byHand } = await countByHand(366, busy);
    expect(found).toEqual(byHand);
    expect([byHand.sessions, byHand.unused.length > 0, byHand.unused.length < permissions]).toEqual([
      100_000,
      true,
      true,
    ]);
    await busy.close();
  });

  it('pages its findings, and completes what is selected of permissions in one call', async () => {
    const { data, extensions } = await graph.query<{
      reports: {
        permissionAudit: { a: { nodes: { permission: { comment: string } }[]; pageInfo: { endCursor: string } } };
      };
    }>(
      '{ reports { permissionAudit { a: expired(first: 2) { nodes { permission { name comment } } pageInfo { hasNextPage endCursor } } } } }',
    );
    const { nodes, pageInfo } = data.reports.permissionAudit.a;
    expect([nodes.length, extensions.upstream.calls]).toEqual([2, 1]);
    const next = await report<{ permissionAudit: { expired: { nodes: object[]; pageInfo: object } } }>(
      `permissionAudit { expired(first: 2, after: "${pageInfo.endCursor}") { nodes { permission { name } } pageInfo { hasNextPage hasPreviousPage } } }`,
    );
    expect(next.permissionAudit.expired.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: true });
    const foreign = await graph.query(
      `{ reports { permissionAudit { unused(after: "${pageInfo.endCursor}") { totalCount } } } }`,
    );
    expect(foreign.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('the other reports', () => {
  it('loginStatistics counts attempts and failures, and names who never came', async () => {
    const logins = await rowsOf('/audits/login-logs/');
    const users = await rowsOf('/users/users/?fields=id,username,is_active');
    const from = endOfToday() - 30 * DAY;
    const within = logins.filter((row) => timeOf(row['datetime']) >= from);
    const came = new Set(
      within
        .filter((row) => wire(row['status']) === true)
        .map((row) => /\((.*)\)$/.exec(String(row['username']))?.[1] ?? String(row['username'])),
    );
    const absent = users.filter((row) => row['is_active'] === true && !came.has(String(row['username'])));
    const { loginStatistics } = await report<{
      loginStatistics: { totalCount: number; failedCount: number; usersWithoutLogin: { username: string }[] };
    }>('loginStatistics { totalCount failedCount usersWithoutLogin { username email } }');
    expect(loginStatistics).toMatchObject({
      totalCount: within.length,
      failedCount: within.filter((row) => wire(row['status']) === false).length,
    });
    expect(loginStatistics.usersWithoutLogin.map(({ username }) => username).sort()).toEqual(
      absent.map((row) => String(row['username'])).sort(),
    );
  });

  it('commandRisks counts the commands of all storages, and lists the risky ones with their sessions', async () => {
    const storages = await rowsOf('/terminal/command-storages/?real=1');
    const lists = await Promise.all(storages.map(({ id }) => rowsOf(`/terminal/commands/?command_storage_id=${id}`)));
    const from = (endOfToday() - 30 * DAY) / 1000;
    const commands = lists.flat().filter((row) => Number(row['timestamp']) >= from);
    const risky = commands.filter((row) => Number(wire(row['risk_level'])) >= 4);
    const { commandRisks } = await report<{
      commandRisks: {
        totalCount: number;
        riskyCount: number;
        commands: { totalCount: number; nodes: { input: string; session: { id: string } | null }[] };
      };
    }>(
      'commandRisks { totalCount riskyCount commands(first: 1000) { totalCount nodes { input riskLevel session { id protocol } } } }',
    );
    expect(commandRisks).toMatchObject({ totalCount: commands.length, riskyCount: risky.length });
    expect(commandRisks.commands.nodes.map(({ input }) => input).sort()).toEqual(
      risky.map((row) => String(row['input'])).sort(),
    );
    expect(commandRisks.commands.nodes.every(({ session }) => session !== null)).toBe(true);
  });

  it('accountHygiene knows who may open a privileged account, as JumpServer tells it', async () => {
    const { accountHygiene } = await report<{
      accountHygiene: {
        totalCount: number;
        neverVerified: { totalCount: number };
        reachableByMany: { nodes: { usersCount: number; account: { username: string; asset: { uuid: string } } }[] };
      };
    }>(
      `accountHygiene(reachableByMoreThan: 3) { totalCount neverVerified { totalCount }
        reachableByMany(first: 3) { nodes { usersCount account { username asset { uuid } } } } }`,
    );
    const accounts = await rowsOf('/accounts/accounts/?fields=id,is_active,date_verified');
    expect(accountHygiene.totalCount).toBe(accounts.length);
    expect(accountHygiene.neverVerified.totalCount).toBe(
      accounts.filter((row) => row['is_active'] !== false && !row['date_verified']).length,
    );
    const users = await rowsOf('/users/users/?fields=id');
    for (const { usersCount, account } of accountHygiene.reachableByMany.nodes) {
      const opened = await Promise.all(
        users.map(async ({ id }) => {
          const headers = { authorization: 'Bearer sandbox-admin' };
          const address = `http://jumpserver.test/api/v1/perms/users/${id}/assets/${account.asset.uuid}/`;
          const answer = await graph.sandbox.fetch(new Request(address, { headers }));
          const row = (await answer.json()) as { permed_accounts?: { username: string }[] };
          return row.permed_accounts?.some(({ username }) => username === account.username) ?? false;
        }),
      );
      expect(usersCount).toBe(opened.filter(Boolean).length);
    }
  });

  it('assetInventory and overview count what the lists hold', async () => {
    const [assets, users, permissions] = await Promise.all([
      rowsOf('/assets/assets/?fields=id,is_active'),
      rowsOf('/users/users/?fields=id'),
      rowsOf('/perms/asset-permissions/?fields=id,is_valid'),
    ]);
    const found = await report<{ assetInventory: { unreached: { nodes: { name: string }[] } } }>(
      `assetInventory { totalCount inactiveCount unreached { nodes { name platform { name } } } }
       overview { users assets permissions validPermissions sessions }`,
    );
    expect(found).toMatchObject({
      assetInventory: {
        totalCount: assets.length,
        inactiveCount: assets.filter((row) => row['is_active'] === false).length,
      },
      overview: {
        users: users.length,
        assets: assets.length,
        permissions: permissions.length,
        validPermissions: permissions.filter((row) => row['is_valid'] === true).length,
      },
    });
  });

  it.each(['3.10.23', '4.9.0', '4.10.16', '4.10.19'] as const)('are all made over JumpServer %s', async (version) => {
    const old = await startGraph({ sandbox: createSandbox({ version, throttle: false, sessions: 50 }) });
    await report(
      `permissionAudit { unused { totalCount } overBroad { totalCount } }
       sessionStatistics(range: { from: "2020-01-01T00:00:00Z", to: "2090-01-01T00:00:00Z" }, groupBy: [HOUR]) { totalCount groups { key durationSeconds } }
       loginStatistics { totalCount } commandRisks { totalCount } accountHygiene { totalCount oldSecrets { totalCount } }
       assetInventory { totalCount } overview { pairs commands }`,
      old,
    );
    await old.close();
  });

  it('are refused to who may not read their rows', async () => {
    const { errors, data } = await graph.query(
      '{ reports { permissionAudit { asOf } overview { users } } }',
      {},
      { headers: { authorization: 'Bearer sandbox-user' } },
    );
    expect(errors?.map(({ extensions: { code } }) => code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(data).toEqual({ reports: { permissionAudit: null, overview: null } });
  });
});

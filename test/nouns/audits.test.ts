import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { queryRecorded } from '../support/recorded-graph.ts';
import { type JsonObject, loadSnapshot, type Version } from '../support/recordings.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
  await graph.query('{ serverInfo { version } }');
});
afterAll(() => graph.close());

interface Nodes<T> {
  readonly totalCount: number;
  readonly nodes: readonly T[];
}

describe('login logs', () => {
  it('name their users in one call more, whatever form the name was kept in', async () => {
    const { data, errors, extensions } = await graph.query<{
      loginLogs: Nodes<{ username: string; user: { username: string } | null }>;
    }>('{ loginLogs(first: 100) { totalCount nodes { username user { username email } } } }');
    expect(errors).toBeUndefined();
    expect(data.loginLogs.totalCount).toBe(620);
    for (const { username, user } of data.loginLogs.nodes) expect(username).toContain(user?.username);
    expect(extensions.upstream.calls).toBe(2);
  });

  it('can be filtered by what happened, and when', async () => {
    const { data, extensions } = await graph.query(`{
      failed: loginLogs(first: 0, filter: { isSuccess: false }) { totalCount }
      web: loginLogs(first: 0, filter: { type: WEB, mfa: ENABLED }) { totalCount }
      ip: loginLogs(first: 0, filter: { ip: "198.51.100.20" }) { totalCount }
      long: loginLogs(first: 0, filter: { occurredAt: { to: "2020-01-01T00:00:00Z" } }) { totalCount }
    }`);
    expect(data).toEqual({
      failed: { totalCount: 92 },
      web: { totalCount: 30 },
      ip: { totalCount: 1 },
      long: { totalCount: 0 },
    });
    expect(extensions.upstream.calls).toBe(4);
  });

  it('of one user are pages of both forms of the name together, in order and without gaps', async () => {
    const page = (after: string) =>
      `{ user(username: "dmitri.vermeer") { loginLogs(first: 7${after}) { totalCount nodes { uuid occurredAt } pageInfo { endCursor hasNextPage } } } }`;
    const seen: { uuid: string; occurredAt: string }[] = [];
    let after = '';
    for (let turn = 0; turn < 4; turn++) {
      const { data } = await graph.query<{
        user: { loginLogs: Nodes<{ uuid: string; occurredAt: string }> & { pageInfo: { endCursor: string } } };
      }>(page(after));
      expect(data.user.loginLogs.totalCount).toBe(22);
      seen.push(...data.user.loginLogs.nodes);
      after = `, after: "${data.user.loginLogs.pageInfo.endCursor}"`;
    }
    expect(new Set(seen.map(({ uuid }) => uuid)).size).toBe(22);
    expect(seen.map(({ occurredAt }) => occurredAt)).toEqual(
      seen
        .map(({ occurredAt }) => occurredAt)
        .sort()
        .reverse(),
    );
  });

  it('read from the end as from the beginning', async () => {
    const query = `query ($first: Int, $last: Int) {
      user(username: "dmitri.vermeer") { loginLogs(first: $first, last: $last) { nodes { uuid } } }
    }`;
    type Logs = { user: { loginLogs: Nodes<{ uuid: string }> } };
    const all = (await graph.query<Logs>(query, { first: 100 })).data.user.loginLogs.nodes;
    const end = (await graph.query<Logs>(query, { last: 3 })).data.user.loginLogs.nodes;
    expect(end).toEqual(all.slice(-3));
  });

  it('are refused to an ordinary user', async () => {
    const { data, errors } = await graph.query(
      '{ loginLogs { totalCount } }',
      {},
      { headers: { authorization: 'Bearer sandbox-user' } },
    );
    expect(data).toEqual({ loginLogs: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });
});

describe('file transfers', () => {
  it('name user, asset and session in three calls more', async () => {
    const { data, errors, extensions } = await graph.query(
      `{ fileTransferLogs(filter: { filename: "/srv/transfer/manifest-3.csv" }) { totalCount nodes {
        operation isSuccess hasFile user { username } asset { name } session { protocol }
      } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data['fileTransferLogs']).toEqual({
      totalCount: 1,
      nodes: [
        {
          operation: 'UPLOAD',
          isSuccess: true,
          hasFile: false,
          user: { username: 'rosa.teixeira' },
          asset: { name: 'cache-0141' },
          session: { protocol: 'redis' },
        },
      ],
    });
    expect(extensions.upstream.calls).toBe(4);
  });

  it('of many take as many calls as of one', async () => {
    const { extensions } = await graph.query(
      '{ fileTransferLogs(first: 80) { nodes { user { username } asset { name } session { protocol } } } }',
    );
    expect(extensions.upstream.calls).toBe(4);
  });
});

describe('changes of passwords', () => {
  it('name both users in one call', async () => {
    const { data, extensions } = await graph.query<{
      passwordChangeLogs: Nodes<{ user: { username: string }; changedBy: { username: string } }>;
    }>('{ passwordChangeLogs(first: 50) { totalCount nodes { user { username } changedBy { username } } } }');
    expect(data.passwordChangeLogs.totalCount).toBe(60);
    expect(data.passwordChangeLogs.nodes[0]).toEqual({
      user: { username: 'felix.rossi' },
      changedBy: { username: 'admin' },
    });
    expect(extensions.upstream.calls).toBe(2);
  });
});

describe('online users', () => {
  it('are found from the user where the server can, and read once for many where it can not', async () => {
    const { data, extensions } = await graph.query(
      '{ users(first: 5) { nodes { username onlineUsers { totalCount } } } }',
    );
    expect(data['users']).toEqual({
      nodes: [
        { username: 'admin', onlineUsers: { totalCount: 1 } },
        { username: 'amara.haverkamp', onlineUsers: { totalCount: 0 } },
        { username: 'astrid.drozd', onlineUsers: { totalCount: 0 } },
        { username: 'bjorn.okafor', onlineUsers: { totalCount: 0 } },
        { username: 'bruno.kovac', onlineUsers: { totalCount: 0 } },
      ],
    });
    expect(extensions.upstream.calls).toBe(2);
  });
});

describe('the story of a user', () => {
  it('leads to the entries of the logs', async () => {
    const { data, errors } = await graph.query(
      `{ user(username: "dmitri.vermeer") { activities(first: 1) { totalCount nodes {
        kind log { __typename ... on LoginLog { ip } }
      } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data['user']).toEqual({
      activities: { totalCount: 26, nodes: [{ kind: 'L', log: { __typename: 'LoginLog', ip: '198.51.100.118' } }] },
    });
  });
});

/** The kinds of things in recorded operate logs, and what they have to be found as. */
const FOUND: readonly (readonly [version: Version, kind: string, type: string])[] = [
  ['4.10.19', 'Asset permission', 'Permission'],
  ['4.10.19', 'Account', 'Account'],
  ['4.10.19', 'Cloud', 'Asset'],
  ['4.10.19', 'Web', 'Asset'],
  ['4.10.19', 'Device', 'Asset'],
  ['4.10.19', 'Database', 'Asset'],
  ['4.10.19', 'Host', 'Asset'],
  ['4.10.19', 'Gateway', 'Gateway'],
  ['4.10.19', 'Account template', 'AccountTemplate'],
  ['4.10.19', 'Account backup plan', 'AccountBackup'],
  ['4.10.19', 'Login acl', 'LoginAcl'],
  ['4.10.19', 'Login asset acl', 'LoginAssetAcl'],
  ['4.10.19', 'Command acl', 'CommandFilterAcl'],
  ['4.10.19', 'Command group', 'CommandGroup'],
  ['4.10.19', 'Connect method acl', 'ConnectMethodAcl'],
  ['4.10.19', 'Data Masking Rule', 'DataMaskingRule'],
  ['4.10.19', 'Endpoint', 'Endpoint'],
  ['4.10.19', 'Endpoint rule', 'EndpointRule'],
  ['4.10.19', 'Playbook', 'Playbook'],
  ['4.10.19', 'Role', 'Role'],
  ['4.10.19', 'Integration App', 'IntegrationApplication'],
  ['4.9.0', 'Account', 'Account'],
  ['3.10.23', 'Session record', 'Session'],
];

/** Where the rows of a recorded server stand, by the name of the resource. */
const PATHS: Readonly<Record<string, string>> = {
  assets: '/assets/assets/',
  accounts: '/accounts/accounts/',
  'account-templates': '/accounts/account-templates/',
  'account-backup-plans': '/accounts/account-backup-plans/',
  'asset-permissions': '/perms/asset-permissions/',
  'login-acls': '/acls/login-acls/',
  'login-asset-acls': '/acls/login-asset-acls/',
  'command-filter-acls': '/acls/command-filter-acls/',
  'command-groups': '/acls/command-groups/',
  'connect-method-acls': '/acls/connect-method-acls/',
  'data-masking-rules': '/acls/data-masking-rules/',
  endpoints: '/terminal/endpoints/',
  'endpoint-rules': '/terminal/endpoint-rules/',
  gateways: '/assets/gateways/',
  'integration-applications': '/accounts/integration-applications/',
  playbooks: '/ops/playbooks/',
  roles: '/rbac/roles/',
  sessions: '/terminal/sessions/',
};

/** A recorded server that obeys `ids`, as far as the log needs it. */
function recordedRows(version: Version, log: JsonObject): Record<string, readonly JsonObject[]> {
  const snapshot = loadSnapshot(version);
  const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(String(log['resource']))?.[0];
  const byId = (rows: readonly JsonObject[]) => (id ? rows.filter((row) => row['id'] === id) : rows);
  const lists = Object.entries(PATHS).map(([name, path]) => [`/api/v1${path}`, byId(snapshot[name] ?? [])]);
  return { ...Object.fromEntries(lists), '/api/v1/audits/operate-logs/': [log] };
}

describe('the thing that an operate log is about', () => {
  it.each(FOUND)('on %s, "%s" is found as %s', async (version, kind, type) => {
    const log = loadSnapshot(version)['operate-logs']?.find((row) => row['resource_type'] === kind);
    expect(log).toBeDefined();
    const { data, errors } = await queryRecorded(
      { version, rows: recordedRows(version, log ?? {}) },
      '{ operateLogs(first: 1) { nodes { resourceText resource { __typename } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data?.['operateLogs']).toEqual({
      nodes: [{ resourceText: log?.['resource'], resource: { __typename: type } }],
    });
  });

  it('is null when it can not be told by its text', async () => {
    const log = loadSnapshot('4.10.19')['operate-logs']?.find((row) => row['resource_type'] === 'Tagged resource');
    const { data, errors } = await queryRecorded(
      { version: '4.10.19', rows: recordedRows('4.10.19', log ?? {}) },
      '{ operateLogs(first: 1) { nodes { resource { __typename } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data?.['operateLogs']).toEqual({ nodes: [{ resource: null }] });
  });

  it('of a whole page is found with one call for each kind of thing', async () => {
    const { data, errors, extensions } = await graph.query<{
      operateLogs: Nodes<{ resourceType: string; resource: { __typename: string } | null }>;
    }>(
      '{ operateLogs(first: 100, filter: { resourceType: "Host" }) { nodes { resourceType resource { __typename } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.operateLogs.nodes[0]).toEqual({ resourceType: 'Host', resource: { __typename: 'Asset' } });
    expect(extensions.upstream.calls).toBeLessThanOrEqual(3);
  });
});

describe.each(SANDBOX_VERSIONS)('what the logs of %s name', (version) => {
  it('are the rows that have those names, each found with its kind, in a few calls', async () => {
    const logs = await startGraph({ version });
    await logs.query('{ serverInfo { version } }');
    const { data, errors, extensions } = await logs.query<{ operateLogs: Nodes<Logged> }>(
      `{ operateLogs(first: 60) { nodes { resourceText resource {
        __typename
        ... on Asset { name address }
        ... on User { name username }
        ... on Permission { name }
        ... on Account { name asset { name } }
        ... on AssetNode { path }
      } } } }`,
    );
    expect(errors).toBeUndefined();
    const found = data.operateLogs.nodes;
    expect(found.map(({ resource }) => resource && textOf(resource))).toEqual(found.map((log) => log.resourceText));
    const kinds = ['Account', 'Asset', 'AssetNode', 'Permission', 'User'];
    expect([...new Set(found.map(({ resource }) => resource?.__typename))].sort()).toEqual(kinds);
    // The logs and a call for each kind; before rules on accounts came, one more for each asset whose account is named.
    expect(extensions.upstream.calls).toBeLessThanOrEqual(version === '3.10.23' ? 18 : 6);
    await logs.close();
  });
});

interface Logged {
  readonly resourceText: string;
  readonly resource: (Record<string, string> & { readonly asset?: { readonly name: string } }) | null;
}

/** How JumpServer writes a thing into the log (recorded operate logs). */
function textOf({ __typename: type, name, address, username, path, asset }: NonNullable<Logged['resource']>) {
  const inside = { Asset: address, User: username, Account: asset?.name }[String(type)];
  return inside === undefined ? (path ?? name) : `${name}(${inside})`;
}

describe('a caller who reads Chinese', () => {
  it('is led to the things as well: their kinds come in English', async () => {
    const sandbox = createSandbox({ throttle: false });
    // As recorded on 3.10.23 (a session record): the kind's name follows the language of the request.
    const kinds = { Host: '主机', User: '用户' };
    const fetch = async (request: Request) => {
      const answer = await sandbox.fetch(request);
      if (!request.headers.get('accept-language')?.startsWith('zh')) return answer;
      const text = Object.entries(kinds).reduce(
        (all, [from, to]) => all.replaceAll(`"${from}"`, `"${to}"`),
        await answer.text(),
      );
      return new Response(text, answer);
    };
    const chinese = await startGraph({ sandbox, fetch });
    const { data, errors } = await chinese.query(
      '{ operateLogs(first: 1, filter: { resourceType: "Host" }) { nodes { resourceType resource { __typename } } } }',
      {},
      { headers: { 'accept-language': 'zh-CN,zh;q=0.9' } },
    );
    expect(errors).toBeUndefined();
    expect(data['operateLogs']).toEqual({ nodes: [{ resourceType: 'Host', resource: { __typename: 'Asset' } }] });
    await chinese.close();
  });
});

describe('what changed', () => {
  it('stands in the list: a page of it is one call', async () => {
    const { data, errors, extensions } = await graph.query<{ operateLogs: Nodes<{ diff: unknown }> }>(
      '{ operateLogs(first: 50) { nodes { diff { field before after } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.operateLogs.nodes.every(({ diff }) => Array.isArray(diff))).toBe(true);
    expect(extensions.upstream.calls).toBe(1);
  });

  it('reads back as recorded', async () => {
    const log = loadSnapshot('4.9.0')['operate-logs']?.[0] ?? {};
    const { data, errors } = await queryRecorded(
      {
        version: '4.9.0',
        rows: {
          '/api/v1/audits/operate-logs/': [
            {
              ...log,
              diff: [{ field: 'Date last access', before: '2026-11-22 07:59:42', after: '2026-11-22 07:59:46' }],
            },
          ],
        },
      },
      '{ operateLogs(first: 1) { nodes { diff { field before after } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data?.['operateLogs']).toEqual({
      nodes: [{ diff: [{ field: 'Date last access', before: '2026-11-22 07:59:42', after: '2026-11-22 07:59:46' }] }],
    });
  });
});

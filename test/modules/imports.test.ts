import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Callers, failure, list, mutate, type Named, NOBODY, startCallers, writesOf } from './support.ts';

let callers: Callers;
beforeAll(async () => {
  callers = await startCallers();
});
afterAll(() => callers.close());
beforeEach(() => {
  callers.admin.sandbox.clearLog();
  callers.admin.sandbox.faults.clear();
});

interface ImportRow {
  readonly row: number;
  readonly status: string;
  readonly id: string | null;
  readonly userErrors: readonly { readonly field: string[]; readonly code: string; readonly message: string }[];
}
interface Result {
  readonly created: number;
  readonly skipped: number;
  readonly failed: number;
  readonly rows: readonly ImportRow[];
}
const WHOLE = 'created skipped failed rows { row status id userErrors { field code message } }';
const run = async (name: string, input: object, graph = callers.admin) =>
  (await mutate(graph, name, input, WHOLE)) as unknown as Result & Awaited<ReturnType<typeof mutate>>;
const counts = ({ created, skipped, failed }: Result) => ({ created, skipped, failed });
const told = ({ rows }: Result) =>
  rows.flatMap(({ userErrors }) => userErrors.map(({ field, code }) => `${field.join('.')} ${code}`));
const statuses = ({ rows }: Result) => rows.map(({ status }) => status).join(' ');
const tables = () => callers.admin.sandbox.exportState().tables;
const named = (name: string) => tables()['assets']?.filter((row) => row.name === name) ?? [];

let count = 0;
const host = (more: object = {}) => {
  count += 1;
  return { name: `import-${count}`, address: `10.9.${count >> 8}.${count & 255}`, platform: 'Linux', ...more };
};
const key = () => {
  count += 1;
  return `key-${count}`;
};

const HOSTS = 'POST /api/v1/assets/hosts/';
const DATABASE = { platform: 'MySQL', database: { name: 'orders' } };
const database = (more: object = {}) => host({ ...DATABASE, ...more });
/** More than JumpServer keeps, which only it knows. */
const TOO_LONG = { database: { name: 'x'.repeat(1025) } };

describe('importAssets', () => {
  it('writes assets of several categories, and their accounts after them', async () => {
    const rows = [
      host({ accounts: [{ username: 'root', secret: 'Pa55-word', isPrivileged: true }, { username: 'app' }] }),
      database(),
      host({ platform: 'Website', category: 'WEB', address: 'https://site.example' }),
    ];
    const result = await run('importAssets', { rows, idempotencyKey: key() });
    expect(counts(result)).toEqual({ created: 3, skipped: 0, failed: 0 });
    expect(writesOf(callers.admin)).toEqual([
      HOSTS,
      'POST /api/v1/assets/databases/',
      'POST /api/v1/assets/webs/',
      'POST /api/v1/accounts/accounts/',
    ]);
  });

  it('gives each asset the protocols of its platform or its own, which an array loses but for the last one', async () => {
    const rows = [host(), host({ protocols: [{ name: 'ssh', port: 2200 }] }), host()];
    await run('importAssets', { rows });
    const kept = rows.map(({ name }) => named(name)[0]?.protocols);
    const own = [
      { name: 'sftp', port: 22 },
      { name: 'ssh', port: 22 },
    ];
    expect(kept).toEqual([own, [{ name: 'ssh', port: 2200 }], own]);
    expect(writesOf(callers.admin)).toEqual([HOSTS, 'PATCH /api/v1/assets/assets/']);
  });

  it('sets protocols one by one on a server that loses them from an array of changes too', async () => {
    const lose = (body: unknown) => (Array.isArray(body) ? body.map((row) => ({ ...row, protocols: [] })) : body);
    callers.admin.sandbox.faults.add({
      method: 'PATCH',
      path: /assets\/assets\/$/,
      fault: { kind: 'edit', edit: lose },
    });
    await run('importAssets', { rows: [host(), host(), host()] });
    expect(writesOf(callers.admin).filter((call) => call.startsWith('PATCH'))).toHaveLength(1 + 2);
  });

  it('does nothing twice with the same key, and adds what an earlier call left out', async () => {
    const input = { rows: [host({ accounts: [{ username: 'root' }] }), host()], idempotencyKey: key() };
    callers.admin.sandbox.faults.add({
      method: 'POST',
      path: 'accounts/accounts',
      count: 1,
      fault: { kind: 'status', status: 403 },
    });
    const first = await run('importAssets', input);
    expect(statuses(first)).toBe('FAILED CREATED');
    expect(told(first)).toEqual(['rows.0.accounts.0 FORBIDDEN']);
    expect(first.rows[0]?.id).not.toBeNull();
    callers.admin.sandbox.clearLog();
    expect(statuses(await run('importAssets', input))).toBe('SKIPPED SKIPPED');
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/accounts/accounts/']);
    callers.admin.sandbox.clearLog();
    expect(counts(await run('importAssets', input))).toEqual({ created: 0, skipped: 2, failed: 0 });
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('sends the good rows of a refused array again without the bad ones, which are named with their fields', async () => {
    const rows = [database(), database(TOO_LONG), database(), database({ accounts: [{ username: 'a' }], ...TOO_LONG })];
    const result = await run('importAssets', { rows, onError: 'SKIP' });
    expect(statuses(result)).toBe('CREATED FAILED CREATED FAILED');
    expect(told(result)).toEqual(['rows.1.database.name INVALID', 'rows.3.database.name INVALID']);
    const path = 'POST /api/v1/assets/databases/';
    expect(writesOf(callers.admin).filter((call) => call === path)).toHaveLength(2);
  });

  it('finds what is wrong before it sends anything, and with STOP sends nothing then', async () => {
    const taken = (await list<Named>(callers.admin, 'assets(first: 1)', 'name'))[0]?.name;
    const twin = host();
    callers.admin.sandbox.clearLog();
    const rows = [
      twin,
      { ...twin },
      host({ platform: 'None such' }),
      host({ category: 'DATABASE' }),
      host({ protocols: [{ name: 'mysql', port: 3306 }] }),
      host({ nodes: ['/Default/none such'] }),
      host({ accounts: [{ template: 'none such' }] }),
      { ...DATABASE, name: 'no database', address: '10.0.0.1', database: {} },
    ];
    const result = await run('importAssets', { rows });
    expect(told(result)).toEqual([
      'rows.0 CONFLICT',
      'rows.1.name DUPLICATE',
      'rows.2.platform NOT_FOUND',
      'rows.3.platform INVALID',
      'rows.4.protocols.0.name INVALID',
      'rows.5.nodes.0 NOT_FOUND',
      'rows.6.accounts.0.template NOT_FOUND',
      'rows.7.database.name REQUIRED',
    ]);
    expect(writesOf(callers.admin)).toEqual([]);
    expect(told(await run('importAssets', { rows: [host({ name: taken })] }))).toEqual(['rows.0.name DUPLICATE']);
  });

  it('sends nothing after the first refusal with STOP', async () => {
    const rows = Array.from({ length: 120 }, (_, row) => database(row === 3 ? TOO_LONG : {}));
    const result = await run('importAssets', { rows, onError: 'STOP' });
    expect(counts(result)).toEqual({ created: 0, skipped: 0, failed: 120 });
    expect(writesOf(callers.admin)).toHaveLength(1);
  });

  it('looks rows up after a lost answer and sends what is missing in halves', async () => {
    const { faults } = callers.admin.sandbox;
    faults.add({ method: 'POST', path: 'assets/hosts', count: 1, fault: { kind: 'status', status: 504 } });
    const rows = Array.from({ length: 4 }, () => host());
    expect(counts(await run('importAssets', { rows }))).toEqual({ created: 4, skipped: 0, failed: 0 });
    expect(writesOf(callers.admin).filter((call) => call === HOSTS)).toHaveLength(3);
    callers.admin.sandbox.clearLog();
    faults.add({ method: 'POST', path: 'assets/hosts', count: 1, fault: { kind: 'brokenJson' } });
    const more = Array.from({ length: 4 }, () => host());
    expect(counts(await run('importAssets', { rows: more }))).toEqual({ created: 4, skipped: 0, failed: 0 });
    expect(writesOf(callers.admin).filter((call) => call === HOSTS)).toHaveLength(1);
    expect(more.map(({ name }) => named(name).length)).toEqual([1, 1, 1, 1]);
  });

  it('halves what is too large, and fails a row that is too large alone', async () => {
    const tooLarge = { kind: 'status', status: 413 } as const;
    callers.admin.sandbox.faults.add({ method: 'POST', path: 'assets/hosts', count: 3, fault: tooLarge });
    const result = await run('importAssets', { rows: Array.from({ length: 4 }, () => host()), onError: 'SKIP' });
    expect(counts(result)).toEqual({ created: 3, skipped: 0, failed: 1 });
  });

  it('gives up when the server answers every array with 500', async () => {
    callers.admin.sandbox.faults.add({ method: 'POST', path: 'assets/hosts', fault: { kind: 'html', status: 500 } });
    const rows = Array.from({ length: 200 }, () => host());
    expect(await failure(callers.admin, 'importAssets', { rows, onError: 'SKIP' })).toBe('UPSTREAM_UNAVAILABLE');
    expect(writesOf(callers.admin).length).toBeLessThan(40);
  });

  it('creates zones and tree nodes that are missing only when asked', async () => {
    const rows = [
      host({ nodes: ['/default/fresh/a', '/Default/fresh'], zone: 'fresh zone' }),
      host({ nodes: ['/Default/fresh/a'] }),
    ];
    expect(told(await run('importAssets', { rows, onError: 'SKIP' }))).toHaveLength(4);
    expect(writesOf(callers.admin)).toEqual([]);
    const result = await run('importAssets', { rows, createMissing: ['NODES', 'ZONES'] });
    expect(counts(result)).toEqual({ created: 2, skipped: 0, failed: 0 });
    const [asset] = named(rows[0]?.name ?? '');
    expect(asset?.nodes).toHaveLength(2);
    expect(tables()['zones']?.find(({ id }) => id === asset?.zone)?.name).toBe('fresh zone');
    const elsewhere = await run('importAssets', { rows: [host({ nodes: ['/Nowhere/a'] })], createMissing: ['NODES'] });
    expect(told(elsewhere)).toEqual(['rows.0.nodes.0 INVALID']);
  });

  it('writes nothing in a dry run, and tells of each row what would come of it', async () => {
    const taken = (await list<Named>(callers.admin, 'assets(first: 1)', 'name'))[0]?.name;
    const rows = [host(), host({ name: taken }), host({ nodes: ['/Default/planned'] })];
    const result = await run('importAssets', { rows, dryRun: true, createMissing: ['NODES'] });
    expect(statuses(result)).toBe('CREATED FAILED CREATED');
    expect(told(result)).toEqual(['rows.1.name DUPLICATE']);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('is refused to an ordinary user', async () => {
    expect(await failure(callers.user, 'importAssets', { rows: [host()] })).toBe('FORBIDDEN');
  });

  it('gives nothing to what another row was imported as: rows that have moved under their key', async () => {
    const [first, second] = [host(), host({ accounts: [{ username: 'root' }] })];
    const idempotencyKey = key();
    await run('importAssets', { rows: [first, second], idempotencyKey });
    callers.admin.sandbox.clearLog();
    const added = host({ accounts: [{ username: 'x' }, { username: 'y', secret: 'Pa55-word' }] });
    const more = { ...second, accounts: [{ username: 'new' }, { username: 'root' }] };
    const moved = await run('importAssets', { rows: [first, added, second], idempotencyKey, onError: 'SKIP' });
    expect(told(moved)).toEqual(['rows.1.name CONFLICT', 'rows.2.name DUPLICATE']);
    expect(writesOf(callers.admin)).toEqual([]);
    const grown = await run('importAssets', { rows: [first, more], idempotencyKey, onError: 'SKIP' });
    expect(told(grown)).toContain('rows.1.accounts.0.username CONFLICT');
    expect(told(await run('importAssets', { rows: [added], idempotencyKey, dryRun: true }))).toEqual([
      'rows.0.name CONFLICT',
    ]);
  });

  it('binds labels by id or as name:value, and refuses what is neither', async () => {
    const { label } = await mutate(callers.admin, 'createLabel', { name: key(), value: 'v' }, 'label { id uuid name }');
    const { id, uuid, name } = label as Named;
    const rows = [
      host({ labels: [id] }),
      host({ labels: [uuid, ` ${name} : v`] }),
      host({ labels: ['neither'] }),
      host({ labels: ['new:one', NOBODY] }),
      host({ labels: [':', 'name:', ' :value'] }),
      host({ labels: null }),
    ];
    const result = await run('importAssets', { rows, onError: 'SKIP' });
    expect(statuses(result)).toBe('CREATED CREATED FAILED FAILED FAILED CREATED');
    expect(told(result)).toEqual([
      'rows.2.labels.0 NOT_FOUND',
      'rows.3.labels.1 NOT_FOUND',
      ...[0, 1, 2].map((at) => `rows.4.labels.${at} NOT_FOUND`),
    ]);
    const read = 'query($ids: [ID!]!) { nodes(ids: $ids) { ... on Asset { labels { uuid } } } }';
    const { data } = await callers.admin.query(read, { ids: [result.rows[0]?.id, result.rows[1]?.id] });
    expect(data).toEqual({ nodes: [{ labels: [{ uuid }] }, { labels: [{ uuid }] }] });
  });

  it('takes row numbers of an import in parts: the same number is the same row', async () => {
    const idempotencyKey = key();
    const [first, second] = [host(), host()];
    await run('importAssets', { rows: [second], rowNumbers: [1], idempotencyKey });
    expect(statuses(await run('importAssets', { rows: [first, second], idempotencyKey }))).toBe('CREATED SKIPPED');
    expect(await run('importAssets', { rows: [first], rowNumbers: [1, 2] })).toMatchObject({
      userErrors: [{ field: ['rowNumbers'], code: 'INVALID' }],
    });
  });
});

const person = (more: object = {}) => {
  count += 1;
  return { name: `Person ${count}`, username: `person-${count}`, email: `person-${count}@corp.example`, ...more };
};

describe('importUsers', () => {
  it('creates users with groups and roles by name, and once', async () => {
    const [group] = await list<Named>(callers.admin, 'userGroups(first: 1)', 'uuid name');
    const rows = [person({ groups: [group?.name], password: 'Pa55-word-1' }), person({ orgRoles: ['OrgAuditor'] })];
    const input = { rows, idempotencyKey: key() };
    expect(counts(await run('importUsers', input))).toEqual({ created: 2, skipped: 0, failed: 0 });
    expect(counts(await run('importUsers', input))).toEqual({ created: 0, skipped: 2, failed: 0 });
  });

  it('takes roles of the place they are named for, and null for what is left out', async () => {
    const rows = [
      person({ systemRoles: ['OrgAdmin'] }),
      person({ orgRoles: ['00000000-0000-0000-0000-000000000001'] }),
      person({ systemRoles: null, orgRoles: null, groups: null, labels: null, password: null, mfaLevel: null }),
    ];
    const result = await run('importUsers', { rows, onError: 'SKIP' });
    expect(told(result)).toEqual(['rows.0.systemRoles.0 NOT_FOUND', 'rows.1.orgRoles.0 NOT_FOUND']);
    expect(statuses(result)).toBe('FAILED FAILED CREATED');
  });

  it('finds twins, on which JumpServer crashes, and names that are taken', async () => {
    const twin = person();
    const rows = [
      twin,
      person({ username: twin.username }),
      person({ email: twin.email }),
      person({ username: 'admin' }),
    ];
    const result = await run('importUsers', { rows, onError: 'SKIP' });
    expect(told(result)).toEqual(['rows.1.username DUPLICATE', 'rows.2.email DUPLICATE', 'rows.3.username DUPLICATE']);
    expect(statuses(result)).toBe('CREATED FAILED FAILED FAILED');
  });

  it('writes nothing in a dry run', async () => {
    const result = await run('importUsers', { rows: [person(), person({ username: 'admin' })], dryRun: true });
    expect(told(result)).toEqual(['rows.1.username DUPLICATE']);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('is refused to an ordinary user', async () => {
    expect(await failure(callers.user, 'importUsers', { rows: [person()] })).toBe('FORBIDDEN');
  });
});

describe('importPermissions', () => {
  const IMPACT = 'created skipped failed impact { pairsGained pairsLost usersAffected assetsAffected actionsWidened }';
  const newcomer = async () => {
    const { user } = await mutate(
      callers.admin,
      'createUser',
      { name: 'New', username: `new-${key()}`, email: `${key()}@corp.example` },
      'user { id }',
    );
    return (user as Named).id;
  };
  const pairsOf = async (users: readonly string[]) => {
    const { data } = await callers.admin.query<{ access: { matrix: { totalCount: number } } }>(
      'query($users: [ID!]) { access { matrix(filter: { userIn: $users }) { totalCount } } }',
      { users },
    );
    return data.access.matrix.totalCount;
  };
  const grant = (more: object = {}) => {
    count += 1;
    return { name: `grant-${count}`, nodes: ['/Default'], accounts: ['@ALL'], actions: ['CONNECT'], ...more };
  };

  it('creates permissions by the names of what they connect', async () => {
    const [user] = await list<Named>(callers.admin, 'users(first: 1)', 'username');
    const [asset] = await list<Named>(callers.admin, 'assets(first: 1)', 'name');
    const rows = [
      grant({ users: [user?.username] }),
      grant({ users: [user?.username], assets: [asset?.name], nodes: null }),
      grant({ users: ['nobody at all'] }),
      grant({ users: [user?.username], actions: [] }),
      grant(),
    ];
    const result = await run('importPermissions', { rows, onError: 'SKIP', idempotencyKey: key() });
    expect(statuses(result)).toBe('CREATED CREATED FAILED FAILED FAILED');
    expect(told(result)).toEqual(['rows.2.users.0 NOT_FOUND', 'rows.3.actions REQUIRED', 'rows.4.users REQUIRED']);
  });

  it('gives what is null the default, and tells of rows that have moved under their key', async () => {
    const row = grant({ users: ['admin'], protocols: null, expiresAt: null, assets: null, isActive: null });
    const input = { rows: [row], idempotencyKey: key() };
    expect(statuses(await run('importPermissions', input))).toBe('CREATED');
    const [made] = await list(callers.admin, `permissions(filter: { name: "${row.name}" })`, 'protocols isActive');
    expect(made).toEqual({ protocols: ['all'], isActive: true });
    const other = { ...input, rows: [grant({ users: ['admin'] })] };
    expect(told(await run('importPermissions', other))).toEqual(['rows.0.name CONFLICT']);
  });

  it('tells the impact of all sound rows in a dry run, and writes nothing', async () => {
    const user = await newcomer();
    callers.admin.sandbox.clearLog();
    const rows = [grant({ users: [user] }), grant({ users: ['nobody at all'] })];
    const selection = 'created failed impact { pairsGained usersAffected sample { user { username } } }';
    const payload = await mutate(callers.admin, 'importPermissions', { rows, dryRun: true }, selection);
    expect(payload).toMatchObject({ created: 1, failed: 1, impact: { usersAffected: 1 } });
    expect((payload['impact'] as { pairsGained: number }).pairsGained).toBeGreaterThan(100);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('tells the same impact of what it wrote, and none of what is refused or stood there', async () => {
    const users = await Promise.all([newcomer(), newcomer(), newcomer()]);
    const rows = users.map((user) => grant({ users: [user] }));
    const input = { rows: [...rows, grant({ users: ['nobody at all'] })], onError: 'SKIP', idempotencyKey: key() };
    const tell = async (more: object = {}) => {
      const { impact, ...counted } = await mutate(callers.admin, 'importPermissions', { ...input, ...more }, IMPACT);
      return { counted, impact: impact as { pairsGained: number } };
    };
    const planned = await tell({ dryRun: true });
    const real = await tell();
    expect(real).toEqual(planned);
    expect(real).toMatchObject({ counted: { created: 3, failed: 1 }, impact: { usersAffected: 3, pairsLost: 0 } });
    expect(await pairsOf(users)).toBe(real.impact.pairsGained);
    const repeated = await tell();
    expect(repeated).toMatchObject({
      counted: { created: 0, skipped: 3 },
      impact: { pairsGained: 0, usersAffected: 0 },
    });
  });

  it('is refused to an ordinary user', async () => {
    const rows = [
      grant({
        users: ['00000000-0000-0000-0000-000000000001'],
        nodes: null,
        assets: ['00000000-0000-0000-0000-000000000002'],
      }),
    ];
    expect(await failure(callers.user, 'importPermissions', { rows })).toBe('FORBIDDEN');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, SANDBOX_VERSIONS, type SandboxState, type SandboxVersion } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { describePlainWrites } from './plain-writes.ts';
import {
  type Callers,
  failure,
  list,
  mutate,
  type Named,
  NOBODY,
  refusals,
  startCallers,
  writesOf,
} from './support.ts';

describePlainWrites({
  noun: 'AdHoc',
  field: 'adHoc',
  path: '/api/v1/ops/adhocs/',
  input: () => ({ arguments: 'uptime', module: 'SHELL' }),
  selection: 'name module arguments comment creator { username }',
  created: { module: 'SHELL', arguments: 'uptime', creator: { username: 'admin' } },
  change: { arguments: 'print(1)', module: 'PYTHON' },
  changed: { arguments: 'print(1)', module: 'PYTHON' },
  repeat: [' DUPLICATE', 'name DUPLICATE'],
  refused: [[{ name: '' }, ['name REQUIRED']]],
});

it('commands of one’s own are for everybody, private ones of somebody else are not there', async () => {
  const callers = await startCallers();
  const input = { name: 'mine', arguments: 'id', scope: 'PRIVATE' };
  const SHOWN = 'adHoc { id scope }';
  const own = await mutate(callers.user, 'createAdHoc', input, SHOWN);
  expect(own).toMatchObject({ userErrors: [], adHoc: { scope: 'PRIVATE' } });
  const { id } = (await mutate(callers.admin, 'createAdHoc', input, SHOWN))['adHoc'] as Named;
  expect(refusals(await mutate(callers.user, 'updateAdHoc', { id, arguments: 'x' }, SHOWN))).toEqual(['id NOT_FOUND']);
  expect(refusals(await mutate(callers.user, 'deleteAdHoc', { id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
  await callers.close();
});

/** The recorded servers let nobody run commands (api.md §5.17): their refusal is all there is to be shown. */
describe('jobs', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.admin.sandbox.clearLog());

  it('are refused where JumpServer lets nobody run commands, after one write', async () => {
    const [asset] = await list(callers.admin, 'assets(first: 1)', 'id');
    callers.admin.sandbox.clearLog();
    const job = { name: 'up', type: 'ADHOC', module: 'shell', arguments: 'uptime', assets: [asset?.id], runAs: 'root' };
    for (const [name, input, write] of [
      ['createJob', job, 'POST /api/v1/ops/jobs/'],
      ['updateJob', { id: NOBODY, arguments: 'w' }, `PATCH /api/v1/ops/jobs/${NOBODY}/`],
      ['deleteJob', { id: NOBODY }, `DELETE /api/v1/ops/jobs/${NOBODY}/`],
      ['runJob', { job: NOBODY }, 'POST /api/v1/ops/job-executions/'],
    ] as const) {
      callers.admin.sandbox.clearLog();
      expect(await failure(callers.admin, name, input)).toBe('FORBIDDEN');
      expect(writesOf(callers.admin)).toEqual([write]);
    }
  });

  it('are not stopped by who may not see them, and nothing is sent', async () => {
    expect(await failure(callers.user, 'stopJobExecution', { id: NOBODY })).toBe('FORBIDDEN');
    expect(writesOf(callers.user)).toEqual([]);
  });
});

describePlainWrites({
  noun: 'Playbook',
  field: 'playbook',
  path: '/api/v1/ops/playbooks/',
  input: () => ({ source: 'VCS', vcsUrl: 'https://git.example/play.git', comment: 'monthly' }),
  selection: 'name source vcsUrl comment creator { username }',
  created: {
    source: 'VCS',
    vcsUrl: 'https://git.example/play.git',
    comment: 'monthly',
    creator: { username: 'admin' },
  },
  change: { comment: 'weekly' },
  changed: { comment: 'weekly', source: 'VCS' },
  repeat: [' DUPLICATE', 'name DUPLICATE'],
  refused: [[{ vcsUrl: 'x'.repeat(1025) }, ['vcsUrl INVALID']]],
});

const FILES = 'playbook { files fileContent(path: "roles/web/tasks.yml") }';

/** Paths among a playbook's files. */
const pathsOf = (payload: object) =>
  (payload as { playbook: { files: { id: string }[] } }).playbook.files.map(({ id }) => id);

describe.each(SANDBOX_VERSIONS)('files of playbooks on JumpServer %s', (version) => {
  it('are made, written, read, renamed and deleted, each by one write', async () => {
    const graph = await startGraph({ version });
    const made = await mutate(graph, 'createPlaybook', { name: 'site' }, 'playbook { id }');
    const playbook = (made['playbook'] as Named).id;
    graph.sandbox.clearLog();
    const change = async (name: string, input: object) => {
      const payload = await mutate(graph, `${name}PlaybookFile`, { playbook, ...input }, FILES);
      expect(payload).toMatchObject({ userErrors: [] });
      return payload;
    };
    await change('create', { name: 'roles', isFolder: true });
    await change('create', { folder: 'roles', name: 'web', isFolder: true });
    const created = await change('create', { folder: 'roles/web', name: 'tasks.yml', content: '- name: first' });
    expect(created).toMatchObject({ playbook: { fileContent: '- name: first' } });
    const written = await change('update', { path: 'roles/web/tasks.yml', content: '- name: second' });
    expect(written).toMatchObject({ playbook: { fileContent: '- name: second' } });
    const renamed = await change('update', { path: 'roles/web/tasks.yml', name: 'main.yml' });
    expect(renamed).toMatchObject({ playbook: { fileContent: null } });
    expect(pathsOf(renamed)).toEqual(['root', 'main.yml', 'roles', 'roles/web', 'roles/web/main.yml']);
    expect(pathsOf(await change('delete', { path: 'roles/web' }))).toEqual(['root', 'main.yml', 'roles']);
    expect(writesOf(graph).map((write) => write.split(' ')[0])).toEqual([
      'POST',
      'POST',
      'POST',
      'PATCH',
      'PATCH',
      'DELETE',
    ]);
    const again = await mutate(graph, 'deletePlaybookFile', { playbook, path: 'roles/web' }, FILES);
    expect(refusals(again)).toEqual(['path NOT_FOUND']);
    await graph.close();
  });
});

describe('files of playbooks are refused', () => {
  let callers: Callers;
  let playbook: string;
  beforeAll(async () => {
    callers = await startCallers();
    const made = await mutate(callers.admin, 'createPlaybook', { name: 'site' }, 'playbook { id }');
    playbook = (made['playbook'] as Named).id;
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.admin.sandbox.clearLog());

  it.each([
    ['create', { name: 'main.yml' }, ['name DUPLICATE']],
    ['create', { name: '../main.yml' }, ['name INVALID']],
    ['create', { name: '..' }, ['name INVALID']],
    ['create', { name: 'a.yml', folder: 'roles' }, ['folder NOT_FOUND']],
    ['create', { name: 'a.yml', folder: 'main.yml' }, ['folder NOT_FOUND']],
    ['create', { name: 'a.yml', playbook: NOBODY }, ['playbook NOT_FOUND']],
    ['update', { path: 'main.yml' }, ['content REQUIRED']],
    ['update', { path: 'main.yml', name: 'a.yml', content: 'x' }, ['content INVALID']],
    ['update', { path: 'main.yml', name: 'roles/a.yml' }, ['name INVALID']],
    ['update', { path: 'other.yml', content: 'x' }, ['path NOT_FOUND']],
    ['update', { path: 'root', content: 'x' }, ['path NOT_FOUND']],
    ['update', { path: 'main.yml', content: 'x', playbook: NOBODY }, ['playbook NOT_FOUND']],
    ['delete', { path: 'other.yml' }, ['path NOT_FOUND']],
    ['delete', { path: 'root' }, ['path NOT_FOUND']],
    ['delete', { path: 'main.yml', playbook: NOBODY }, ['playbook NOT_FOUND']],
  ])('by %s of %o, and nothing is sent', async (name, input, expected) => {
    const payload = await mutate(callers.admin, `${name}PlaybookFile`, { playbook, ...input }, 'playbook { id }');
    expect(refusals(payload)).toEqual(expected);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('by JumpServer, where it keeps a file', async () => {
    const rename = { playbook, path: 'main.yml', name: 'site.yml' };
    const renamed = await mutate(callers.admin, 'updatePlaybookFile', rename, 'playbook { id }');
    expect(refusals(renamed)).toEqual([' INVALID']);
    const gone = await mutate(callers.admin, 'deletePlaybookFile', { playbook, path: 'main.yml' }, 'playbook { id }');
    expect(refusals(gone)).toEqual([' INVALID']);
  });

  it('for somebody else’s playbook, which everybody may read', async () => {
    for (const [name, input] of [
      ['createPlaybookFile', { name: 'a.yml' }],
      ['updatePlaybookFile', { path: 'main.yml', content: 'x' }],
      ['deletePlaybookFile', { path: 'main.yml' }],
    ] as const) {
      const payload = await mutate(callers.user, name, { playbook, ...input }, 'playbook { id }');
      expect(refusals(payload)).toEqual([expect.stringContaining('NOT_FOUND')]);
    }
    expect(writesOf(callers.user)).toEqual([]);
  });
});

const NOTED = '6c8e9e3e-0f4b-4f53-9d0e-6f1b7a2c3d01';

/** A sandbox that holds these rows, which a generated company lacks. */
const withRows = (tables: SandboxState['tables'], version: SandboxVersion = '4.10.16') => {
  const sandbox = createSandbox({ version, throttle: false });
  const state = sandbox.exportState();
  sandbox.load({ ...state, tables: { ...state.tables, ...tables } });
  return sandbox;
};

describe.each(SANDBOX_VERSIONS)('background tasks of JumpServer %s', (version) => {
  it('are switched off and on by their name, and what is noted of them is deleted', async () => {
    const noted = { id: NOTED, name: 'users.tasks.check_user_expired', meta: {} };
    const callers = await startCallers(withRows({ tasks: [noted] }, version));
    const { data } = await callers.admin.query<{ periodicTasks: { name: string; isEnabled: boolean }[] }>(
      '{ periodicTasks { name isEnabled } }',
    );
    const [task] = data.periodicTasks;
    for (const isEnabled of [false, false, true]) {
      callers.admin.sandbox.clearLog();
      const input = { name: task?.name, isEnabled };
      const payload = await mutate(callers.admin, 'updatePeriodicTask', input, 'periodicTask { name isEnabled }');
      expect(payload).toMatchObject({ userErrors: [], periodicTask: input });
      expect(writesOf(callers.admin)).toEqual([`PATCH /api/v1/ops/celery/period-tasks/${task?.name}/`]);
    }
    const nobody = { name: 'nobody', isEnabled: false };
    const missing = await mutate(callers.admin, 'updatePeriodicTask', nobody, 'periodicTask { name }');
    expect(refusals(missing)).toEqual(['name NOT_FOUND']);
    expect(await failure(callers.user, 'updatePeriodicTask', nobody)).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'deleteBackgroundTask', { id: NOTED })).toBe('FORBIDDEN');
    const [row] = await list(callers.admin, 'backgroundTasks', 'id');
    const gone = await mutate(callers.admin, 'deleteBackgroundTask', { id: NOTED }, 'deletedIds');
    expect(gone).toMatchObject({ userErrors: [], deletedIds: [row?.id] });
    const again = await mutate(callers.admin, 'deleteBackgroundTask', { id: NOTED }, 'deletedIds');
    expect(refusals(again)).toEqual(['id NOT_FOUND']);
    await callers.close();
  });
});

describe('what helps to write jobs', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());

  const ask = async (graph: TestGraph, document: string, variables: Record<string, unknown>) => {
    const { data, errors, extensions } = await graph.query<Record<string, unknown>>(document, variables);
    expect(errors).toBeUndefined();
    expect(extensions.upstream.calls).toBeLessThanOrEqual(3);
    return data;
  };

  it('user names that accounts of some assets have, in one call', async () => {
    const assets = (await list(callers.admin, 'assets(first: 3, filter: { category: HOST })', 'id')).map(
      ({ id }) => id,
    );
    const QUERY = `query($assets: [ID!], $search: String) {
      usernameHints(assets: $assets, search: $search) { username count }
    }`;
    const everything = await ask(callers.admin, QUERY, { assets });
    expect(everything['usernameHints']).toContainEqual({ username: 'root', count: 3 });
    const some = await ask(callers.user, QUERY, { assets, search: 'RO' });
    expect(some['usernameHints']).toEqual([{ username: 'root', count: 3 }]);
    expect(await ask(callers.admin, QUERY, { assets: [] })).toEqual({ usernameHints: [] });
    const wrong = await callers.admin.query(QUERY, { assets: ['x'] });
    expect(wrong.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(wrong.errors?.[0]?.message).toContain('assets.0');
  });

  it('hosts on which a job could run, and never a secret of theirs', async () => {
    const [node] = await list(callers.admin, 'assetNodes(first: 1)', 'id');
    const QUERY = 'query($nodes: [ID!]) { jobHosts(nodes: $nodes, runAs: "root") }';
    const data = await ask(callers.admin, QUERY, { nodes: [node?.id] });
    const { runnable, error } = data['jobHosts'] as Record<string, Record<string, string>[]>;
    expect(runnable?.[0]).toEqual({ name: expect.any(String), ip: expect.any(String), username: 'root' });
    expect(error?.[0]).toMatchObject({ error: 'No account of this name' });
  });

  it('what JumpServer fills in', async () => {
    const data = await ask(callers.user, '{ jobVariables { name description } }', {});
    expect(data['jobVariables']).toContainEqual({ name: 'jms_username', description: 'Who runs it' });
  });
});

it('background tasks that run by the clock are all there, beyond the 200 at which JumpServer cuts a list', async () => {
  const rows = Array.from({ length: 1201 }, (_, at) => ({ id: `task-${at}`, name: `task-${at}`, enabled: true }));
  const graph = await startGraph({ sandbox: withRows({ 'period-tasks': rows }) });
  await graph.query('{ periodicTasks { name } }');
  const { data, extensions } = await graph.query<{ periodicTasks: Named[] }>('{ periodicTasks { name } }');
  expect(new Set(data.periodicTasks.map(({ name }) => name)).size).toBe(1203);
  expect(extensions.upstream.calls).toBe(2);
  await graph.close();
});

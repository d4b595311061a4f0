import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
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
  noun: 'EndpointRule',
  field: 'endpointRule',
  path: '/api/v1/terminal/endpoint-rules/',
  input: async (graph, at) => ({
    priority: 60 + Number(at),
    ipGroup: ['10.0.0.0/8'],
    endpoint: (await list(graph, 'endpoints(first: 1)', 'id'))[0]?.id,
  }),
  selection: 'name ipGroup isActive comment endpoint { name }',
  created: { ipGroup: ['10.0.0.0/8'], isActive: true, endpoint: { name: 'Default' } },
  change: { ipGroup: ['192.0.2.0/24'], isActive: false },
  changed: { ipGroup: ['192.0.2.0/24'], isActive: false },
  repeat: ['name DUPLICATE', 'priority DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ priority: 101 }, ['priority INVALID']],
    [{ endpoint: NOBODY }, ['endpoint NOT_FOUND']],
  ],
});

describePlainWrites({
  noun: 'Endpoint',
  field: 'endpoint',
  path: '/api/v1/terminal/endpoints/',
  input: () => ({ host: 'jump.example', httpPort: 0, sshPort: 22 }),
  selection: 'name host httpPort sshPort rdpPort comment',
  created: { host: 'jump.example', httpPort: 0, sshPort: 22, rdpPort: 3389 },
  change: { host: 'jump.example.org', rdpPort: 0 },
  changed: { host: 'jump.example.org', httpPort: 0, rdpPort: 0 },
  repeat: ['name DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ sshPort: 65_536 }, ['sshPort INVALID']],
    [{ httpPort: -1, httpsPort: 70_000 }, ['httpsPort INVALID', 'httpPort INVALID']],
  ],
});

const ADDRESS = 'http://elastic:Passw0rd@search.example:9200';

describePlainWrites({
  noun: 'CommandStorage',
  field: 'commandStorage',
  path: '/api/v1/terminal/command-storages/?type=es',
  input: () => ({ type: 'ELASTICSEARCH', settings: { hosts: [ADDRESS], index: 'commands' } }),
  selection: 'name type settings isDefault comment',
  created: { type: 'ELASTICSEARCH', settings: { HOSTS: ['http://search.example:9200'], INDEX: 'commands' } },
  change: { settings: { index: 'words' }, comment: 'moved' },
  changed: { settings: { HOSTS: ['http://search.example:9200'], INDEX: 'words' }, comment: 'moved' },
  repeat: ['name DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ settings: { index: 'commands' } }, ['settings.hosts REQUIRED']],
    [{ settings: { hosts: ['search.example'] } }, ['settings.hosts.0 INVALID']],
  ],
});

describePlainWrites({
  noun: 'ReplayStorage',
  field: 'replayStorage',
  path: '/api/v1/terminal/replay-storages/?type=sftp',
  input: () => ({
    type: 'SFTP',
    settings: { host: '192.0.2.7', username: 'keeper', password: 'Passw0rd', secretType: 'PASSWORD', rootPath: '/r' },
  }),
  selection: 'name type settings isDefault comment',
  created: {
    type: 'SFTP',
    isDefault: false,
    settings: { SFTP_HOST: '192.0.2.7', SFTP_USERNAME: 'keeper', SFTP_ROOT_PATH: '/r' },
  },
  change: { settings: { rootPath: '/replays' } },
  changed: { settings: { SFTP_HOST: '192.0.2.7', SFTP_USERNAME: 'keeper', SFTP_ROOT_PATH: '/replays' } },
  repeat: ['name DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ settings: { host: '192.0.2.7', rootPath: '/r' } }, ['settings.username REQUIRED']],
  ],
});

/** A storage of another machine. */
const createStorage = async (graph: TestGraph, name: string) => {
  const input = { name, type: 'ELASTICSEARCH', settings: { hosts: [ADDRESS] } };
  return (await mutate(graph, 'createCommandStorage', input, 'commandStorage { id name }'))['commandStorage'] as Named;
};

describe.each(SANDBOX_VERSIONS)('components on JumpServer %s', (version) => {
  let graph: TestGraph;
  let now = Date.parse('2026-03-01T12:00:00Z');
  beforeAll(async () => {
    graph = await startGraph({ version, sandboxOptions: { now: () => now } });
  });
  afterAll(() => graph.close());

  it('are renamed and get another storage, by one write', async () => {
    const storage = await createStorage(graph, 'elsewhere');
    const [component] = await list(graph, 'terminals', 'id');
    graph.sandbox.clearLog();
    const input = { id: component?.id, name: 'gate', commandStorage: storage.id };
    const payload = await mutate(graph, 'updateTerminal', input, 'terminal { name commandStorage { id } }');
    expect(payload).toMatchObject({ userErrors: [], terminal: { name: 'gate', commandStorage: { id: storage.id } } });
    expect(writesOf(graph)).toHaveLength(1);
    expect(refusals(await mutate(graph, 'deleteCommandStorage', { id: storage.id }, 'deletedIds'))).toEqual([
      ' INVALID',
    ]);
  });

  it('are deleted once nothing runs on them', async () => {
    const [component] = await list(graph, 'terminals', 'id');
    const busy = await mutate(graph, 'deleteTerminal', { id: component?.id }, 'deletedIds');
    expect(refusals(busy)).toEqual([' CONFLICT']);
    const running = await list(graph, 'sessions(filter: { isFinished: false })', 'id');
    await mutate(graph, 'terminateSessions', { ids: running.map(({ id }) => id) }, 'sessions { id }');
    now += 60_000;
    const gone = await mutate(graph, 'deleteTerminal', { id: component?.id }, 'deletedIds');
    expect(gone).toMatchObject({ userErrors: [], deletedIds: [component?.id] });
    const again = await mutate(graph, 'deleteTerminal', { id: component?.id }, 'deletedIds');
    expect(refusals(again)).toEqual(['id NOT_FOUND']);
  });
});

describe('what leads to components and what they keep', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.admin.sandbox.clearLog());

  it('is tried, and a failure does not tell the password in the address', async () => {
    const { id } = await createStorage(callers.admin, 'tried');
    callers.admin.sandbox.clearLog();
    const SHOWN = 'isValid message commandStorage { id }';
    const payload = await mutate(callers.admin, 'testCommandStorage', { id }, SHOWN);
    expect(payload).toMatchObject({
      userErrors: [],
      isValid: false,
      message: 'No connection to http://search.example:9200',
      commandStorage: { id },
    });
    expect(callers.admin.sandbox.log).toHaveLength(1);
    const again = await mutate(callers.admin, 'testCommandStorage', { id }, SHOWN);
    expect(again).toMatchObject({ isValid: false, userErrors: [] });
    expect(await failure(callers.user, 'testCommandStorage', { id })).toBe('FORBIDDEN');
    const nobody = await mutate(callers.admin, 'testCommandStorage', { id: NOBODY }, SHOWN);
    expect(nobody).toMatchObject({ isValid: null, message: null, commandStorage: null });
    expect(refusals(nobody)).toEqual(['id NOT_FOUND']);
  });

  it('JumpServer’s own storage for recordings can be used', async () => {
    const [own] = await list(callers.admin, 'replayStorages(filter: { isDefault: true })', 'id');
    const payload = await mutate(callers.admin, 'testReplayStorage', { id: own?.id }, 'isValid message');
    expect(payload).toMatchObject({ isValid: true, message: 'The storage answers.', userErrors: [] });
    expect(await failure(callers.user, 'testReplayStorage', { id: own?.id })).toBe('FORBIDDEN');
    const nobody = await mutate(callers.admin, 'testReplayStorage', { id: NOBODY }, 'isValid');
    expect(refusals(nobody)).toEqual(['id NOT_FOUND']);
    expect(refusals(await mutate(callers.admin, 'deleteReplayStorage', { id: own?.id }, 'deletedIds'))).toEqual([
      ' INVALID',
    ]);
  });

  it('an SFTP server that is to be the default is created, and told not to be it', async () => {
    const settings = { host: '192.0.2.8', username: 'keeper', rootPath: '/' };
    const input = { name: 'sftp', type: 'SFTP', settings, isDefault: true };
    const payload = await mutate(callers.admin, 'createReplayStorage', input, 'replayStorage { isDefault }');
    expect(payload['replayStorage']).toEqual({ isDefault: false });
    expect(refusals(payload)).toEqual(['isDefault INVALID']);
  });

  it('a port that this server does not have is told, and the rest stands', async () => {
    const input = { name: 'databases', databasePort: 5525, mysqlPort: 3306 };
    const payload = await mutate(callers.admin, 'createEndpoint', input, 'endpoint { name mysqlPort }');
    expect(payload['endpoint']).toEqual({ name: 'databases', mysqlPort: 3306 });
    expect(refusals(payload)).toEqual(['databasePort UNSUPPORTED_BY_SERVER']);
  });

  it('the default endpoint stays and stays on; nothing is sent to delete it', async () => {
    const [own] = await list(callers.admin, 'endpoints(filter: { name: "Default" })', 'id');
    const off = await mutate(
      callers.admin,
      'updateEndpoint',
      { id: own?.id, isActive: false },
      'endpoint { isActive }',
    );
    expect(off['endpoint']).toEqual({ isActive: true });
    expect(refusals(off)).toEqual(['isActive INVALID']);
    callers.admin.sandbox.clearLog();
    const kept = await mutate(callers.admin, 'deleteEndpoint', { id: own?.id }, 'deletedIds');
    expect(refusals(kept)).toEqual(['id FORBIDDEN']);
    expect(callers.admin.sandbox.log).toEqual([]);
  });

  it('components keep to their rules', async () => {
    const [component] = await list(callers.admin, 'terminals', 'id');
    const { id } = component ?? {};
    const SHOWN = 'terminal { id }';
    const update = async (input: object) => refusals(await mutate(callers.admin, 'updateTerminal', input, SHOWN));
    expect(await update({ id, name: '' })).toEqual(['name REQUIRED']);
    expect(await update({ id, commandStorage: NOBODY, replayStorage: NOBODY })).toEqual([
      'commandStorage NOT_FOUND',
      'replayStorage NOT_FOUND',
    ]);
    expect(await update({ id: NOBODY, name: 'x' })).toEqual(['id NOT_FOUND']);
    expect(await failure(callers.user, 'updateTerminal', { id, name: 'x' })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'deleteTerminal', { id })).toBe('FORBIDDEN');
  });
});

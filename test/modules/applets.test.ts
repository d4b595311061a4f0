import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { describePlainWrites } from './plain-writes.ts';
import { type Callers, failure, mutate, type Named, NOBODY, refusals, startCallers, writesOf } from './support.ts';

const APPLET = { displayName: 'Editor', version: '1.0', author: 'Corp', type: 'GENERAL' };
const APP = { displayName: 'Browser', version: '1.0', author: 'Corp', imageName: 'corp/browser:1' };
const PROVIDER = '9b0f1b3a-6a55-4f7b-9d4e-0c6a3f5f0a11';

const CONTAINER = {
  container_id: '4f66ad9a0b2e',
  container_image: 'corp/browser:1',
  container_name: 'browser-1',
  container_status: 'running',
  container_ports: ['6901'],
};

/** A sandbox with a provider, as its component would have registered it. */
const withProvider = (version: SandboxVersion = '4.10.16') => {
  const sandbox = createSandbox({ version, throttle: false });
  const state = sandbox.exportState();
  const row = { id: PROVIDER, name: 'panda', hostname: 'panda.example', terminal: null, containers: [CONTAINER] };
  sandbox.load({ ...state, tables: { ...state.tables, 'app-providers': [row] } });
  return sandbox;
};

let count = 0;
const make = async (graph: TestGraph, noun: string, more: object): Promise<string> => {
  count += 1;
  const field = `${noun.charAt(0).toLowerCase()}${noun.slice(1)}`;
  const payload = await mutate(graph, `create${noun}`, { name: `made-${count}`, ...more }, `${field} { id }`);
  return (payload[field] as Named).id;
};
const HOST = { address: '192.0.2.9', protocols: [{ name: 'rdp', port: 3389 }] };

describePlainWrites({
  noun: 'Applet',
  field: 'applet',
  path: '/api/v1/terminal/applets/',
  input: () => ({ ...APPLET, protocols: ['mysql'], tags: ['tool'] }),
  selection: 'name displayName version type isActive protocols tags comment',
  created: { displayName: 'Editor', type: 'GENERAL', isActive: true, protocols: ['mysql'], tags: ['tool'] },
  change: { isActive: false, displayName: 'Old editor' },
  changed: { isActive: false, displayName: 'Old editor', version: '1.0' },
  repeat: ['name DUPLICATE'],
  refused: [
    [{ name: 'a b' }, ['name INVALID']],
    [{ version: '', author: '' }, ['version REQUIRED', 'author REQUIRED']],
  ],
});

describePlainWrites({
  noun: 'VirtualApp',
  field: 'virtualApp',
  path: '/api/v1/terminal/virtual-apps/',
  versions: ['3.10.23', '4.10.16', '4.10.19'],
  input: () => ({ ...APP, imagePort: 5901 }),
  selection: 'name displayName imageName imagePort imageProtocol isActive comment',
  created: { imageName: 'corp/browser:1', imagePort: 5901, imageProtocol: 'vnc', isActive: true },
  change: { isActive: false, imageName: 'corp/browser:2' },
  changed: { isActive: false, imageName: 'corp/browser:2' },
  repeat: ['name DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ imageName: '' }, ['imageName REQUIRED']],
  ],
});

describePlainWrites({
  noun: 'AppletHost',
  field: 'appletHost',
  path: '/api/v1/terminal/applet-hosts/',
  input: () => ({
    ...HOST,
    deployOptions: { coreUrl: 'https://jms.example', licensingMode: 4 },
    accounts: [{ username: 'Administrator', secret: 'Passw0rd' }],
    accountsCreateCount: 20,
  }),
  selection: 'name address deployOptions accountsCreateCount autoCreateAccounts comment',
  created: {
    address: '192.0.2.9',
    deployOptions: { CORE_HOST: 'https://jms.example', RDS_LicensingMode: 4 },
    accountsCreateCount: 20,
    autoCreateAccounts: true,
  },
  change: { address: '192.0.2.10', autoCreateAccounts: false },
  changed: { address: '192.0.2.10', autoCreateAccounts: false },
  repeat: ['name DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ address: '' }, ['address REQUIRED']],
  ],
});

describePlainWrites({
  noun: 'AppletPublication',
  field: 'appletPublication',
  path: '/api/v1/terminal/applet-publications/',
  isUnnamed: true,
  input: async (graph) => ({
    applet: await make(graph, 'Applet', APPLET),
    host: await make(graph, 'AppletHost', HOST),
    comment: 'first',
  }),
  selection: 'status comment applet { displayName } host { address }',
  created: { status: 'PENDING', comment: 'first', applet: { displayName: 'Editor' }, host: { address: '192.0.2.9' } },
  change: { status: 'MISMATCH' },
  changed: { status: 'MISMATCH', comment: 'first' },
  repeat: [' DUPLICATE'],
  refused: [[{ applet: NOBODY, host: NOBODY }, ['applet NOT_FOUND', 'host NOT_FOUND']]],
});

describe.each(SANDBOX_VERSIONS)('applet hosts of JumpServer %s', (version) => {
  let graph: TestGraph;
  let host: string;
  let applet: string;
  beforeAll(async () => {
    graph = await startGraph({ version });
    host = await make(graph, 'AppletHost', HOST);
    applet = await make(graph, 'Applet', APPLET);
  });
  afterAll(() => graph.close());
  beforeEach(() => graph.sandbox.clearLog());

  it('are set up by one write that names its task; the set-up is commented and deleted', async () => {
    const SHOWN = 'taskId appletHostDeployment { id host { address } task { name } comment }';
    const input = { host, installsApplets: false, comment: 'at night' };
    const payload = await mutate(graph, 'createAppletHostDeployment', input, SHOWN);
    expect(payload).toMatchObject({
      userErrors: [],
      taskId: expect.any(String),
      appletHostDeployment: { host: { address: '192.0.2.9' }, task: { name: expect.any(String) }, comment: 'at night' },
    });
    expect(writesOf(graph)).toEqual(['POST /api/v1/terminal/applet-host-deployments/']);
    const { id } = payload['appletHostDeployment'] as Named;
    const change = { id, comment: 'by day' };
    const changed = await mutate(graph, 'updateAppletHostDeployment', change, 'appletHostDeployment { comment }');
    expect(changed).toMatchObject({ userErrors: [], appletHostDeployment: { comment: 'by day' } });
    const gone = await mutate(graph, 'deleteAppletHostDeployment', { id }, 'deletedIds');
    expect(gone).toMatchObject({ userErrors: [], deletedIds: [id] });
    const again = await mutate(graph, 'deleteAppletHostDeployment', { id }, 'deletedIds');
    expect(refusals(again)).toEqual(['id NOT_FOUND']);
  });

  it('get applets and lose them, each by one write for all hosts', async () => {
    const other = await make(graph, 'AppletHost', { ...HOST, address: '192.0.2.11' });
    const SHOWN = 'taskId appletHosts { id deployments { totalCount } }';
    for (const [name, input, path] of [
      ['installApplets', { hosts: [host, other, host], applet }, 'applets'],
      ['installApplets', { hosts: [host, other] }, 'applets'],
      ['uninstallApplets', { hosts: [host, other], applet }, 'uninstall'],
    ] as const) {
      graph.sandbox.clearLog();
      const payload = await mutate(graph, name, input, SHOWN);
      expect(payload).toMatchObject({
        userErrors: [],
        taskId: expect.any(String),
        appletHosts: [{ id: host }, { id: other }],
      });
      expect(writesOf(graph)).toEqual([`POST /api/v1/terminal/applet-host-deployments/${path}/`]);
    }
    const { data } = await graph.query(`{ appletHost(id: "${other}") { deployments { totalCount } } }`);
    expect(data).toEqual({ appletHost: { deployments: { totalCount: 3 } } });
  });

  it('get the accounts that they lack', async () => {
    const payload = await mutate(graph, 'generateAppletHostAccounts', { id: host }, 'appletHost { address }');
    expect(payload).toMatchObject({ userErrors: [], appletHost: { address: '192.0.2.9' } });
    expect(writesOf(graph)).toHaveLength(1);
  });
});

describe('tasks on applet hosts are refused', () => {
  let callers: Callers;
  let host: string;
  beforeAll(async () => {
    callers = await startCallers();
    host = await make(callers.admin, 'AppletHost', HOST);
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.admin.sandbox.clearLog());

  it('when a host or the applet is not there: nothing is sent', async () => {
    const install = async (input: object) => refusals(await mutate(callers.admin, 'installApplets', input, 'taskId'));
    expect(await install({ hosts: [] })).toEqual(['hosts REQUIRED']);
    expect(await install({ hosts: [host, NOBODY] })).toEqual(['hosts.1 NOT_FOUND']);
    expect(await install({ hosts: [host], applet: NOBODY })).toEqual(['applet NOT_FOUND']);
    expect(writesOf(callers.admin)).toEqual([]);
    const nobody = await mutate(callers.admin, 'createAppletHostDeployment', { host: NOBODY }, 'taskId');
    expect(refusals(nobody)).toEqual(['host NOT_FOUND']);
    const none = await mutate(callers.admin, 'generateAppletHostAccounts', { id: NOBODY }, 'appletHost { id }');
    expect(refusals(none)).toEqual(['id NOT_FOUND']);
    const gone = { id: NOBODY, comment: 'x' };
    const changed = await mutate(callers.admin, 'updateAppletHostDeployment', gone, 'appletHostDeployment { id }');
    expect(refusals(changed)).toEqual(['id NOT_FOUND']);
  });

  it('to an ordinary user', async () => {
    expect(await failure(callers.user, 'createAppletHostDeployment', { host })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'updateAppletHostDeployment', { id: NOBODY, comment: '' })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'deleteAppletHostDeployment', { id: NOBODY })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'generateAppletHostAccounts', { id: host })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'installApplets', { hosts: [host] })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'uninstallApplets', { hosts: [host], applet: NOBODY })).toBe('FORBIDDEN');
  });
});

describe('virtual applications', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers(withProvider());
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.admin.sandbox.clearLog());

  it('are published on a provider once, and taken from it, by one write each', async () => {
    const app = await make(callers.admin, 'VirtualApp', APP);
    callers.admin.sandbox.clearLog();
    const SHOWN = 'virtualAppPublication { id status comment app { displayName } provider { name } }';
    const input = { app, provider: PROVIDER };
    const payload = await mutate(callers.admin, 'createVirtualAppPublication', input, SHOWN);
    expect(payload).toMatchObject({
      userErrors: [],
      virtualAppPublication: { status: 'PENDING', app: { displayName: 'Browser' }, provider: { name: 'panda' } },
    });
    const { id } = payload['virtualAppPublication'] as Named;
    const again = await mutate(callers.admin, 'createVirtualAppPublication', input, SHOWN);
    expect(refusals(again)).toEqual([' DUPLICATE']);
    const change = { id, status: 'SUCCESS' };
    const changed = await mutate(callers.admin, 'updateVirtualAppPublication', change, SHOWN);
    expect(changed).toMatchObject({ userErrors: [], virtualAppPublication: { status: 'SUCCESS' } });
    expect(await failure(callers.user, 'createVirtualAppPublication', input)).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'updateVirtualAppPublication', change)).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'deleteVirtualAppPublication', { id })).toBe('FORBIDDEN');
    const gone = await mutate(callers.admin, 'deleteVirtualAppPublication', { id }, 'deletedIds');
    expect(gone).toMatchObject({ deletedIds: [id] });
    const missing = await mutate(callers.admin, 'updateVirtualAppPublication', change, SHOWN);
    expect(refusals(missing)).toEqual(['id NOT_FOUND']);
    const nobody = { app: NOBODY, provider: NOBODY };
    expect(refusals(await mutate(callers.admin, 'createVirtualAppPublication', nobody, SHOWN))).toEqual([
      'app NOT_FOUND',
      'provider NOT_FOUND',
    ]);
  });

  it('run in containers, which a call for each server tells', async () => {
    const QUERY = '{ appProviders { nodes { containers { containerId name image status ports } } } }';
    const { data, errors, extensions } = await callers.admin.query(QUERY);
    expect(errors).toBeUndefined();
    const container = {
      containerId: '4f66ad9a0b2e',
      name: 'browser-1',
      image: 'corp/browser:1',
      status: 'running',
      ports: ['6901'],
    };
    expect(data).toEqual({ appProviders: { nodes: [{ containers: [container] }] } });
    expect(extensions.upstream.calls).toBe(2);
  });

  it('their servers are renamed and deleted', async () => {
    const input = { id: PROVIDER, name: 'panda-1', hostname: 'panda-1.example' };
    const SHOWN = 'appProvider { name hostname }';
    const payload = await mutate(callers.admin, 'updateAppProvider', input, SHOWN);
    expect(payload).toMatchObject({ userErrors: [], appProvider: { name: 'panda-1', hostname: 'panda-1.example' } });
    expect(writesOf(callers.admin)).toEqual([`PATCH /api/v1/terminal/app-providers/${PROVIDER}/`]);
    const empty = await mutate(callers.admin, 'updateAppProvider', { id: PROVIDER, name: '' }, SHOWN);
    expect(refusals(empty)).toEqual(['name REQUIRED']);
    const nobody = await mutate(callers.admin, 'updateAppProvider', { id: NOBODY, name: 'x' }, SHOWN);
    expect(refusals(nobody)).toEqual(['id NOT_FOUND']);
    expect(await failure(callers.user, 'updateAppProvider', input)).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'deleteAppProvider', { id: PROVIDER })).toBe('FORBIDDEN');
    const gone = await mutate(callers.admin, 'deleteAppProvider', { id: PROVIDER }, 'deletedIds');
    expect(gone['deletedIds']).toHaveLength(1);
    const again = await mutate(callers.admin, 'deleteAppProvider', { id: PROVIDER }, 'deletedIds');
    expect(refusals(again)).toEqual(['id NOT_FOUND']);
  });
});

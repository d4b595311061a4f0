import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGraph } from '../support/graph.ts';
import { describePlainWrites } from './plain-writes.ts';
import { type Callers, list, mutate, type Named, NOBODY, refusals, startCallers, writesOf } from './support.ts';

const EVERYBODY = { all: true };
const reachFaults = [
  [{ users: {} }, ['users INVALID']],
  [{ users: { all: true, ids: [NOBODY] } }, ['users INVALID']],
  [{ users: { ids: [] } }, ['users.ids REQUIRED']],
  [{ users: { attributes: [] } }, ['users.attributes REQUIRED']],
  [{ users: { ids: [NOBODY] } }, ['users.ids.0 NOT_FOUND']],
] as const;
const common = {
  repeat: ['name DUPLICATE'],
  change: { priority: 7, isActive: false, action: 'accept' },
  changed: { priority: 7, isActive: false, action: { value: 'accept' } },
};
const faults = [
  [{ name: '' }, ['name REQUIRED']],
  [{ priority: 101 }, ['priority INVALID']],
  [{ action: 'nonsense' }, ['action INVALID']],
  [{ reviewers: [NOBODY] }, ['reviewers.0 NOT_FOUND']],
  ...reachFaults,
] as const;
const SELECTION = 'name priority isActive action { value } userRule';

describePlainWrites({
  ...common,
  noun: 'LoginAcl',
  field: 'loginAcl',
  path: '/api/v1/acls/login-acls/',
  input: () => ({ users: EVERYBODY }),
  selection: `${SELECTION} conditions { ipGroup timePeriod { weekday times } }`,
  created: {
    priority: 50,
    isActive: true,
    action: { value: 'reject' },
    userRule: { type: 'all' },
    conditions: { ipGroup: ['*'], timePeriod: [] },
  },
  refused: [
    ...faults,
    [{ conditions: { timePeriod: [{ weekday: 1, times: 'noon' }] } }, ['conditions.timePeriod INVALID']],
  ],
});

describePlainWrites({
  ...common,
  noun: 'LoginAssetAcl',
  field: 'loginAssetAcl',
  path: '/api/v1/acls/login-asset-acls/',
  input: () => ({
    users: EVERYBODY,
    assets: { attributes: [{ name: 'category', match: 'in', value: ['database'] }] },
    accounts: ['root'],
    conditions: { ipGroup: ['10.0.0.0/8'], timePeriod: [{ weekday: 1, times: '08:00~20:00' }] },
  }),
  selection: `${SELECTION} assetRule accounts conditions { ipGroup timePeriod { weekday times } }`,
  created: {
    assetRule: { type: 'attrs', attrs: [{ name: 'category', match: 'in', value: ['database'] }] },
    accounts: ['root'],
    conditions: { ipGroup: ['10.0.0.0/8'], timePeriod: [{ weekday: 1, times: '08:00~20:00' }] },
  },
  refused: [...faults, [{ assets: { ids: [NOBODY] } }, ['assets.ids.0 NOT_FOUND']]],
});

describePlainWrites({
  ...common,
  noun: 'CommandFilterAcl',
  field: 'commandFilterAcl',
  path: '/api/v1/acls/command-filter-acls/',
  input: async (graph) => ({
    users: EVERYBODY,
    assets: EVERYBODY,
    accounts: ['@ALL'],
    action: 'warning',
    commandGroups: (await list(graph, 'commandGroups(first: 1)', 'id')).map(({ id }) => id),
  }),
  selection: `${SELECTION} accounts commandGroups { name }`,
  created: { action: { value: 'warning' }, accounts: ['@ALL'], commandGroups: [{ name: expect.any(String) }] },
  refused: [...faults, [{ commandGroups: [NOBODY] }, ['commandGroups.0 NOT_FOUND']]],
});

describePlainWrites({
  ...common,
  noun: 'ConnectMethodAcl',
  field: 'connectMethodAcl',
  path: '/api/v1/acls/connect-method-acls/',
  input: () => ({ users: EVERYBODY, connectMethods: ['web_sftp'] }),
  selection: `${SELECTION} connectMethods`,
  created: { connectMethods: ['web_sftp'], userRule: { type: 'all' } },
  refused: faults,
});

describePlainWrites({
  ...common,
  noun: 'DataMaskingRule',
  field: 'dataMaskingRule',
  path: '/api/v1/acls/data-masking-rules/',
  input: () => ({
    users: EVERYBODY,
    assets: EVERYBODY,
    accounts: ['@ALL'],
    fieldsPattern: 'phone',
    maskingMethod: 'KEEP_SUFFIX',
  }),
  selection: `${SELECTION} fieldsPattern maskingMethod maskPattern`,
  created: { fieldsPattern: 'phone', maskingMethod: 'KEEP_SUFFIX', maskPattern: '######' },
  refused: faults,
  versions: ['4.10.16', '4.10.19'],
});

describePlainWrites({
  ...common,
  noun: 'ClipboardAcl',
  field: 'clipboardAcl',
  path: '/api/v1/acls/clipboard-acls/',
  input: () => ({
    users: EVERYBODY,
    assets: EVERYBODY,
    accounts: ['@ALL'],
    operations: ['COPY', 'UPLOAD'],
    copyTextLimit: 200,
    uploadFileSizeLimit: 10,
  }),
  selection: `${SELECTION} assetRule accounts operations copyTextLimit pasteTextLimit uploadFileSizeLimit`,
  created: {
    userRule: { type: 'all' },
    assetRule: { type: 'all' },
    operations: ['UPLOAD', 'COPY'],
    copyTextLimit: 200,
    pasteTextLimit: 0,
    uploadFileSizeLimit: 10,
  },
  refused: [...faults, [{ copyTextLimit: -1 }, ['copyTextLimit INVALID']], [{ assets: {} }, ['assets INVALID']]],
  versions: ['4.10.19'],
  on: '4.10.19',
});

describePlainWrites({
  noun: 'CommandGroup',
  field: 'commandGroup',
  path: '/api/v1/acls/command-groups/',
  input: () => ({ content: 'rm -rf /\nmkfs' }),
  selection: 'name type content ignoreCase comment',
  created: { type: 'COMMAND', content: 'rm -rf /\nmkfs', ignoreCase: true },
  change: { type: 'REGEX', content: 'rm .*', ignoreCase: false },
  changed: { type: 'REGEX', content: 'rm .*', ignoreCase: false },
  repeat: ['name DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ content: '' }, ['content REQUIRED']],
  ],
});

describe('whom a rule matches', () => {
  let callers: Callers;
  let users: Named[];
  beforeAll(async () => {
    callers = await startCallers();
    users = await list(callers.admin, 'users(first: 2)', 'id uuid');
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.admin.sandbox.clearLog());

  it('is looked up before the one write: ids become a rule, and the rule’s members', async () => {
    const input = { name: 'two', users: { ids: users.map(({ id }) => id) } };
    const payload = await mutate(
      callers.admin,
      'createLoginAcl',
      input,
      'loginAcl { id userRule users { totalCount } }',
    );
    expect(payload).toMatchObject({
      userErrors: [],
      loginAcl: { userRule: { type: 'ids', ids: users.map(({ uuid }) => uuid) }, users: { totalCount: 2 } },
    });
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/acls/login-acls/']);
  });

  it('stays as it is when a change does not speak of it; conditions are replaced whole', async () => {
    const conditions = { ipGroup: ['10.0.0.0/8'], timePeriod: [{ weekday: 1, times: '08:00~20:00' }] };
    const input = { name: 'kept', users: { ids: [users[0]?.id] }, conditions };
    const SHOWN = 'loginAcl { id userRule conditions { ipGroup timePeriod { times } } }';
    const { id } = (await mutate(callers.admin, 'createLoginAcl', input, SHOWN))['loginAcl'] as Named;
    const renamed = await mutate(callers.admin, 'updateLoginAcl', { id, name: 'kept still' }, SHOWN);
    expect(renamed['loginAcl']).toMatchObject({
      userRule: { type: 'ids', ids: [users[0]?.uuid] },
      conditions: { ipGroup: ['10.0.0.0/8'], timePeriod: [{ times: '08:00~20:00' }] },
    });
    const changes = { id, conditions: { ipGroup: ['192.0.2.0/24'] } };
    const changed = await mutate(callers.admin, 'updateLoginAcl', changes, SHOWN);
    expect(changed['loginAcl']).toMatchObject({ conditions: { ipGroup: ['192.0.2.0/24'], timePeriod: [] } });
  });
});

it.each([
  ['4.9.0', 'createDataMaskingRule', 'dataMaskingRule', { fieldsPattern: 'phone' }],
  ['4.10.16', 'createClipboardAcl', 'clipboardAcl', { operations: ['COPY'] }],
] as const)('a server %s without the rules of %s says so', async (version, name, field, more) => {
  const old = await startGraph({ version });
  const input = { name: 'x', users: EVERYBODY, assets: EVERYBODY, accounts: ['@ALL'], ...more };
  const payload = await mutate(old, name, input, `${field} { id }`);
  expect(refusals(payload)).toEqual([' UNSUPPORTED_BY_SERVER']);
  await old.close();
});

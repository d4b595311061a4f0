import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const assetsOf = async (graph: TestGraph) => (await list(graph, 'assets(first: 2)', 'id')).map(({ id }) => id);
const common = {
  repeat: ['name DUPLICATE'],
  change: { isPeriodic: false, comment: 'paused' },
  changed: { isPeriodic: false, comment: 'paused' },
};
const refused = [
  [{ name: '' }, ['name REQUIRED']],
  [{ interval: 0 }, ['interval INVALID']],
] as const;
const ASSET = { id: expect.any(String) };

describePlainWrites({
  ...common,
  noun: 'GatherAccount',
  field: 'gatherAccount',
  path: '/api/v1/accounts/gather-account-automations/',
  input: async (graph) => ({ assets: await assetsOf(graph), isPeriodic: true, interval: 12, isSyncAccount: true }),
  selection: 'name isPeriodic interval isSyncAccount comment assets { id }',
  created: { isPeriodic: true, interval: 12, isSyncAccount: true, assets: [ASSET, ASSET] },
  refused: [...refused, [{ assets: [NOBODY] }, ['assets.0 NOT_FOUND']]],
});

describePlainWrites({
  ...common,
  noun: 'AccountBackup',
  field: 'accountBackup',
  path: '/api/v1/accounts/account-backup-plans/',
  input: async (graph) => ({
    assetTypes: ['host'],
    isPeriodic: true,
    crontab: '0 3 * * *',
    recipientsPartOne: (await list(graph, 'users(first: 1)', 'id')).map(({ id }) => id),
    archivePassword: 'S3cret!archive',
  }),
  selection: 'name isPeriodic crontab assetTypes comment recipientsPartOne { id }',
  created: { isPeriodic: true, crontab: '0 3 * * *', assetTypes: ['host'], recipientsPartOne: [ASSET] },
  refused: [...refused, [{ recipientsPartTwo: [NOBODY] }, ['recipientsPartTwo.0 NOT_FOUND']]],
});

describePlainWrites({
  ...common,
  noun: 'PushAccount',
  field: 'pushAccount',
  path: '/api/v1/accounts/push-account-automations/',
  input: async (graph) => ({
    accounts: ['root'],
    assets: await assetsOf(graph),
    secretType: 'PASSWORD',
    secretStrategy: 'RANDOM',
    passwordRules: { length: 24, hasSymbol: false },
  }),
  selection: 'name isPeriodic accounts secretType secretStrategy comment passwordRules { length hasSymbol }',
  created: {
    accounts: ['root'],
    secretType: 'PASSWORD',
    secretStrategy: 'RANDOM',
    passwordRules: { length: 24, hasSymbol: false },
  },
  refused,
});

describe.each(SANDBOX_VERSIONS)('running on JumpServer %s', (version) => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ version });
  });
  afterAll(() => graph.close());

  it.each([
    ['GatherAccount', {}],
    ['AccountBackup', { assetTypes: ['host'] }],
    ['PushAccount', { accounts: ['root'], secretType: 'PASSWORD', secretStrategy: 'RANDOM' }],
  ])('%s is one write that names its task, and a repeat runs it again', async (noun, more) => {
    await expectRuns(graph, noun, more);
  });
});

it('runChangeSecret is one write that names its task, where it needs no licence', async () => {
  const callers = await startCallers('3.10.23');
  await expectRuns(callers.admin, 'ChangeSecret', {
    accounts: ['root'],
    secretType: 'PASSWORD',
    secretStrategy: 'RANDOM',
  });
  const nobody = await mutate(callers.admin, 'runChangeSecret', { id: NOBODY }, 'changeSecret { id }');
  expect(refusals(nobody)).toEqual(['id NOT_FOUND']);
  await callers.close();
});

async function expectRuns(graph: TestGraph, noun: string, more: object): Promise<void> {
  const field = `${noun.charAt(0).toLowerCase()}${noun.slice(1)}`;
  const made = await mutate(graph, `create${noun}`, { name: `run ${noun}`, ...more }, `${field} { id }`);
  const { id } = made[field] as Named;
  graph.sandbox.clearLog();
  const SHOWN = `taskId ${field} { id executionsCount }`;
  const payload = await mutate(graph, `run${noun}`, { id }, SHOWN);
  expect(payload).toMatchObject({
    userErrors: [],
    taskId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    [field]: { id, executionsCount: 1 },
  });
  expect(writesOf(graph)).toHaveLength(1);
  const again = await mutate(graph, `run${noun}`, { id }, SHOWN);
  expect(again).toMatchObject({ [field]: { executionsCount: 2 } });
}

describe('automations', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());

  it.each([
    ['runGatherAccount', 'gatherAccount'],
    ['runAccountBackup', 'accountBackup'],
    ['runPushAccount', 'pushAccount'],
  ])('%s of nobody is NOT_FOUND, of an ordinary user FORBIDDEN', async (name, field) => {
    callers.admin.sandbox.clearLog();
    const payload = await mutate(callers.admin, name, { id: NOBODY }, `${field} { id }`);
    expect(refusals(payload)).toEqual(['id NOT_FOUND']);
    expect(writesOf(callers.admin)).toEqual([]);
    expect(await failure(callers.user, name, { id: NOBODY })).toBe('FORBIDDEN');
  });

  it('secrets are changed with a licence only', async () => {
    const input = { name: 'rotate', accounts: ['root'], secretType: 'PASSWORD', secretStrategy: 'RANDOM' };
    const SHOWN = 'changeSecret { id }';
    const UNSUPPORTED = [' UNSUPPORTED_BY_SERVER'];
    const run = async (name: string, given: object, shown = SHOWN) =>
      refusals(await mutate(callers.admin, name, given, shown));
    expect(await run('createChangeSecret', input)).toEqual(UNSUPPORTED);
    expect(await run('updateChangeSecret', { id: NOBODY, comment: 'x' })).toEqual(UNSUPPORTED);
    expect(await run('deleteChangeSecret', { id: NOBODY }, 'deletedIds')).toEqual(UNSUPPORTED);
  });
});

describePlainWrites({
  ...common,
  noun: 'ChangeSecret',
  field: 'changeSecret',
  path: '/api/v1/accounts/change-secret-automations/',
  input: () => ({ accounts: ['root'], secretType: 'PASSWORD', secretStrategy: 'RANDOM' }),
  selection: 'name isPeriodic accounts comment',
  created: { accounts: ['root'] },
  refused: [],
  versions: ['3.10.23'],
  only: 'versions',
});

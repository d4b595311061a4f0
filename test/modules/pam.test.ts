import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { createStage } from '../mutations/stage.ts';
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
  noun: 'IntegrationApplication',
  field: 'integrationApplication',
  path: '/api/v1/accounts/integration-applications/',
  input: () => ({ accounts: { all: true }, ipGroup: ['10.0.0.0/8'], comment: 'builds' }),
  selection: 'name isActive accountRule ipGroup comment',
  created: { isActive: true, accountRule: { type: 'all' }, ipGroup: ['10.0.0.0/8'], comment: 'builds' },
  change: {
    isActive: false,
    accounts: { attributes: [{ name: 'username', match: 'in', value: ['deploy'] }] },
    comment: 'paused',
  },
  changed: {
    isActive: false,
    accountRule: { type: 'attrs', attrs: [{ name: 'username', match: 'in', value: ['deploy'] }] },
    ipGroup: ['10.0.0.0/8'],
    comment: 'paused',
  },
  repeat: ['name DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ accounts: {} }, ['accounts INVALID']],
    [{ accounts: { ids: [] } }, ['accounts.ids REQUIRED']],
    [{ accounts: { ids: [NOBODY] } }, ['accounts.ids.0 NOT_FOUND']],
  ],
  versions: ['4.9.0', '4.10.16', '4.10.19'],
});

describe('how a program reads secrets', () => {
  it.each([
    '4.9.0',
    '4.10.16',
    '4.10.19',
  ] as const)('is shown by one call for each language on JumpServer %s', async (version) => {
    const graph = await startGraph({ version });
    await graph.query('{ serverInfo { version } }');
    const ASK = '{ python: integrationSdk { readme code } go: integrationSdk(language: "go") { readme } }';
    const { data, errors, extensions } = await graph.query(ASK);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ python: { readme: '# python', code: 'connect("python")' }, go: { readme: '# go' } });
    expect(extensions.upstream.calls).toBe(2);
    await graph.close();
  });

  it('is nothing that JumpServer 3.10.23 knows', async () => {
    const old = await startGraph({ version: '3.10.23' });
    const { data, errors } = await old.query('{ integrationSdk { readme } }');
    expect(data).toEqual({ integrationSdk: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNSUPPORTED_BY_SERVER']);
    await old.close();
  });
});

describe('the secret of an integration application', () => {
  let callers: Callers;
  let application: Named;
  beforeAll(async () => {
    callers = await startCallers('4.10.19');
    [application] = (await list(callers.admin, 'integrationApplications(first: 1)', 'id uuid name')) as [Named];
  });
  afterAll(() => callers.close());
  const REFRESH = 'refreshIntegrationApplicationSecret';
  const SHOWN = 'integrationApplication { uuid name }';
  const kept = () => {
    const rows = callers.admin.sandbox.exportState().tables['integration-applications'] ?? [];
    return rows.find(({ id }) => id === application.uuid)?.['secret'];
  };

  it('is another one after each call, and told to nobody here', async () => {
    const secrets: unknown[] = [];
    for (let time = 0; time < 2; time++) {
      callers.admin.sandbox.clearLog();
      const payload = await mutate(callers.admin, REFRESH, { id: application.id }, SHOWN);
      expect(payload).toMatchObject({
        userErrors: [],
        integrationApplication: { uuid: application.uuid, name: application.name },
      });
      const sent = callers.admin.sandbox.log.filter(({ path }) => path.endsWith('/refresh-secret/'));
      expect(sent.map(({ method }) => method)).toEqual(['GET']);
      expect(JSON.stringify([payload, callers.admin.log])).not.toContain(String(kept()));
      secrets.push(kept());
    }
    expect(secrets[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(secrets[1]).not.toBe(secrets[0]);
  });

  it('of nobody is NOT_FOUND, to an ordinary user FORBIDDEN, and older servers can not', async () => {
    expect(refusals(await mutate(callers.admin, REFRESH, { id: NOBODY }, SHOWN))).toEqual(['id NOT_FOUND']);
    expect(await failure(callers.user, REFRESH, { id: application.id })).toBe('FORBIDDEN');
    const old = await startGraph({ version: '4.10.16' });
    expect(refusals(await mutate(old, REFRESH, { id: NOBODY }, SHOWN))).toEqual([' UNSUPPORTED_BY_SERVER']);
    await old.close();
  });
});

describe.each(['4.9.0', '4.10.16', '4.10.19'] as const)('accounts that were found, on JumpServer %s', (version) => {
  let graph: TestGraph;
  let user: TestGraph;
  let found: Named[];
  beforeAll(async () => {
    graph = await startGraph({ version });
    user = await startGraph({ sandbox: graph.sandbox, token: 'sandbox-user' });
    found = await list(graph, 'gatheredAccounts(first: 8)', 'id uuid');
  });
  afterAll(async () => {
    await user.close();
    await graph.close();
  });
  beforeEach(() => graph.sandbox.clearLog());
  const SHOWN = 'gatheredAccounts { id status isPresent }';
  const set = (ids: readonly (string | undefined)[], status: string) =>
    mutate(graph, 'setGatheredAccountsStatus', { ids, status }, SHOWN);

  it('are confirmed or ignored by one write, as often as wanted', async () => {
    const ids = found.slice(0, 2).map(({ id }) => id);
    for (const status of ['IGNORED', 'CONFIRMED', 'CONFIRMED']) {
      graph.sandbox.clearLog();
      const payload = await set(ids, status);
      expect(payload).toMatchObject({ userErrors: [], gatheredAccounts: ids.map((id) => ({ id, status })) });
      expect(writesOf(graph)).toEqual(['PUT /api/v1/accounts/gathered-accounts/status/']);
    }
  });

  it('are told by place when they are unknown, before anything is written', async () => {
    expect(refusals(await set([found[0]?.id, NOBODY], 'IGNORED'))).toEqual(['ids.1 NOT_FOUND']);
    expect(refusals(await set([], 'IGNORED'))).toEqual(['ids REQUIRED']);
    expect(writesOf(graph)).toEqual([]);
  });

  it('are not an ordinary user’s', async () => {
    const ids = [found[0]?.id];
    expect(await failure(user, 'setGatheredAccountsStatus', { ids, status: 'IGNORED' })).toBe('FORBIDDEN');
    expect(await failure(user, 'deleteGatheredAccounts', { ids })).toBe('FORBIDDEN');
  });
});

it.each(SANDBOX_VERSIONS)('JumpServer %s forgets found accounts one by one; a repeat is NOT_FOUND', async (version) => {
  const graph = await startGraph({ version });
  const [one] = await list(graph, 'gatheredAccounts(first: 1)', 'id uuid');
  graph.sandbox.clearLog();
  const remove = () => mutate(graph, 'deleteGatheredAccounts', { ids: [one?.id] }, 'deletedIds');
  expect(await remove()).toMatchObject({ userErrors: [], deletedIds: [one?.id] });
  expect(writesOf(graph)).toEqual([`DELETE /api/v1/accounts/gathered-accounts/${one?.uuid}/`]);
  expect(refusals(await remove())).toEqual(['ids.0 NOT_FOUND']);
  await graph.close();
});

it('JumpServer 3.10.23 keeps no status of found accounts and says so', async () => {
  const graph = await startGraph({ version: '3.10.23' });
  const [one] = await list(graph, 'gatheredAccounts(first: 1)', 'id');
  graph.sandbox.clearLog();
  const input = { ids: [one?.id], status: 'IGNORED' };
  const payload = await mutate(graph, 'setGatheredAccountsStatus', input, 'gatheredAccounts { id }');
  expect(refusals(payload)).toEqual([' UNSUPPORTED_BY_SERVER']);
  expect(writesOf(graph)).toEqual([]);
  await graph.close();
});

describe.each(SANDBOX_VERSIONS)('virtual accounts on JumpServer %s', (version) => {
  it('are changed by one write; nobody’s is NOT_FOUND, and an ordinary user may not', async () => {
    const graph = await startGraph({ version });
    const user = await startGraph({ sandbox: graph.sandbox, token: 'sandbox-user' });
    const rows = await list<Named & { alias: string }>(graph, 'virtualAccounts(first: 10)', 'id alias');
    const id = rows.find(({ alias }) => alias === '@USER')?.id;
    const SHOWN = 'virtualAccount { id alias isSecretFromLogin }';
    for (const isSecretFromLogin of [true, true, false]) {
      graph.sandbox.clearLog();
      const payload = await mutate(graph, 'updateVirtualAccount', { id, isSecretFromLogin }, SHOWN);
      expect(payload).toMatchObject({ userErrors: [], virtualAccount: { id, alias: '@USER', isSecretFromLogin } });
      expect(writesOf(graph)).toHaveLength(1);
    }
    const nobody = await mutate(graph, 'updateVirtualAccount', { id: NOBODY, isSecretFromLogin: true }, SHOWN);
    expect(refusals(nobody)).toEqual(['id NOT_FOUND']);
    expect(await failure(user, 'updateVirtualAccount', { id, isSecretFromLogin: true })).toBe('FORBIDDEN');
    await user.close();
    await graph.close();
  });
});

describe.each(SANDBOX_VERSIONS)('without a licence JumpServer %s', (version) => {
  it('handles no risks and knows no changes of secrets under way', async () => {
    const graph = await startGraph({ version });
    const [asset] = await list(graph, 'assets(first: 1)', 'id');
    const risk = { asset: asset?.id, username: 'root', risk: 'weak_password', action: 'IGNORE' };
    const refused = async (name: string, input: object, shown: string) =>
      refusals(await mutate(graph, name, input, shown));
    const UNSUPPORTED = [' UNSUPPORTED_BY_SERVER'];
    expect(await refused('handleAccountRisk', risk, 'asset { id }')).toEqual(UNSUPPORTED);
    expect(await refused('deleteChangeSecretProgress', { id: NOBODY }, 'deletedIds')).toEqual(UNSUPPORTED);
    const [only] = await refused('deleteAccountRisks', { ids: [NOBODY] }, 'deletedIds');
    expect(only).toMatch(/UNSUPPORTED_BY_SERVER$/);
    const { data, errors } = await graph.query('{ assetRisks { totalCount } }');
    expect(data).toEqual({ assetRisks: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNSUPPORTED_BY_SERVER']);
    await graph.close();
  });
});

describe.each(['4.9.0', '4.10.16', '4.10.19'] as const)('with a licence JumpServer %s', (version) => {
  it('has a risk handled by one write, which the risk shows then, and counts risks by asset', async () => {
    const stage = await createStage(version, 'ENTERPRISE');
    const SHOWN = 'id username risk { value } status { value } asset { id }';
    const readRisks = () => list<Named & { asset: Named }>(stage.admin, 'accountRisks', SHOWN);
    const [risk] = await readRisks();
    expect(risk).toMatchObject({ risk: { value: 'weak_password' }, status: { value: '0' } });
    const input = { asset: risk?.asset.id, username: risk?.username, risk: 'weak_password' };
    for (const [action, value] of [
      ['IGNORE', '2'],
      ['CLOSE', '1'],
      ['REOPEN', '0'],
    ]) {
      stage.admin.sandbox.clearLog();
      const payload = await mutate(stage.admin, 'handleAccountRisk', { ...input, action }, 'asset { id }');
      expect(payload).toMatchObject({ userErrors: [], asset: risk?.asset });
      expect(writesOf(stage.admin)).toEqual(['POST /api/v1/accounts/account-risks/handle/']);
      expect(await readRisks()).toMatchObject([{ id: risk?.id, status: { value } }]);
    }
    const { data, errors } = await stage.admin.query('{ assetRisks { nodes { risksCount asset { id } } } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ assetRisks: { nodes: [{ risksCount: 1, asset: risk?.asset }] } });
    await stage.close();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
  await graph.query('{ serverInfo { version } }');
});
afterAll(() => graph.close());

const asUser = { headers: { authorization: 'Bearer sandbox-user' } };

describe('automations', () => {
  it('tell schedule, scope and runs', async () => {
    const { data, errors, extensions } = await graph.query(
      `{ gatherAccounts { totalCount nodes { name interval isPeriodic nodes { name } assets { name }
        executions(first: 10) { totalCount nodes { status trigger automation { name } } } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data['gatherAccounts']).toEqual({
      totalCount: 1,
      nodes: [
        {
          name: 'Look for new accounts',
          interval: 24,
          isPeriodic: true,
          nodes: [{ name: 'Rotterdam' }],
          assets: [],
          executions: {
            totalCount: 3,
            nodes: [
              { status: 'SUCCESS', trigger: 'MANUAL', automation: { name: 'Look for new accounts' } },
              { status: 'SUCCESS', trigger: 'TIMING', automation: { name: 'Look for new accounts' } },
              { status: 'SUCCESS', trigger: 'TIMING', automation: { name: 'Look for new accounts' } },
            ],
          },
        },
      ],
    });
    expect(extensions.upstream.calls).toBe(2);
  });

  it('that back up secrets tell to whom', async () => {
    const { data, errors, extensions } = await graph.query(
      '{ accountBackups { nodes { name type { value } assetTypes isPeriodic recipientsPartOne { username } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data['accountBackups']).toMatchObject({
      nodes: [{ name: 'Every Sunday', type: { value: 'email' }, assetTypes: ['linux', 'mysql'] }],
    });
    expect(extensions.upstream.calls).toBeLessThanOrEqual(2);
  });

  it('whose runs an older server can not tell apart say so instead of showing everybody’s', async () => {
    const { data, errors } = await graph.query('{ accountBackups { nodes { executions { totalCount } } } }');
    expect(data['accountBackups']).toEqual({ nodes: [{ executions: null }] });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNSUPPORTED_BY_SERVER']);
  });

  it.each([
    'changeSecrets',
    'changeSecretExecutions',
    'changeSecretRecords',
    'checkAccounts',
    'checkAccountExecutions',
    'accountRisks',
  ])('%s need a licence, and say so', async (root) => {
    const { data, errors } = await graph.query(`{ ${root} { totalCount } }`);
    expect(data).toEqual({ [root]: null });
    expect(errors?.map(({ message, extensions }) => [extensions.code, message.includes('enterprise licence')])).toEqual(
      [['UNSUPPORTED_BY_SERVER', true]],
    );
  });

  it('of 3.10, which gave them without a licence, are read', async () => {
    const old = await startGraph({ version: '3.10.23' });
    const { errors } = await old.query('{ changeSecrets { totalCount nodes { name passwordRules { length } } } }');
    expect(errors).toBeUndefined();
    await old.close();
  });
});

describe('accounts that were found', () => {
  it('tell what was made of them', async () => {
    const { data, errors, extensions } = await graph.query(
      '{ gatheredAccounts(first: 3) { totalCount nodes { username status isPresent asset { name address } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data['gatheredAccounts']).toMatchObject({
      totalCount: 8,
      nodes: [
        { username: 'intern', status: 'WAITING', isPresent: false, asset: { address: expect.stringMatching(/\d$/) } },
        { username: 'intern', status: 'IGNORED' },
        { username: 'nobody', status: 'CONFIRMED' },
      ],
    });
    expect(extensions.upstream.calls).toBe(1);
  });
});

describe('applications', () => {
  it('list the accounts that they may read', async () => {
    const { data, errors, extensions } = await graph.query(
      '{ integrationApplications { nodes { name accountsCount accounts(first: 1) { totalCount } ipGroup } } }',
    );
    expect(errors).toBeUndefined();
    expect(data['integrationApplications']).toEqual({
      nodes: [{ name: 'Build server', accountsCount: 424, accounts: { totalCount: 424 }, ipGroup: ['*'] }],
    });
    expect(extensions.upstream.calls).toBe(2);
  });

  it('came after 3.10', async () => {
    const old = await startGraph({ version: '3.10.23' });
    const { errors } = await old.query('{ integrationApplications { totalCount } }');
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNSUPPORTED_BY_SERVER']);
    await old.close();
  });
});

it.each([
  'gatherAccounts',
  'accountBackups',
  'gatheredAccounts',
  'integrationApplications',
  'virtualAccounts',
])('%s are refused to an ordinary user', async (root) => {
  const { errors } = await graph.query(`{ ${root} { totalCount } }`, {}, asUser);
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toNarrowing } from '../../src/modules/acls/matching.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
  await graph.query('{ serverInfo { version } }');
});
afterAll(() => graph.close());

describe('whom a rule matches', () => {
  it.each([
    [{ type: 'all' }, {}],
    [{ type: 'ids', ids: ['A1', 'B2'] }, { rules: [{ name: 'id', match: 'in', value: ['a1', 'b2'] }] }],
    [{ type: 'ids', ids: [{ id: 'A1', name: 'x' }] }, { rules: [{ name: 'id', match: 'in', value: ['a1'] }] }],
    [{ type: 'ids', ids: [] }, null],
    [
      { type: 'attrs', attrs: [{ name: 'groups', match: 'm2m', value: ['g'] }] },
      { rules: [{ name: 'groups', match: 'm2m', value: ['g'] }] },
    ],
    [{ type: 'attrs', attrs: [] }, null],
    [null, null],
  ])('%j narrows a list to %j', (rule, want) => {
    expect(toNarrowing(rule)).toEqual(want);
  });
});

describe('login rules', () => {
  it('list the users whom they match now', async () => {
    const { data, errors, extensions } = await graph.query(
      `{ loginAcls { nodes { name priority action { value } users { totalCount nodes { username } }
        conditions { ipGroup timePeriod { weekday times } } reviewers { username } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data['loginAcls']).toEqual({
      nodes: [
        {
          name: 'Someone agrees first',
          priority: 30,
          action: { value: 'review' },
          users: { totalCount: 2, nodes: [{ username: 'xenia.lindqvist' }, { username: 'yusuf.salonen' }] },
          conditions: { ipGroup: ['*'], timePeriod: [] },
          reviewers: [{ username: 'admin' }],
        },
        {
          name: 'Partners by day',
          priority: 50,
          action: { value: 'reject' },
          users: { totalCount: 2, nodes: [{ username: 'nadia.quist' }, { username: 'oskar.yilmaz' }] },
          conditions: { ipGroup: ['203.0.113.0/24'], timePeriod: [{ weekday: 1, times: '08:00~18:00' }] },
          reviewers: [],
        },
      ],
    });
    expect(extensions.upstream.calls).toBeLessThanOrEqual(5);
  });

  it('are found from the user', async () => {
    const { data: found } = await graph.query<{ user: { uuid: string } }>('{ user(username: "nadia.quist") { uuid } }');
    const { data } = await graph.query('query ($user: ID!) { loginAcls(filter: { user: $user }) { nodes { name } } }', {
      user: found.user.uuid,
    });
    expect(data['loginAcls']).toEqual({ nodes: [{ name: 'Partners by day' }] });
  });
});

describe('rules of the organisation', () => {
  it('list users, assets and groups of commands', async () => {
    const { data, errors } = await graph.query(
      `{ loginAssetAcls { nodes { name users { totalCount } assets(first: 2) { totalCount nodes { name } } accounts } }
        commandFilterAcls { nodes { name commandGroups { name content } users { totalCount } assets { totalCount } } }
        connectMethodAcls { nodes { name connectMethods users { nodes { username } } } }
        dataMaskingRules { nodes { name maskingMethod fieldsPattern } } commandGroups { totalCount nodes { name type } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      loginAssetAcls: {
        nodes: [
          {
            name: 'Tell us about the first five',
            users: { totalCount: 60 },
            assets: { totalCount: 5, nodes: [{ name: 'app-0000' }, { name: 'app-0001' }] },
            accounts: ['root'],
          },
        ],
      },
      commandFilterAcls: {
        nodes: [
          {
            name: 'Nothing gets deleted',
            commandGroups: [
              { name: 'Deletes', content: 'rm -rf\nmkfs\ndd if=' },
              { name: 'Schema changes', content: '(drop|alter)\\s+table' },
            ],
            users: { totalCount: 60 },
            assets: { totalCount: 212 },
          },
        ],
      },
      connectMethodAcls: {
        nodes: [
          {
            name: 'No web SFTP for partners',
            connectMethods: ['web_sftp'],
            users: { nodes: [{ username: 'nadia.quist' }, { username: 'oskar.yilmaz' }] },
          },
        ],
      },
      dataMaskingRules: { nodes: [{ name: 'Hide addresses', maskingMethod: 'FIXED', fieldsPattern: 'e?mail' }] },
      commandGroups: {
        totalCount: 2,
        nodes: [
          { name: 'Deletes', type: 'COMMAND' },
          { name: 'Schema changes', type: 'REGEX' },
        ],
      },
    });
  });

  it('that the server does not have yet are unsupported, with the version', async () => {
    const old = await startGraph({ version: '4.9.0' });
    const { data, errors } = await old.query('{ dataMaskingRules { totalCount } }');
    expect(data).toEqual({ dataMaskingRules: null });
    expect(errors?.map(({ message, extensions }) => [extensions.code, message])).toEqual([
      ['UNSUPPORTED_BY_SERVER', 'The connected JumpServer (4.9.0) has no DataMaskingRule rows.'],
    ]);
    await old.close();
  });

  it.each([
    'loginAcls',
    'loginAssetAcls',
    'commandFilterAcls',
    'commandGroups',
    'connectMethodAcls',
    'dataMaskingRules',
  ])('%s are refused to an ordinary user', async (root) => {
    const { errors } = await graph.query(
      `{ ${root} { totalCount } }`,
      {},
      { headers: { authorization: 'Bearer sandbox-user' } },
    );
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });
});

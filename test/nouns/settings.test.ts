import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
  await graph.query('{ serverInfo { version } }');
});
afterAll(() => graph.close());

describe('public settings', () => {
  it('are for everybody who is signed in', async () => {
    const { data, errors, extensions } = await graph.query(
      `{ publicSettings { passwordRule { minLength needsDigit } maxIdleMinutes mfaSeconds isTicketsEnabled
        isCommandExecutionEnabled languages { code } } }`,
      {},
      { headers: { authorization: 'Bearer sandbox-user' } },
    );
    expect(errors).toBeUndefined();
    expect(data['publicSettings']).toEqual({
      passwordRule: { minLength: 6, needsDigit: false },
      maxIdleMinutes: 30,
      mfaSeconds: 3600,
      isTicketsEnabled: true,
      isCommandExecutionEnabled: false,
      languages: [{ code: 'en' }, { code: 'zh-hans' }],
    });
    expect(extensions.upstream.calls).toBe(1);
  });
});

describe('what the server offers', () => {
  it('is its categories and protocols, ways to connect and ways to tell people things', async () => {
    const { data, errors, extensions } = await graph.query<{
      assetCategories: { category: string; types: { value: string }[] }[];
      protocols: { value: string }[];
      connectMethods: unknown[];
      serverInfo: { time: string };
    }>(
      `{ assetCategories { category types { value } } protocols { value }
        connectMethods(os: "windows") { value type component endpointProtocol } messageBackends serverInfo { time } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.assetCategories[0]).toEqual({
      category: 'HOST',
      types: [{ value: 'linux' }, { value: 'windows' }, { value: 'unix' }, { value: 'other' }],
    });
    expect(data.protocols.map(({ value }) => value)).toContain('ssh');
    expect(data.connectMethods[0]).toEqual({
      value: 'web_cli',
      type: 'web',
      component: 'koko',
      endpointProtocol: 'ssh',
    });
    expect(data.serverInfo.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(extensions.upstream.calls).toBe(5);
  });
});

describe('the search through everything', () => {
  it('leads to what it found', async () => {
    const { data, errors, extensions } = await graph.query(
      '{ search(text: "app-0001") { name kind content node { __typename ... on Asset { address } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data['search']).toEqual([
      {
        name: 'app-0001',
        kind: 'Asset',
        content: 'Address: 10.20.0.1 ',
        node: { __typename: 'Asset', address: '10.20.0.1' },
      },
    ]);
    expect(extensions.upstream.calls).toBe(2);
  });

  it('wants some words, and came with 4.10', async () => {
    const { errors } = await graph.query('{ search(text: " ") { name } }');
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    const old = await startGraph({ version: '4.9.0' });
    const { errors: unsupported } = await old.query('{ search(text: "app") { name } }');
    expect(unsupported?.map(({ extensions }) => extensions.code)).toEqual(['UNSUPPORTED_BY_SERVER']);
    await old.close();
  });
});

describe('the dashboard', () => {
  it('counts what is selected, in one call', async () => {
    const { data, errors, extensions } = await graph.query(
      '{ dashboard { users assets assetTypes { type count } days { date logins activeUsers } } }',
    );
    expect(errors).toBeUndefined();
    expect(data['dashboard']).toMatchObject({ users: 60, assets: 210 });
    expect((data['dashboard'] as { days: unknown[] }).days[0]).toEqual({
      date: expect.any(String),
      logins: expect.any(Number),
      activeUsers: expect.any(Number),
    });
    expect(extensions.upstream.calls).toBe(1);
  });

  it('stands on an organisation too', async () => {
    const { data, errors } = await graph.query('{ organization(id: "Default") { dashboard(days: 30) { users } } }');
    expect(errors).toBeUndefined();
    expect(data['organization']).toEqual({ dashboard: { users: 60 } });
  });

  it('refuses a number of days that makes no sense', async () => {
    const { errors } = await graph.query('{ dashboard(days: 0) { users } }');
    expect(errors?.map(({ message, extensions }) => [extensions.code, message])).toEqual([
      ['BAD_USER_INPUT', 'days: expected 1 to 366, got 0.'],
    ]);
  });

  it('is refused to an ordinary user', async () => {
    const { errors } = await graph.query(
      '{ dashboard { users } }',
      {},
      { headers: { authorization: 'Bearer sandbox-user' } },
    );
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });
});

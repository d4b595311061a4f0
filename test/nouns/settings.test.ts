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

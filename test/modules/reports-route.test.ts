import Excel from 'exceljs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  // Time stands still: sessions that run yet last longer with every second, and formats are compared one after another.
  vi.useFakeTimers({ toFake: ['Date'] });
  graph = await startGraph();
});
afterAll(async () => {
  await graph.close();
  vi.useRealTimers();
});

const NAMES = [
  'permission-audit',
  'session-statistics',
  'login-statistics',
  'command-risks',
  'account-hygiene',
  'asset-inventory',
  'overview',
];

const ask = (file: string, headers: Record<string, string> = { authorization: 'Bearer sandbox-admin' }) =>
  fetch(`${graph.url}/reports/${file}`, { headers });
const refusal = async (file: string, headers?: Record<string, string>) => {
  const response = await ask(file, headers);
  const { errors } = (await response.json()) as { errors: { extensions: { code: string; requestId: string } }[] };
  expect(errors[0]?.extensions.requestId).toBe(response.headers.get('x-request-id'));
  return [response.status, errors[0]?.extensions.code];
};

describe('/reports', () => {
  it.each(NAMES)('gives %s in all five formats, with the same rows', async (name) => {
    const lines = (await (await ask(`${name}.jsonl`)).text()).trimEnd().split('\n').slice(1);
    const json = (await (await ask(`${name}.json`)).json()) as { sections: Record<string, object[]> };
    const sections = Object.entries(json.sections);
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      sections.flatMap(([section, rows]) => rows.map((row) => ({ section, ...row }))),
    );
    const csv = await ask(`${name}.csv`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="[a-z-]+-\d{4}-\d\d-\d\d\.csv"$/);
    expect((await csv.text()).trimEnd().split('\r\n').length).toBe(lines.length + 1);
    const book = new Excel.Workbook();
    await book.xlsx.load(await (await ask(`${name}.xlsx`)).arrayBuffer());
    expect(book.worksheets.slice(1).map(({ rowCount }) => rowCount - 1)).toEqual(
      sections.map(([, rows]) => rows.length),
    );
    const page = await ask(`${name}.html`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  it('takes the parameters of the graph, and says what it covers', async () => {
    const query = 'from=2026-01-01&to=2026-02-01T00:00:00Z&groupBy=login-source,day&timeZone=Europe/Zurich';
    const json = (await (await ask(`session-statistics.json?${query}`)).json()) as Record<string, unknown>;
    expect(json).toMatchObject({
      report: 'session-statistics',
      organization: 'Default',
      range: { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
    });
  });

  it.each<[string, string, number, string, Record<string, string>?]>([
    ['a report that does not exist', 'secrets.csv', 404, 'NOT_FOUND'],
    ['a format that does not exist', 'overview.pdf', 404, 'NOT_FOUND'],
    ['a parameter that does not exist', 'overview.csv?verbose=1', 400, 'BAD_USER_INPUT'],
    ['a parameter that makes no sense', 'permission-audit.csv?unusedForDays=-1', 400, 'BAD_USER_INPUT'],
    ['an empty number', 'permission-audit.csv?expiringWithinDays=', 400, 'BAD_USER_INPUT'],
    ['a number that is none', 'account-hygiene.csv?reachableByMoreThan=1e1', 400, 'BAD_USER_INPUT'],
    ['a date that the graph would not take', 'overview.csv?from=1', 400, 'BAD_USER_INPUT'],
    ['a dimension twice', 'session-statistics.csv?groupBy=day,DAY', 400, 'BAD_USER_INPUT'],
    ['an end before the usual beginning', 'overview.json?to=2020-01-01', 400, 'BAD_USER_INPUT'],
    ['a range backwards', 'overview.json?from=2026-02-01&to=2026-01-01', 400, 'BAD_USER_INPUT'],
    ['nobody', 'overview.csv', 401, 'UNAUTHENTICATED', {}],
    ['who may not read the rows', 'overview.csv', 403, 'FORBIDDEN', { authorization: 'Bearer sandbox-user' }],
    [
      'an organisation that does not exist',
      'overview.csv',
      400,
      'BAD_USER_INPUT',
      { authorization: 'Bearer sandbox-admin', 'x-jms-org': 'Nowhere' },
    ],
    [
      'a page of another site that rests on cookies',
      'overview.csv',
      403,
      'FORBIDDEN',
      { cookie: 'jms_sessionid=x', 'sec-fetch-site': 'cross-site' },
    ],
  ])('refuses %s', async (_name, file, status, code, headers) => {
    expect(await refusal(file, headers)).toEqual([status, code]);
  });

  it('stops at the calls that a report may make', async () => {
    const small = await startGraph({ sandbox: graph.sandbox, config: { MAX_REPORT_CALLS: '3' } });
    const response = await fetch(`${small.url}/reports/overview.csv`, {
      headers: { authorization: 'Bearer sandbox-admin' },
    });
    await small.close();
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'COST_LIMIT' } }] });
  });

  it('gives its place back, whether the report was read or refused', async () => {
    const single = await startGraph({ sandbox: graph.sandbox, config: { MAX_OPERATIONS: '1' } });
    for (const file of ['overview.csv', 'nothing.csv', 'overview.csv?x=1', 'overview.html']) {
      await (
        await fetch(`${single.url}/reports/${file}`, { headers: { authorization: 'Bearer sandbox-admin' } })
      ).text();
    }
    const last = await fetch(`${single.url}/reports/overview.csv`, {
      headers: { authorization: 'Bearer sandbox-admin' },
    });
    await last.text();
    await single.close();
    expect(last.status).toBe(200);
  });
});

describe.each(SANDBOX_VERSIONS)('whom reports are made for on JumpServer %s', (version) => {
  const statuses = async (token: string) => {
    const one = await startGraph({ version, sandboxOptions: { sessions: 20 } });
    const headers = { authorization: `Bearer ${token}` };
    const asked = NAMES.map(async (name) => [
      name,
      (await fetch(`${one.url}/reports/${name}.csv`, { headers })).status,
    ]);
    const found = Object.fromEntries(await Promise.all(asked));
    await one.close();
    return found;
  };

  it('an administrator has all, an ordinary user none', async () => {
    expect(await statuses('sandbox-admin')).toEqual(Object.fromEntries(NAMES.map((name) => [name, 200])));
    expect(await statuses('sandbox-user')).toEqual(Object.fromEntries(NAMES.map((name) => [name, 403])));
  });

  it('an auditor, who may read logs but no permissions, has those made of logs, and nothing in part', async () => {
    expect(await statuses('sandbox-auditor')).toEqual({
      'permission-audit': 403,
      'session-statistics': 200,
      'login-statistics': 200,
      'command-risks': 200,
      'account-hygiene': 403,
      'asset-inventory': 403,
      overview: 403,
    });
  });
});

it('tells an auditor that users without a login are not for them, in place of none', async () => {
  const asAuditor = { authorization: 'Bearer sandbox-auditor' };
  type Answer = { figures: Record<string, number | null>; sections: Record<string, object[]> };
  const mine = (await (await ask('login-statistics.json', asAuditor)).json()) as Answer;
  const theirs = (await (await ask('login-statistics.json')).json()) as Answer;
  expect(mine.figures).toEqual({ ...theirs.figures, withoutLogin: null });
  const { withoutLogin, ...others } = theirs.sections;
  expect(mine.sections).toEqual(others);
  expect(withoutLogin?.length).toBe(theirs.figures['withoutLogin']);
});

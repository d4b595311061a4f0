import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toFailure } from '../../src/commands/act.ts';
import { type ReportCommand, runReport } from '../../src/commands/report.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { type StageOptions, setUp } from './support.ts';

const sandbox = createSandbox({ throttle: false });
const audit: ReportCommand = { name: 'permission-audit', format: 'csv', out: '-', parameters: {} };
const run = async (command: Partial<ReportCommand> = {}, options: StageOptions = {}) => {
  const stage = setUp(sandbox, options);
  const code = await runReport({ ...audit, ...command }, stage.surroundings);
  return { ...stage, code };
};
const failureOf = async (command: Partial<ReportCommand>, options: StageOptions = {}) => {
  const stage = setUp(sandbox, options);
  return runReport({ ...audit, ...command }, stage.surroundings).then(() => undefined, toFailure);
};

describe('jumpgraph report', () => {
  it('writes a report to the output and nothing else beside it', async () => {
    const { code, output, messages } = await run({ name: 'overview' });
    expect([code, messages()]).toEqual([0, '']);
    expect(output()).toMatch(/^figure,value\r\nUsers,60\r\n/);
  });

  it('says who made it and what was asked', async () => {
    const { output } = await run({ name: 'login-statistics', format: 'json', parameters: { knownForDays: '30' } });
    expect(JSON.parse(output())).toMatchObject({
      organization: 'Default',
      madeBy: 'Administrator (admin)',
      parameters: { knownForDays: '30', timeZone: 'UTC' },
    });
  });

  it('writes a file that appears whole', async () => {
    const stage = setUp(sandbox);
    const out = join(stage.folder, 'audit.html');
    await runReport({ ...audit, format: 'html', out }, stage.surroundings);
    expect(readFileSync(out, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect([existsSync(`${out}.part`), stage.output()]).toEqual([false, '']);
  });

  it('ends with 1 when a condition of --fail-on is met, and says which', async () => {
    const { code, messages } = await run({ failOn: 'expired,without-subject,never-expiring' });
    expect([code, messages()]).toEqual([1, 'expired: 3\nwithout-subject: 1\n']);
    expect((await run({ failOn: 'never-expiring' })).code).toBe(0);
  });

  it('looks as far back as the condition says', async () => {
    const rows = (text: string) => text.split('\r\n').filter((line) => line.startsWith('unused,')).length;
    const [week, year] = [await run({ failOn: 'unused:7' }), await run({ failOn: 'unused:365' })];
    expect(rows(week.output())).toBeGreaterThan(rows(year.output()));
    expect(week.messages()).toBe(`unused: ${rows(week.output())}\n`);
  });

  it.each<[string, Partial<ReportCommand>, StageOptions, number, RegExp]>([
    ['conditions of another report', { name: 'overview', failOn: 'expired' }, {}, 2, /permission-audit only/],
    ['a condition that does not exist', { failOn: 'old' }, {}, 2, /got "old"/],
    [
      'days that contradict each other',
      { failOn: 'unused:7', parameters: { unusedForDays: '90' } },
      {},
      2,
      /contradicts --unused-for-days 90/,
    ],
    [
      'a group that does not exist',
      { name: 'session-statistics', parameters: { groupBy: 'day,week' } },
      {},
      2,
      /^--group-by: expected some of HOUR, /,
    ],
    [
      'a parameter of another report',
      { parameters: { timeZone: 'UTC' } },
      {},
      2,
      /^--time-zone: permission-audit does/,
    ],
    ['a workbook on a terminal', { format: 'xlsx' }, { isTTY: true }, 2, /expected a file/],
    ['a webhook that is no address', { webhook: 'hooks' }, {}, 2, /^--webhook: expected an address/],
    ['a webhook that nobody serves', { webhook: 'http://127.0.0.1:1/' }, {}, 3, /^--webhook: it could not be reached$/],
    ['an unknown organisation', { organization: 'Nowhere' }, {}, 2, /does not exist/],
    ['nobody', {}, { isSignedIn: false }, 2, /jumpgraph login/],
    [
      'who may not read the rows',
      {},
      { environment: { JUMPSERVER_URL: 'http://jumpserver.test', JUMPSERVER_TOKEN: 'sandbox-user' } },
      3,
      /does not let the caller/,
    ],
  ])('refuses %s', async (_name, command, options, exitCode, text) => {
    expect(await failureOf(command, options)).toMatchObject({ exitCode, text: expect.stringMatching(text) });
  });

  it.each([
    ['a Bearer token', { JUMPSERVER_TOKEN: 'sandbox-admin' }],
    ['a private token', { JUMPSERVER_PRIVATE_TOKEN: 'sandbox-admin' }],
    ['a user name and password', { JUMPSERVER_USERNAME: 'admin', JUMPSERVER_PASSWORD: 'sandbox' }],
  ])('signs in with %s of the environment', async (_name, environment) => {
    const all = { JUMPSERVER_URL: 'http://jumpserver.test', ...environment };
    expect((await run({ name: 'overview' }, { environment: all, isSignedIn: false })).code).toBe(0);
  });

  it('shows a bar on a terminal only, beside the output', async () => {
    const { messages, output } = await run({ name: 'overview' }, { isTTY: true });
    expect(messages()).toMatch(/\d+% \| \d+ of \d+ rows \| \d+ rows\/s \| \S+ left/);
    expect(output()).toMatch(/^figure,value/);
  });

  it('sends the figures to a webhook, and tells when they were not taken', async () => {
    const bodies: unknown[] = [];
    const server = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => bodies.push(JSON.parse(text)));
      request.on('end', () => response.writeHead(request.url === '/broken' ? 500 : 204).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await run({ failOn: 'expired', webhook: `${address}/hook` });
    expect(bodies).toMatchObject([
      {
        report: 'permission-audit',
        organization: 'Default',
        figures: { expired: 3 },
        failures: [{ section: 'expired', count: 3 }],
      },
    ]);
    expect(await failureOf({ webhook: `${address}/broken` })).toEqual({
      text: 'The webhook answered 500',
      exitCode: 3,
    });
    server.close();
  });
});

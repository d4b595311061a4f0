import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import exceljs from 'exceljs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ImportCommand, runImport } from '../../src/commands/import.ts';
import type { Surroundings } from '../../src/commands/surroundings.ts';
import { loadConfig } from '../../src/config.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { createSecretWatch } from '../support/secret-watch.ts';

const sandbox = createSandbox({ throttle: false });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  sandbox.reset();
});

/** Runs the command on a file of that content; answers exit code, what it says, and the results file's lines. */
const run = async (name: string, content: string | Buffer, more: Partial<ImportCommand> = {}) => {
  const file = join(folder, name);
  await writeFile(file, content);
  const messages = new PassThrough();
  const watch = createSecretWatch();
  const ask = watch.way((request) => sandbox.fetch(request));
  const surroundings: Surroundings = {
    config: loadConfig({}),
    source: {
      url: 'http://jumpserver.test',
      fetch: (url, init) => ask(new Request(url, init)),
      authorization: 'Bearer sandbox-admin',
    },
    terminal: { input: new PassThrough(), output: new PassThrough(), messages },
    now: Date.now,
    signal: new AbortController().signal,
    credentialsFile: join(folder, 'credentials.json'),
  };
  const code = await runImport({ file, kind: 'assets', onError: 'skip', ...more }, surroundings);
  const results = await readFile(more.results ?? `${file}.results.csv`, 'utf8');
  const said = String(messages.read());
  watch.hear('what it said', said);
  watch.hear('its results', results);
  watch.end(sandbox);
  return { code, said, results: results.trim().split('\n') };
};

const asset = (name: string) => sandbox.exportState().tables['assets']?.find((row) => row.name === name);
const writes = () => sandbox.log.filter(({ method }) => method !== 'GET');

describe('jumpgraph import', () => {
  it('imports a CSV file with protocols, nodes and accounts, and names bad rows with their column', async () => {
    const csv = [
      'name,address,platform,nodes,protocols,isActive,accounts.0.username,accounts.0.secret',
      'csv-1,10.8.0.1,Linux,/Default,ssh:2222;sftp:2222,yes,root,Pa55-word',
      'csv-2,10.8.0.2,Nothing,,,,,',
      'csv-3,10.8.0.3,Linux,,,perhaps,,',
      'csv-4,10.8.0.4,Linux,,,no,,',
    ];
    const { code, said, results } = await run('hosts.csv', csv.join('\n'));
    expect(code).toBe(1);
    expect(said).toContain('2 created, 0 there already, 2 failed');
    expect(
      results.map((line) =>
        line
          .split(',')
          .filter((_, at) => at !== 2 && at !== 5)
          .slice(0, 4)
          .join(),
      ),
    ).toEqual([
      'row,status,field,code',
      '3,FAILED,isActive,INVALID',
      '1,CREATED,,',
      '2,FAILED,platform,NOT_FOUND',
      '4,CREATED,,',
    ]);
    expect(asset('csv-1')).toMatchObject({
      protocols: [
        { name: 'ssh', port: 2222 },
        { name: 'sftp', port: 2222 },
      ],
    });
    expect(asset('csv-4')).toMatchObject({ is_active: false });
  });

  it('goes on where it ended when the same file is sent again, also after a bad row was put right', async () => {
    const lines = [
      'name,address,platform',
      'again-1,10.8.1.1,Linux',
      'again-2,10.8.1.2,Typo',
      'again-3,10.8.1.3,Linux',
    ];
    const key = 'again';
    await run('again.csv', lines.join('\n'), { key });
    const { code, said } = await run('again.csv', lines.join('\n').replace('Typo', 'Linux'), { key });
    expect([code, said.split(':')[0]]).toEqual([0, '1 created, 2 there already, 0 failed']);
  });

  it('imports users from a workbook', async () => {
    const workbook = new exceljs.Workbook();
    const sheet = workbook.addWorksheet('people');
    sheet.addRows([
      ['name', 'username', 'email', 'mfaLevel'],
      ['Zoe', 'zoe.book', 'zoe.book@corp.example', 'disabled'],
    ]);
    const { code } = await run('people.xlsx', Buffer.from(await workbook.xlsx.writeBuffer()), { kind: 'users' });
    expect(code).toBe(0);
    const users = sandbox.exportState().tables['users'] ?? [];
    expect(users.find(({ username }) => username === 'zoe.book')).toMatchObject({ mfa_level: 0, name: 'Zoe' });
  });

  it('imports permissions from JSON lines by the names of what they connect', async () => {
    const { tables } = sandbox.exportState();
    const row = {
      name: 'from a file',
      users: [tables['users']?.[0]?.username],
      assets: [tables['assets']?.[0]?.name],
      accounts: ['@ALL'],
      actions: ['CONNECT'],
    };
    const { code } = await run('grants.jsonl', JSON.stringify(row), { kind: 'permissions' });
    expect(code).toBe(0);
    expect(sandbox.exportState().tables['asset-permissions']?.some(({ name }) => name === 'from a file')).toBe(true);
  });

  it('writes nothing in a dry run, nor with "stop" when a row is seen to be wrong', async () => {
    const csv = 'name,address,platform,isActive\nnone-1,10.8.2.1,Linux,yes\nnone-2,10.8.2.2,Linux,perhaps';
    const dry = await run('none.csv', csv, { dryRun: true });
    expect(dry.said).toContain('1 would be created, 0 there already, 1 failed');
    const stopped = await run('none.csv', csv, { onError: 'stop' });
    expect(stopped.said).toContain('0 created, 0 there already, 2 failed');
    expect(writes()).toEqual([]);
  });

  it.each<[string, string, Partial<ImportCommand>, RegExp]>([
    [
      'a file that is not there',
      '',
      { file: '/nowhere/hosts.csv' },
      /^\/nowhere\/hosts\.csv: expected a file that can/,
    ],
    ['a results file that can not be written', 'name\nx', { results: '/nowhere/results.csv' }, /nowhere\/results\.csv/],
    ['too few cells', 'name,address\nshort', {}, /^Line 2: expected as many cells as the first line names columns\.$/],
    ['a column named twice', 'name,address,name\na,b,c', {}, /^Line 1: the column "name" stands there twice\.$/],
    ['quotes amid a cell', 'name,address\nx,hunter2"x', {}, /^Line 2: expected quotes around the whole cell\.$/],
    ['quotes that stay open', 'name,address\nx,"hunter2', {}, /^Line 2: expected the quotes to be closed\.$/],
  ])('says what is wrong with %s, and writes nothing', async (_what, csv, more, said) => {
    await expect(run('wrong.csv', csv, more)).rejects.toThrow(said);
    expect(writes()).toEqual([]);
  });

  it('tells no value of a file in its results', async () => {
    const csv =
      'name,address,platform,isActive,accounts.0.secretType,accounts.0.secret\nsafe,10.8.3.1,Linux,hunter2,hunter2-as-type,hunter2';
    const { results } = await run('safe.csv', csv);
    expect(results.join('\n')).not.toContain('hunter2');
    expect(results.slice(1).map((line) => line.split(',')[3])).toEqual(['accounts.0.secretType', 'isActive']);
  });

  it('takes the name of a column for nothing else', async () => {
    const csv = 'name,address,platform,__proto__.isActive,constructor,protocols\nodd,10.8.3.2,Linux,no,x,ssh:';
    const { results } = await run('odd.csv', csv);
    expect(results.slice(1).map((line) => line.split(',')[3])).toEqual(['protocols.0', '', '']);
    expect(results.join()).toContain('__proto__');
    expect({}).not.toHaveProperty('isActive');
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const OLD_NODE = "Object.defineProperty(process.versions, 'node', { value: '18.20.8' })";

/** The program as a user starts it, with the lines it has printed. */
interface Program {
  readonly process: ChildProcess;
  readonly lines: string[];
  line(pattern: RegExp): Promise<string>;
}

const start = (environment: Record<string, string>, words: readonly string[] = []): Program => {
  const { JUMPSERVER_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ['scripts/start.mjs', ...words], {
    cwd: root,
    env: { ...inherited, PORT: '0', ...environment },
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  const line = async (pattern: RegExp) =>
    (await vi.waitUntil(() => lines.find((each) => pattern.test(each)), { timeout: 25_000 })) ?? '';
  return { process: child, lines, line };
};

describe('npm start without JUMPSERVER_URL', () => {
  let program: Program;
  let url: string;

  beforeAll(async () => {
    program = start({});
    url = (await program.line(/^Editor: /)).slice('Editor: '.length, -1);
  });
  afterAll(() => void program.process.kill('SIGKILL'));

  it('says on its first line that this is a sandbox', () => {
    expect(program.lines[0]).toMatch(/^SANDBOX: /);
  });

  it('prints a curl line that works', async () => {
    const line = await program.line(/^curl /);
    const [, address, authorization, body] = /^curl -s (\S+) .* 'Authorization: (.*)' -d '(.*)'$/.exec(line) ?? [];
    const headers = { 'content-type': 'application/json', authorization: authorization ?? '' };
    const response = await fetch(address ?? '', { method: 'POST', headers, body: body ?? '' });
    expect(await response.json()).toMatchObject({
      data: { assets: { nodes: [{ name: 'app-0000' }, { name: 'app-0001' }, { name: 'app-0002' }] } },
    });
  });

  it('serves the query editor from the package alone', async () => {
    const page = await (await fetch(`${url}/`)).text();
    const files = [...page.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files).toEqual(['./main.css', './main.js']);
    const statuses = await Promise.all(
      [...files, 'graphql.worker.js'].map(async (file) => (await fetch(new URL(file, `${url}/editor/`))).status),
    );
    expect(statuses).toEqual([200, 200, 200]);
  });

  it("fills the editor with the sandbox's token and a first query", async () => {
    const settings = await (await fetch(`${url}/editor/settings.json`)).json();
    expect(settings).toMatchObject({ authorization: 'Bearer sandbox-admin', query: expect.stringContaining('assets') });
  });

  it('answers what was accepted before it ends on SIGTERM', async () => {
    const body = JSON.stringify({ query: '{ users(first: 60) { nodes { name permissions { nodes { name } } } } }' });
    const headers = { 'content-type': 'application/json', authorization: 'Bearer sandbox-admin' };
    const answers = Array.from({ length: 10 }, () => fetch(`${url}/graphql`, { method: 'POST', headers, body }));
    await Promise.race(answers);
    program.process.kill('SIGTERM');
    const statuses = await Promise.all(answers.map(async (answer) => (await answer).status));
    const [code] = await once(program.process, 'exit');
    expect([new Set(statuses), code]).toEqual([new Set([200]), 0]);
  });
});

describe('npm start with unusable settings', () => {
  it('names every fault and ends', async () => {
    const program = start({ PORT: 'http', JUMPSERVER_URL: 'nowhere' });
    const [code] = await once(program.process, 'close');
    expect(code).toBe(2);
    expect(program.lines).toEqual([
      'The configuration has 2 faults:',
      '  PORT: expected a whole number from 0 to 65535',
      '  JUMPSERVER_URL: expected a URL such as https://jumpserver.example.com',
    ]);
  });
});

describe('a command with an option that makes no sense', () => {
  it('ends with 2: 1 stands for the conditions of --fail-on', async () => {
    const program = start({}, ['cli', 'report', 'overview', '--format', 'pdf']);
    const [code] = await once(program.process, 'close');
    expect([code, program.lines]).toEqual([
      2,
      [expect.stringMatching(/^error: option '--format <format>' argument 'pdf'/)],
    ]);
  });
});

describe('npm start where it can not be', () => {
  it.each<[string, (taken: number) => Record<string, string>, string | RegExp]>([
    [
      'a port that is taken',
      (taken) => ({ PORT: String(taken) }),
      /^Can't take requests: listen EADDRINUSE: address already in use 127\.0\.0\.1:\d+\. HOST and PORT name another/,
    ],
    [
      'a manifest that is not there',
      () => ({ TRUSTED_DOCUMENTS: '/nowhere.json' }),
      '  TRUSTED_DOCUMENTS: expected own or the path of a readable JSON file',
    ],
    [
      'a Node that is too old',
      () => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(OLD_NODE)}` }),
      /^Jumpgraph needs Node 20\.19\.?\d* or newer; this is Node 18\.20\.8\.$/,
    ],
  ])('says so in its last line and ends: %s', async (_what, environment, said) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const program = start(environment(port));
    const [code] = await once(program.process, 'close');
    other.close();
    expect([code, program.lines.at(-1)]).toEqual([2, typeof said === 'string' ? said : expect.stringMatching(said)]);
  });
});

describe('npm start with JUMPSERVER_URL', () => {
  it('neither mentions a sandbox nor fills the editor', async () => {
    const program = start({ JUMPSERVER_URL: 'http://127.0.0.1:9' });
    const url = (await program.line(/^Graph: /)).replace('Graph: ', '').replace('/graphql', '');
    const settings = await (await fetch(`${url}/editor/settings.json`)).json();
    program.process.kill('SIGTERM');
    await once(program.process, 'exit');
    expect(settings).toEqual({ cookiePrefix: 'jms_' });
    expect(program.lines.join('\n')).not.toMatch(/sandbox/i);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerCommands } from '../../src/commands/register.ts';
import { createSandbox } from '../../src/sandbox/index.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SECRETS = {
  JUMPSERVER_PASSWORD: 'S3cret-of-the-service',
  SEAL_KEY: 'S3cret-that-seals-challenges-of-all',
  INTROSPECTION_KEYS: 'S3cret-to-read-the-schema',
};
const CALLER = 'S3cret-of-a-caller';
/** Reports on demand and on a crash, and a crash on demand. */
const CRASHING = [
  '--report-on-signal',
  '--report-uncaught-exception',
  "--import=data:text/javascript,process.once('SIGHUP',()=>{throw new Error('provoked')})",
];
const WAIT = { timeout: 25_000, interval: 20 };

let folder: string;
let jumpServer: { readonly url: string; close(): Promise<void> };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jumpgraph-'));
  const sandbox = createSandbox({ throttle: false, assets: 5, users: 12, sessions: 5, tokens: { [CALLER]: 'admin' } });
  jumpServer = await sandbox.listen({ port: 0 });
});
afterAll(async () => {
  await jumpServer.close();
  rmSync(folder, { recursive: true });
});

/** A program as an operator starts it, and all that it says. */
interface Program {
  readonly child: ChildProcess;
  said(): string;
}

const programs: ChildProcess[] = [];
afterAll(() => {
  for (const child of programs) child.kill('SIGKILL');
});

function start(words: readonly string[], environment: Record<string, string> = {}): Program {
  const { JUMPSERVER_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [...CRASHING, `--report-directory=${folder}`, 'scripts/start.mjs', ...words], {
    cwd: ROOT,
    env: { ...inherited, PORT: '0', HOME: folder, XDG_CONFIG_HOME: folder, ...environment },
  });
  programs.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      said += String(chunk);
    });
  return { child, said: () => said };
}

/** What whoever lists the processes of the machine sees. */
const commandLine = ({ child }: Program): string => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
const reports = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('report.'));

describe('a server with secrets in its environment', () => {
  let program: Program;
  beforeAll(async () => {
    const environment = { JUMPSERVER_URL: jumpServer.url, JUMPSERVER_USERNAME: 'admin', INTROSPECTION: 'allowed' };
    program = start([], { ...environment, ...SECRETS });
    const url = await vi.waitUntil(() => /^Graph: (\S+)/m.exec(program.said())?.[1], WAIT);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${CALLER}` };
    const body = JSON.stringify({ query: '{ viewer { user { username } } }' });
    const answer = await fetch(url, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ data: { viewer: { user: { username: 'admin' } } } });
  }, 60_000);

  it('shows none of them, nor those of callers, in a list of processes or in what it prints', () => {
    expect(commandLine(program)).toContain('start.mjs');
    expect(commandLine(program)).not.toContain('S3cret');
    expect(program.said()).not.toContain('S3cret');
  });

  it('writes none of them into a diagnostic report', async () => {
    program.child.kill('SIGUSR2');
    const name = await vi.waitUntil(() => reports()[0], WAIT);
    const report = await vi.waitUntil(() => parsed(join(folder, name)), WAIT);
    expect(report).toContain('"environmentVariables"');
    expect(report).toContain('JUMPSERVER_USERNAME');
    expect(report).not.toContain('S3cret');
  });

  it('writes none of them when it crashes', async () => {
    const before = reports().length;
    program.child.kill('SIGHUP');
    await once(program.child, 'exit');
    expect(program.said()).toContain('provoked');
    expect(program.said()).not.toContain('S3cret');
    expect(reports()).toHaveLength(before + 1);
    for (const name of reports()) expect(readFileSync(join(folder, name), 'utf8')).not.toContain('S3cret');
  });
});

/** A report that is written whole. */
function parsed(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  return text.trimEnd().endsWith('\n}') ? text : undefined;
}

it('a start with a wrong configuration names settings, and none of their values', async () => {
  const program = start([], { ...SECRETS, SEAL_KEY: 'S3cret-too-short', PORT: 'S3cret', JUMPSERVER_URL: 'S3cret' });
  const [code] = await once(program.child, 'exit');
  expect([code, program.said()]).toEqual([2, expect.stringContaining('SEAL_KEY: expected at least 32 characters')]);
  expect(program.said()).not.toContain('S3cret');
});

it('a sign-in takes the password from its input, and prints nothing of it', async () => {
  const program = start(['cli', 'login', '--username', 'admin'], { JUMPSERVER_URL: jumpServer.url });
  await vi.waitUntil(() => program.said().includes('Password:'), WAIT);
  program.child.stdin?.write('S3cret-but-wrong\n');
  await once(program.child, 'exit');
  expect(program.said()).toMatch(/password is wrong/);
  expect(program.said()).not.toContain('S3cret');
});

it('no command takes a secret as an argument', () => {
  const program = new Command();
  registerCommands(program, { openSource: () => Promise.reject(new Error('nothing is run here')) });
  const names = program.commands.flatMap((command) => [
    ...command.options.map(({ long }) => `${command.name()} ${long}`),
    ...command.registeredArguments.map((argument) => `${command.name()} ${argument.name()}`),
  ]);
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => /(secret|password|passphrase|token|code|otp)$/i.test(name))).toEqual([]);
});

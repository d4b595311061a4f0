import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { startGraph } from '../support/graph.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The program, started over a sandbox that listens. */
interface Program {
  readonly process: ChildProcess;
  readonly url: string;
}

const running: ChildProcess[] = [];
const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const close of closings.splice(0)) await close();
});

async function listen(sandbox: Sandbox): Promise<string> {
  const { url, close } = await sandbox.listen({ port: 0 });
  closings.push(close);
  return url;
}

async function start(upstream: string): Promise<Program> {
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root,
    env: { ...process.env, PORT: '0', JUMPSERVER_URL: upstream, LOG_LEVEL: 'silent', MAX_EVENT_LOOP_DELAY: '0' },
  });
  running.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^Graph: (\S+)/.exec(line) ?? [];
    if (url) return { process: child, url };
  }
  throw new Error('the program ended before it listened');
}

const headers = { 'content-type': 'application/json', authorization: 'Bearer sandbox-admin' };
const post = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });

const CREATE =
  'mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { name } userErrors { code } } }';
const READ = '{ users(first: 20) { nodes { username groups { name } } } }';

/** What a client was told: what it asked for, that the server takes no more (503), something else, or nothing since there was no line. */
type Told = 'made' | 'read' | 'closed' | 'failed' | 'none';

describe('a server under load that gets SIGTERM', () => {
  it('answers everything it has taken, does nothing that it does not answer, and ends within 10 s', async () => {
    const sandbox = createSandbox({ throttle: false, assets: 20, users: 30, sessions: 20 });
    sandbox.faults.add({ fault: { kind: 'delay', milliseconds: 60 } });
    const program = await start(await listen(sandbox));
    const told = new Map<string, Told>();
    let isOver = false;
    const tell = async (name: string, isWrite: boolean): Promise<void> => {
      const body = isWrite ? { query: CREATE, variables: { input: { name, value: 'x' } } } : { query: READ };
      try {
        const response = await post(program.url, body);
        const { data, errors } = (await response.json()) as { data?: object | null; errors?: object[] };
        const isDone = response.status === 200 && Boolean(data) && !errors;
        const otherwise = response.status === 503 ? 'closed' : 'failed';
        told.set(name, isDone ? (isWrite ? 'made' : 'read') : otherwise);
      } catch {
        told.set(name, 'none');
        isOver = true;
      }
    };
    const client = async (number: number): Promise<void> => {
      for (let turn = 0; !isOver; turn++) await tell(`load-${number}-${turn}`, turn % 2 === 0);
    };
    const clients = Array.from({ length: 30 }, (_, number) => client(number));
    await expect.poll(() => told.size, { timeout: 20_000 }).toBeGreaterThan(60);
    program.process.kill('SIGTERM');
    const [code] = await once(program.process, 'exit');
    await Promise.all(clients);
    expect(code).toBe(0);
    const made = (sandbox.exportState().tables['labels'] ?? []).map(({ name }) => String(name));
    const load = made.filter((name) => name.startsWith('load-'));
    expect(new Set(load).size).toBe(load.length);
    const answered = [...told].filter(([, what]) => what === 'made').map(([name]) => name);
    expect([...load].sort()).toEqual(answered.sort());
    expect([...told.values()].filter((what) => what === 'failed')).toEqual([]);
    expect(answered.length).toBeGreaterThan(20);
  }, 60_000);
});

describe('a server that is killed', () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => {
    const name = `killed-${index}`;
    return { name, username: name, email: `${name}@example.org` };
  });
  const IMPORT = `mutation ($input: ImportUsersInput!) {
    importUsers(input: $input) { created skipped failed userErrors { code } }
  }`;
  const variables = { input: { rows, onError: 'SKIP', idempotencyKey: 'kill -9' } };

  it('amid an import leaves nothing that the repeat does not complete, and none of it twice', async () => {
    const sandbox = createSandbox({ throttle: false, assets: 10, users: 10, sessions: 10 });
    sandbox.faults.add({ method: 'POST', fault: { kind: 'delay', milliseconds: 30 } });
    const upstream = await listen(sandbox);
    const usersIn = () =>
      (sandbox.exportState().tables['users'] ?? [])
        .map(({ username }) => String(username))
        .filter((name) => name.startsWith('killed-'));
    const first = await start(upstream);
    const lost = post(first.url, { query: IMPORT, variables }).then(
      () => 'answered',
      () => 'lost',
    );
    await expect.poll(() => usersIn().length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(150);
    const ended = once(first.process, 'exit');
    first.process.kill('SIGKILL');
    expect(await lost).toBe('lost');
    await ended;
    // What was on the wire may still arrive.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const half = usersIn().length;
    expect(half).toBeLessThan(rows.length);
    const second = await start(upstream);
    const answer = (await (await post(second.url, { query: IMPORT, variables })).json()) as {
      data: { importUsers: object };
    };
    expect(answer.data.importUsers).toEqual({ created: rows.length - half, skipped: half, failed: 0, userErrors: [] });
    expect(usersIn().sort()).toEqual(rows.map(({ username }) => username).sort());
  }, 60_000);
});

describe('a process whose log has lost its reader', () => {
  const script = `import { createBufferedOutput, createLogger } from './src/server/logger.ts';
    createLogger('info', createBufferedOutput()).info('told to nobody');
    process.exit(3);`;
  const pipeline = '"$0" --import tsx --input-type=module -e "$1" | true; exit "$PIPESTATUS"';

  it('ends all the same', async () => {
    const shell = spawn('bash', ['-c', pipeline, process.execPath, script], { cwd: root, detached: true });
    const giveUp = setTimeout(() => process.kill(-(shell.pid ?? 0), 'SIGKILL'), 15_000);
    const ended = await once(shell, 'exit');
    clearTimeout(giveUp);
    expect(ended).toEqual([3, null]);
  }, 20_000);
});

describe('a client that goes away', () => {
  it('ends the calls that were made for it', async () => {
    const sandbox = createSandbox({ throttle: false, assets: 10, users: 10, sessions: 10 });
    const signals: AbortSignal[] = [];
    const graph = await startGraph({
      sandbox,
      config: { JUMPSERVER_VERSION: '4.10.16' },
      fetch: (request) => {
        if (request.url.includes('/zones/')) signals.push(request.signal);
        return sandbox.fetch(request);
      },
    });
    sandbox.faults.add({ path: '/zones/', fault: { kind: 'hang' } });
    const gone = new AbortController();
    const body = JSON.stringify({ query: '{ zones { nodes { name } } }' });
    const answer = fetch(`${graph.url}/graphql`, { method: 'POST', headers, body, signal: gone.signal });
    await expect.poll(() => signals.length).toBe(1);
    expect(signals[0]?.aborted).toBe(false);
    gone.abort();
    await expect(answer).rejects.toThrow();
    await expect.poll(() => signals[0]?.aborted).toBe(true);
    expect(signals).toHaveLength(1);
    await graph.close();
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { toFailure } from '../../src/commands/act.ts';
import { type ReportCommand, runReport } from '../../src/commands/report.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { setUp } from './support.ts';

const BEGUN = Date.parse('2026-11-20T10:00:00Z');
const sandbox = createSandbox({ throttle: false, sessions: 5_500, now: () => BEGUN });
const root = fileURLToPath(new URL('../..', import.meta.url));

let out: string;
beforeEach(() => {
  out = join(mkdtempSync(join(tmpdir(), 'jumpgraph-')), 'sessions.json');
});

const command = (): ReportCommand => ({
  name: 'session-statistics',
  format: 'json',
  out,
  resume: true,
  parameters: { from: '2020-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z', groupBy: 'day,user' },
});

interface Attempt {
  /** Pages of sessions after which JumpServer is gone; it stays unless given. */
  readonly pages?: number;
  readonly now?: number;
  readonly url?: string;
  readonly asked?: Partial<ReportCommand>;
}

/** Runs the command; answers what it wrote, or the failure, and the pages of sessions that were asked for. */
async function attempt({ pages = Number.POSITIVE_INFINITY, now = BEGUN, url, asked }: Attempt = {}) {
  const stage = setUp(sandbox, { now: () => now });
  let read = 0;
  const fetch = async (address: string, init: RequestInit) => {
    if (address.includes('/terminal/sessions/') && ++read > pages) return new Response('gone', { status: 404 });
    return sandbox.fetch(new Request(address, init));
  };
  const source = { ...stage.surroundings.source, ...(url && { url }), fetch };
  const failure = await runReport({ ...command(), ...asked }, { ...stage.surroundings, source }).then(
    () => undefined,
    toFailure,
  );
  const text = failure ? undefined : readFileSync(asked?.out ?? out, 'utf8');
  return { failure, text, read, messages: stage.messages() };
}

/** The report of a run that nothing broke. */
const unbroken = async (now = BEGUN) => (await attempt({ now, asked: { out: `${out}.unbroken`, resume: false } })).text;

describe('a report that is broken off', () => {
  it('goes on where it ended, as of the moment at which it was begun', async () => {
    const first = await attempt({ pages: 3 });
    expect([first.failure?.exitCode, existsSync(out), statSync(`${out}.pages`).mode & 0o777]).toEqual([
      3,
      false,
      0o600,
    ]);
    const second = await attempt({ pages: 2, now: BEGUN + 3_600_000 });
    expect(second.failure).toBeDefined();
    const third = await attempt({ now: BEGUN + 7_200_000 });
    expect(third.text).toBe(await unbroken());
    expect([first.read, second.read, third.read]).toEqual([4, 3, 1]);
    expect(third.messages).toBe('resumed: 5 pages were read before, as of 2026-11-20T10:00:00.000Z\n');
    expect(existsSync(`${out}.pages`)).toBe(false);
  });

  it('by kill -9 too, in the middle of a line', async () => {
    const { url, close } = await sandbox.listen({ port: 0 });
    sandbox.faults.add({ path: '/terminal/sessions/', fault: { kind: 'delay', milliseconds: 150 } });
    const { parameters } = command();
    const options = Object.entries({ from: parameters.from, to: parameters.to, 'group-by': parameters.groupBy });
    const words = options.flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(
      process.execPath,
      [
        'scripts/start.mjs',
        'cli',
        'report',
        'session-statistics',
        '--format',
        'json',
        '--out',
        out,
        '--resume',
        ...words,
      ],
      { cwd: root, env: { ...process.env, JUMPSERVER_URL: url, JUMPSERVER_TOKEN: 'sandbox-admin' }, stdio: 'ignore' },
    );
    while (child.exitCode === null && linesIn(`${out}.pages`) < 3) await sleep(10);
    child.kill('SIGKILL');
    await once(child, 'exit');
    sandbox.faults.clear();
    await close();
    const { asOf } = JSON.parse(readFileSync(`${out}.pages`, 'utf8').split('\n')[0] ?? '') as { readonly asOf: number };
    const kept = linesIn(`${out}.pages`) - 1;
    appendFileSync(`${out}.pages`, '{"asked":"[\\"/terminal/sess');
    const resumed = await attempt({ url });
    expect(resumed.text).toBe(await unbroken(asOf));
    expect([kept >= 2, resumed.read]).toEqual([true, 6 - kept]);
  });

  it('is begun anew after a day, and from a file that holds nothing whole', async () => {
    await attempt({ pages: 3 });
    const later = BEGUN + 25 * 3_600_000;
    const next = await attempt({ now: later });
    expect([next.read, next.text]).toEqual([6, await unbroken(later)]);
    writeFileSync(`${out}.pages`, '{"asOf":17');
    expect((await attempt()).read).toBe(6);
  });

  it.each<[string, Attempt]>([
    ['other parameters', { asked: { parameters: { ...command().parameters, groupBy: 'user' } } }],
    ['another report', { asked: { name: 'login-statistics', parameters: {} } }],
    ['another server', { url: 'http://other.test' }],
  ])('is not taken for one with %s', async (_name, other) => {
    await attempt({ pages: 1 });
    expect((await attempt(other)).failure).toMatchObject({
      exitCode: 2,
      text: expect.stringMatching(/^--resume: .*pages/),
    });
  });

  it('needs a file to stand beside', async () => {
    expect((await attempt({ asked: { out: '-' } })).failure).toEqual({
      exitCode: 2,
      text: '--resume: expected with --out and a file.',
    });
  });
});

function linesIn(path: string): number {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

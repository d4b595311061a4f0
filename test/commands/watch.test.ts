import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toFailure } from '../../src/commands/act.ts';
import { runWatch, type WatchCommand } from '../../src/commands/watch.ts';
import { parseRules } from '../../src/commands/watch-rules.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { askSandbox, type Stage, setUp } from './support.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const clock = { now: 0 };
let sandbox: Sandbox;
let stage: Stage;

beforeEach(() => {
  clock.now = Date.now();
  sandbox = createSandbox({ throttle: false, users: 12, assets: 20, sessions: 40, now: () => clock.now });
  stage = setUp(sandbox, { now: () => clock.now });
});

interface Event {
  readonly '@timestamp': string;
  readonly message: string;
  readonly event: { readonly id: string; readonly action: string; readonly kind: string; readonly severity: number };
  readonly rule: { readonly name: string };
  readonly [name: string]: unknown;
}

/** Looks once by these rules; answers the events that came to the output meanwhile. */
async function look(rules: string, more: Partial<WatchCommand> = {}): Promise<Event[]> {
  const before = stage.output().length;
  const command = toCommand(rules, more);
  await runWatch(command, stage.surroundings);
  return stage
    .output()
    .slice(before)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Event);
}

function toCommand(rules: string, more: Partial<WatchCommand> = {}): WatchCommand {
  const file = join(stage.folder, 'rules.yaml');
  writeFileSync(file, rules);
  return { rules: file, to: 'jsonl', state: join(stage.folder, 'state.json'), once: true, ...more };
}

async function signIn(password: string, username = 'admin'): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7' };
  const body = JSON.stringify({ username, password });
  await sandbox.fetch(
    new Request('http://jumpserver.test/api/v1/authentication/auth/', { method: 'POST', headers, body }),
  );
}

const FAILED = 'rules: [{ kind: failed-logins, name: guessing, count: 3, withinMinutes: 10 }]';

describe('failed logins', () => {
  it('are told at the limit, once for each burst, in the words of the Elastic Common Schema', async () => {
    expect(await look(FAILED)).toEqual([]);
    for (let at = 0; at < 2; at += 1) {
      clock.now += MINUTE;
      await signIn('wrong');
    }
    expect(await look(FAILED)).toEqual([]);
    clock.now += MINUTE;
    await signIn('wrong');
    const [event, ...others] = await look(FAILED);
    expect(others).toEqual([]);
    expect(event).toEqual({
      '@timestamp': new Date(Math.floor(clock.now / 1000) * 1000).toISOString(),
      ecs: { version: '8.17.0' },
      message: '3 failed logins of admin within 10 minutes',
      event: {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        kind: 'alert',
        provider: 'jumpgraph',
        action: 'failed-logins',
        severity: 3,
        category: ['authentication'],
        type: ['start'],
        outcome: 'failure',
      },
      rule: { name: 'guessing' },
      organization: { name: 'Default' },
      observer: { product: 'JumpServer', type: 'bastion' },
      user: { name: 'admin' },
      source: { ip: '203.0.113.7' },
      jumpserver: { failures: 3, reason: expect.any(String) },
    });
    expect(await look(FAILED)).toEqual([]);
  });

  it.each([
    '__proto__',
    'constructor',
    'toString',
  ])('of somebody who calls themselves %s are counted as any other', async (name) => {
    await look(FAILED);
    for (let at = 0; at < 2; at += 1) await signIn('wrong', name);
    clock.now += MINUTE;
    expect(await look(FAILED)).toEqual([]);
    await signIn('wrong', name);
    const events = await look(FAILED);
    expect(events.map(({ message }) => message)).toEqual([`3 failed logins of ${name} within 10 minutes`]);
  });

  it('that lie further apart are none of it; what lies before the first look is history', async () => {
    for (let at = 0; at < 3; at += 1) await signIn('wrong');
    clock.now += 5 * MINUTE;
    expect(await look(FAILED)).toEqual([]);
    for (let at = 0; at < 3; at += 1) {
      clock.now += 6 * MINUTE;
      await signIn('wrong');
    }
    expect(await look(FAILED)).toEqual([]);
  });
});

describe('the other kinds', () => {
  it('a session that is open for longer than it should is told once', async () => {
    const rules = 'rules: [{ kind: long-session, name: overtime, hours: 8 }]';
    const { results } = await askSandbox<{ results: { id: string; date_start: string }[] }>(
      sandbox,
      'GET',
      '/terminal/sessions/?is_finished=false&limit=100&fields=id,date_start',
    );
    clock.now += 8 * 3_600_000;
    const events = await look(rules);
    expect(events.map((event) => (event['jumpserver'] as { session: string }).session).sort()).toEqual(
      results.map(({ id }) => id).sort(),
    );
    expect(results.length).toBeGreaterThan(0);
    expect(await look(rules)).toEqual([]);
  });

  it('a command that was stopped is told when it comes, however late it was written', async () => {
    const rules = 'rules: [{ kind: command-risk, name: stopped, level: REJECT }]';
    await look(rules);
    const state = JSON.parse(readFileSync(join(stage.folder, 'state.json'), 'utf8'));
    state.logs.commands.at -= 40 * DAY;
    state.logs.commands.seen = [];
    writeFileSync(join(stage.folder, 'state.json'), JSON.stringify(state));
    const events = await look(rules);
    expect(events.length).toBeGreaterThan(0);
    expect(new Set(events.map(({ event }) => event.id)).size).toBe(events.length);
    for (const { message } of events) expect(message).toMatch(/^(REJECT|REVIEW_\w+): /);
    expect(await look(rules)).toEqual([]);
  });

  it('a permission about to end is told once, and again when its end was moved', async () => {
    const rules = 'rules: [{ kind: permission-expiring, name: ending, days: 7 }]';
    await look(rules);
    const { results } = await askSandbox<{ results: { id: string; name: string }[] }>(
      sandbox,
      'GET',
      '/perms/asset-permissions/?limit=1&is_valid=true&fields=id,name',
    );
    const [permission] = results;
    const end = (days: number) => ({ date_expired: new Date(clock.now + days * DAY).toISOString() });
    await askSandbox(sandbox, 'PATCH', `/perms/asset-permissions/${permission?.id}/`, end(3));
    const [event, ...others] = await look(rules);
    expect([event?.rule.name, others]).toEqual(['ending', []]);
    expect(event?.message).toContain(`Permission "${permission?.name}" ends on`);
    expect(await look(rules)).toEqual([]);
    await askSandbox(sandbox, 'PATCH', `/perms/asset-permissions/${permission?.id}/`, end(5));
    expect(await look(rules)).toHaveLength(1);
  });

  it('a new privileged account is told, those of the first look are not', async () => {
    const rules = 'rules: [{ kind: new-privileged-account, name: new root }]';
    expect(await look(rules)).toEqual([]);
    const { results } = await askSandbox<{ results: { id: string }[] }>(
      sandbox,
      'GET',
      '/accounts/accounts/?limit=1&privileged=false&fields=id',
    );
    await askSandbox(sandbox, 'PATCH', `/accounts/accounts/${results[0]?.id}/`, { privileged: true });
    const events = await look(rules);
    expect(events.map(({ event }) => event.action)).toEqual(['new-privileged-account']);
    expect(await look(rules)).toEqual([]);
  });
});

describe('receivers', () => {
  const rules = 'rules: [{ kind: long-session, name: overtime, hours: 1 }]';
  const hook = { failing: true, ids: [] as string[], address: '' };
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      if (!hook.failing) hook.ids.push((JSON.parse(text) as Event).event.id);
      response.writeHead(hook.failing ? 410 : 204).end();
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    hook.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => server.close());

  it('a webhook that refuses an event is sent it again, with the same id', async () => {
    clock.now += 2 * 3_600_000;
    const command = toCommand(rules, { to: 'webhook', address: hook.address });
    await expect(runWatch(command, stage.surroundings)).rejects.toThrow('410');
    hook.failing = false;
    await runWatch(command, stage.surroundings);
    const first = [...hook.ids];
    expect(first.length).toBeGreaterThan(0);
    await runWatch(command, stage.surroundings);
    expect(hook.ids).toEqual(first);
    const other = { ...command, state: join(stage.folder, 'lost.json') };
    await runWatch(other, stage.surroundings);
    expect(hook.ids.slice(first.length)).toEqual(first);
  });

  it('syslog gets RFC 5424 with the document as its message', async () => {
    clock.now += 2 * 3_600_000;
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const received = new Promise<string>((resolve) => socket.once('message', (bytes) => resolve(bytes.toString())));
    const address = `udp://127.0.0.1:${socket.address().port}`;
    await runWatch(toCommand(rules, { to: 'syslog', address }), stage.surroundings);
    const line = await received;
    socket.close();
    const [, head, document] = /^(<\d+>1 \S+ \S+ jumpgraph \S+ \S+ \S+) (\{.*\})\s*$/.exec(line) ?? [];
    expect(head).toMatch(/^<108>1 \d{4}-\d\d-\d\dT/);
    expect(JSON.parse(document ?? '{}')).toMatchObject({
      event: { action: 'long-session' },
      rule: { name: 'overtime' },
    });
  });

  it.each([
    ['a webhook without an address', { to: 'webhook' }],
    ['syslog over something else', { to: 'syslog', address: 'ftp://siem' }],
  ] as const)('refuses %s', async (_name, more) => {
    const failure = await runWatch(toCommand(rules, more), stage.surroundings).then(() => undefined, toFailure);
    expect(failure).toMatchObject({ exitCode: 2, text: expect.stringContaining('--address') });
  });
});

describe('watching', () => {
  it('goes on after JumpServer was away, until it is ended', async () => {
    sandbox.faults.add({ path: '/terminal/sessions/', count: 3, fault: { kind: 'html', status: 500 } });
    clock.now += 2 * 3_600_000;
    const rules = 'interval: 1\nrules: [{ kind: long-session, name: overtime, hours: 1 }]';
    const watching = runWatch(toCommand(rules, { once: false }), stage.surroundings);
    const until = Date.now() + 20_000;
    while (stage.output() === '' && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
    stage.stop();
    expect(await watching).toBe(0);
    expect(stage.output()).toContain('overtime');
  });
});

describe('rules', () => {
  it('are checked, each fault by its place', () => {
    const text = 'interval: 0\nrules: [{ kind: failed-logins, name: a, count: 3 }, { kind: gossip, name: b }]';
    expect(() => parseRules(text)).toThrow(/interval: .*rules\.0\.withinMinutes: .*rules\.1\.kind/);
    expect(() => parseRules('rules: [')).toThrow(/not YAML/);
    const twice = 'rules: [{ kind: long-session, name: a, hours: 1 }, { kind: long-session, name: a, hours: 2 }]';
    expect(() => parseRules(twice)).toThrow(/each name once/);
  });
});

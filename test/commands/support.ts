import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, type Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Surroundings } from '../../src/commands/surroundings.ts';
import { loadConfig } from '../../src/config.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { createSecretWatch } from '../support/secret-watch.ts';

/** A command's surroundings over a sandbox, and what it wrote. */
export interface Stage {
  readonly surroundings: Surroundings;
  readonly folder: string;
  output(): string;
  messages(): string;
  stop(): void;
}

/** What a test may choose: lines that are typed, a terminal in place of pipes, settings, nobody signed in, a clock. */
export interface StageOptions {
  readonly lines?: readonly string[];
  readonly isTTY?: boolean;
  readonly environment?: Record<string, string>;
  readonly isSignedIn?: boolean;
  readonly now?: () => number;
}

/** Sets up a command within a test. When the test has ended, whatever the command wrote is searched for secrets. */
export function setUp(sandbox: Sandbox, options: StageOptions = {}): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'jumpgraph-'));
  const [output, messages] = [collect(options.isTTY), collect(options.isTTY)];
  const stopping = new AbortController();
  const watch = createSecretWatch();
  const ask = watch.way((request) => sandbox.fetch(request));
  const surroundings: Surroundings = {
    config: loadConfig(options.environment ?? {}),
    source: {
      url: 'http://jumpserver.test',
      fetch: (url, init) => ask(new Request(url, init)),
      ...(options.isSignedIn === false ? {} : { authorization: 'Bearer sandbox-admin' }),
    },
    terminal: { input: typed(options.lines ?? []), output: output.stream, messages: messages.stream },
    now: options.now ?? Date.now,
    signal: stopping.signal,
    credentialsFile: join(folder, 'kept', 'credentials.json'),
  };
  onTestFinished(() => {
    watch.hear('the output', output.text());
    watch.hear('the messages', messages.text());
    // The file of credentials keeps one: that is what it is for, and only its owner reads it.
    for (const file of filesIn(folder))
      if (!file.endsWith('credentials.json')) watch.hear(file, readFileSync(file, 'utf8'));
    watch.end(sandbox);
  });
  return { surroundings, folder, output: output.text, messages: messages.text, stop: () => stopping.abort() };
}

const filesIn = (folder: string): readonly string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

/** Lines as a person types them: each when it is asked for. */
function typed(lines: readonly string[]): Readable {
  const input = new PassThrough();
  for (const line of lines) input.write(`${line}\n`);
  return input;
}

function collect(isTTY = false) {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  // What a bar asks of a terminal.
  const terminal = { isTTY, columns: 120, cursorTo: () => true, clearLine: () => true, moveCursor: () => true };
  return { stream: Object.assign(stream, terminal), text: () => Buffer.concat(chunks).toString() };
}

/** Asks the sandbox itself, as its administrator. */
export async function askSandbox<T>(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const answer = await sandbox.fetch(new Request(`http://jumpserver.test/api/v1${path}`, init));
  const text = await answer.text();
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

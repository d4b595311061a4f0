import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that was started for the benchmark. */
export interface Running {
  readonly url: string;
  readonly pid: number | undefined;
  /** Milliseconds from the start to the line that tells the address. */
  readonly startMilliseconds: number;
  /** Milliseconds of CPU used so far, all threads together; undefined where the system does not tell. */
  cpu(): number | undefined;
  /** Resident memory in megabytes now, and the most there ever was. */
  memory(): { readonly now: number; readonly most: number } | undefined;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Clock ticks of Linux's /proc in milliseconds. */
const TICK = 10;

/** Starts a program that prints `… http://host:port` when it takes requests. */
export async function start(
  args: readonly string[],
  env: Record<string, string> = {},
  folder = new URL('..', import.meta.url).pathname,
): Promise<Running> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
    cwd: folder,
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const url = await addressOf(child, args);
  return {
    url,
    pid: child.pid,
    startMilliseconds: performance.now() - started,
    cpu: () => cpuOf(child.pid),
    memory: () => memoryOf(child.pid),
    stop: () => stop(child),
  };
}

/** Starts a TypeScript program of the benchmark. */
export const startScript = (path: string, ...args: readonly string[]): Promise<Running> =>
  start(['--import', 'tsx', `bench/${path}`, ...args], { NODE_ENV: 'production' });

function addressOf(child: ChildProcess, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    setTimeout(() => reject(new Error(`${args.join(' ')} did not start: ${text.slice(-500)}`)), 60_000).unref();
    const look = (chunk: unknown): void => {
      text += String(chunk);
      const [, url] = /(?:listening|Graph:)\s+(http:\/\/[\w.:]+)/.exec(text) ?? [];
      if (!url) return;
      // What is logged from here on is drained unread: reading it would take the time of the load.
      child.stdout?.off('data', look).resume();
      resolve(url);
    };
    child.stdout?.on('data', look);
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${text.slice(-500)}`)));
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function cpuOf(pid: number | undefined): number | undefined {
  const fields = read(`/proc/${pid}/stat`)?.split(') ')[1]?.split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) * TICK;
}

function memoryOf(pid: number | undefined): { now: number; most: number } | undefined {
  const text = read(`/proc/${pid}/status`);
  const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text ?? '')?.[1] ?? 0);
  return text === undefined ? undefined : { now: kilobytes('VmRSS') / 1024, most: kilobytes('VmHWM') / 1024 };
}

import { connect } from 'node:net';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createSandbox } from '../../../src/sandbox/index.ts';
import { createRandom } from '../../oracle/random.ts';
import { startGraph, type TestGraph } from '../../support/graph.ts';
import { type Body, generateBody, generateRequest } from './operations.ts';

/** How much is tried. */
export interface FuzzOptions {
  readonly operations: number;
  readonly requests: number;
  readonly seed: number;
}

/** What came of it. */
export interface FuzzResult {
  readonly operations: number;
  readonly requests: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly codes: Readonly<Record<string, number>>;
  /** What may not happen: a 5xx of our own, a masked error, a leak, an answer that is no answer, one that took too long. */
  readonly faults: readonly string[];
  /** Requests that made the sandbox itself fail with 500. */
  readonly upstreamFailures: readonly string[];
  /** What one operation took. Memory: by how much the heap and what hangs on it had grown when it was answered, sandbox and client included. */
  readonly milliseconds: Quantiles;
  readonly megabytes: Quantiles;
  /** Megabytes in use after forced collections, ten times over the run. */
  readonly heap: readonly number[];
}

/** How a measure of many operations is spread. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** What no answer may hold: addresses, files, stacks, credentials of ours. */
const LEAKS = /jumpserver\.test|\/work\/|node_modules|\.ts:\d+|\n\s+at |sandbox-admin|ECONN|\/api\/v1/;
/** Milliseconds within which everything is answered, on a busy machine. */
const LONGEST = 20_000;
/** Megabytes by which one operation may make the heap grow: hundreds at a time still fit into a small process. */
const MOST_MEGABYTES = 100;
/** Operations between two collections. */
const BATCH = 100;
const STATUSES = new Set([200, 400, 403, 405, 406, 413, 415, 429]);

interface Tally {
  readonly statuses: Record<string, number>;
  readonly codes: Record<string, number>;
  readonly faults: string[];
  readonly milliseconds: number[];
  readonly megabytes: number[];
}

const count = (counts: Record<string, number>, name: string | number): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

/** Sends generated operations, then broken HTTP; everything must be answered or refused, nothing may fall over or leak. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const sandbox = createSandbox({ throttle: false, assets: 30, users: 15, sessions: 30 });
  const config = { MAX_UPSTREAM_CALLS: '100', OPERATION_TIMEOUT: '15' };
  const upstreamFailures: string[] = [];
  const fetch = async (request: Request) => {
    const answer = await sandbox.fetch(request);
    if (answer.status >= 500) upstreamFailures.push(`${request.method} ${request.url.slice(0, 300)}`);
    return answer;
  };
  const graph = await startGraph({ sandbox, fetch, config });
  const tally: Tally = { statuses: {}, codes: {}, faults: [], milliseconds: [], megabytes: [] };
  const collect = createCollector();
  const heap: number[] = [];
  for (let index = 0; index < options.operations; index++) {
    const seed = options.seed + index;
    await judgeOperation(graph, generateBody(createRandom(seed)), seed, tally);
    if (index % BATCH !== BATCH - 1) continue;
    // The log of the test's graph is kept whole.
    judgeLog(graph, seed, tally);
    collect();
    if ((index + 1) % Math.max(BATCH, Math.floor(options.operations / 10 / BATCH) * BATCH) === 0) heap.push(inUse());
  }
  const random = createRandom(options.seed);
  for (let done = 0; done < options.requests; done += 20) {
    const batch = Array.from({ length: Math.min(20, options.requests - done) }, () => generateRequest(random));
    await Promise.all(batch.map((text) => judgeRequest(graph.url, text, tally)));
  }
  if ((await globalThis.fetch(`${graph.url}/healthz`)).status !== 200)
    tally.faults.push('the server is no longer healthy');
  if ('polluted' in {}) tally.faults.push('a prototype was polluted');
  judgeLog(graph, options.seed, tally);
  await graph.close();
  return {
    ...options,
    ...tally,
    upstreamFailures: upstreamFailures.slice(0, 20),
    milliseconds: toQuantiles(tally.milliseconds),
    megabytes: toQuantiles(tally.megabytes),
    heap: heap.map(Math.round),
    faults: tally.faults.slice(0, 20),
  };
}

/** Megabytes of the heap and of buffers that hang on it. */
function inUse(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return (heap + external) / 1024 ** 2;
}

/** The collector of garbage, called by hand so that what is measured is not what others left. */
function createCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function toQuantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1));
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}

/** Secrets of requests stay out of the log, and nothing unexpected is in it. */
function judgeLog(graph: TestGraph, seed: number, { faults }: Tally): void {
  const lines = graph.log as Record<string, unknown>[];
  for (const line of lines) {
    if (line['msg'] === 'an unexpected error was masked')
      faults.push(`before seed ${seed}: ${JSON.stringify(line).slice(0, 600)}`);
    if (JSON.stringify(line).includes('sandbox-admin')) faults.push(`before seed ${seed}: a credential is in the log`);
  }
  lines.length = 0;
}

async function judgeOperation(graph: TestGraph, body: Body, seed: number, tally: Tally): Promise<void> {
  const started = performance.now();
  const before = inUse();
  const answer = await fetch(`${graph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox-admin' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const took = performance.now() - started;
  // Less than before: V8 collected meanwhile.
  const grown = Math.max(0, inUse() - before);
  tally.milliseconds.push(took);
  tally.megabytes.push(grown);
  count(tally.statuses, answer.status);
  const place = `seed ${seed}: ${answer.status} ${JSON.stringify(body).slice(0, 400)}`;
  if (!STATUSES.has(answer.status)) tally.faults.push(`status, ${place}`);
  if (took > LONGEST) tally.faults.push(`${Math.round(took)} ms, ${place}`);
  if (grown > MOST_MEGABYTES) tally.faults.push(`${Math.round(grown)} MB, ${place}`);
  const leak = LEAKS.exec(text)?.[0];
  if (leak && !JSON.stringify(body).includes(leak)) tally.faults.push(`leak of ${leak}, ${place}`);
  for (const code of codesOf(text)) {
    count(tally.codes, code);
    if (code === 'INTERNAL' || code === 'no JSON') tally.faults.push(`${code}, ${place}`);
  }
}

function codesOf(text: string): readonly string[] {
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: { extensions: { code: string } }[] };
    return errors.map(({ extensions }) => extensions.code);
  } catch {
    return ['no JSON'];
  }
}

/** Sends bytes and gives what comes until the server closes, or says nothing for so many milliseconds. */
export function sendBytes(address: string, text: string, patience: number): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    let all = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(text));
    socket.setTimeout(patience, () => socket.destroy());
    socket.on('data', (chunk) => {
      all += chunk.toString('latin1');
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(all));
  });
}

/** A server may close or wait for more, but not fail. */
async function judgeRequest(address: string, text: string, tally: Tally): Promise<void> {
  const received = await sendBytes(address, text, 400);
  const status = /^HTTP\/1\.[01] (\d+)/.exec(received)?.[1] ?? 'none';
  count(tally.statuses, `http ${status}`);
  // 501 and 505 speak of the request, 503 of JumpServer's reports under an organisation that is none.
  if (/^5/.test(status) && status !== '501' && status !== '505')
    tally.faults.push(`http ${status}: ${JSON.stringify(text.slice(0, 500))}`);
  const leak = LEAKS.exec(received)?.[0];
  if (leak && !text.includes(leak)) tally.faults.push(`leak of ${leak} after ${JSON.stringify(text.slice(0, 300))}`);
}

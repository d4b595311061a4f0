import { ClientError } from './errors.ts';
import type { ClientOptions } from './options.ts';
import type { Answer } from './request.ts';

/** Causes that pass by themselves (docs/errors.md). */
const PASSING = new Set([
  'UPSTREAM_THROTTLED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'RATE_LIMITED',
  'OVERLOADED',
]);
/** Statuses of proxies between us and the server. */
const PASSING_STATUSES = new Set([502, 503, 504]);
/** The longest wait before a repeat, in milliseconds: whoever waits for more is told instead. */
const LONGEST = 30_000;

/** Sends a read again while its failure is a passing one, after what the server asks for or 0.5, 1, 2 … seconds with jitter. */
export async function withRetries<Result>(
  options: ClientOptions,
  attempt: () => Promise<Answer<Result>>,
  signal?: AbortSignal,
): Promise<Answer<Result>> {
  const { retries = 2 } = options;
  for (let repeat = 0; ; repeat += 1) {
    const outcome = await attempt().catch((error: unknown) => error);
    const wait = repeat < retries ? waitFor(outcome, repeat, options.random ?? Math.random) : undefined;
    if (wait === undefined || wait > LONGEST) {
      if (outcome instanceof Error) throw outcome;
      return outcome as Answer<Result>;
    }
    await Promise.race([(options.sleep ?? sleep)(wait), aborted(signal)]);
    signal?.throwIfAborted();
  }
}

/** Milliseconds to wait before a repeat; undefined when it would change nothing. */
function waitFor(outcome: unknown, repeat: number, random: () => number): number | undefined {
  const usual = 500 * 2 ** repeat * (0.5 + random());
  if (outcome instanceof ClientError) {
    const isPassing = outcome.status === undefined || PASSING_STATUSES.has(outcome.status);
    return isPassing ? usual : undefined;
  }
  if (outcome instanceof Error) return undefined;
  const { errors = [] } = outcome as Answer<unknown>;
  const passing = errors.filter(({ extensions }) => PASSING.has(extensions?.code ?? ''));
  if (passing.length === 0) return undefined;
  const asked = Math.max(...passing.map(({ extensions }) => extensions?.retryAfter ?? 0));
  return asked > 0 ? asked * 1000 : usual;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, milliseconds);
  });
}

/** Resolves when the signal aborts. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', () => done(), { once: true });
  });
}

import { Agent, request } from 'undici';
import { type QueryName, queries } from './queries.ts';

/** Asks one question; answers its `data`. */
export type Ask = (name: QueryName) => Promise<unknown>;

const agent = new Agent({ connections: 128, keepAliveTimeout: 3_000, headersTimeout: 60_000 });

/** How a server is asked. */
export interface Asking {
  /** The server's own form of a question. */
  readonly textOf?: ((name: QueryName) => string) | undefined;
  /** An answer with errors and data is no fault of the benchmark. */
  readonly mayHaveErrors?: boolean;
  /** Each question is a new one, with a variable that no other had: what was learned of the ones before helps nobody. */
  readonly isNew?: boolean;
}

let asked = 0;

/** Asks a GraphQL server; an answer with errors is a fault of the benchmark, unless they are expected. */
export const askGraphql =
  (url: string, token: string, { textOf = (name) => queries[name].text, mayHaveErrors, isNew }: Asking = {}): Ask =>
  async (name) => {
    const { body } = await request(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: textOf(name), ...(isNew && { variables: { run: asked++ } }) }),
      dispatcher: agent,
    });
    const { data, errors } = (await body.json()) as { data?: unknown; errors?: readonly unknown[] };
    if (errors && !(mayHaveErrors && data)) throw new Error(`${name} at ${url}: ${JSON.stringify(errors[0])}`);
    return data;
  };

/** What a load showed; times in milliseconds. */
export interface Load {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

/** Runs `count` operations, `users` at a time. */
export function load(users: number, count: number, run: (user: number) => Promise<unknown>): Promise<Load> {
  let next = 0;
  return measure(users, () => next++ < count, run);
}

/** Runs `count` operations of each user, one after the other. */
export function loadEach(users: number, count: number, run: (user: number) => Promise<unknown>): Promise<Load> {
  const done = Array.from({ length: users }, () => 0);
  const goesOn = (user: number) => {
    const before = done[user] ?? 0;
    done[user] = before + 1;
    return before < count;
  };
  return measure(users, goesOn, run);
}

async function measure(
  users: number,
  goesOn: (user: number) => boolean,
  run: (user: number) => Promise<unknown>,
): Promise<Load> {
  const times: number[] = [];
  const started = performance.now();
  const work = async (user: number) => {
    while (goesOn(user)) {
      const begun = performance.now();
      await run(user);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: users }, (_, user) => work(user)));
  const seconds = (performance.now() - started) / 1000;
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), perSecond: times.length / seconds };
}

/** The value below which a share of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

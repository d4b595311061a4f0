import { Agent, request } from 'undici';
import { type Competitor, startCompetitors, TITLES } from './competitors.ts';
import { percentile } from './measure.ts';
import { startScript } from './process.ts';
import { queries } from './queries.ts';
import { type Cell, heading, table } from './report.ts';

const TOKEN = 'sandbox-admin';
const ROUNDS = 25;
const QUERY = queries.list.text.replace('first: 200', 'first: 1000');

/** One large answer: milliseconds until its first byte and its last, and its size. */
interface Timed {
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

const agent = new Agent({ connections: 8, keepAliveTimeout: 3_000 });

async function askLarge(url: string): Promise<Timed> {
  const begun = performance.now();
  const { body } = await request(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ query: QUERY }),
    dispatcher: agent,
  });
  let first = 0;
  let bytes = 0;
  for await (const chunk of body) {
    first ||= performance.now() - begun;
    bytes += (chunk as Buffer).byteLength;
  }
  return { first, last: performance.now() - begun, bytes };
}

/** A thousand rows in one answer: when it begins to arrive, when it is there, and how long a small question waits beside it. */
export async function largeAnswers(): Promise<string> {
  const upstream = await startScript('upstream/main.ts', JSON.stringify({ assets: 2_000, users: 60 }));
  const all = await startCompetitors(upstream.url, TOKEN);
  const lines: Cell[][] = [];
  for (const competitor of all)
    if (competitor.process && SHOWN.has(competitor.name)) lines.push(await measure(competitor));
  await Promise.all([upstream, ...all.flatMap(({ process }) => process ?? [])].map((each) => each.stop()));
  const text =
    'A thousand assets with ten fields in one answer, one after the other, from an upstream that answers at once; beside them a small question as often as it is answered.';
  const columns = [
    'server',
    'bytes',
    'first byte',
    'last byte',
    'a small question beside it, p50 / p99',
    'most memory',
  ];
  return `${heading('A large answer')}${text}\n\n${table(columns, lines)}`;
}

const SHOWN = new Set(['jumpgraph', 'loaders']);

async function measure({ name, process, ask }: Competitor): Promise<Cell[]> {
  const url = process?.url ?? '';
  for (let round = 0; round < ROUNDS; round++) await askLarge(url);
  const waits: number[] = [];
  let isOver = false;
  const beside = async () => {
    while (!isOver) {
      const begun = performance.now();
      await ask('small');
      waits.push(performance.now() - begun);
    }
  };
  const besides = beside();
  const times: Timed[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await askLarge(url));
  isOver = true;
  await besides;
  const p50 = (of: (timed: Timed) => number) => percentile(times.map(of), 0.5);
  return [
    TITLES[name],
    p50(({ bytes }) => bytes).toLocaleString('en'),
    `${p50(({ first }) => first).toFixed(0)} ms`,
    `${p50(({ last }) => last).toFixed(0)} ms`,
    `${percentile(waits, 0.5).toFixed(1)} / ${percentile(waits, 0.99).toFixed(1)} ms`,
    `${process?.memory()?.most.toFixed(0)} MB`,
  ];
}

import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import {
  COMPETITORS,
  type Competitor,
  type CompetitorName,
  startCompetitors,
  startJumpgraph,
  TITLES,
} from './competitors.ts';
import { largeAnswers } from './large.ts';
import { type Ask, askGraphql, type Load, load, loadEach, percentile } from './measure.ts';
import { type Running, startScript } from './process.ts';
import { ownQueries, type QueryName, queries, queryNames } from './queries.ts';
import { type Cell, heading, ratio, table } from './report.ts';

const TOKEN = 'sandbox-admin';
/** Workers of the upstream that takes a real server's times: what two cores were measured with. */
const WORKERS = 2;
/** Users with a token each. */
const USERS = 64;
/** Operations of each user who is not greedy, one after the other. */
const ROUNDS_OF_OTHERS = 10;
/** After so many runs Jumpgraph has learned what a question reads. */
const LEARNED = 2;
/** Operations of one load by query; few where an operation takes seconds. */
const ROUNDS = 7;

type Counts = Readonly<Record<'calls' | 'bytes' | 'refused', number>>;

/** Runs the whole benchmark, prints it and writes bench/RESULTS.md. */
export async function runBench(): Promise<void> {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  const parts = [intro()];
  for (const part of [
    counted,
    withLatencies,
    ownAnswers,
    processorTime,
    largeAnswers,
    crowds,
    throttled,
    growth,
    atScale,
  ]) {
    const text = await part();
    console.log(text);
    parts.push(text);
  }
  await writeFile(new URL('RESULTS.md', import.meta.url), `${parts.join('\n')}\n`);
}

function intro(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim();
  const [cpu] = cpus();
  return `# Results

Written by \`npm run bench\`; do not edit. Queries and competitors were written here, by the authors of Jumpgraph (\`bench/queries.ts\`, \`bench/competitors/\`).

- machine: ${cpu?.model ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 1024 ** 3)} GB; load average ${loadavg()
    .map((each) => each.toFixed(1))
    .join(' ')} at the start: other programs were running unless it is near 0
- Node ${process.version}, commit ${commit}, seed 1, company of 210 assets, 60 users and 500 sessions unless said otherwise
- upstream: the sandbox of JumpServer 4.10.16 in a process of its own, each different read worked out once before it is measured
- GraphQL Mesh's OpenAPI handler behind Hive Gateway reads JumpServer's own API document of 4.10.16, cleaned in \`bench/mesh/server.mjs\`: the thirteen
  lists and rows that the queries need of 496 paths, no \`format\` (JumpServer's dates are none), no \`required\` (rows lack what the document demands), a
  parameter \`format\` for permissions with their members; relations by \`@resolveTo\`, a call each. Lists are always asked with \`limit\`: without it JumpServer
  answers plain arrays, which are not what its document says
- Jumpgraph runs with its defaults, except that it keeps no platforms between queries (\`CACHE_TIME=0\`): the clients do not either
`;
}

async function around<T>(
  settings: object,
  run: (upstream: Running, all: readonly Competitor[]) => Promise<T>,
): Promise<T> {
  const upstream = await startScript('upstream/main.ts', JSON.stringify(settings));
  const all = await startCompetitors(upstream.url, TOKEN);
  try {
    return await run(upstream, all);
  } finally {
    await Promise.all([upstream, ...all.flatMap(({ process }) => process ?? [])].map((each) => each.stop()));
  }
}

const take = async (upstream: Running): Promise<Counts> =>
  (await fetch(`${upstream.url}/bench/counts`)).json() as Promise<Counts>;

/** One row for each query, one cell for each competitor. */
async function perQuery(
  all: readonly Competitor[],
  names: readonly QueryName[],
  cell: (name: QueryName, competitor: Competitor) => Promise<Cell>,
): Promise<Map<QueryName, Map<CompetitorName, Cell>>> {
  const rows = new Map<QueryName, Map<CompetitorName, Cell>>();
  for (const name of names) {
    const cells = new Map<CompetitorName, Cell>();
    for (const competitor of all) cells.set(competitor.name, await cell(name, competitor));
    rows.set(name, cells);
  }
  return rows;
}

const shown = (all: readonly Competitor[]) => COMPETITORS.filter((name) => all.some((each) => each.name === name));

function toTable(all: readonly Competitor[], rows: Map<QueryName, Map<CompetitorName, Cell>>): string {
  const names = shown(all);
  return table(
    ['query', ...names.map((name) => TITLES[name])],
    [...rows].map(([query, cells]) => [
      `${query}: ${queries[query].title}`,
      ...names.map((name) => cells.get(name) ?? ''),
    ]),
  );
}

/** Calls and bytes: they need no clock. */
function counted(): Promise<string> {
  return around({}, async (upstream, all) => {
    const rows = await perQuery(all, queryNames, async (name, { ask }) => {
      for (let run = 0; run < LEARNED; run++) await ask(name);
      await take(upstream);
      await ask(name);
      const { calls, bytes } = await take(upstream);
      return `${calls} · ${bytes.toLocaleString('en')} B`;
    });
    return `${heading('Calls to JumpServer and bytes of its answers')}${toTable(all, rows)}`;
  });
}

/** How long one user waits when JumpServer takes its real time. */
function withLatencies(): Promise<string> {
  return around({ workers: WORKERS }, async (_upstream, all) => {
    let own = 0;
    const rows = await perQuery(all, queryNames.slice(0, 6), async (name, { name: competitor, ask }) => {
      for (let run = 0; run < (competitor === 'again' ? LEARNED : 1); run++) await ask(name);
      const isSlow = (await load(1, 1, () => ask(name))).p50 > 2_000;
      const { p50, p99 } = await load(1, isSlow ? 1 : ROUNDS, () => ask(name));
      if (competitor === 'jumpgraph') own = p50;
      return `${p50.toFixed(0)} / ${p99.toFixed(0)} ms · ${ratio(p50, own)}`;
    });
    const text = `The upstream has two workers and takes the milliseconds per call and row of \`bench/latency.json\`. p50 / p99 of one user, and how many times Jumpgraph’s p50 that is.

Each question to Jumpgraph is a new one, and what it reads second waits for what it reads first, as with every client. *Asked again*: the same
question from the third time on, as a page that is refreshed asks it. Jumpgraph then knows what it will read (no answer, only addresses) and asks for
all of it at once; nothing is served that JumpServer did not answer now, in as many calls and bytes (\`test/graph/foresight.test.ts\`).`;
    return `${heading('With a real server’s times')}${text}\n\n${toTable(all, rows)}`;
  });
}

/** What nobody else answers, with a real server's times. */
async function ownAnswers(): Promise<string> {
  const upstream = await startScript('upstream/main.ts', JSON.stringify({ workers: WORKERS }));
  const server = await startJumpgraph(upstream.url, { CACHE_TIME: '0' });
  const lines: Cell[][] = [];
  for (const { title, text } of Object.values(ownQueries)) {
    const ask = askGraphql(server.url, TOKEN, { textOf: () => text });
    await ask('small');
    await take(upstream);
    await ask('small');
    const { calls, bytes } = await take(upstream);
    const { p50 } = await load(1, ROUNDS, () => ask('small'));
    lines.push([title, calls, `${bytes.toLocaleString('en')} B`, `${p50.toFixed(0)} ms`]);
  }
  await Promise.all([server.stop(), upstream.stop()]);
  return `${heading('What only Jumpgraph answers')}${table(['question', 'calls', 'bytes', 'p50'], lines)}`;
}

/** CPU of an operation with an upstream that answers at once. */
function processorTime(): Promise<string> {
  return around({}, async (upstream, all) => {
    const floor = await startScript('competitors/floor.ts', upstream.url);
    const servers = [
      ...all.flatMap(({ name, process, ask }) => (process ? [{ title: TITLES[name], process, ask }] : [])),
      { title: 'the floor: parse a page, print it', process: floor, ask: askGraphql(floor.url, TOKEN) },
    ];
    const lines: Cell[][] = [];
    for (const query of ['list', 'small'] as const) {
      const costs: { title: string; cpu: number; load: Load; memory: number }[] = [];
      for (const { title, process, ask } of servers) {
        const isNaive = title === TITLES.naive && query === 'list';
        const count = isNaive ? 20 : 1500;
        await load(4, isNaive ? count : count * 2, () => ask(query));
        const before = process.cpu() ?? 0;
        const result = await load(4, count, () => ask(query));
        costs.push({
          title,
          cpu: ((process.cpu() ?? 0) - before) / count,
          load: result,
          memory: process.memory()?.now ?? 0,
        });
      }
      const own = costs[0]?.cpu ?? 0;
      for (const {
        title,
        cpu,
        load: { perSecond },
        memory,
      } of costs)
        lines.push([
          query,
          title,
          `${cpu.toFixed(2)} ms`,
          ratio(cpu, own),
          perSecond.toFixed(0),
          `${memory.toFixed(0)} MB`,
        ]);
    }
    await floor.stop();
    const text =
      'CPU of the server’s process per operation, 1,500 of them (20 of naive lists), 4 at a time, after twice as many to warm up. All defaults on: limits, log, metrics.';
    const columns = ['query', 'server', 'CPU per operation', 'of Jumpgraph’s', 'operations/s', 'memory'];
    return `${heading('With an upstream that answers at once')}${text}\n\n${table(columns, lines)}`;
  });
}

/** Many users at a time, each with credentials of their own. */
async function crowds(): Promise<string> {
  const upstream = await startScript('upstream/main.ts', JSON.stringify({ workers: 8, callers: USERS, users: 150 }));
  const server = await startJumpgraph(upstream.url);
  const asks = Array.from({ length: USERS }, (_, user) => askGraphql(server.url, `bench-${user}`));
  const mixed: readonly QueryName[] = ['Q1', 'Q4', 'Q5', 'tree', 'small', 'list'];
  const lines: Cell[][] = [];
  for (const users of [1, 8, USERS]) {
    let turn = 0;
    const run = async (user: number) => asks[user]?.(mixed[turn++ % mixed.length] ?? 'small');
    await load(users, users * 2, run);
    const { p50, p99, perSecond } = await load(users, Math.max(30, users * 3), run);
    lines.push([
      users,
      `${p50.toFixed(0)} ms`,
      `${p99.toFixed(0)} ms`,
      perSecond.toFixed(1),
      `${server.memory()?.now.toFixed(0)} MB`,
    ]);
  }
  lines.push(await mixedLoad(server, asks));
  await Promise.all([server.stop(), upstream.stop()]);
  const text =
    'Q1, Q4, Q5, the tree, a list and a small query in turn; an upstream of eight workers with real times; every user has a token of their own.';
  return `${heading('Many users')}${text}\n\n${table(['users', 'p50', 'p99', 'operations/s', 'memory'], lines)}`;
}

/** Eight users, of whose operations every fifth writes a label: what was read before is read again after it. */
async function mixedLoad(server: Running, asks: readonly Ask[]): Promise<Cell[]> {
  let turn = 0;
  const write = () =>
    `mutation { createLabel(input: { name: "bench", value: "${turn}" }) { label { name } userErrors { code } } }`;
  const writers = asks.map((_, user) => askGraphql(server.url, `bench-${user}`, { textOf: write }));
  const run = async (user: number) => (turn++ % 5 === 0 ? writers[user]?.('small') : asks[user]?.('Q4'));
  const { p50, p99, perSecond } = await load(8, 80, run);
  const cells = [p50, p99].map((time) => `${time.toFixed(0)} ms`);
  return ['8, every fifth operation a write', ...cells, perSecond.toFixed(1), `${server.memory()?.now.toFixed(0)} MB`];
}

/** One user asks for more than JumpServer allows in a minute; 63 others ask a few questions each, first alone and then beside it. */
async function throttled(): Promise<string> {
  const upstream = await startScript(
    'upstream/main.ts',
    JSON.stringify({ throttle: true, callers: USERS, users: 150 }),
  );
  const server = await startJumpgraph(upstream.url, { CACHE_TIME: '0', OPERATION_TIMEOUT: '10' });
  const asks = Array.from({ length: USERS }, (_, user) => askGraphql(server.url, `bench-${user}`));
  const [greedy, ...others] = asks;
  const refused = { greedy: 0, others: 0 };
  const askOthers = (rounds: number) => {
    const waits = others.map(() => 0);
    const run = async (user: number) => {
      const begun = performance.now();
      await others[user]?.('Q4').catch(() => refused.others++);
      waits[user] = (waits[user] ?? 0) + performance.now() - begun;
    };
    return loadEach(others.length, rounds, run).then((result) => ({ ...result, waits }));
  };
  await askOthers(1);
  await take(upstream);
  const alone = await askOthers(ROUNDS_OF_OTHERS);
  const excess = Array.from({ length: 80 }, () => greedy?.('Q4').catch(() => refused.greedy++));
  const beside = await askOthers(ROUNDS_OF_OTHERS);
  await Promise.all(excess);
  const { calls, refused: throttledCalls } = await take(upstream);
  await Promise.all([server.stop(), upstream.stop()]);
  const lines = Object.entries({ 'the 63 alone': alone, 'beside the one': beside }).map(
    ([name, { p50, p99, waits }]) => [
      name,
      `${p50.toFixed(0)} ms`,
      `${p99.toFixed(0)} ms`,
      ratio(Math.max(...waits), percentile(waits, 0.5)),
    ],
  );
  const text = `JumpServer allows each user 180 calls a minute. 63 users send ${ROUNDS_OF_OTHERS} × Q4 each, one after the other: first alone, then while one user sends 80 × Q4 at once (240 calls).
${refused.greedy} operations of the one are refused within its ten seconds, ${refused.others} of the others.
JumpServer saw ${calls.toLocaleString('en')} calls and answered ${throttledCalls} of them with 429. Order and counts are tests: \`test/trust/crowd.test.ts\`.`;
  const columns = ['others', 'p50', 'p99', 'the user who waited longest, of the median user'];
  return `${heading('Under the throttle')}${text}\n\n${table(columns, lines)}`;
}

/** Whether a row costs the same in a large company, and how fast the server is there. */
async function growth(): Promise<string> {
  const lines: Cell[][] = [];
  for (const assets of [1_000, 10_000, 50_000]) {
    const upstream = await startScript(
      'upstream/main.ts',
      JSON.stringify({ assets, users: 100, sessions: assets * 20 }),
    );
    // Another server first, so that the upstream has worked out its answers before a first query is measured.
    const before = await startJumpgraph(upstream.url);
    await askGraphql(before.url, TOKEN)('small');
    await before.stop();
    const server = await startJumpgraph(upstream.url);
    const ask = askGraphql(server.url, TOKEN);
    const begun = performance.now();
    await ask('small');
    const first = performance.now() - begun;
    await load(2, 300, () => ask('list'));
    const used = server.cpu() ?? 0;
    await load(2, 400, () => ask('list'));
    const perRow = (((server.cpu() ?? 0) - used) / 400 / 200) * 1000;
    const ofSessions = await costOfSessions(server);
    lines.push([
      assets.toLocaleString('en'),
      `${perRow.toFixed(1)} µs`,
      `${ofSessions.toFixed(1)} µs`,
      `${server.startMilliseconds.toFixed(0)} ms`,
      `${first.toFixed(0)} ms`,
      `${server.memory()?.most.toFixed(0)} MB`,
    ]);
    await Promise.all([server.stop(), upstream.stop()]);
  }
  const columns = [
    'assets (20 sessions each)',
    'CPU per row of the list',
    'of 1,000 newest sessions',
    'start',
    'first query',
    'most memory',
  ];
  return `${heading('Growth')}${table(columns, lines)}`;
}

/** Microseconds of CPU for each of the thousand newest sessions. */
async function costOfSessions(server: Running): Promise<number> {
  const text =
    '{ sessions(first: 1000, orderBy: [{ field: STARTED_AT, direction: DESC }]) { nodes { startedAt protocol } } }';
  const ask = askGraphql(server.url, TOKEN, { textOf: () => text });
  await load(2, 60, () => ask('Q5'));
  const before = server.cpu() ?? 0;
  await load(2, 60, () => ask('Q5'));
  return ((server.cpu() ?? 0) - before) / 60;
}

/** The cases of bench/access.ts that have no JumpServer at all: our own work alone. */
async function atScale(): Promise<string> {
  const cases = ['matrix of 1,000 users, 5,000 assets, 400 permissions', '1,000,000 sessions by user and asset to CSV'];
  const lines = cases.map((name) =>
    execFileSync(process.execPath, ['--import', 'tsx', 'bench/access.ts', name]).toString().trim(),
  );
  const head = '| case | calls | seconds of our own | peak MB | |\n| --- | --- | --- | --- | --- |';
  const text = 'Rows made on the spot in the same process, so the seconds hold our own work and that of making them.';
  return `${heading('The matrix and an export at scale')}${text}\n\n${[head, ...lines].join('\n')}`;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Pool } from 'undici';
import { loadConfig } from '../../../src/config.ts';
import { catalogue } from '../../../src/generated/catalogue.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/index.ts';
import { createGraph } from '../../../src/server/create-graph.ts';
import { createServer } from '../../../src/server/create-server.ts';
import { createOracle, type Oracle } from '../../oracle/evaluate.ts';
import { generateOperation, listRoots, type Operation, type Samples } from '../../oracle/generate.ts';
import { createRandom, pick, type Random } from '../../oracle/random.ts';
import type { SecretWatch } from '../../support/secret-watch.ts';
import { askAlone, type Told } from '../alone.ts';
import { findFault, type SoakAnswer } from './compare.ts';
import { createFaultyNetwork, FAULT_CODES } from './faulty-network.ts';

/** How long and hard. */
export interface SoakOptions {
  readonly operations: number;
  readonly users: number;
  readonly seed: number;
  /** Share of upstream calls that go wrong. */
  readonly faults: number;
  /** Different reads to choose from, each worked out beforehand. */
  readonly reads: number;
  /** Milliseconds after which no further operation begins. */
  readonly longest: number;
  /** Hears whatever the server tells, its log included; it ends with the soak. Costs about a second for each thousand operations. */
  readonly watch?: SecretWatch;
}

/** What came of it. */
export interface SoakResult {
  readonly operations: number;
  readonly reads: number;
  readonly writes: {
    readonly done: number;
    readonly refused: number;
    readonly unknown: number;
    readonly twice: number;
  };
  readonly faultsStruck: number;
  /** Answers that told of a fault instead of some of their data. */
  readonly withErrors: number;
  /** Of these, answers that were refused to spare JumpServer or ourselves, for no fault of their own calls. */
  readonly refused: number;
  /** How many answers had each code. */
  readonly codes: Readonly<Record<string, number>>;
  /** The first of the wrong answers, with their operation. */
  readonly wrong: readonly string[];
  readonly seconds: number;
  readonly milliseconds: { readonly p50: number; readonly p99: number; readonly most: number };
  /** Heap and resident memory in megabytes, and open handles, taken ten times and at the end, when all is closed. */
  readonly heap: readonly number[];
  readonly resident: readonly number[];
  readonly handles: readonly number[];
}

/** Labels are what the soak writes, so it does not read them. */
const NOUNS = new Set([
  'User',
  'UserGroup',
  'Role',
  'Asset',
  'AssetNode',
  'Platform',
  'Zone',
  'Gateway',
  'Account',
  'Permission',
  'Session',
]);
const NOW = Date.parse('2026-11-20T10:00:00Z');
const WRITE =
  'mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { name } userErrors { code } } }';
/** Share of operations that write. */
const WRITES = 0.02;

/** Who asks, and where: the same question has another answer for each of them. */
interface Persona {
  readonly username: string;
  readonly organization: string;
}

/** The newest: older ones allow a user 180 calls a minute, which the 429s among the faults would teach, and the soak would measure waiting. */
const VERSION = '4.10.19';
const HOME = 'DEFAULT';
const PERSONAS: readonly Persona[] = [
  { username: 'admin', organization: HOME },
  { username: 'admin', organization: 'Vale Robotics' },
  { username: 'user', organization: HOME },
];
const ORGANIZATIONS = [...new Set(PERSONAS.map(({ organization }) => organization))];
const personaOf = (user: number): Persona => PERSONAS[user % PERSONAS.length] as Persona;
const tokenOf = (user: number): string => `soak-token-${user}-of-many`;

/** A question with what one persona is to be told. */
interface Read {
  readonly text: string;
  readonly told: Told;
}

/** Questions of each persona with their answers, worked out from single-key lists and details before anything goes wrong. */
type Reads = ReadonlyMap<Persona, Read[]>;

async function prepare(sandbox: Sandbox, count: number, seed: number): Promise<Reads> {
  const oracles = new Map(ORGANIZATIONS.map((each) => [each, createOracle(sandbox, VERSION, each)]));
  const samples: Record<string, Samples[string]> = {};
  const roots = listRoots(NOUNS);
  for (const noun of Object.values(catalogue.nouns).filter(({ name }) => NOUNS.has(name)))
    samples[noun.name] = (await oracles.get(HOME)?.rows(noun)) ?? [];
  const reads = new Map<Persona, Read[]>(PERSONAS.map((persona) => [persona, []]));
  for (let index = 0; index < count; index++) {
    const random = createRandom(seed + index);
    const material = { nouns: NOUNS, samples, version: VERSION };
    const operation = generateOperation(random, pick(random, roots), material, Math.floor(random() * 2.2));
    for (const persona of PERSONAS) {
      // JumpServer finds users by a group of any organisation, while their rows show the groups of one.
      if (persona.organization !== HOME && /\bgroup(In)?: /.test(operation.text)) continue;
      const told = await toTold(sandbox, oracles.get(persona.organization), operation, persona);
      reads.get(persona)?.push({ text: operation.text, told });
    }
  }
  return reads;
}

/** The oracle knows what there is; what an ordinary user is refused of it, a lone run tells. */
async function toTold(
  sandbox: Sandbox,
  oracle: Oracle | undefined,
  operation: Operation,
  { username, organization }: Persona,
): Promise<Told> {
  if (oracle && username === 'admin') return { data: await oracle.evaluate(operation), codes: [] };
  return askAlone(sandbox, { text: operation.text, token: `sandbox-${username}`, organization, language: 'en' });
}

/** Counts how often the creation of each label reached the server. */
function watchWrites(sandbox: Sandbox) {
  const served = new Map<string, number>();
  const serve = async (request: Request): Promise<Response> => {
    if (request.method === 'POST' && request.url.includes('/labels/labels/')) {
      const { name } = (await request.clone().json()) as { name: string };
      served.set(name, (served.get(name) ?? 0) + 1);
    }
    return sandbox.fetch(request);
  };
  return { served, serve };
}

/** Starts the real server on a port before the faulty network. */
async function start(way: (request: Request) => Promise<Response>, watch: SecretWatch | undefined) {
  const fetch = watch?.way(way) ?? way;
  const config = loadConfig({
    PORT: '0',
    MAX_UPSTREAM_CALLS: '5000',
    MAX_EVENT_LOOP_DELAY: '0',
    OPERATION_TIMEOUT: '30',
  });
  const source = {
    url: 'http://jumpserver.test',
    fetch: (url: string, init: RequestInit) => fetch(new Request(url, init)),
  };
  const write = (line: string) => watch?.hear('the log', line);
  const logger = pino({ level: watch ? 'info' : 'silent' }, { write });
  const graph = await createGraph(config, source, logger);
  watch?.schema(graph.schema);
  const { app, close } = await createServer({ config, graph, logger });
  watch?.server(app.server);
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), close };
}

/** Runs the soak: users one operation after the other, all at once; each answer is compared with the truth. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { users, seed, faults } = options;
  const tokens = Object.fromEntries(
    Array.from({ length: users }, (_, user) => [tokenOf(user), personaOf(user).username]),
  );
  const sandbox = createSandbox({
    version: VERSION,
    throttle: false,
    now: () => NOW,
    assets: 80,
    users: 40,
    sessions: 120,
    logSize: 10,
    tokens,
  });
  const reads = await prepare(sandbox, options.reads, seed);
  const random = createRandom(seed);
  const { served, serve } = watchWrites(sandbox);
  const network = createFaultyNetwork(serve, faults, random);
  const server = await start(network.fetch, options.watch);
  const pool = new Pool(server.url, { connections: users });
  const tally = createTally();
  const started = performance.now();
  const ask = async (user: number, body: object): Promise<SoakAnswer> => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${tokenOf(user)}`,
      'x-jms-org': personaOf(user).organization,
    };
    const answer = await pool.request({ method: 'POST', path: '/graphql', headers, body: JSON.stringify(body) });
    return (await answer.body.json()) as SoakAnswer;
  };
  let begun = 0;
  const live = async (user: number) => {
    while (begun < options.operations && performance.now() - started < options.longest) {
      const number = begun++;
      if (number % Math.ceil(options.operations / 10) === 0) tally.measure();
      const at = performance.now();
      const isWrite = random() < WRITES && personaOf(user).username === 'admin';
      if (isWrite) await write(number, await ask(user, toWrite(number)), served, tally);
      else await readOnce(reads, random, personaOf(user), (text) => ask(user, { query: text }), tally);
      tally.times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: users }, (_, user) => live(user)));
  await pool.close();
  await server.close();
  await sleep(100);
  tally.measure();
  options.watch?.end(sandbox);
  const seconds = (performance.now() - started) / 1000;
  return { ...tally.result(), seconds: Math.round(seconds), faultsStruck: network.struck() };
}

const toWrite = (number: number) => ({ query: WRITE, variables: { input: { name: `soak-${number}`, value: 'x' } } });

async function readOnce(
  reads: Reads,
  random: Random,
  persona: Persona,
  ask: (text: string) => Promise<SoakAnswer>,
  tally: Tally,
) {
  const own = reads.get(persona) ?? [];
  const read = own[Math.floor(random() * own.length)];
  if (!read) return;
  const answer = await ask(read.text);
  tally.counts.reads += 1;
  tally.note(new Set(answer.errors?.map(({ extensions }) => extensions?.code ?? 'none')));
  const fault = findFault(answer, read.told);
  if (fault) tally.wrong.push(`${persona.username} in ${persona.organization}: ${fault}: ${read.text}`);
}

interface Payload {
  readonly label: { readonly name: string } | null;
  readonly userErrors: readonly { readonly code: string }[];
}

/** A write is right when what was said is what was done, and it was done at most once. */
async function write(number: number, answer: SoakAnswer, served: ReadonlyMap<string, number>, tally: Tally) {
  const times = served.get(`soak-${number}`) ?? 0;
  const payload = (answer as { data?: { createLabel?: Payload | null } | null }).data?.createLabel;
  const code = answer.errors?.[0]?.extensions?.code ?? payload?.userErrors[0]?.code;
  if (times > 1) tally.writes.twice += 1;
  if (code === 'OUTCOME_UNKNOWN') tally.writes.unknown += 1;
  else if (code) {
    tally.writes.refused += 1;
    if (times > 0) tally.wrong.push(`a label was sent, and ${code} said that it was not`);
  } else {
    tally.writes.done += 1;
    const name = payload?.label?.name;
    if (times !== 1 || name !== `soak-${number}`)
      tally.wrong.push(`a label was sent ${times} times, and the answer was ${JSON.stringify(answer)}`);
  }
}

type Tally = ReturnType<typeof createTally>;

function createTally() {
  const counts = { reads: 0, withErrors: 0, refused: 0 };
  const codes: Record<string, number> = {};
  const writes = { done: 0, refused: 0, unknown: 0, twice: 0 };
  const times: number[] = [];
  const wrong: string[] = [];
  const heap: number[] = [];
  const handles: number[] = [];
  const resident: number[] = [];
  const note = (told: ReadonlySet<string>) => {
    for (const code of told) codes[code] = (codes[code] ?? 0) + 1;
    if ([...told].some((code) => FAULT_CODES.has(code))) counts.withErrors += 1;
    if (told.has('UPSTREAM_THROTTLED') || told.has('OVERLOADED')) counts.refused += 1;
  };
  const measure = () => {
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    heap.push(Math.round(heapUsed / 1024 ** 2));
    resident.push(Math.round(rss / 1024 ** 2));
    handles.push(process.getActiveResourcesInfo().length);
  };
  const result = () => {
    const sorted = [...times].sort((a, b) => a - b);
    const quantile = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
    const milliseconds = { p50: quantile(0.5), p99: quantile(0.99), most: Math.round(sorted.at(-1) ?? 0) };
    const memory = { heap, resident, handles };
    return { operations: times.length, ...counts, codes, writes, wrong: wrong.slice(0, 20), milliseconds, ...memory };
  };
  return { writes, counts, times, wrong, note, measure, result };
}

// npm run attack: two tools of others against our own server over the sandbox. clairvoyance guesses the schema while introspection is off,
// with every name of ours in its word list, so that what it can't rebuild nobody can; schemathesis sends generated operations to each root
// field while it is on. Both come from PyPI into a throw-away environment. Options: --seconds for each, --seed, --write (keeps the result
// in docs/results/attack.json). Exits with 1 when a schema was rebuilt, or an answer was a 5xx of ours or masked.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGraph, type TestGraph } from '../test/support/graph.ts';

const TOOLS = ['clairvoyance==2.5.5', 'schemathesis==4.32.5'];

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '180' },
    seed: { type: 'string', default: '20261122' },
    write: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const folder = mkdtempSync(join(tmpdir(), 'jumpgraph-attack-'));
const tool = (name: string): string => join(folder, 'venv', 'bin', name);

/** Runs a tool until it ends, or its time does; what it says is kept. */
const run = (name: string, parameters: readonly string[], limit = seconds): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: folder };
    const child = spawn(tool(name), parameters, { cwd: folder, env });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)));
    const timer = setTimeout(() => child.kill('SIGINT'), limit * 1000);
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      resolve(chunks.join(''));
    });
  });

const start = (config: Record<string, string>): Promise<TestGraph> =>
  startGraph({
    version: '4.10.19',
    config: { QUERY_EDITOR: 'off', ...config },
    sandboxOptions: { assets: 20, users: 10, sessions: 20 },
  });

/** Every name in the public schema, and words that clairvoyance would try by itself. */
function wordList(): string {
  const names = new Set(readFileSync('schema/schema.graphql', 'utf8').match(/[A-Za-z_]\w*/g));
  const path = join(folder, 'words.txt');
  writeFileSync(path, [...names].join('\n'));
  return path;
}

interface Introspected {
  readonly data?: {
    readonly __schema?: { readonly types?: readonly { name: string; fields?: readonly { name: string }[] | null }[] };
  };
}

/** The fields that clairvoyance finds with a word list. */
async function guess(config: Record<string, string>, words: string) {
  const graph = await start(config);
  const output = join(folder, `${config['INTROSPECTION']}.json`);
  await run('clairvoyance', ['-o', output, '-w', words, '-c', '8', '-m', '0', `${graph.url}/graphql`]);
  await graph.close();
  const types = readTypes(output).filter(({ name }) => !name.startsWith('__'));
  return types.flatMap((type) => (type.fields ?? []).map((field) => `${type.name}.${field.name}`));
}

/** Every name of ours while introspection is off; and as a control a few of them while it is on, which must find something. */
async function rebuild() {
  const words = wordList();
  const few = join(folder, 'few.txt');
  writeFileSync(few, 'serverInfo\nversion\nedition\nviewer\nroleCodes');
  return {
    words: readFileSync(words, 'utf8').split('\n').length,
    fieldsFound: await guess({ INTROSPECTION: 'off' }, words),
    fieldsFoundWithIntrospection: await guess({ INTROSPECTION: 'on' }, few),
  };
}

function readTypes(path: string): readonly { name: string; fields?: readonly { name: string }[] | null }[] {
  try {
    const { data } = JSON.parse(readFileSync(path, 'utf8')) as Introspected;
    return data?.__schema?.types ?? [];
  } catch {
    return [];
  }
}

/** Values of our scalars, which schemathesis can't know. */
const HOOKS = `
from hypothesis import strategies as st
from schemathesis.graphql import nodes, scalar

texts = st.text(max_size=40).map(nodes.String)
times = st.sampled_from(["2026-11-22T00:00:00Z", "2026/11/22 00:00:00 +0000", "yesterday", ""]).map(nodes.String)
scalar("DateTime", times)
scalar("Duration", st.integers(-1, 2**31).map(nodes.Int))
scalar("JSON", texts)
# Unlike any other text: the graph of a test ends with an error when it tells one.
scalar("Secret", st.text(max_size=40).map(lambda text: nodes.String("S3cret-" + text)))
for name in ("_Any", "FieldSet", "federation__FieldSet", "link__Import"):
    scalar(name, texts)
`;

/** How often each code was answered. */
function countCodes(log: TestGraph['log']): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const code of log.flatMap((line) => (line['error.code'] as string[] | undefined) ?? []))
    counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** Refusals that are right: of a caller without the right or the licence, of what the connected version lacks, of too large an operation. */
const REFUSALS: ReadonlySet<string> = new Set([
  'BAD_USER_INPUT',
  'CONFIRMATION_REQUIRED',
  'COST_LIMIT',
  'FORBIDDEN',
  'NOT_FOUND',
  'UNAUTHENTICATED',
  'UNSUPPORTED_BY_SERVER',
]);

/** One place where schemathesis calls an answer a failure, with what was answered. */
interface Failure {
  readonly place: string;
  readonly kind: string;
  readonly codes: readonly string[];
  readonly message: string;
}

/** Each failure, as schemathesis tells it: under a heading its kind, the first message, and the answer. */
function toFailures(text: string): readonly Failure[] {
  const [, ...sections] = text.split(/^_{3,} (\w+\.\w+) _{3,}$/m);
  return sections.flatMap((place, index) => {
    if (index % 2 === 1) return [];
    const told = (sections[index + 1] ?? '').split(/^=+ SUMMARY/m)[0] ?? '';
    const [, kind = 'unknown', message = ''] = /^- ST\d+ (.+)\n\s*(.*)$/m.exec(told) ?? [];
    const codes = [...told.matchAll(/"code":"(\w+)"/g)].map(([, code = '']) => code);
    return [{ place, kind, codes: [...new Set(codes)], message }];
  });
}

/**
 * Generated operations at each root field. schemathesis calls an answer a failure when an error has a path, whatever its code: so each is told
 * here with what was answered. What counts is that all of them are refusals, none had to be masked, and HTTP had no 5xx.
 */
async function generate() {
  const graph = await start({ OPERATION_TIMEOUT: '10', MAX_UPSTREAM_CALLS: '100' });
  writeFileSync(join(folder, 'hooks.py'), HOOKS);
  const parameters = ['run', `${graph.url}/graphql`, '-H', 'Authorization: Bearer sandbox-admin', '--checks'];
  const bounds = ['not_a_server_error', '--phases', 'fuzzing', '-n', '5', '--no-shrink', '--continue-on-failure'];
  const limits = ['--max-time', String(seconds), '--seed', values.seed, '--warnings', 'off'];
  const health = ['--suppress-health-check', 'all'];
  const text = await run('schemathesis', [...parameters, ...bounds, ...limits, ...health], seconds + 60);
  const codes = countCodes(graph.log);
  const masked = graph.log.filter((line) => Number(line['level']) >= 50).length;
  await graph.close();
  const [summary = ''] = /^ *Selected:[\s\S]*?\n\n/m.exec(text) ?? [];
  const [generated = ''] = /^ *\d+ generated.*$/m.exec(text) ?? [];
  const tested = summary
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return { tested, generated: generated.trim(), failures: toFailures(text), codes, masked };
}

try {
  execFileSync('python3', ['-m', 'venv', join(folder, 'venv')]);
  execFileSync(tool('pip'), ['install', '--quiet', '--disable-pip-version-check', ...TOOLS], { stdio: 'inherit' });
  const clairvoyance = await rebuild();
  const schemathesis = await generate();
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  const result = { commit, tools: TOOLS, seed: Number(values.seed), seconds, clairvoyance, schemathesis };
  console.log(JSON.stringify(result, null, 2));
  if (values.write) {
    mkdirSync('docs/results', { recursive: true });
    writeFileSync('docs/results/attack.json', `${JSON.stringify(result, null, 2)}\n`);
  }
  const others = schemathesis.failures.filter(
    ({ codes }) => codes.length === 0 || codes.some((code) => !REFUSALS.has(code)),
  );
  const isMasked = schemathesis.masked > 0 || 'INTERNAL' in schemathesis.codes;
  const isTried = clairvoyance.fieldsFoundWithIntrospection.length > 0;
  const isSafe = clairvoyance.fieldsFound.length === 0 && isTried && others.length === 0 && !isMasked;
  if (!isSafe || Object.keys(schemathesis.codes).length === 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The figures of effective access and reports at the sizes that issue 6 names: calls, seconds of our own, peak memory. Each case runs in a
 * process of its own over rows made on the spot, so that only our work is measured. `npm run bench:access` writes them to ACCESS.md.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createAccessEngine } from '../src/access/engine.ts';
import { type AccessList, type AccessReader, loadAccessInputs, type RowPage } from '../src/access/load.ts';
import { createMatrix } from '../src/access/matrix.ts';
import { createReport } from '../src/reports/create-report.ts';
import type { ReportDocument } from '../src/reports/document.ts';
import { exportReport, type ReportFormat } from '../src/reports/exports/export-report.ts';
import type { ReportSource } from '../src/reports/sources.ts';

/** What a case found out. */
interface Figures {
  readonly calls: number;
  readonly seconds: number;
  readonly remark: string;
}

interface Size {
  readonly users: number;
  readonly groups: number;
  readonly nodes: number;
  readonly assets: number;
  readonly permissions: number;
}

const MIDDLE: Size = { users: 1000, groups: 40, nodes: 306, assets: 5000, permissions: 400 };
const LARGE: Size = { users: 2000, groups: 100, nodes: 5000, assets: 50_000, permissions: 2000 };
const SESSIONS = 1_000_000;
const AUDITED_SESSIONS = 100_000;
const FROM = Date.parse('2026-01-01T00:00:00Z');
const NOW = FROM + SESSIONS * 1000;

const CASES: Readonly<Record<string, () => Promise<Figures>>> = {
  'matrix of 1,000 users, 5,000 assets, 400 permissions': () => measureMatrix(MIDDLE),
  'matrix of 2,000 users, 50,000 assets, 2,000 permissions, 5,000 nodes': () => measureMatrix(LARGE),
  'permission audit of the first, over 100,000 sessions': () => measureAudit(MIDDLE),
  'permission audit of the second, over 100,000 sessions': () => measureAudit(LARGE),
  '1,000,000 sessions by user and asset to CSV': () => measureReport('csv', 'user,asset'),
  '1,000,000 sessions by user and asset to XLSX': () => measureReport('xlsx', 'user,asset'),
  '1,000,000 sessions in as many groups to CSV': () => measureReport('csv', 'hour,user,asset'),
  '1,000,000 sessions in as many groups to XLSX': () => measureReport('xlsx', 'hour,user,asset'),
};

async function measureMatrix(size: Size): Promise<Figures> {
  const { reader, count } = makeReader(size);
  const inputs = await loadAccessInputs(reader, { organization: 'bench', now: () => NOW });
  const started = performance.now();
  const matrix = createMatrix(createAccessEngine(inputs));
  const pairs = matrix.total();
  const page = matrix.page(1000);
  const seconds = (performance.now() - started) / 1000;
  return {
    calls: count.calls,
    seconds,
    remark: `${pairs.toLocaleString('en')} pairs, first page of ${page.items.length}`,
  };
}

async function measureAudit(size: Size): Promise<Figures> {
  const now = FROM + AUDITED_SESSIONS * 1000;
  const lists = makeReader(size);
  const sessions = { calls: 0 };
  const inputs = await loadAccessInputs(lists.reader, { organization: 'bench', now: () => now });
  const started = performance.now();
  const source: ReportSource = {
    now: () => now,
    organization: async () => 'Bench',
    caller: async () => 'bench',
    engine: async () => createAccessEngine(inputs),
    reader: { page: async (_path, query) => pageOfSessions(query, sessions, AUDITED_SESSIONS) },
  };
  const report = await createReport('permission-audit', source, { unusedForDays: '2' });
  const bytes = await sizeOf(report, 'csv');
  const seconds = (performance.now() - started) / 1000;
  const figureOf = (wanted: string) =>
    (report.figures.find(({ key }) => key === wanted)?.value ?? 0).toLocaleString('en');
  return {
    calls: lists.count.calls + sessions.calls,
    seconds,
    remark: `${figureOf('sessions')} sessions, ${figureOf('unused')} unused, ${toMegabytes(bytes)} MB of CSV`,
  };
}

async function sizeOf(report: ReportDocument, format: ReportFormat): Promise<number> {
  let bytes = 0;
  for await (const chunk of await exportReport(report, format)) bytes += (chunk as Buffer | string).length;
  return bytes;
}

function toMegabytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0);
}

async function measureReport(format: ReportFormat, groupBy: string): Promise<Figures> {
  const count = { calls: 0 };
  const started = performance.now();
  const source: ReportSource = {
    now: () => NOW,
    organization: async () => 'Bench',
    caller: async () => 'bench',
    engine: () => Promise.reject(new Error('not asked for')),
    reader: { page: async (_path, query) => pageOfSessions(query, count, SESSIONS) },
  };
  const parameters = {
    from: new Date(FROM).toISOString(),
    to: new Date(NOW).toISOString(),
    groupBy,
  };
  const report = await createReport('session-statistics', source, parameters);
  const bytes = await sizeOf(report, format);
  const groups = report.figures.find(({ key }) => key === 'groups')?.value ?? 0;
  const seconds = (performance.now() - started) / 1000;
  return { calls: count.calls, seconds, remark: `${groups.toLocaleString('en')} rows, ${toMegabytes(bytes)} MB` };
}

/** A second apart each, so that a window begins where the one before it ended. */
function pageOfSessions(query: Readonly<Record<string, string>>, count: { calls: number }, sessions: number): RowPage {
  count.calls += 1;
  const start = Math.max(0, Math.ceil((Date.parse(query.date_from ?? '') - FROM) / 1000)) + Number(query.offset ?? 0);
  const rows = Array.from({ length: Math.max(0, Math.min(1000, sessions - start)) }, (_, at) => toSession(start + at));
  return { rows, total: Math.max(0, sessions - start) };
}

function toSession(at: number) {
  const begun = new Date(FROM + at * 1000)
    .toISOString()
    .replace('T', ' ')
    .replace('.000Z', ' +0000')
    .replaceAll('-', '/');
  return {
    id: uuid(at),
    user: `Person ${at % 200}(person${at % 200})`,
    user_id: uuid(at % 200),
    asset: `host-${at % 97}(10.0.0.${at % 97})`,
    asset_id: uuid(at % 97),
    account: 'root(root)',
    protocol: 'ssh',
    login_from: { value: 'WT', label: 'Web' },
    is_success: at % 20 !== 0,
    date_start: begun,
    date_end: begun,
    duration: '0:00:00',
  };
}

function makeReader(size: Size): { reader: AccessReader; count: { calls: number } } {
  const count = { calls: 0 };
  const lists: Readonly<Record<AccessList, [total: number, toRow: (at: number) => object]>> = {
    '/users/users/': [
      size.users,
      (at) => ({ ...named('user', at), username: `user${at}`, groups: [{ id: uuid(at % size.groups) }] }),
    ],
    '/users/groups/': [size.groups, (at) => named('group', at)],
    '/assets/nodes/': [
      size.nodes,
      (at) => ({ ...named('node', at), key: keyOf(at), value: `node${at}`, full_value: `/node${at}` }),
    ],
    '/assets/assets/': [
      size.assets,
      (at) => ({
        ...named('asset', at),
        address: '10.0.0.1',
        category: 'host',
        nodes: [{ id: uuid(at % size.nodes) }],
      }),
    ],
    '/perms/asset-permissions/': [size.permissions, (at) => toPermission(at, size)],
  };
  const reader: AccessReader = {
    async *list(path) {
      const [total, toRow] = lists[path];
      for (let offset = 0; offset < total; offset += 1000) {
        count.calls += 1;
        const rows = Array.from({ length: Math.min(1000, total - offset) }, (_, at) => toRow(offset + at));
        yield { rows: rows as RowPage['rows'], total };
      }
    },
  };
  return { reader, count };
}

/** A tree in which each node has eight below it. */
function keyOf(at: number): string {
  return at === 0 ? '1' : `${keyOf(Math.floor((at - 1) / 8))}:${at}`;
}

function toPermission(at: number, size: Size) {
  const some = (count: number, of: number) =>
    Array.from({ length: count }, (_, index) => uuid((at * 31 + index * 7919) % of));
  return {
    ...named('permission', at),
    users: some(3, size.users),
    user_groups: some(2, size.groups),
    assets: some(5, size.assets),
    nodes: some(2, size.nodes),
    accounts: ['@ALL'],
    actions: ['connect'],
    is_active: true,
    date_start: '2020/01/01 00:00:00 +0000',
    date_expired: '2090/01/01 00:00:00 +0000',
  };
}

function named(kind: string, at: number) {
  return { id: uuid(at), name: `${kind} ${String(at).padStart(6, '0')}` };
}

function uuid(at: number): string {
  return `00000000-0000-4000-8000-${at.toString(16).padStart(12, '0')}`;
}

/** Runs one case in this process; the parent reads the line. */
async function runCase(name: string): Promise<void> {
  const measure = CASES[name];
  if (!measure) throw new Error(`There is no case "${name}"`);
  const { calls, seconds, remark } = await measure();
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(`| ${name} | ${calls} | ${seconds.toFixed(2)} | ${megabytes.toFixed(0)} | ${remark} |`);
}

function runAll(): void {
  const file = fileURLToPath(import.meta.url);
  const started = loadavg();
  const lines = Object.keys(CASES).map((name) => {
    const line = execFileSync(process.execPath, ['--import', 'tsx', file, name], { encoding: 'utf8' });
    process.stdout.write(line);
    return line;
  });
  writeFileSync(new URL('ACCESS.md', import.meta.url), `${headText(started)}\n${lines.join('')}`);
}

function headText(load: readonly number[]): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const [cpu] = cpus();
  const loads = load.map((average) => average.toFixed(1)).join(' ');
  return `# Effective access and reports

Written by \`npm run bench:access\`; do not edit. Calls are tested as well (\`test/access\`, \`test/modules\`), times and memory are not.

- machine: ${cpu?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 1024 ** 3)} GB; load average ${loads} at the start: other programs were running unless it is near 0
- Node ${process.version}, commit ${commit}; rows are made by rule, without chance, in the process itself: no network, no JumpServer
- seconds: of our own work, without the reading of the five lists where a matrix or an audit is made; peak MB: of the whole process, Node and tsx included

| case | calls | seconds | peak MB | |
| --- | --- | --- | --- | --- |`;
}

const [, , name] = process.argv;
if (name === undefined) runAll();
else await runCase(name);

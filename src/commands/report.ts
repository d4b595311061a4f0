import { createSessionReader } from '../access/session-reader.ts';
import { badInput } from '../graph/errors.ts';
import { createReport } from '../reports/create-report.ts';
import type { ReportDocument } from '../reports/document.ts';
import { exportReport, type ReportFormat } from '../reports/exports/export-report.ts';
import { toFigures, toHead } from '../reports/exports/jsonl.ts';
import { type FailCondition, parseFailOn, toKebabCase } from '../reports/fail-on.ts';
import { openReportSource } from '../reports/open-source.ts';
import { parseParameters, type ReportName } from '../reports/parameters.ts';
import type { Session } from '../upstream/index.ts';
import { type KeptPages, openKeptPages } from './kept-pages.ts';
import { openSession } from './open-session.ts';
import { watchReader } from './progress.ts';
import { EXIT, type Surroundings } from './surroundings.ts';
import { writeOut } from './write-out.ts';

/** What `jumpgraph report` is asked. */
export interface ReportCommand {
  readonly name: ReportName;
  readonly format: ReportFormat;
  /** A file, or `-` for the output. */
  readonly out: string;
  readonly organization?: string | undefined;
  readonly failOn?: string | undefined;
  /** Keeps what was read beside the file until the report is written, and goes on from there when the same report was broken off. */
  readonly resume?: boolean | undefined;
  /** An address that is sent the figures as JSON. */
  readonly webhook?: string | undefined;
  /** As in the graph, values as texts. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A condition of `--fail-on` that is met. */
interface Failure {
  readonly section: string;
  readonly count: number;
}

/** Makes a report and writes it; answers the exit code. */
export async function runReport(command: ReportCommand, surroundings: Surroundings): Promise<number> {
  const conditions = toConditions(command);
  const parameters = withDays(command.parameters, conditions);
  parseParameters(command.name, parameters, (parameter) => `--${toKebabCase(parameter)}`);
  const { terminal, now } = surroundings;
  if (command.format === 'xlsx' && command.out === '-' && terminal.output.isTTY) {
    throw badInput('--out: a workbook is no text; expected a file.');
  }
  const webhook = toWebhook(command.webhook);
  if (command.resume && command.out === '-') throw badInput('--resume: expected with --out and a file.');
  const { session, home, close } = await openSession(surroundings, command.organization);
  let kept: KeptPages | undefined;
  try {
    kept = command.resume ? await openPages(command, parameters, session, surroundings) : undefined;
    const begun = kept?.asOf;
    const own = createSessionReader(session);
    const { reader, stop } = watchReader(kept?.through(own) ?? own, terminal, now);
    const source = openReportSource({ session, home, now: begun === undefined ? now : () => begun, reader });
    const report = await createReport(command.name, source, parameters).finally(stop);
    await writeOut(await exportReport(report, command.format), command.out, surroundings);
    await kept?.remove();
    const failures = failuresOf(report, conditions);
    for (const { section, count } of failures) terminal.messages.write(`${section}: ${count}\n`);
    if (webhook) await tell(webhook, report, failures, surroundings);
    return failures.length > 0 ? EXIT.found : EXIT.done;
  } finally {
    await kept?.close();
    await close();
  }
}

/** The pages beside the file that the report is written to. */
async function openPages(
  { name, out }: ReportCommand,
  parameters: ReportCommand['parameters'],
  session: Session,
  { source, now, terminal }: Surroundings,
): Promise<KeptPages> {
  const { organization, caller } = openReportSource({ session, home: { writes: 0 } });
  const [inside, by] = await Promise.all([organization(), caller()]);
  const identity = { ...parameters, report: name, server: source.url, organization: inside, caller: by };
  const kept = await openKeptPages(`${out}.pages`, identity, now());
  if (kept.count > 0) {
    const begun = new Date(kept.asOf).toISOString();
    terminal.messages.write(`resumed: ${kept.count} pages were read before, as of ${begun}\n`);
  }
  return kept;
}

function toConditions({ name, failOn }: ReportCommand): readonly FailCondition[] {
  if (failOn === undefined) return [];
  if (name !== 'permission-audit') throw badInput('--fail-on: expected with permission-audit only.');
  try {
    return parseFailOn(failOn);
  } catch (error) {
    throw error instanceof RangeError ? badInput(`--fail-on: ${error.message}.`) : error;
  }
}

const DAYS_OF = { unused: 'unusedForDays', expiring: 'expiringWithinDays' } as const;

/** `--fail-on unused:60` looks 60 days back: the report has to be made for as many. */
function withDays(
  parameters: ReportCommand['parameters'],
  conditions: readonly FailCondition[],
): Record<string, string> {
  const all: Record<string, string> = { ...parameters };
  for (const { section, days } of conditions) {
    if (days === undefined || !(section === 'unused' || section === 'expiring')) continue;
    const name = DAYS_OF[section];
    if (all[name] !== undefined && Number(all[name]) !== days) {
      throw badInput(`--fail-on: ${section}:${days} contradicts --${toKebabCase(name)} ${all[name]}.`);
    }
    all[name] = String(days);
  }
  return all;
}

function failuresOf({ figures }: ReportDocument, conditions: readonly FailCondition[]): Failure[] {
  return conditions.flatMap(({ section }) => {
    const count = figures.find(({ key }) => key === section)?.value ?? 0;
    return count > 0 ? [{ section: toKebabCase(section), count }] : [];
  });
}

/** The address is not repeated: those of chats hold a secret. */
function toWebhook(address: string | undefined): URL | undefined {
  if (address === undefined) return undefined;
  if (/^https?:/.test(address) && URL.canParse(address)) return new URL(address);
  throw badInput('--webhook: expected an address such as https://hooks.example.com/audit.');
}

async function tell(address: URL, report: ReportDocument, failures: readonly Failure[], { signal }: Surroundings) {
  const body = JSON.stringify({ ...toHead(report), figures: toFigures(report), failures });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(address, { method: 'POST', headers, body, signal }).catch((cause: unknown) => {
    throw new Error('--webhook: it could not be reached', { cause });
  });
  if (!response.ok) throw new Error(`The webhook answered ${response.status}`);
}

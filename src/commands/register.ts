import { type Command, Option } from 'commander';
import type { Config } from '../config.ts';
import { takeConfig } from '../config.ts';
import { toGraphQLError } from '../graph/errors.ts';
import { REPORT_FORMATS, type ReportFormat } from '../reports/exports/export-report.ts';
import { toKebabCase } from '../reports/fail-on.ts';
import { REPORT_NAMES, type ReportName, reportParameters } from '../reports/parameters.ts';
import { defaultCredentialsFile } from './credentials.ts';
import { NotSignedInError } from './open-session.ts';
import { registerImport } from './register-import.ts';
import { type CommandSource, EXIT, type Surroundings } from './surroundings.ts';

/** What the program gives the commands. */
export interface CommandParts {
  /** The JumpServer of the configuration, or the embedded sandbox. */
  openSource(config: Config): Promise<CommandSource>;
}

/** Adds the commands that work on a JumpServer as the operator. */
export function registerCommands(program: Command, parts: CommandParts): void {
  registerReport(program, parts);
  registerAccess(program, parts);
  registerWatch(program, parts);
  registerImport(program, [organization(), credentials()], (run) => act(parts, run));
  registerLogin(program, parts);
}

const organization = () => new Option('--organization <id or name>', 'the organisation; JUMPSERVER_ORG unless given');
const credentials = () =>
  new Option('--credentials <file>', 'where tokens of "jumpgraph login" are kept').default(defaultCredentialsFile());
const format = () => new Option('--format <format>', 'how to write it').choices(REPORT_FORMATS).default('html');
const out = () => new Option('--out <file>', 'where to write it; - for the output').default('-');

interface Common {
  readonly organization?: string;
  readonly credentials: string;
}

function registerReport(program: Command, parts: CommandParts): void {
  const command = program
    .command('report')
    .description('make a report')
    .argument('<name>', `one of ${REPORT_NAMES.join(', ')}`)
    .addOption(format())
    .addOption(out())
    .addOption(organization())
    .addOption(credentials())
    .option('--fail-on <conditions>', `permission-audit: exit with ${EXIT.found} when found, e.g. expired,unused:90`)
    .option(
      '--resume',
      'go on where the same report was broken off within a day; keeps what it reads beside --out',
      false,
    )
    .option('--webhook <address>', 'send the figures there as JSON');
  for (const [name, description] of parameterOptions()) command.option(`--${toKebabCase(name)} <value>`, description);
  command.action(
    act(parts, async (options: Common & { readonly resume?: boolean } & Record<string, string>, surroundings, name) => {
      const { runReport } = await import('./report.ts');
      const {
        organization: org,
        credentials: _,
        format: as,
        out: to,
        failOn,
        webhook,
        resume,
        ...parameters
      } = options;
      return runReport(
        {
          name: toReportName(name),
          format: as as ReportFormat,
          out: to ?? '-',
          organization: org,
          failOn,
          webhook,
          resume: resume === true,
          parameters,
        },
        surroundings,
      );
    }),
  );
}

/** Every parameter of every report once, with the reports that take it. */
function parameterOptions(): Map<string, string> {
  const described = new Map<string, { readonly text: string; readonly reports: string[] }>();
  for (const report of REPORT_NAMES) {
    const shape: Readonly<Record<string, { readonly description?: string | undefined }>> =
      reportParameters[report].shape;
    for (const [name, { description = '' }] of Object.entries(shape)) {
      const known = described.get(name) ?? { text: description, reports: [] };
      known.reports.push(report);
      described.set(name, known);
    }
  }
  return new Map([...described].map(([name, { text, reports }]) => [name, `${reports.join(', ')}: ${text}`]));
}

function toReportName(word: string): ReportName {
  const found = REPORT_NAMES.find((name) => name === word);
  if (found) return found;
  throw new UsageError(`There is no report "${word}"; the reports are ${REPORT_NAMES.join(', ')}.`);
}

function registerAccess(program: Command, parts: CommandParts): void {
  const access = program.command('access').description('keep and compare who reaches what');
  access
    .command('snapshot')
    .description('store everything that decides access as one compressed file a day')
    .addOption(new Option('--folder <folder>', 'where to put it').default('snapshots'))
    .addOption(organization())
    .addOption(credentials())
    .action(
      act(parts, async (options: Common & { folder: string }, surroundings) =>
        (await import('./access.ts')).runSnapshot(options, surroundings),
      ),
    );
  access
    .command('diff')
    .description('compare two snapshots: who gained, who lost, and by which change')
    .argument('<before>', 'a snapshot')
    .argument('<after>', 'a later one')
    .addOption(format())
    .addOption(out())
    .option('--with-operations', 'read the operate logs between the two as well, to say who did it', false)
    .addOption(organization())
    .addOption(credentials())
    .action(
      act(
        parts,
        async (
          options: Common & { format: ReportFormat; out: string; withOperations: boolean },
          surroundings,
          before,
          after,
        ) => (await import('./access.ts')).runDiff({ ...options, before, after }, surroundings),
      ),
    );
}

function registerWatch(program: Command, parts: CommandParts): void {
  program
    .command('watch')
    .description('watch logins, sessions, commands, permissions and accounts by rules')
    .requiredOption('--rules <file>', 'YAML file of rules')
    .addOption(new Option('--to <where>', 'where events go').choices(['jsonl', 'syslog', 'webhook']).default('jsonl'))
    .option('--address <address>', 'udp://host:514 or tcp://host:601 for syslog, https://… for a webhook')
    .addOption(new Option('--state <file>', 'remembers what was seen and sent').default('jumpgraph-watch.json'))
    .option('--once', 'look once and end, for cron', false)
    .addOption(organization())
    .addOption(credentials())
    .action(
      act(
        parts,
        async (
          options: Common & {
            rules: string;
            to: 'jsonl' | 'syslog' | 'webhook';
            address?: string;
            state: string;
            once: boolean;
          },
          surroundings,
        ) => (await import('./watch.ts')).runWatch(options, surroundings),
      ),
    );
}

function registerLogin(program: Command, parts: CommandParts): void {
  program
    .command('login')
    .description('sign in to JumpServer as yourself, with a second factor where it asks for one')
    .option('--username <name>', 'asked when left out')
    .addOption(credentials())
    .action(
      act(parts, async (options: Common & { username?: string }, surroundings) =>
        (await import('./login.ts')).runLogin(options, surroundings),
      ),
    );
  program
    .command('logout')
    .description('forget the token of "jumpgraph login"')
    .addOption(credentials())
    .action(act(parts, async (_options: Common, surroundings) => (await import('./login.ts')).runLogout(surroundings)));
}

/** Somebody asked for something that makes no sense. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The action of a command: its surroundings before, its exit code after. Arguments come before the options, as commander gives them. */
function act<Options extends Common>(
  parts: CommandParts,
  run: (options: Options, surroundings: Surroundings, ...words: string[]) => Promise<number>,
) {
  return async (...given: unknown[]): Promise<void> => {
    const words = given.slice(0, -2).map(String);
    const options = given.at(-2) as Options;
    const stopping = new AbortController();
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
    // Whoever read the output has gone (`| head`): there is nobody left to tell.
    process.stdout.once('error', () => process.exit(EXIT.failed));
    const config = takeConfig();
    const terminal = { input: process.stdin, output: process.stdout, messages: process.stderr };
    try {
      const source = await parts.openSource(config);
      const { credentials: credentialsFile } = options;
      const surroundings = { config, source, terminal, now: Date.now, signal: stopping.signal, credentialsFile };
      process.exitCode = await run(options, surroundings, ...words);
    } catch (error) {
      const { text, exitCode } = toFailure(error);
      terminal.messages.write(`${text}\n`);
      process.exitCode = exitCode;
    }
  };
}

/** What is said of an error, and with which code the program ends. An unknown one is told whole: there is no log to look into. */
export function toFailure(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof UsageError || error instanceof NotSignedInError) {
    return { text: error.message, exitCode: EXIT.usage };
  }
  const { message, extensions } = toGraphQLError(error);
  if (extensions['code'] === 'BAD_USER_INPUT') return { text: message, exitCode: EXIT.usage };
  const hint = extensions['code'] === 'UPSTREAM_UNAVAILABLE' ? ' Check JUMPSERVER_URL.' : '';
  if (extensions['code'] !== undefined) return { text: `${message}${hint}`, exitCode: EXIT.failed };
  return { text: error instanceof Error ? error.message : String(error), exitCode: EXIT.failed };
}

import { type Command, Option } from 'commander';
import { REPORT_FORMATS, type ReportFormat } from '../reports/exports/export-report.ts';
import { toKebabCase } from '../reports/fail-on.ts';
import { REPORT_NAMES, type ReportName, reportParameters } from '../reports/parameters.ts';
import { act, type CommandParts, type Common, UsageError } from './act.ts';
import { defaultCredentialsFile } from './credentials.ts';
import { registerImport } from './register-import.ts';
import { EXIT } from './surroundings.ts';

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

interface ReportOptions extends Common {
  readonly format: ReportFormat;
  readonly out: string;
  readonly failOn?: string;
  readonly webhook?: string;
  readonly resume: boolean;
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
  const described = parameterOptions();
  for (const [name, description] of described) command.option(`--${toKebabCase(name)} <value>`, description);
  command.action(
    act(parts, async (options: ReportOptions, surroundings, name) => {
      const { runReport } = await import('./report.ts');
      const given = Object.entries(options).filter(([option]) => described.has(option));
      const parameters = Object.fromEntries(given.map(([option, value]) => [option, String(value)]));
      return runReport({ ...options, name: toReportName(name), parameters }, surroundings);
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

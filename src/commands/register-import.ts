import { type Command, Option } from 'commander';
import { IMPORT_KINDS, type ImportKind } from './import-kinds.ts';
import { EXIT, type Surroundings } from './surroundings.ts';

/** What commander makes of the options. */
interface Options {
  readonly kind: ImportKind;
  readonly onError: 'stop' | 'skip';
  readonly dryRun: boolean;
  readonly key?: string;
  readonly results?: string;
  readonly createMissing?: readonly string[];
  readonly organization?: string;
  readonly credentials: string;
}

/** Makes an action of what a command does; the last words are its arguments. */
export type ToAction = (
  run: (options: Options, surroundings: Surroundings, file?: string) => Promise<number>,
) => (...given: unknown[]) => Promise<void>;

/** Adds `jumpgraph import`. */
export function registerImport(program: Command, common: readonly Option[], toAction: ToAction): void {
  const command = program
    .command('import')
    .description('create many assets, users or permissions from a file; run again, it goes on where it ended')
    .argument(
      '<file>',
      'a .csv, .xlsx or .jsonl file whose columns are the fields of the input, e.g. accounts.0.username',
    )
    .addOption(new Option('--kind <kind>', 'what it holds').choices(IMPORT_KINDS).default('assets'))
    .addOption(new Option('--on-error <what>', 'what a refused row does').choices(['skip', 'stop']).default('skip'))
    .option('--dry-run', 'check every row and write nothing', false)
    .option('--key <text>', 'names the import; the digest of the file unless given')
    .option('--results <file>', 'where each row’s outcome goes; <file>.results.csv unless given')
    .addOption(
      new Option('--create-missing <what...>', 'create what assets name and is not there').choices(['nodes', 'zones']),
    )
    .addHelpText('after', `\nExits with ${EXIT.found} when rows failed.`);
  for (const option of common) command.addOption(option);
  command.action(
    toAction(async ({ credentials: _, ...options }, surroundings, file = '') =>
      (await import('./import.ts')).runImport({ ...options, file }, surroundings),
    ),
  );
}

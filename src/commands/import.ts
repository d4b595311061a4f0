import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { SingleBar } from 'cli-progress';
import { type GraphQLInputObjectType, isInputObjectType } from 'graphql';
import { type FileInput, toFileInput } from './import-columns.ts';
import { type FileRow, readRows } from './import-file.ts';
import { type CommandGraph, openGraph } from './import-graph.ts';
import { type ImportKind, KINDS } from './import-kinds.ts';
import { openResults, type ResultsFile } from './import-results.ts';
import { EXIT, type Surroundings } from './surroundings.ts';

/** What `jumpgraph import` is asked. */
export interface ImportCommand {
  readonly file: string;
  readonly kind: ImportKind;
  readonly onError: 'stop' | 'skip';
  readonly dryRun?: boolean | undefined;
  /** Names the import; the file's own digest otherwise, so that the same file goes on where it ended. */
  readonly key?: string | undefined;
  /** Where each row's outcome is written; beside the file otherwise. */
  readonly results?: string | undefined;
  /** What may be created when rows name it and it is not there. */
  readonly createMissing?: readonly string[] | undefined;
  readonly organization?: string | undefined;
}

/** Rows of one operation: progress comes in such steps, and an answer is never far. */
const PART = 500;

/** Imports a file in parts; answers the exit code, which tells whether rows failed. Run again with the same file it goes on where it ended. */
export async function runImport(command: ImportCommand, surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  const rows = await collect(readRows(command.file));
  const key = command.key ?? (await digestOf(command.file));
  const graph = await openGraph(surroundings, command.organization);
  try {
    return await importRows({ command, key, graph, rows }, terminal.messages);
  } finally {
    await graph.close();
  }
}

/** What is imported, and through which graph. */
interface Import {
  readonly command: ImportCommand;
  readonly key: string;
  readonly graph: CommandGraph;
  readonly rows: readonly FileRow[];
}

async function importRows(whole: Import, messages: Surroundings['terminal']['messages']): Promise<number> {
  const { command, rows } = whole;
  const path = command.results ?? `${command.file}.results.csv`;
  const results = await openResults(path);
  const bar = messages.isTTY ? startBar(rows.length, messages) : undefined;
  try {
    const counts = await importParts({ ...whole, results, note: (done) => bar?.update(done) });
    bar?.stop();
    const verb = command.dryRun ? 'would be created' : 'created';
    messages.write(`${counts.created} ${verb}, ${counts.skipped} there already, ${counts.failed} failed: ${path}\n`);
    return counts.failed > 0 ? EXIT.found : EXIT.done;
  } finally {
    bar?.stop();
    await results.close();
  }
}

async function collect(rows: AsyncIterable<FileRow>): Promise<FileRow[]> {
  const all: FileRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** The name of an import that was given none: its content. */
async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function startBar(total: number, stream: Surroundings['terminal']['messages']): SingleBar {
  const bar = new SingleBar({
    format: '{bar} {percentage}% | {value} of {total} rows | {eta_formatted} left',
    stream: stream as NodeJS.WriteStream,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return bar;
}

interface Run extends Import {
  readonly results: ResultsFile;
  note(done: number): void;
}

interface Counts {
  created: number;
  skipped: number;
  failed: number;
}

async function importParts(run: Run): Promise<Counts> {
  const counts: Counts = { created: 0, skipped: 0, failed: 0 };
  const type = rowType(run);
  const inputs = run.rows.map((row) => toFileInput(type, row));
  // With STOP a file that is seen to be wrong is not begun.
  const isWrong = run.command.onError === 'stop' && inputs.some((input) => 'faults' in input);
  for (let first = 0; first < inputs.length; first += PART) {
    const part = inputs.slice(first, first + PART);
    const isOver = run.command.onError === 'stop' && !run.command.dryRun && (isWrong || counts.failed > 0);
    if (isOver) tellUnsent(run, part, first, counts);
    else await importPart(run, part, first, counts);
    run.note(first + part.length);
  }
  return counts;
}

function rowType({ command, graph }: Run): GraphQLInputObjectType {
  const type = graph.schema.getType(KINDS[command.kind].row);
  if (!isInputObjectType(type)) throw new Error(`the schema has no input "${KINDS[command.kind].row}"`);
  return type;
}

/** A row of the payload. */
interface PayloadRow {
  readonly row: number;
  readonly status: string;
  readonly id: string | null;
  readonly userErrors: readonly {
    readonly field: readonly string[];
    readonly code: string;
    readonly message: string;
  }[];
}

/** Rows that are wrong by themselves are not sent; the others keep their numbers, so that a file can be put right and sent again. */
async function importPart(run: Run, part: readonly FileInput[], first: number, counts: Counts): Promise<void> {
  const sound: { readonly place: number; readonly input: FileRow }[] = [];
  for (const [at, one] of part.entries()) {
    if ('input' in one) sound.push({ place: first + at, input: one.input });
    else tellFaults(run, one.faults, first + at, counts);
  }
  if (sound.length === 0) return;
  const payload = await send(run, sound);
  for (const { row, status, id, userErrors } of payload) {
    const errors = userErrors.map(({ field, code, message }) => ({ field: field.slice(2).join('.'), code, message }));
    tell(run, { row: (sound[row]?.place ?? 0) + 1, status, id, errors }, counts);
  }
}

async function send(
  { command, key, graph }: Run,
  rows: readonly { readonly place: number; readonly input: FileRow }[],
): Promise<readonly PayloadRow[]> {
  const { mutation, input: type } = KINDS[command.kind];
  const document = `mutation Import($input: ${type}!) {
    result: ${mutation}(input: $input) { rows { row status id userErrors { field code message } } userErrors { message } }
  }`;
  const input = {
    rows: rows.map(({ input: row }) => row),
    onError: command.onError.toUpperCase(),
    idempotencyKey: key,
    rowNumbers: rows.map(({ place }) => place),
    dryRun: command.dryRun === true,
    ...(command.createMissing && { createMissing: command.createMissing.map((name) => name.toUpperCase()) }),
  };
  const { result } = (await graph.run(document, { input })) as {
    result: { rows: readonly PayloadRow[]; userErrors: readonly { message: string }[] };
  };
  const [refusal] = result.userErrors;
  if (refusal) throw new Error(refusal.message);
  return result.rows;
}

function tell({ results }: Run, result: Parameters<ResultsFile['write']>[0], counts: Counts): void {
  if (result.status === 'CREATED') counts.created += 1;
  else if (result.status === 'SKIPPED') counts.skipped += 1;
  else counts.failed += 1;
  results.write(result);
}

function tellFaults(
  run: Run,
  faults: readonly { readonly field: string; readonly message: string }[],
  place: number,
  counts: Counts,
): void {
  const errors = faults.map(({ field, message }) => ({ field, code: 'INVALID', message }));
  tell(run, { row: place + 1, status: 'FAILED', id: null, errors }, counts);
}

function tellUnsent(run: Run, part: readonly FileInput[], first: number, counts: Counts): void {
  const message = 'Not sent, since another row was refused.';
  for (const [at, one] of part.entries()) {
    if ('faults' in one) tellFaults(run, one.faults, first + at, counts);
    else {
      const errors = [{ field: '', code: 'CONFLICT', message }];
      tell(run, { row: first + at + 1, status: 'FAILED', id: null, errors }, counts);
    }
  }
}

import type { GraphWarning } from '../../graph/context.ts';
import type { Source } from '../../graph/fetch.ts';
import type { Resolver } from '../../graph/resolve.ts';
import type { Row } from '../../graph/row.ts';
import { mutation, type Outcome, type Perform, refuse, required, type Write } from '../../graph/write.ts';
import { type Input, withoutNulls } from '../../graph/write-body.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createToId, type RowKind, type ToId } from './row-id.ts';

/** The most rows that one call takes; larger files come in parts. */
const MAX_ROWS = 10_000;

/** One import under way. */
export interface Job {
  readonly write: Write;
  readonly source: Source;
  readonly rows: readonly Input[];
  readonly kind: RowKind;
  readonly noun: string;
  readonly toId: ToId;
  /** The number of a row within the whole import, which may be sent in several calls. */
  numberOf(row: number): number;
  readonly isDry: boolean;
  readonly stopsOnError: boolean;
  readonly ledger: Ledger;
  readonly warnings: GraphWarning[];
  /** Ends the import: what is not sent yet stays so. The first reason counts. */
  stop(reason: unknown): void;
  readonly isStopped: boolean;
  /** Notes that the caller may not write such rows: the answer to the whole import when nothing else came of it. */
  forbid(reason: unknown): void;
  /** Whether rows may be sent: nothing stopped the import, it is no dry run, and no row failed with `onError: STOP`. */
  mayWrite(): boolean;
  /** Answers every row. Throws why the import was stopped when it wrote nothing at all. */
  finish(): Outcome;
}

/** A payload of nothing done. */
const NOTHING = { created: 0, skipped: 0, failed: 0, rows: [] };

/** Makes the resolver of an import: what is refused as a whole is told in a payload of no rows. */
export function importing(perform: Perform): Resolver {
  return mutation(async (write) => {
    try {
      return await perform(write);
    } catch (error) {
      const userErrors = write.tell(error);
      if (!userErrors) throw error;
      return { ...NOTHING, userErrors };
    }
  });
}

/** Begins an import. Throws a refusal when there are no rows or too many. */
export async function createJob(write: Write, noun: string, kind: RowKind): Promise<Job> {
  const { input, scope, catalogue } = write;
  const rows = (withoutNulls(catalogue, write.type, input)['rows'] ?? []) as readonly Input[];
  const numbers = input['rowNumbers'] as readonly number[] | null | undefined;
  assertRows(rows, numbers);
  const [organization, capabilities] = await Promise.all([scope.session.organization(), scope.reader.capabilities()]);
  const toId = createToId(organization.id, textOf(input['idempotencyKey']));
  const ledger = createLedger(noun, rows.length);
  const isDry = input['dryRun'] === true;
  const stopsOnError = input['onError'] !== 'SKIP';
  const warnings: GraphWarning[] = [];
  let stopped: { readonly reason: unknown } | undefined;
  let forbidden: { readonly reason: unknown } | undefined;
  const job: Job = {
    write,
    source: { session: scope.session, catalogue, capabilities },
    rows,
    kind,
    noun,
    toId,
    numberOf: (row) => numbers?.[row] ?? row,
    isDry,
    stopsOnError,
    ledger,
    warnings,
    stop: (reason) => {
      stopped ??= { reason };
    },
    get isStopped() {
      return stopped !== undefined;
    },
    forbid: (reason) => {
      forbidden ??= { reason };
    },
    mayWrite: () => !stopped && !isDry && !(stopsOnError && ledger.failed > 0),
    finish: () => {
      const fatal = ledger.created > 0 ? undefined : (forbidden ?? (ledger.failed === 0 ? stopped : undefined));
      if (fatal) throw fatal.reason;
      const results = ledger.rows((row) => openRow(job, row));
      if (stopped) warnings.push({ code: 'STOPPED', message: STOPPED });
      return { ...countsOf(results), rows: results, warnings };
    },
  };
  return job;
}

const STOPPED =
  'The import could not go on, and not all rows were sent. Send the same again, with the same idempotencyKey.';

function assertRows(rows: readonly Input[], numbers: readonly number[] | null | undefined): void {
  if (rows.length === 0) refuse([required(['rows'], 'Give at least one row.')]);
  if (rows.length > MAX_ROWS) refuse([invalid(['rows'], `Give at most ${MAX_ROWS} rows, not ${rows.length}.`)]);
  if (numbers && (numbers.length !== rows.length || new Set(numbers).size !== rows.length))
    refuse([invalid(['rowNumbers'], `Expected ${rows.length} different numbers, one for each row.`)]);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A row of which nothing is noted would be written by the real run, or was not sent. */
function openRow({ isDry, kind, toId, numberOf, isStopped }: Job, row: number) {
  if (isDry) return { id: toId(kind, numberOf(row)) };
  return { errors: [{ field: rowPath(row), ...(isStopped ? LOST : HELD_BACK) }] };
}

/** What was under way when the import broke off may have been written. */
const LOST = {
  code: 'OUTCOME_UNKNOWN',
  message: 'The import was stopped before it was known what became of this row.',
} as const;
const HELD_BACK = { code: 'CONFLICT', message: 'Not sent, since another row was refused.' } as const;

function countsOf(rows: readonly { readonly status: string }[]): Row {
  const count = (status: string) => rows.filter((row) => row.status === status).length;
  return { created: count('CREATED'), skipped: count('SKIPPED'), failed: count('FAILED') };
}

/** Where a row stands in the input. */
export function rowPath(row: number, ...below: readonly (string | number)[]): readonly string[] {
  return ['rows', String(row), ...below.map(String)];
}

/** An `INVALID` at a place of the input. */
export function invalid(field: readonly string[], message: string): UserError {
  return { field, code: 'INVALID', message };
}

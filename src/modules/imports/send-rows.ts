import { chunksOf } from '../../graph/chunk.ts';
import { isRow, type Row } from '../../graph/row.ts';
import type { Body } from '../../graph/write-body.ts';
import { toUserErrors, type UserError } from '../../graph/write-errors.ts';
import { toRefusals } from '../../graph/write-refusal.ts';
import { type Operation, send } from '../../graph/write-send.ts';
import { isUpstreamError, type UpstreamError } from '../../upstream/index.ts';
import type { Job } from './job.ts';
import { readIds } from './known.ts';

/** The most rows of one array: large enough to save calls, small enough for the server's time limit. */
const ROWS = 50;
/** Arrays under way at a time. */
const WORKERS = 4;
/** After so many failures without one success between them the fault is not in the rows. */
const PATIENCE = 24;
/** How often one row alone is sent when its answer is lost. */
const TRIES = 3;

/** A row to be written. */
export interface Item {
  /** Its number in the input. */
  readonly row: number;
  /** The id that it gets. */
  readonly id: string;
  readonly body: Body;
  /** Where it stands in the input. */
  readonly field: readonly string[];
}

/** Where rows go, and who is told what became of them. */
export interface Delivery {
  readonly operation: Operation;
  readonly noun: string;
  /** The input type that the bodies were made of. */
  readonly type: string;
  /** The row stands; `answer` is what JumpServer said of it, where its answer was not lost. */
  created(item: Item, answer: Row | undefined): void;
  /** A row with this id stood before. */
  known(item: Item): void;
}

interface Chunk {
  readonly items: readonly Item[];
  readonly tries: number;
}

/**
 * Writes rows by arrays, which JumpServer takes whole or not at all (api.md §4). Rows that it refuses fail with its reasons and the others are
 * sent again without them; a chunk that fails otherwise is looked up by its ids and what is missing is sent in halves. Ends when all rows are
 * told of, or the job is stopped.
 */
export async function sendRows(job: Job, items: readonly Item[], delivery: Delivery): Promise<void> {
  const queue: Chunk[] = chunksOf(items, ROWS).map((chunk) => ({ items: chunk, tries: 0 }));
  const run: Run = { job, delivery, failures: 0, refusal: undefined };
  const work = async (): Promise<void> => {
    for (let chunk = queue.shift(); chunk && job.mayWrite(); chunk = queue.shift()) {
      if (run.refusal) refuseAll(run, chunk, run.refusal);
      else queue.unshift(...(await sendChunk(run, chunk)));
    }
  };
  // One after the other where a refusal is to stop what follows it.
  await Promise.all(Array.from({ length: job.stopsOnError ? 1 : WORKERS }, work));
  // A worker may have put chunks back after the others had gone.
  await work();
}

interface Run {
  readonly job: Job;
  readonly delivery: Delivery;
  /** Since the last success. */
  failures: number;
  /** Why none of these rows can be written. */
  refusal: UpstreamError | undefined;
}

/** Sends one array and answers what is still to be sent. */
async function sendChunk(run: Run, chunk: Chunk): Promise<readonly Chunk[]> {
  const { job, delivery } = run;
  const body = chunk.items.map((item) => ({ ...item.body, id: item.id }));
  try {
    const answer = await send(job.source.session, delivery.operation, { body });
    run.failures = 0;
    noteCreated(delivery, chunk.items, answer);
    return [];
  } catch (error) {
    return recover(run, chunk, error).catch((fault: unknown) => {
      // What can't be looked up stays unknown, whatever stood in the way of looking.
      job.stop(isUpstreamError(error, 'OUTCOME_UNKNOWN') ? error : fault);
      return [];
    });
  }
}

function noteCreated(delivery: Delivery, items: readonly Item[], answer: unknown): void {
  const rows = Array.isArray(answer) ? answer.filter(isRow) : [];
  const byId = new Map(rows.map((row) => [String(row['id']).toLowerCase(), row]));
  for (const item of items) delivery.created(item, byId.get(item.id));
}

async function recover(run: Run, chunk: Chunk, error: unknown): Promise<readonly Chunk[]> {
  if (!isUpstreamError(error)) throw error;
  const faults = alignedFaults(error, chunk.items.length);
  if (faults) return sortOut(run, chunk, faults);
  if (isOfAll(error)) return refuseAll(run, chunk, error);
  if (!isOfChunk(error)) throw error;
  run.failures += 1;
  if (run.failures > PATIENCE) throw error;
  // Too large: JumpServer's proxy has not passed it on, so there is nothing to look up.
  const isUnsent = error.status === 413;
  const missing = isUnsent ? chunk.items : await lookUp(run, chunk, error);
  return goOn(run, { ...chunk, items: missing }, error);
}

/** The reasons in a 400 for each row, in their order. Undefined when it says nothing of single rows. */
function alignedFaults({ status, body }: UpstreamError, size: number): readonly unknown[] | undefined {
  if (status !== 400 || !Array.isArray(body) || body.length !== size) return undefined;
  const isTelling = body.every(isRow) && body.some((fault) => Object.keys(fault).length > 0);
  return isTelling ? body : undefined;
}

/** Rows that are refused fail, rows whose id is taken stand there already, and the others are sent again. */
function sortOut({ job, delivery }: Run, { items }: Chunk, faults: readonly unknown[]): readonly Chunk[] {
  const good = items.filter((item, index) => {
    const fault = faults[index];
    if (!isRow(fault) || Object.keys(fault).length === 0) return true;
    // The id is well formed, so all that can be said against it is that it is there (api.md, Corrections).
    if ('id' in fault) delivery.known(item);
    else job.ledger.fail(item.row, tellOne(job, delivery, item, fault));
    return false;
  });
  return good.length > 0 ? [{ items: good, tries: 0 }] : [];
}

function tellOne(job: Job, { type }: Delivery, { body, field }: Item, fault: unknown): readonly UserError[] {
  return toUserErrors(fault, { catalogue: job.write.catalogue, type, body, field });
}

/** What the caller may not do, or the server does not have, holds for every row of this kind. */
function isOfAll(error: UpstreamError): boolean {
  return isUpstreamError(error, 'FORBIDDEN', 'UNSUPPORTED_BY_SERVER');
}

function refuseAll(run: Run, { items }: Chunk, error: UpstreamError): readonly Chunk[] {
  const { job } = run;
  run.refusal ??= error;
  if (error.code === 'FORBIDDEN') job.forbid(error);
  const code = error.code === 'FORBIDDEN' ? 'FORBIDDEN' : 'UNSUPPORTED_BY_SERVER';
  const message =
    code === 'FORBIDDEN'
      ? 'JumpServer does not let the caller do this.'
      : 'The connected JumpServer (or its edition) does not have this.';
  for (const { row, field } of items) job.ledger.fail(row, [{ field, code, message }]);
  return [];
}

/** Failures that another cut of the rows may pass: refused as a whole, too large, crashed, lost, or in somebody's way. */
function isOfChunk(error: UpstreamError): boolean {
  const { status } = error;
  return (
    status === 400 || status === 413 || isUpstreamError(error, 'OUTCOME_UNKNOWN', 'UPSTREAM_UNAVAILABLE', 'CONFLICT')
  );
}

/** Which rows of a chunk are not there, after a write of which nothing certain is known. */
async function lookUp({ job, delivery }: Run, { items }: Chunk, error: UpstreamError): Promise<readonly Item[]> {
  const rows = await readIds(
    job,
    delivery.noun,
    items.map(({ id }) => id),
  );
  const there = new Set(rows.map((row) => String(row['id']).toLowerCase()));
  const isOurs = isUpstreamError(error, 'OUTCOME_UNKNOWN', 'UPSTREAM_UNAVAILABLE');
  return items.filter((item) => {
    if (!there.has(item.id)) return true;
    if (isOurs) delivery.created(item, undefined);
    else delivery.known(item);
    return false;
  });
}

/** What is missing goes again in halves; a single row that fails for itself is told. */
function goOn({ job, delivery }: Run, { items, tries }: Chunk, error: UpstreamError): readonly Chunk[] {
  if (items.length > 1) return chunksOf(items, Math.ceil(items.length / 2)).map((half) => ({ items: half, tries: 0 }));
  const [item] = items;
  if (!item) return [];
  const mayPass = error.status !== 400 && error.status !== 413;
  if (mayPass && tries + 1 < TRIES) return [{ items, tries: tries + 1 }];
  job.ledger.fail(item.row, tellSingle(job, delivery, item, error));
  return [];
}

function tellSingle(job: Job, { type }: Delivery, { field, body }: Item, error: UpstreamError): readonly UserError[] {
  if (error.status === 413) return [{ field, code: 'INVALID', message: 'The row is too large for JumpServer.' }];
  const lookup = 'Send the same again, with the same idempotencyKey.';
  const told = toRefusals(error, { catalogue: job.write.catalogue, type, body, field, subject: field, lookup });
  return told ?? [{ field, code: 'INVALID', message: 'JumpServer fails whenever this row is sent.' }];
}

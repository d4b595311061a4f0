import type { Body } from '../../graph/write-body.ts';
import type { Operation } from '../../graph/write-send.ts';
import { type Job, rowPath } from './job.ts';
import { type Candidate, readKnown, sortOut } from './known.ts';
import { sendRows } from './send-rows.ts';
import { refuseTwins } from './twins.ts';

/** A row that is written by itself. */
export interface PlainDraft extends Candidate {
  readonly row: number;
  readonly body: Body;
}

/** Where the rows go. */
export interface PlainTarget {
  readonly operation: Operation;
  /** The input type of a row. */
  readonly type: string;
  /** The graph's field of each unique property. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What all imports of rows without parts do: twins, what is there already, sending. Answers the rows that are or would be new. */
export async function finishPlain(
  job: Job,
  drafts: readonly PlainDraft[],
  { operation, type, fields }: PlainTarget,
): Promise<readonly PlainDraft[]> {
  refuseTwins(job, drafts);
  const sound = drafts.filter(({ row }) => !job.ledger.hasFailed(row));
  const known = await readKnown(job, job.noun, sound, [], fields);
  const fresh = sortOut(job, sound, known);
  const items = fresh.map(({ row, id, body }) => ({ row, id, body, field: rowPath(row) }));
  await sendRows(job, items, {
    operation,
    noun: job.noun,
    type,
    created: ({ row, id }) => job.ledger.create(row, id),
    known: ({ row, id }) => job.ledger.skip(row, id),
  });
  return fresh;
}

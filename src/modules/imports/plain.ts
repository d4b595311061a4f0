import type { Body } from '../../graph/write-body.ts';
import type { Operation } from '../../graph/write-send.ts';
import { type Job, rowPath } from './job.ts';
import { readKnown } from './known.ts';
import { sendRows } from './send-rows.ts';
import { refuseTwins } from './twins.ts';

/** A row that is written by itself. */
export interface PlainDraft {
  readonly row: number;
  readonly id: string;
  /** Values that only one row may have, by upstream property, which is also the input's name. */
  readonly unique: Readonly<Record<string, string>>;
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
  const fresh = sound.filter(({ row, id, unique }) => {
    if (known.byId.has(id)) {
      job.ledger.skip(row, id);
      return false;
    }
    const taken = Object.keys(unique).find((name) => known.isTaken(name, unique[name] ?? ''));
    if (taken === undefined) return true;
    job.ledger.fail(row, [{ field: rowPath(row, taken), code: 'DUPLICATE', message: 'Another one has this already.' }]);
    return false;
  });
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

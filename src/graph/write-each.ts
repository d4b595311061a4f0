import { isUpstreamError } from '../upstream/index.ts';
import type { Reference, Write } from './write.ts';
import type { UserError } from './write-errors.ts';

/** Calls under way at a time; as many as one principal may have (`Limits.concurrency`), so that a stop comes in time. */
const WAVE = 6;

/** What became of one call for each id. */
export interface EachOutcome<T> {
  readonly succeeded: readonly { readonly id: string; readonly result: T }[];
  readonly userErrors: readonly UserError[];
}

type Settled<T> = PromiseSettledResult<T> | undefined;

/**
 * Does something for each id of an input list; what is refused is told by its place. When nothing at all was done and a reason is not the
 * caller's input (no rights, nobody there), that is the error of the whole mutation; when it comes in the middle, the rest is not sent.
 */
export async function each<T>(
  write: Write,
  name: string,
  references: readonly Reference[],
  perform: (id: string) => Promise<T>,
): Promise<EachOutcome<T>> {
  const results = await settle(write, references, perform);
  const failed = results.find((result) => result?.status === 'rejected' && !write.tell(result.reason));
  const isDone = results.some((result) => result?.status === 'fulfilled');
  if (failed?.status === 'rejected' && !isDone) throw failed.reason;
  const succeeded = references.flatMap(({ id }, index) => {
    const result = results[index];
    return result?.status === 'fulfilled' ? [{ id, result: result.value }] : [];
  });
  const userErrors = references.flatMap(({ at }, index) => tell(write, results[index], [name, String(at)], at));
  return { succeeded, userErrors };
}

/** Wave after wave, until one fails for a reason that the next ones would fail for too. */
async function settle<T>(
  write: Write,
  references: readonly Reference[],
  perform: (id: string) => Promise<T>,
): Promise<Settled<T>[]> {
  const results: Settled<T>[] = [];
  for (let at = 0; at < references.length; at += WAVE) {
    const wave = await Promise.allSettled(references.slice(at, at + WAVE).map(({ id }) => perform(id)));
    results.push(...wave);
    if (wave.some((result) => result.status === 'rejected' && isGeneral(write, result.reason))) break;
  }
  return results;
}

/** Whether the failure has nothing to do with the one id; a lack of rights may have, for JumpServer guards some rows. */
function isGeneral(write: Write, error: unknown): boolean {
  return !write.tell(error) && !isUpstreamError(error, 'FORBIDDEN');
}

function tell<T>(write: Write, result: Settled<T>, field: readonly string[], row: number): readonly UserError[] {
  if (result?.status === 'fulfilled') return [];
  if (!result) return [{ field, row, code: 'CONFLICT', message: 'Not sent, since another one failed.' }];
  const told = write.tell(result.reason, { field, subject: field, row });
  if (told) return told;
  if (isUpstreamError(result.reason, 'FORBIDDEN'))
    return [{ field, row, code: 'FORBIDDEN', message: 'JumpServer does not let the caller do this.' }];
  return [{ field, row, code: 'OUTCOME_UNKNOWN', message: 'This one failed; read it before sending it again.' }];
}

import { type Job, rowPath } from './job.ts';

/**
 * Fails every row that has a value of an earlier one which only one row may have: JumpServer crashes on twins within an array (api.md,
 * Corrections). Only rows that are not refused already count.
 */
export function refuseTwins(
  job: Job,
  rows: readonly { readonly row: number; readonly unique: Readonly<Record<string, string>> }[],
): void {
  const seen = new Map<string, number>();
  for (const { row, unique } of rows) {
    if (job.ledger.hasFailed(row)) continue;
    const keys = Object.entries(unique).map(([field, value]) => ({ field, key: `${field} ${value}` }));
    const twin = keys.find(({ key }) => seen.has(key));
    if (twin) {
      const message = `Row ${seen.get(twin.key)} has the same.`;
      job.ledger.fail(row, [{ field: rowPath(row, twin.field), code: 'DUPLICATE', message }]);
    } else for (const { key } of keys) seen.set(key, row);
  }
}

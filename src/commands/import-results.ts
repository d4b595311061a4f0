import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify';

/** What became of a row, as the results file tells it. */
export interface RowResult {
  /** Counted from 1, without the heading. */
  readonly row: number;
  readonly status: string;
  readonly id: string | null;
  readonly errors: readonly { readonly field: string; readonly code: string; readonly message: string }[];
}

/** A CSV file of results that grows as the import goes on. */
export interface ResultsFile {
  write(result: RowResult): void;
  close(): Promise<void>;
}

const COLUMNS = ['row', 'status', 'id', 'field', 'code', 'message'];

/** Opens a results file; one that was there is replaced. A row with several errors takes several lines. Rejects when it can't be written, so that nothing is imported without an account of it. */
export async function openResults(path: string): Promise<ResultsFile> {
  // Texts of others may begin like a formula.
  const lines = stringify({ header: true, columns: COLUMNS, escape_formulas: true });
  const file = lines.pipe(createWriteStream(path, { mode: 0o600 }));
  await once(file, 'open');
  return {
    write: ({ row, status, id, errors }) => {
      const [first, ...more] = errors.length > 0 ? errors : [{ field: '', code: '', message: '' }];
      for (const error of [first, ...more]) lines.write([row, status, id, error?.field, error?.code, error?.message]);
    },
    close: async () => {
      lines.end();
      await finished(file);
    },
  };
}

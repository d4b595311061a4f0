import { globalId } from '../../graph/write.ts';
import type { UserError } from '../../graph/write-errors.ts';

/** What became of a row, as `ImportRow`. */
export type ImportRow = {
  readonly row: number;
  readonly status: 'CREATED' | 'SKIPPED' | 'FAILED';
  readonly id: string | null;
  readonly userErrors: readonly UserError[];
};

/** The rows of one import and what is known of each. */
export interface Ledger {
  /** Notes a refusal; a row can have several. */
  fail(row: number, errors: readonly UserError[]): void;
  /** Its object stands now. */
  create(row: number, id: string): void;
  /** Its object stood before. */
  skip(row: number, id: string): void;
  hasFailed(row: number): boolean;
  hasCreated(row: number): boolean;
  readonly failed: number;
  readonly created: number;
  /** Every row in order. `open` is told of rows of which nothing was noted; `errors` given to them make them fail. */
  rows(open: (row: number) => { readonly id: string } | { readonly errors: readonly UserError[] }): ImportRow[];
}

/** @param noun of the rows, for their global ids */
export function createLedger(noun: string, size: number): Ledger {
  const errors = new Map<number, UserError[]>();
  const standing = new Map<number, { readonly status: 'CREATED' | 'SKIPPED'; readonly id: string }>();
  let created = 0;
  return {
    fail: (row, more) => {
      errors.set(row, [...(errors.get(row) ?? []), ...more.map((error) => ({ ...error, row }))]);
    },
    create: (row, id) => {
      created += 1;
      standing.set(row, { status: 'CREATED', id });
    },
    skip: (row, id) => {
      standing.set(row, { status: 'SKIPPED', id });
    },
    hasFailed: (row) => errors.has(row),
    hasCreated: (row) => standing.get(row)?.status === 'CREATED',
    get failed() {
      return errors.size;
    },
    get created() {
      return created;
    },
    rows: (open) =>
      Array.from({ length: size }, (_, row): ImportRow => {
        const known = standing.get(row);
        const id = known ? globalId(noun, known.id) : null;
        const faults = errors.get(row);
        if (faults) return { row, status: 'FAILED', id, userErrors: faults };
        if (known) return { row, status: known.status, id, userErrors: [] };
        const rest = open(row);
        if ('id' in rest) return { row, status: 'CREATED', id: globalId(noun, rest.id), userErrors: [] };
        return { row, status: 'FAILED', id, userErrors: rest.errors.map((error) => ({ ...error, row })) };
      }),
  };
}

import type { Input } from '../../graph/write-body.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { type Job, rowPath } from './job.ts';
import { createLookup, type Lookup, type Naming, refusalOf } from './references.ts';

/** A list of the input that refers to rows of a noun, and the property that its ids are written to. */
export interface Related extends Naming {
  readonly to: string;
}

/** Ids of what a row refers to, and what of it can't be found. */
export interface Resolved {
  /** By upstream property. */
  readonly body: Readonly<Record<string, readonly string[]>>;
  readonly errors: readonly UserError[];
}

/** Reads what all rows refer to, by the name of the list; answers how one row is resolved. */
export async function readRelated(
  job: Job,
  related: Readonly<Record<string, Related>>,
): Promise<(row: number, input: Input) => Resolved> {
  const lookups = await Promise.all(
    Object.entries(related).map(async ([name, naming]) => {
      const values = job.rows.flatMap((row) => (row[name] ?? []) as readonly unknown[]);
      return { name, to: naming.to, find: await createLookup(job, naming, values) };
    }),
  );
  return (row, input) => {
    const body: Record<string, readonly string[]> = {};
    const errors: UserError[] = [];
    for (const { name, to, find } of lookups) {
      if (Array.isArray(input[name])) body[to] = idsOf(find, input[name], rowPath(row, name), errors);
    }
    return { body, errors };
  };
}

function idsOf(find: Lookup, values: readonly unknown[], field: readonly string[], errors: UserError[]): string[] {
  return values.flatMap((value, at) => {
    const found = find(value);
    if (typeof found === 'object') return [found.id];
    errors.push(refusalOf(found, [...field, String(at)], value));
    return [];
  });
}

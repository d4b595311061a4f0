import { completeRow } from '../../graph/complete.ts';
import type { Scope } from '../../graph/context.ts';
import { planOf, type Resolver } from '../../graph/resolve.ts';
import { type Row, relatedId, scopeOf, tagAll, tagForeign } from '../../graph/row.ts';
import { PLANNED_ID } from './rows.ts';
import type { Scene } from './scene.ts';

/**
 * The resolver of a field that holds something the engine knows: what it knows is enough when nothing else is selected, else the row is
 * read by its id, together with all others of the operation.
 */
export function related<Known>(noun: string, property: string, toRow: (known: Known) => Row): Resolver {
  return (source, _args, context, info) => {
    const known = source[property] as Known | null | undefined;
    if (known === null || known === undefined) return null;
    const scope = scopeOf(source, context.scope);
    const complete = async (one: Known) => {
      const row = tagForeign(toRow(one), scope, context);
      if (row['id'] === PLANNED_ID) return row;
      return (await completeRow(noun, row, scope, context, info)) ?? row;
    };
    return Array.isArray(known) ? Promise.all(known.map((one: Known) => complete(one))) : complete(known);
  };
}

/** Rows for the things of one page of a connection, in their order; null for those that the caller cannot see any more. */
export async function rowsOf<Known>(
  noun: string,
  page: readonly Known[],
  toRow: (known: Known) => Row,
  { scope, context, info }: Scene,
): Promise<readonly (Row | null)[]> {
  const { properties } = planOf(context, info).site(info);
  const rows = page.map(toRow);
  const isEnough = rows.every((row) => [...properties].every((property) => property in row));
  if (!isEnough) return loadRows(noun, rows, scope);
  return tagAll(rows, scope, context);
}

function loadRows(noun: string, rows: readonly Row[], scope: Scope): Promise<(Row | null)[]> {
  return scope.reader.loadMany(
    noun,
    rows.map((row) => relatedId(row) ?? ''),
  );
}

import type { GraphWarning } from '../../graph/context.ts';
import { brokenContract } from '../../graph/errors.ts';
import { getAll } from '../../graph/fetch-all.ts';
import { relatedId } from '../../graph/row.ts';
import { mutation, type Write } from '../../graph/write.ts';
import { each } from '../../graph/write-each.ts';
import { knownRow } from '../../graph/write-known.ts';
import { someTargets } from './bind.ts';

/** Takes a label from things: each binding by its own id, so that nothing else is touched (api.md §5.7). What does not carry it is told as a warning. */
export const unbindLabel = mutation(async (write) => {
  const targets = someTargets(write);
  const label = await knownRow(write, 'Label', 'label');
  const bindings = await readBindings(write, write.id('label'));
  const bound = targets.flatMap(({ id, at }) => {
    const binding = bindings.get(id);
    return binding === undefined ? [] : [{ id: binding, at }];
  });
  const { userErrors } = await each(write, 'resources', bound, (id) =>
    write.send('DELETE /labels/labeled-resources/{id}/', { path: { id } }),
  );
  const warnings = targets.filter(({ id }) => !bindings.has(id)).map(({ at }) => notThere(at));
  return { label: { id: label['id'] }, userErrors, warnings };
});

/** Ids of the label's bindings by the id of what it is bound to. */
async function readBindings(write: Write, label: string): Promise<ReadonlyMap<string, string>> {
  const rows = await getAll(write.scope.session, '/labels/labeled-resources/', { label });
  if (rows.some((row) => relatedId(row['label']) !== label))
    throw brokenContract('JumpServer answered bindings of labels that were not asked for.');
  return new Map(rows.map((row) => [String(row['res_id']).toLowerCase(), String(row['id'])]));
}

function notThere(at: number): GraphWarning {
  return { code: 'NOT_THERE', message: 'It was not there.', path: ['resources', String(at)] };
}

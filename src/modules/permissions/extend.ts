import type { GraphWarning } from '../../graph/context.ts';
import { toIso } from '../../graph/dates.ts';
import { isRow, type Row, relatedId } from '../../graph/row.ts';
import type { Perform } from '../../graph/write.ts';
import { knownRows } from '../../graph/write-known.ts';
import { someReferences } from '../../graph/write-plain.ts';

/** Moves the end of many permissions in one call, all or none. */
export const extendPermissions: Perform = async (write) => {
  const references = someReferences(write, 'ids');
  const before = await knownRows(write, 'Permission', 'ids', ['id', 'date_expired']);
  const expiresAt = String(write.input['expiresAt']);
  const body = references.map(({ id }) => ({ id, date_expired: expiresAt }));
  const rows = await write.send('PATCH /perms/asset-permissions/', { body });
  return { permissions: inOrder(references, rows), warnings: shortened(before, expiresAt) };
};

/** JumpServer answers bulk changes in its own order (api.md §4). */
function inOrder(references: readonly { readonly id: string }[], rows: unknown): readonly Row[] {
  const found = new Map((Array.isArray(rows) ? rows.filter(isRow) : []).map((row) => [relatedId(row['id']), row]));
  return references.map(({ id }) => found.get(id) ?? { id });
}

function shortened(rows: readonly Row[], expiresAt: string): GraphWarning[] {
  const until = Date.parse(expiresAt);
  return rows.flatMap((row, at) => {
    const now = toIso(row['date_expired']);
    if (now === null || Date.parse(now) <= until) return [];
    return [{ code: 'SHORTENED', message: `It held until ${now} before.`, path: ['ids', String(at)] }];
  });
}

import type { Catalogue } from '../generated/catalogue.ts';
import { isRow, type Row, relatedId } from './row.ts';
import { inputFields } from './write-body.ts';
import type { UserError } from './write-errors.ts';

/**
 * References, and named things of a list (protocols), that were sent and are not in the row that came back: JumpServer drops some unknown ids
 * and what a platform does not offer without a word. The rest of the write stands, so the object is answered too.
 */
export function findIgnored(
  catalogue: Catalogue,
  type: string,
  body: Readonly<Record<string, unknown>>,
  row: Row,
): UserError[] {
  return Object.entries(inputFields(catalogue, type)).flatMap(([name, field]) => {
    const sent = body[field.to];
    const came = row[field.to];
    if (sent === undefined || came === undefined) return [];
    if (field.noun === undefined) return field.value === 'Input' ? lostNames(name, sent, came) : [];
    if (!Array.isArray(sent)) return sent !== null && came === null ? [ignored([name])] : [];
    if (!Array.isArray(came)) return [];
    const present = new Set(came.map(relatedId));
    return sent.flatMap((id, at) => (present.has(String(id).toLowerCase()) ? [] : [ignored([name, String(at)])]));
  });
}

function ignored(field: readonly string[]): UserError {
  return { field, code: 'NOT_FOUND', message: 'JumpServer has left this id out: it does not exist, or not here.' };
}

function lostNames(field: string, sent: unknown, came: unknown): UserError[] {
  if (!Array.isArray(sent) || !Array.isArray(came)) return [];
  const present = new Set(came.map((item) => (isRow(item) ? item['name'] : item)));
  const message = 'JumpServer has left this out: it is not offered here.';
  return sent.flatMap((item, at) =>
    !isRow(item) || item['name'] === undefined || present.has(item['name'])
      ? []
      : [{ field: [field, String(at), 'name'], code: 'INVALID', message }],
  );
}

import { isRow, relatedId } from './row.ts';
import type { Write } from './write.ts';
import { inputFields } from './write-body.ts';
import { Refused, UNKNOWN_OBJECT } from './write-refusal.ts';

/**
 * What older servers take as texts (labels as `name:value`) goes so: the ids in the body give way to them, in the body itself, since what
 * comes back is compared with it. Throws a refusal with a `NOT_FOUND` for each id that leads to nothing.
 */
export async function tellTexts({ catalogue, type, scope: { reader } }: Write, body: unknown): Promise<void> {
  if (!isRow(body)) return;
  for (const [name, { to, noun, text }] of Object.entries(inputFields(catalogue, type))) {
    const ids = body[to];
    if (!text || noun === undefined || !Array.isArray(ids) || ids.length === 0) continue;
    if ((await reader.capabilities()).has('labelObjects')) return;
    const rows = new Map((await reader.scan(noun, ['id', ...text])).map((row) => [relatedId(row), row]));
    const found = ids.map((id) => rows.get(relatedId(id)));
    const lost = found.flatMap((row, at) => (row ? [] : [[name, String(at)]]));
    if (lost.length > 0)
      throw new Refused(lost.map((field) => ({ field, code: 'NOT_FOUND', message: UNKNOWN_OBJECT })));
    Object.assign(body, { [to]: found.map((row) => text.map((property) => row?.[property]).join(':')) });
  }
}

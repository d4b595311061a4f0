import type { Session } from '../upstream/index.ts';
import { brokenContract } from './errors.ts';
import { getJson, type ReadPath } from './fetch.ts';
import { isRow, type Row } from './row.ts';

const PAGE = 1000;

/**
 * Every row of a list that is no noun's, page after page: without `limit` JumpServer cuts it at 200 rows and does not say so (api.md §3.1).
 * A list that has no pages answers whole. Throws `UPSTREAM_CONTRACT` when the list changes meanwhile: rows may have moved past what is read.
 */
export async function getAll(
  session: Session,
  path: ReadPath,
  query: Readonly<Record<string, unknown>> = {},
  parameters: Readonly<Record<string, string>> = {},
): Promise<Row[]> {
  const rows: Row[] = [];
  let count: unknown;
  for (;;) {
    const answer = await getJson(session, path, { ...query, limit: PAGE, offset: rows.length }, parameters);
    if (Array.isArray(answer)) return answer.filter(isRow);
    const page = isRow(answer) ? answer['results'] : undefined;
    if (!isRow(answer) || !Array.isArray(page)) throw brokenContract('JumpServer’s answer is not a list.');
    count ??= answer['count'];
    rows.push(...page.filter(isRow));
    if (rows.length === count) return rows;
    if (page.length === 0 || answer['count'] !== count) throw brokenContract('The list changed while it was read.');
  }
}

import { chunksOf } from '../../graph/chunk.ts';
import { fetchPage } from '../../graph/fetch.ts';
import { isRow, type Row } from '../../graph/row.ts';
import { notFound, refuse, required, type Write } from '../../graph/write.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { nounOf } from '../noun.ts';

/** The properties that say whom or what a rule matches, and the noun of their ids. A list of accounts' names is no rule. */
const NOUNS: Readonly<Record<string, string>> = { users: 'User', assets: 'Asset', accounts: 'Account' };

/** A rule without conditions always applies (api.md §5.15). */
const ANYWHERE = { ip_group: ['*'], time_period: [] };

/**
 * Writes whom and what a rule matches as JumpServer has it: `{type: all}`, `{type: ids, ids}` or `{type: attrs, attrs}` (api.md §5.0).
 * JumpServer does not look at the ids: a rule for somebody who is not there would protect nothing, so it is refused.
 */
export async function settleReach(body: Record<string, unknown>, write: Write): Promise<void> {
  const given = Object.keys(NOUNS).flatMap((name) => (isRow(body[name]) ? [[name, body[name]] as const] : []));
  refuse(given.flatMap(([name, reach]) => faultOf(name, reach)));
  const unknown = await Promise.all(given.map(([name, reach]) => unknownIds(write, name, idsOf(reach))));
  refuse(unknown.flat());
  for (const [name, reach] of given) body[name] = toWritten(reach);
}

/** The same for a rule that has conditions: they are one value, so what is left out of them must not stay open to chance. */
export async function settleConditions(body: Record<string, unknown>, write: Write): Promise<void> {
  await settleReach(body, write);
  const isNew = !('id' in write.input);
  if (isNew || body['rules'] !== undefined)
    body['rules'] = { ...ANYWHERE, ...(isRow(body['rules']) ? body['rules'] : {}) };
}

function faultOf(name: string, { all, ids, attrs }: Row): UserError[] {
  const given = [all === true, Array.isArray(ids), Array.isArray(attrs)].filter(Boolean);
  if (given.length !== 1)
    return [{ field: [name], code: 'INVALID', message: 'Give exactly one of all, ids and attributes.' }];
  if (Array.isArray(ids) && ids.length === 0) return [required([name, 'ids'], 'Give at least one id.')];
  if (Array.isArray(attrs) && attrs.length === 0)
    return [required([name, 'attributes'], 'Give at least one attribute.')];
  return [];
}

function toWritten({ ids, attrs }: Row): Row {
  if (Array.isArray(ids)) return { type: 'ids', ids };
  return Array.isArray(attrs) ? { type: 'attrs', attrs } : { type: 'all' };
}

async function unknownIds({ scope, catalogue }: Write, name: string, ids: readonly string[]): Promise<UserError[]> {
  if (ids.length === 0) return [];
  const source = { session: scope.session, catalogue, capabilities: await scope.reader.capabilities() };
  const noun = nounOf(NOUNS[name] ?? '');
  const pages = await Promise.all(
    chunksOf([...new Set(ids)]).map((chunk) =>
      fetchPage(source, noun, { params: { ids: chunk }, limit: chunk.length, properties: ['id'] }),
    ),
  );
  const there = new Set(pages.flatMap(({ rows }) => rows).map((row) => String(row['id']).toLowerCase()));
  return ids.flatMap((id, at) => (there.has(id) ? [] : [notFound([name, 'ids', String(at)])]));
}

function idsOf({ ids }: Row): string[] {
  return Array.isArray(ids) ? ids.map(String) : [];
}

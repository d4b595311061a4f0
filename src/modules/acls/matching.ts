import type { RuleValue } from '../../graph/question.ts';
import type { Narrowing } from '../../graph/resolve.ts';
import { isRow, relatedId } from '../../graph/row.ts';

/**
 * Turns JumpServer's rule "all, these ids, or those with such attributes" (api.md §5.0) into what a list is asked: the list's own rules speak
 * the same language. Null when nothing matches.
 */
export function toNarrowing(rule: unknown): Narrowing | null {
  if (!isRow(rule)) return null;
  if (rule['type'] === 'all') return {};
  if (rule['type'] === 'ids') return byIds(rule['ids']);
  return rule['type'] === 'attrs' ? byAttributes(rule['attrs']) : null;
}

function byIds(ids: unknown): Narrowing | null {
  const known = Array.isArray(ids) ? ids.map(relatedId).filter((id) => id !== null) : [];
  return known.length > 0 ? { rules: [{ name: 'id', match: 'in', value: known }] } : null;
}

function byAttributes(attributes: unknown): Narrowing | null {
  const rules = (Array.isArray(attributes) ? attributes : []).filter(isRow).map(
    ({ name, match, value }): RuleValue => ({
      name: String(name),
      match: String(match ?? 'exact'),
      value: Array.isArray(value) ? value.map((item) => relatedId(item) ?? item) : value,
    }),
  );
  return rules.length > 0 ? { rules } : null;
}

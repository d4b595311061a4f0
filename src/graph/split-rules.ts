import { type AttrRule, toAttrRules } from '../upstream/index.ts';
import { badInput } from './errors.ts';
import type { RuleValue } from './question.ts';

/** The most characters of a list's rules as they stand in a URL, which may have 8 kB altogether (api.md §3.4). */
const LONGEST = 6000;

/** Matches by any of several values: a row that one part of them finds is found by all. */
const ANY = new Set(['in', 'm2m', 'ip_in']);

/** Rules in parts that fit into a URL each: rows that any part finds are what the rules find. Throws `BAD_USER_INPUT` when they can't be cut. */
export function splitRules(rules: readonly RuleValue[]): readonly (readonly RuleValue[])[] {
  if (lengthOf(rules) <= LONGEST) return [rules];
  const longest = rules.reduce((one, other) => (valuesOf(other).length > valuesOf(one).length ? other : one));
  const values = valuesOf(longest);
  if (values.length < 2) throw badInput('filter: its values are too long to be asked for.');
  const middle = Math.ceil(values.length / 2);
  const halves = [values.slice(0, middle), values.slice(middle)];
  return halves.flatMap((value) => splitRules(rules.map((rule) => (rule === longest ? { ...rule, value } : rule))));
}

function lengthOf(rules: readonly RuleValue[]): number {
  return rules.length === 0 ? 0 : encodeURIComponent(toAttrRules(rules as AttrRule[])).length;
}

function valuesOf({ match, value }: RuleValue): readonly unknown[] {
  return ANY.has(match) && Array.isArray(value) ? value : [];
}

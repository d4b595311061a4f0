import type { Catalogue, Filter, Noun, Rule } from '../generated/catalogue.ts';
import type { Capabilities, Feature } from '../upstream/index.ts';
import { justBefore } from './dates.ts';
import { badInput, unsupported } from './errors.ts';
import type { Route } from './fetch.ts';
import { toRowId } from './identity.ts';
import { columnOf } from './order.ts';

/** One condition of `attr_rules`. */
export interface RuleValue extends Rule {
  readonly value: unknown;
}

/** What is asked of a list, in JumpServer's terms. */
export interface Question {
  readonly params: Readonly<Record<string, string>>;
  readonly rules: readonly RuleValue[];
  /** Columns to order by, a minus in front for descending; ends with the tie-break. */
  readonly order: readonly string[];
  /** A filter that no row can match (an empty `…In`): nothing is asked. */
  readonly impossible: boolean;
  /** Another address that gives the noun's rows. */
  readonly route?: Route;
  /** The rows are in several places: what each of them is asked beside the rest. */
  readonly places?: readonly Readonly<Record<string, string>>[];
}

/** The list arguments of a connection, as GraphQL gives them. */
export interface ListArguments {
  readonly filter?: Readonly<Record<string, unknown>> | null;
  readonly search?: string | null;
  readonly orderBy?: readonly { readonly field: string; readonly direction?: string | null }[] | null;
}

interface Asking {
  readonly catalogue: Catalogue;
  readonly noun: Noun;
  readonly capabilities: Capabilities;
}

/** Translates filter, search and order of a connection. Throws `BAD_USER_INPUT` or `UNSUPPORTED_BY_SERVER` naming the filter. */
export function toQuestion(
  catalogue: Catalogue,
  noun: Noun,
  capabilities: Capabilities,
  args: ListArguments,
): Question {
  const asking = { catalogue, noun, capabilities };
  const params: Record<string, string> = {};
  const rules: RuleValue[] = [];
  let impossible = false;
  for (const [name, value] of Object.entries(args.filter ?? {})) {
    if (value === null || value === undefined) continue;
    const filter = noun.filters[name];
    if (!filter) throw badInput(`filter.${name}: ${noun.name} has no such filter.`);
    if (Array.isArray(value) && value.length === 0) impossible = true;
    else askFilter(asking, name, filter, value, params, rules);
  }
  const search = args.search?.trim();
  if (search) params['search'] = search;
  return { params, rules, order: toOrder(noun, args.orderBy ?? []), impossible };
}

/** Parameters in which JumpServer reads more than one value (api.md §3.2), and what one value of them is: with anything else it fails or guesses. */
const FORMS: Readonly<Record<string, { readonly form: RegExp; readonly words: string }>> = {
  labels: { form: /^\s*[^:,]+:[^,]+$/, words: 'one label as name:value or name:*, without a comma' },
  accounts: { form: /^[^,]+$/, words: 'one rule for accounts, without a comma' },
  protocols: { form: /^[^,]+$/, words: 'one protocol, without a comma' },
};

function assertForm(name: string, param: string, value: string): void {
  const known = FORMS[param];
  if (known && !known.form.test(value))
    throw badInput(`filter.${name}: expected ${known.words}, got ${JSON.stringify(value.slice(0, 80))}.`);
}

function askFilter(
  asking: Asking,
  name: string,
  filter: Filter,
  value: unknown,
  params: Record<string, string>,
  rules: RuleValue[],
): void {
  assertSupported(asking, name, filter);
  if (filter.range) {
    askRange(name, value, params);
    return;
  }
  const given = (Array.isArray(value) ? value : [value]).map((item) => toWire(asking, `filter.${name}`, filter, item));
  const values = [...new Set(given)];
  const param = usableParam(asking, filter);
  const isEmpty = values.some((item) => typeof item === 'string' && item.trim() === '');
  const byRule = filter.rule && hasRules(asking) && (filter.list || filter.noun !== undefined || !param || isEmpty);
  if (byRule && filter.rule) rules.push({ ...filter.rule, value: assertNoWildcard(name, filter.rule, values) });
  else if (isEmpty) throw badInput(`filter.${name}: expected some text; without any JumpServer ignores the filter.`);
  else if (param && values.length === 1) {
    params[param] = String(values[0]);
    assertForm(name, param, params[param]);
  } else {
    const several = values.length > 1 ? ' by several values' : '';
    throw unsupported(
      `filter.${name}: the connected JumpServer (${asking.capabilities.version}) can't filter ${asking.noun.name} rows by it${several}.`,
    );
  }
}

/** In a rule JumpServer takes `*` for whatever value: every row would be answered. */
function assertNoWildcard(name: string, { match }: Rule, values: readonly unknown[]): readonly unknown[] {
  if (match !== 'in' || !values.includes('*')) return values;
  throw badInput(`filter.${name}: expected values, got "*", which JumpServer takes for any.`);
}

/** The query parameter, where the connected server has it: an older one would ignore it and answer everything. */
function usableParam({ capabilities }: Asking, { param, paramSince }: Filter): string | undefined {
  return paramSince === undefined || capabilities.since(paramSince) ? param : undefined;
}

function assertSupported(asking: Asking, name: string, filter: Filter): void {
  if (!filter.since || asking.capabilities.since(filter.since)) return;
  throw unsupported(
    `filter.${name}: the connected JumpServer (${asking.capabilities.version}) has no such filter; it came with ${filter.since}.`,
  );
}

/** Whether the connected server obeys `attr_rules` on this noun. */
export function hasRules({ noun, capabilities }: Pick<Asking, 'noun' | 'capabilities'>): boolean {
  return noun.rules !== undefined && (noun.rules === 'always' || capabilities.has(noun.rules as Feature));
}

function askRange(name: string, value: unknown, params: Record<string, string>): void {
  const { from, to } = value as { from?: string | null; to?: string | null };
  if (from && to && from > to) throw badInput(`filter.${name}: expected from before to, got ${from} after ${to}.`);
  if (from) params['date_from'] = from;
  if (to) params['date_to'] = justBefore(to);
}

function toWire(asking: Asking, place: string, filter: Filter, value: unknown): unknown {
  if (filter.noun) {
    const noun = asking.catalogue.nouns[filter.noun];
    const id = noun ? toRowId(noun, String(value), place) : String(value);
    return noun?.id === 'INT' ? Number(id) : id;
  }
  if (!filter.enum) return value;
  const wire = asking.catalogue.enums[filter.enum]?.[String(value)];
  if (wire === undefined) throw badInput(`${place}: expected a known ${filter.enum}, got ${String(value)}.`);
  return wire;
}

/** The asked order, then the default one as tie-break. A column stands once. */
function toOrder(noun: Noun, orderBy: NonNullable<ListArguments['orderBy']>): readonly string[] {
  if (orderBy.length === 0) return noun.order;
  const asked = orderBy.map(({ field, direction }) => {
    const column = noun.orders[field];
    if (!column) throw badInput(`orderBy: ${noun.name} can't be ordered by ${field}.`);
    return direction === 'DESC' ? `-${column}` : column;
  });
  const known = new Set(asked.map(columnOf));
  return [...asked, ...noun.order.filter((column) => !known.has(columnOf(column)))];
}

import { ApiError, ServerCrash } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Condition, Resource } from './resource.ts';
import { fieldsOf } from './rows.ts';
import type { RowTest } from './tables/query.ts';
import type { Json, JsonObject, Row } from './types.ts';
import { isObject, textOf } from './world.ts';

/**
 * The multi-value filter `attr_rules` (api.md §3.4): base64 of `{type: all|ids|attrs, …}`. Rules are AND-ed; an
 * unknown attribute crashes the server, undecodable base64 is a 400.
 */
export function attrRules(resource: Resource, x: Exchange): Condition[] {
  const text = x.query.get('attr_rules');
  if (text === null || text === '' || resource.rules === undefined) return [];
  if (resource.table === 'accounts' && !x.world.facts.accountRules) return [];
  const rules = decode(text);
  if (rules.type === 'ids') return [{ column: 'id', values: new Set(Array.isArray(rules.ids) ? rules.ids : []) }];
  if (rules.type !== 'attrs' || !Array.isArray(rules.attrs)) return [];
  return rules.attrs.map((rule) => toCondition(rule, resource, x));
}

function decode(text: string): JsonObject {
  const fault = new ApiError(400, { attr_rules: 'Not the base64 of a JSON object.' });
  const plain = text.replaceAll(' ', '+');
  if (!/^[A-Za-z0-9+/_-]+=*$/.test(plain)) throw fault;
  try {
    const value: Json = JSON.parse(Buffer.from(plain, 'base64').toString('utf8'));
    if (!isObject(value)) throw fault;
    return value;
  } catch {
    throw fault;
  }
}

function toCondition(rule: Json, resource: Resource, x: Exchange): Condition {
  if (!isObject(rule)) return null;
  const name = textOf(rule.name);
  const match = textOf(rule.match) || 'exact';
  const value = rule.value ?? null;
  if (value === '*') return null;
  const read = reader(name, resource, x);
  if (match === 'in' && !read.isSpecial && listOf(value).includes('*')) return null;
  if (read.column !== null && (match === 'in' || match === 'm2m' || match === 'exact') && read.plain) {
    return { column: read.column, values: new Set(listOf(value)) };
  }
  return toTest(read.of, match, value);
}

interface Reader {
  /** Column when rows can be found by it directly. */
  column: string | null;
  plain: boolean;
  /** JumpServer works it out in a way of its own, which knows no `*`. */
  isSpecial: boolean;
  of: (row: Row) => Json[];
}

function reader(name: string, resource: Resource, x: Exchange): Reader {
  const own = typeof resource.rules === 'object' ? resource.rules[name] : undefined;
  if (own !== undefined) return { column: null, plain: false, isSpecial: true, of: (row) => listOf(own(row, x)) };
  const path = name.split('__');
  const first = (path[0] ?? '').replace(/_id$/, '');
  const fields = fieldsOf(resource, x.world.version, 'all');
  const field = fields.find((one) => one.column !== null && (one.name === path[0] || one.name === first));
  const column = field?.column ?? null;
  if (column === null) throw new ServerCrash(`no attribute ${name}`);
  if (path.length === 1 || path[1] === 'id')
    return { column, plain: true, isSpecial: false, of: (row) => listOf(row[column] ?? null) };
  const table = TABLES[first];
  if (table === undefined) throw new ServerCrash(`no attribute ${name}`);
  const next = (path[1] ?? '').replace(/_id$/, '');
  return {
    column: null,
    plain: false,
    isSpecial: false,
    of: (row) =>
      listOf(row[column] ?? null).flatMap((id) =>
        x.world.store
          .table(table)
          .where('id', id)
          .flatMap((other) => listOf(other[next] ?? null)),
      ),
  };
}

const TABLES: Record<string, string> = {
  asset: 'assets',
  platform: 'platforms',
  zone: 'zones',
  nodes: 'nodes',
  groups: 'user-groups',
};

const listOf = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

function toTest(valuesOf: (row: Row) => Json[], match: string, value: Json): RowTest {
  const wanted = new Set(listOf(value));
  const text = textOf(value);
  const some =
    (test: (one: Json) => boolean): RowTest =>
    (row) =>
      valuesOf(row).some(test);
  switch (match) {
    case 'not':
      return (row) => !valuesOf(row).includes(value);
    case 'contains':
      return some((one) => textOf(one).includes(text));
    case 'startswith':
      return some((one) => textOf(one).startsWith(text));
    case 'endswith':
      return some((one) => textOf(one).endsWith(text));
    case 'regex':
      return some((one) => toPattern(text).test(textOf(one)));
    case 'gte':
      return some((one) => Number(one) >= Number(value));
    case 'lte':
      return some((one) => Number(one) <= Number(value));
    case 'gt':
      return some((one) => Number(one) > Number(value));
    case 'lt':
      return some((one) => Number(one) < Number(value));
    case 'm2m_all':
      return (row) => {
        const has = new Set(valuesOf(row));
        return [...wanted].every((one) => has.has(one));
      };
    case 'ip_in':
      return some((one) => listOf(value).some((range) => isInRange(textOf(one), textOf(range))));
    case 'exact':
    case 'in':
    case 'm2m':
      return some((one) => wanted.has(one));
    default:
      return some((one) => one === value);
  }
}

function toPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    return /(?!)/;
  }
}

const toNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** Whether an IPv4 address lies in `a.b.c.d`, `a.b.c.d/n`, `a.b.c.d-e.f.g.h` or `*`. */
export function isInRange(address: string, range: string): boolean {
  if (range === '*' || range === address) return true;
  if (range.includes('/')) {
    const [base = '', bits = '32'] = range.split('/');
    const size = 2 ** (32 - Number(bits));
    return Math.floor(toNumber(address) / size) === Math.floor(toNumber(base) / size);
  }
  if (!range.includes('-')) return false;
  const [from = '', to = ''] = range.split('-');
  return toNumber(from) <= toNumber(address) && toNumber(address) <= toNumber(to);
}

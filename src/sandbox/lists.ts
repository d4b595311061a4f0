import { attrRules } from './attr-rules.ts';
import { ApiError, InvalidValue, ServerCrash } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { lookOf } from './exchange.ts';
import type { Field } from './field.ts';
import { idList } from './filters.ts';
import { labelConditions } from './labels.ts';
import { memberIds } from './orgs.ts';
import type { Condition, Filter, Resource } from './resource.ts';
import { fieldsOf, narrow, shapeOf, toAnswer } from './rows.ts';
import { isAmong, type Query, type Selection } from './tables/query.ts';
import type { Table } from './tables/table.ts';
import { parseTime } from './time.ts';
import type { Json, JsonObject, Row } from './types.ts';
import { ROOT_ORG, textOf } from './world.ts';

/** The table behind a resource. */
export function tableOf(resource: Resource, x: Exchange): Table {
  return x.world.store.table(resource.table);
}

function add(query: Query, condition: Condition): void {
  if (condition === null) return;
  if (typeof condition === 'function') query.tests.push(condition);
  else query.among.push(condition);
}

/** The rows a resource shows to this request before any filter: its organisation's, its own kind's. */
export function scopeQuery(resource: Resource, x: Exchange): Query {
  const query: Query = { among: [], tests: [], order: resource.order };
  if (resource.scope === 'org' && x.org !== ROOT_ORG) query.among.push({ column: 'org_id', values: new Set([x.org]) });
  if (resource.scope === 'members' && x.org !== ROOT_ORG)
    query.among.push({ column: 'id', values: memberIds(x.world, x.org) });
  for (const condition of resource.only?.(x) ?? []) add(query, condition);
  return query;
}

function searchWords(x: Exchange): string[] {
  const text = x.query.get('search') ?? (x.world.facts.searchByQ ? x.query.get('q') : null) ?? '';
  return text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}

function addSearch(query: Query, resource: Resource, x: Exchange): void {
  const words = searchWords(x);
  const search = resource.search;
  if (words.length === 0 || search === undefined) return;
  const textsOf =
    typeof search === 'function'
      ? (row: Row) => search(row, x)
      : (row: Row) => search.map((column) => textOf(row[column]));
  const test = (row: Row): boolean => {
    const texts = textsOf(row).map((text) => text.toLowerCase());
    return words.every((word) => texts.some((text) => text.includes(word)));
  };
  query.tests.push(typeof search === 'function' ? test : Object.assign(test, { key: `search ${words.join(' ')}` }));
}

function addIds(query: Query, resource: Resource, x: Exchange): void {
  if (resource.noIds === true) return;
  const key = resource.key ?? 'uuid';
  const ids = x.query.get('ids');
  if (ids !== null && ids !== '') query.among.push({ column: 'id', values: idList(ids, key) });
  const others = x.query.get('id!');
  if (others !== null && others !== '') {
    const unwanted = idList(others, key);
    query.tests.push((row) => !unwanted.has(row.id));
  }
  const spm = x.query.get('spm');
  if (spm !== null && spm !== '') {
    const stash = x.world.memory.stashes.get(spm);
    const known = stash !== undefined && stash.until > x.world.now() ? stash.ids : [];
    query.among.push({ column: 'id', values: new Set(known.map((id) => (key === 'int' ? Number(id) : textOf(id)))) });
  }
}

const LOOKUP = /^(.+)__(in|exact|iexact|icontains|contains|startswith|istartswith|endswith)$/;

function lookupFilter(name: string, filters: Readonly<Record<string, Filter>>): Filter | null {
  const match = LOOKUP.exec(name);
  const base = match?.[1] === undefined ? undefined : filters[match[1]];
  if (match === null || base === undefined) return null;
  const column = match[1] ?? '';
  if (match[2] === 'in') {
    return (value, x) => {
      const parts = value.split(',').filter((part) => part !== '');
      const conditions = parts.map((part) => base(part, x));
      return (row) => conditions.some((one) => one === null || holds(one, row));
    };
  }
  if (match[2] === 'exact') return base;
  const word = match[2] ?? '';
  return (value) => {
    const wanted = value.toLowerCase();
    return (row) => {
      const text = textOf(row[column]).toLowerCase();
      if (word.includes('contains')) return text.includes(wanted);
      if (word.includes('startswith')) return text.startsWith(wanted);
      return word === 'endswith' ? text.endsWith(wanted) : text === wanted;
    };
  };
}

function holds(condition: Exclude<Condition, null>, row: Row): boolean {
  return typeof condition === 'function' ? condition(row) : isAmong(row, condition);
}

function addFilters(query: Query, resource: Resource, x: Exchange): void {
  const filters: Readonly<Record<string, Filter>> = resource.filters ?? {};
  const faults: JsonObject = {};
  for (const [name, value] of x.query) {
    const filter = filters[name] ?? (x.world.facts.lookups ? lookupFilter(name, filters) : null);
    if (filter === undefined || filter === null) continue;
    try {
      add(query, filter(value, x));
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      faults[name] = error.faults;
    }
  }
  if (Object.keys(faults).length > 0) throw new ApiError(400, faults);
}

function addDates(query: Query, resource: Resource, x: Exchange): void {
  const column = resource.dates;
  if (column !== undefined) {
    const from = parseTime(x.query.get('date_from') ?? '', x.zone);
    const to = parseTime(x.query.get('date_to') ?? '', x.zone);
    if (from !== null || to !== null) {
      query.span = { column, ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
    }
  }
  const days = x.query.get('days');
  if (days === null || !/^\d+$/.test(days) || resource.filters === undefined) return;
  if (!resource.fields.some((field) => field.name === 'date_created')) throw new ServerCrash('no date_created');
  const since = x.world.now() - Number(days) * 86_400_000;
  query.tests.push((row) => Number(row.date_created ?? 0) >= since);
}

const UNSORTABLE = new Set([
  'object_related_field',
  'm2m_related_field',
  'field',
  'json',
  'list',
  'tree',
  'nested object',
]);

function isSortable(resource: Resource, fields: readonly Field[], name: string): boolean {
  if (resource.sortable?.includes(name) === true) return true;
  const field = fields.find((one) => one.name === name);
  return field !== undefined && field.column === name && name !== 'id' && !UNSORTABLE.has(field.type);
}

function addOrder(query: Query, resource: Resource, x: Exchange): void {
  const asked = x.query.get('order');
  if (asked === null || asked === '') return;
  const fields = fieldsOf(resource, x.world.version, 'all');
  const order = asked
    .split(',')
    .map((key) => key.trim())
    .filter((key) => isSortable(resource, fields, key.replace(/^-/, '')));
  if (order.length > 0) query.order = order;
}

/** The rows a list request asks for. */
export function selectRows(resource: Resource, x: Exchange): Selection {
  const query = scopeQuery(resource, x);
  addIds(query, resource, x);
  addFilters(query, resource, x);
  addSearch(query, resource, x);
  addDates(query, resource, x);
  for (const condition of labelConditions(resource, x)) add(query, condition);
  for (const condition of attrRules(resource, x)) add(query, condition);
  addOrder(query, resource, x);
  return tableOf(resource, x).select(query);
}

/** The bounds of the page a request asks for; null without a usable `limit` (api.md §3.1). */
export function pageOf(x: Exchange, most = x.world.facts.maxLimit): { limit: number; offset: number } | null {
  const asked = x.query.get('limit');
  if (asked === null || !/^\d+$/.test(asked.trim()) || Number(asked) < 1) return null;
  const offset = x.query.get('offset') ?? '';
  return { limit: Math.min(Number(asked), most), offset: /^\d+$/.test(offset) ? Number(offset) : 0 };
}

function pageUrl(x: Exchange, limit: number, offset: number): string {
  const pairs = [...x.query].filter(([name]) => name !== 'limit' && name !== 'offset');
  pairs.push(['limit', String(limit)]);
  if (offset > 0) pairs.push(['offset', String(offset)]);
  const query = new URLSearchParams(pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return `${x.url.origin}${x.url.pathname}?${query}`;
}

/** A page or an array of already shaped rows, by the rules of §3.1. */
export function toPage<T>(
  x: Exchange,
  rows: { length: number; slice(from: number, to: number): T[] },
  shape: (row: T) => Json,
  most: { unpaged?: number; limit?: number } = {},
): Json {
  const page = pageOf(x, most.limit);
  if (page === null) {
    const shown = rows.slice(0, Math.min(rows.length, most.unpaged ?? Infinity));
    x.rows += shown.length;
    return shown.map(shape);
  }
  const { limit, offset } = page;
  const shown = rows.slice(offset, offset + limit);
  x.rows += shown.length;
  return {
    count: rows.length,
    next: offset + limit < rows.length ? pageUrl(x, limit, offset + limit) : null,
    previous: offset > 0 ? pageUrl(x, limit, Math.max(0, offset - limit)) : null,
    results: shown.map(shape),
  };
}

/** The answer to a list request of a resource. */
export function listAnswer(resource: Resource, x: Exchange, selection = selectRows(resource, x)): Json {
  const view = x.query.get('format') === 'json' ? 'D' : 'L';
  const fields = narrow(resource, shapeOf(resource, x, view), x);
  const look = lookOf(x, view);
  const unpaged = resource.uncut === true ? Infinity : x.world.facts.unpagedRows;
  return toPage(x, selection, (row: Row) => toAnswer(row, fields, look), { unpaged });
}

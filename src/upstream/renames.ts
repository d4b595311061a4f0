import { compareVersions } from './capabilities.ts';
import { type AttrRule, toAttrRules } from './query.ts';

/** A name of 4.10 and what servers before `before` call it. */
interface Rename {
  readonly before: string;
  readonly now: string;
  readonly was: string;
}

/** Paths, as the contract has them without `/api/v1`. */
const PATHS: readonly Rename[] = [{ before: '4.10.0', now: '/assets/zones/', was: '/assets/domains/' }];

/** Properties of rows and bodies, filters, and names in `fields` and `order` (api.md §7; the recorded rows of 3.10.23 and 4.9.0 differ in these). */
const NAMES: readonly Rename[] = [
  { before: '4.10.0', now: 'zone', was: 'domain' },
  { before: '4.10.0', now: 'zone_id', was: 'domain_id' },
  { before: '4.10.0', now: 'gateway_enabled', was: 'domain_enabled' },
  { before: '4.10.0', now: 'zones_amount', was: 'domains_amount' },
];

/** Where rows hold these names: everywhere else a property `domain` is somebody's own. */
const ROUTES = [
  '/assets/',
  '/accounts/',
  '/perms/',
  '/orgs/',
  '/terminal/applet-hosts/',
  '/authentication/connection-token/',
];

/** Objects inside a row whose properties are renamed too. */
const WITHIN = ['auto_config', 'automation', 'asset', 'resource_statistics'];

/** Translates between the names of 4.10, which everything above speaks, and an older server's. */
export interface Renames {
  /** The path as this server has it. */
  path(path: string): string;
  /** The query string as this server has it; `path` is the contract's. */
  query(path: string, query: string): string;
  /** A JSON body as this server has it. */
  body(path: string, body: string): string;
  /** An answer in 4.10's names, changed in place. */
  answer(path: string, data: unknown): unknown;
}

/** The renames for a version; undefined when there are none, so that new servers pay nothing. */
export const createRenames = (version: string): Renames | undefined => {
  const apply = ({ before }: Rename) => compareVersions(version, before) < 0;
  const paths = PATHS.filter(apply);
  const names = NAMES.filter(apply);
  if (paths.length + names.length === 0) return undefined;
  const toWas = new Map(names.map(({ now, was }) => [now, was]));
  const toNow = new Map(names.map(({ now, was }) => [was, now]));
  return {
    path: (path) =>
      paths.reduce((text, { now, was }) => (text.startsWith(now) ? was + text.slice(now.length) : text), path),
    query: (path, query) => (query !== '' && concerns(path) ? renameQuery(query, toWas) : query),
    body: (path, body) => (concerns(path) ? JSON.stringify(renameRows(JSON.parse(body), toWas)) : body),
    answer: (path, data) => (concerns(path) ? renameAnswer(data, toNow) : data),
  };
};

const concerns = (path: string): boolean => ROUTES.some((route) => path.startsWith(route));

const renameQuery = (query: string, names: ReadonlyMap<string, string>): string =>
  query
    .split('&')
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return `${renameParameter(name, names)}=${renameValue(decodeURIComponent(name), value, names)}`;
    })
    .join('&');

/** `zone__in` and `zone!` follow `zone`. */
const renameParameter = (name: string, names: ReadonlyMap<string, string>): string => {
  const [, stem = name, rest = ''] = /^(.*?)(__.*|%21)?$/.exec(name) ?? [];
  return `${names.get(stem) ?? stem}${rest}`;
};

const renameValue = (name: string, value: string, names: ReadonlyMap<string, string>): string => {
  if (name === 'attr_rules') return renameRules(value, names);
  if (name !== 'fields' && name !== 'fields!' && name !== 'order') return value;
  const list = decodeURIComponent(value).split(',');
  return list.map((item) => encodeURIComponent(renameListed(item, names))).join(',');
};

const renameListed = (item: string, names: ReadonlyMap<string, string>): string =>
  item.startsWith('-') ? `-${names.get(item.slice(1)) ?? item.slice(1)}` : (names.get(item) ?? item);

/** Rules name columns, also through a relation (`asset__zone_id`). */
const renameRules = (value: string, names: ReadonlyMap<string, string>): string => {
  const rules: unknown = JSON.parse(Buffer.from(decodeURIComponent(value), 'base64').toString('utf8'));
  if (!isObject(rules) || !Array.isArray(rules.attrs)) return value;
  const attrs = (rules.attrs as readonly AttrRule[]).map((rule) => ({
    ...rule,
    name: rule.name
      .split('__')
      .map((part) => names.get(part) ?? part)
      .join('__'),
  }));
  return encodeURIComponent(toAttrRules(attrs));
};

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const renameAnswer = (data: unknown, names: ReadonlyMap<string, string>): unknown => {
  if (isObject(data) && Array.isArray(data.results)) renameRows(data.results, names);
  else renameRows(data, names);
  return data;
};

/** A row, or a list of rows. */
const renameRows = (data: unknown, names: ReadonlyMap<string, string>): unknown => {
  if (Array.isArray(data)) for (const row of data) renameRow(row, names);
  else renameRow(data, names);
  return data;
};

const renameRow = (row: unknown, names: ReadonlyMap<string, string>): void => {
  if (!isObject(row)) return;
  for (const [from, to] of names) {
    if (!(from in row)) continue;
    row[to] = row[from];
    delete row[from];
  }
  for (const key of WITHIN) renameRow(row[key], names);
};

/**
 * Condenses recordings of real servers into `codegen/evidence/<version>.json`: facts only (names, types, nulls, wire values of choices),
 * no row's values, no prose. Run it after new recordings: `npx tsx codegen/evidence.ts [folder of recordings]`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import type { Json, Schema } from './contract-document.ts';
import type { AnswerEvidence, Evidence, FieldEvidence, RouteEvidence } from './repairs/evidence.ts';
import { installationChoices, mergeShapes, shapeOf, sortValues } from './repairs/shape.ts';

/** One line of a recording. */
export interface Exchange {
  name: string;
  request: { method: string; path: string; query: Record<string, string | number>; body: Json };
  response: { status: number; headers: Record<string, string | string[]>; body_kind: string; body: Json };
}

/** Rows by resource, as their lists gave them. */
export type Snapshot = Record<string, Json>;

type JsonObject = { [property: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values in a path: ids, and `self` in the place of one (api.md §5.10). */
const idPattern = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+|self)$/;

/** The path without `/api/v1`, `{id}` in place of values. */
const toKey = (path: string): string =>
  path
    .replace(/^\/api(\/v1)?/, '')
    .split('/')
    .map((segment) => (idPattern.test(segment) ? '{id}' : segment))
    .join('/');

const isPage = (body: Json): body is { count: Json; results: Json[] } =>
  isObject(body) && 'count' in body && Array.isArray(body.results);

const toEnvelope = (body: Json): string => {
  if (isPage(body)) return 'page';
  if (Array.isArray(body)) return 'array';
  if (isObject(body)) return 'object';
  return body === null || body === '' ? 'empty' : 'value';
};

const toRows = (body: Json): Json[] => {
  if (isPage(body)) return body.results;
  return Array.isArray(body) ? body : [body];
};

/** Parameters that leave properties out of a row: such rows witness nothing about presence. */
const projections = ['fields', 'fields!', 'fields_size', 'action', 'template', 'total_count', 'dates_metrics'];

const isProjected = (query: Exchange['request']['query']): boolean => projections.some((name) => name in query);

const mergeInto = (shape: Schema | undefined, values: Json[]): Schema | undefined => {
  const shapes = values.map((value) => shapeOf(value));
  return [...(shape === undefined ? [] : [shape]), ...shapes].reduce<Schema | undefined>(
    (merged, next) => (merged === undefined ? next : mergeShapes(merged, next)),
    undefined,
  );
};

const addAnswer = (route: RouteEvidence, { request, response }: Exchange): void => {
  route.answers ??= {};
  const status = String(response.status);
  const key =
    response.status === 200 && route.answers[request.method]?.status === '201'
      ? `${request.method} 200`
      : request.method;
  const answer: AnswerEvidence = route.answers[key] ?? { status, envelopes: [] };
  const envelope = toEnvelope(response.body);
  if (!answer.envelopes.includes(envelope)) answer.envelopes.push(envelope);
  const rows = envelope === 'empty' ? [] : toRows(response.body);
  const shape = mergeInto(answer.shape, rows);
  route.answers[key] = shape === undefined ? answer : { ...answer, shape };
};

const withoutRequired = (shape: Schema): Schema => ({ ...shape, required: [] });

/** A row of which some properties were not asked for: it shows types, not presence. */
const addProjected = (route: RouteEvidence, { request, response }: Exchange): void => {
  const answer = route.answers?.[request.method];
  const rows = toRows(response.body).filter(isObject);
  if (rows.length === 0) return;
  const [first, ...rest] = rows.map((row) => withoutRequired(shapeOf(row)));
  if (first === undefined) return;
  const merged = rest.reduce(mergeShapes, first);
  route.answers = {
    ...route.answers,
    [request.method]: answer?.shape
      ? { ...answer, shape: { ...mergeShapes(answer.shape, merged), required: answer.shape.required ?? [] } }
      : { status: String(response.status), envelopes: [toEnvelope(response.body)], shape: merged },
  };
};

const addBody = (route: RouteEvidence, { request }: Exchange): void => {
  if (request.body === null) return;
  const isArray = Array.isArray(request.body);
  if (isArray && !route.arrays?.includes(request.method)) route.arrays = [...(route.arrays ?? []), request.method];
  const bodies = isArray ? toRows(request.body) : [request.body];
  const shape = mergeInto(route.bodies?.[request.method], bodies);
  if (shape !== undefined) route.bodies = { ...route.bodies, [request.method]: shape };
};

const flag = <Name extends string>(name: Name, field: JsonObject, key: string): Partial<Record<Name, true>> =>
  field[key] === true ? ({ [name]: true } as Partial<Record<Name, true>>) : {};

const toValues = (choices: Json | undefined): { values?: (string | number | boolean)[] } => {
  if (!Array.isArray(choices) || choices.length === 0) return {};
  const values = choices.flatMap((choice) =>
    isObject(choice) && !isObject(choice.value) ? [choice.value ?? null] : [],
  );
  return { values: sortValues(values).filter((value) => value !== null && typeof value !== 'object') };
};

/** The leaves of a tree of choices (`actions`). */
const toLeaves = (tree: Json | undefined): Json[] =>
  Array.isArray(tree)
    ? tree.flatMap((node) => (isObject(node) && Array.isArray(node.children) ? toLeaves(node.children) : [node]))
    : [];

const toField = (name: string, field: JsonObject): FieldEvidence => {
  const child = isObject(field.child) ? field.child : undefined;
  const children = isObject(field.children) ? field.children : isObject(child?.children) ? child.children : undefined;
  return {
    kind: String(field.type),
    ...flag('required', field, 'required'),
    ...flag('readOnly', field, 'read_only'),
    ...flag('writeOnly', field, 'write_only'),
    ...(installationChoices.has(name) ? {} : toValues(field.choices ?? child?.choices ?? toLeaves(field.tree))),
    ...(children ? { fields: toFields(children) } : {}),
  };
};

const toFields = (fields: JsonObject): Record<string, FieldEvidence> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => (isObject(field) ? [[name, toField(name, field)]] : [])),
  );

const addMetadata = (route: RouteEvidence, body: Json): void => {
  if (!isObject(body) || !isObject(body.actions)) return;
  const { GET, PUT, PATCH, POST } = body.actions;
  const fields = [GET, PUT, PATCH, POST].map((action) => (isObject(action) ? toFields(action) : {}));
  route.fields = Object.assign({}, ...fields);
  if (!isObject(body.filters)) return;
  route.filters = Object.fromEntries(
    Object.entries(body.filters).flatMap(([name, filter]) =>
      isObject(filter) ? [[name, { kind: String(filter.type), lookups: toLookups(filter) }]] : [],
    ),
  );
};

/** A filter of its own making (`custom`) knows no lookups beside its own. */
const toLookups = (filter: JsonObject): string[] =>
  filter.custom === true || !Array.isArray(filter.operators)
    ? []
    : filter.operators
        .map(String)
        .filter((lookup) => lookup !== 'exact')
        .sort();

const toAllow = (headers: Exchange['response']['headers']): string[] =>
  String(headers.allow ?? '')
    .split(', ')
    .filter((method) => ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method));

const addSuccess = (route: RouteEvidence, exchange: Exchange): void => {
  const { request, response } = exchange;
  if (request.method === 'OPTIONS') {
    addMetadata(route, response.body);
    return;
  }
  addBody(route, exchange);
  const isEmpty = response.body === null || response.body === '';
  if (response.body_kind !== 'json' && !isEmpty) return;
  if (request.query.format === 'json') {
    const shape = mergeInto(route.detailed, toRows(response.body));
    if (shape !== undefined && !isProjected(request.query)) route.detailed = shape;
    return;
  }
  if (isProjected(request.query)) addProjected(route, exchange);
  else addAnswer(route, exchange);
};

/** A server's snapshot lists these resources under another name than their path's last part. */
const resourcePaths: Record<string, string> = {
  'permission-assets': '/perms/asset-permissions-assets-relations/',
  'permission-nodes': '/perms/asset-permissions-nodes-relations/',
  'permission-user-groups': '/perms/asset-permissions-user-groups-relations/',
  'permission-users': '/perms/asset-permissions-users-relations/',
  'user-group-relations': '/users/users-groups-relations/',
  'user-groups': '/users/groups/',
  users: '/users/users/',
  labels: '/labels/labels/',
  roles: '/rbac/roles/',
  nodes: '/assets/nodes/',
  'rbac-permissions': '/rbac/permissions/',
  categories: '/assets/categories/',
};

/** Snapshots of these were taken with `format=json`. */
const detailedResources = new Set(['user-groups', 'zones', 'asset-permissions']);

const addSnapshot = (routes: Record<string, RouteEvidence>, resource: string, rows: Json): void => {
  const path =
    resourcePaths[resource] ?? Object.keys(routes).find((key) => key.endsWith(`/${resource}/`) && !key.includes('{'));
  const route = path === undefined ? undefined : routes[path];
  if (route === undefined || !Array.isArray(rows)) return;
  if (detailedResources.has(resource)) {
    const shape = mergeInto(route.detailed, rows);
    if (shape !== undefined) route.detailed = shape;
    return;
  }
  const answer = route.answers?.GET;
  const shape = mergeInto(answer?.shape, rows);
  if (answer !== undefined && shape !== undefined) route.answers = { ...route.answers, GET: { ...answer, shape } };
};

/** Condenses one server's recording. */
export const condense = (version: string, exchanges: Exchange[], snapshot: Snapshot): Evidence => {
  const routes: Record<string, RouteEvidence> = {};
  for (const exchange of exchanges) {
    const { request, response } = exchange;
    if (response.status === 404 || response.status === 405 || !request.path.endsWith('/')) continue;
    const key = toKey(request.path);
    routes[key] ??= {};
    const allow = toAllow(response.headers);
    if (allow.length > 0) routes[key].allow = allow;
    if (response.status < 300) addSuccess(routes[key], exchange);
  }
  for (const [resource, rows] of Object.entries(snapshot)) addSnapshot(routes, resource, rows);
  return {
    version,
    routes: Object.fromEntries(Object.entries(routes).sort(([left], [right]) => (left < right ? -1 : 1))),
  };
};

/** One route a line: small, and a change shows where it happened. */
const printEvidence = ({ version, routes }: Evidence): string => {
  const lines = Object.entries(routes).map(([path, route]) => `    ${JSON.stringify(path)}: ${JSON.stringify(route)}`);
  return `{\n  "version": ${JSON.stringify(version)},\n  "routes": {\n${lines.join(',\n')}\n  }\n}\n`;
};

const readCompressed = (folder: string, name: string): string =>
  brotliDecompressSync(readFileSync(join(folder, name))).toString('utf8');

/** Reads a folder of recordings (`<version>.exchanges.jsonl.br`, `<version>.snapshot.json.br`) and writes the evidence of each version. */
export const writeEvidence = (recordings: string, target: string): string[] => {
  const suffix = '.exchanges.jsonl.br';
  const versions = readdirSync(recordings).flatMap((name) =>
    name.endsWith(suffix) ? [name.slice(0, -suffix.length)] : [],
  );
  for (const version of versions) {
    const lines = readCompressed(recordings, `${version}${suffix}`).split('\n');
    const exchanges = lines.filter((line) => line !== '').map((line): Exchange => JSON.parse(line));
    const snapshot: Snapshot = JSON.parse(readCompressed(recordings, `${version}.snapshot.json.br`));
    writeFileSync(join(target, `${version}.json`), printEvidence(condense(version, exchanges, snapshot)));
  }
  return versions;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  writeEvidence(process.argv[2] ?? here('../test/recordings'), here('./evidence'));
}

/** What four real JumpServers answered: the recorded exchanges and the rows they held just before. */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

/** The recorded servers, oldest first. */
export const versions = ['3.10.23', '4.9.0', '4.10.16', '4.10.19'] as const;

/** One of the recorded servers. */
export type Version = (typeof versions)[number];

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object: one row, one body. */
export interface JsonObject {
  [property: string]: Json;
}

/** Whose credential a request carried: an administrator's, an ordinary user's, one that nobody owns, none. */
export type Credential = 'private_token' | 'bearer' | 'bearer_bad' | 'none' | 'session cookie jms_sessionid';

/** One request as it was sent. */
export interface RecordedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** Begins with `/api/`, has no query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | number>>;
  /** The `X-JMS-ORG` header; null when it was not sent. */
  readonly org: string | null;
  readonly auth: Credential;
  readonly body: Json;
}

/** The answer as it came back; `body` is text when `body_kind` says so. */
export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body_kind: 'json' | 'text';
  readonly body: Json;
}

/** One recorded exchange; within a version they stand in the order in which they happened. */
export interface Exchange {
  readonly name: string;
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
}

/** Rows by resource, as each list endpoint gave them; `server-info` and `settings-public` are one row each. */
export type Snapshot = Readonly<Record<string, readonly JsonObject[]>>;

/** One recorded successful read. */
export interface RecordedRead {
  readonly name: string;
  readonly query: RecordedRequest['query'];
  readonly auth: Credential;
  /** The rows of a list (paged or not), or the one row of a detail. */
  readonly rows: readonly JsonObject[];
}

/** One choice of a field. */
export interface Choice {
  readonly value: string | number | boolean;
  readonly label: string;
}

const read = (name: string): string =>
  brotliDecompressSync(readFileSync(new URL(`../recordings/${name}.br`, import.meta.url))).toString('utf8');

const cached = <T>(load: (version: Version) => T): ((version: Version) => T) => {
  const loaded = new Map<Version, T>();
  return (version) => {
    const value = loaded.get(version) ?? load(version);
    loaded.set(version, value);
    return value;
  };
};

/** The recorded exchanges of a version, in their order. Shared: do not change them. */
export const loadExchanges: (version: Version) => readonly Exchange[] = cached((version) =>
  read(`${version}.exchanges.jsonl`)
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Exchange => JSON.parse(line)),
);

/** The rows that a server held just before its recording. Shared: do not change them. */
export const loadSnapshot: (version: Version) => Snapshot = cached((version) => {
  const resources: Record<string, JsonObject | JsonObject[]> = JSON.parse(read(`${version}.snapshot.json`));
  return Object.fromEntries(
    Object.entries(resources).map(([name, rows]) => [name, Array.isArray(rows) ? rows : [rows]]),
  );
});

/** True for a JSON object, so neither null nor an array. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const toRows = (body: Json): JsonObject[] => {
  if (Array.isArray(body)) return body.filter(isObject);
  if (!isObject(body)) return [];
  return Array.isArray(body.results) && 'count' in body ? body.results.filter(isObject) : [body];
};

const isRead = ({ request, response }: Exchange): boolean => request.method === 'GET' && response.status === 200;

const toRead = ({ name, request, response }: Exchange): RecordedRead => ({
  name,
  query: request.query,
  auth: request.auth,
  rows: toRows(response.body),
});

const withPrefix = (path: string): string => (path.startsWith('/api/') ? path : `/api/v1${path}`);

/** Every recorded successful read of a list, such as `/assets/hosts/` (the prefix `/api/v1` may stand before it). */
export const listAnswers = (version: Version, path: string): RecordedRead[] =>
  loadExchanges(version)
    .filter((exchange) => isRead(exchange) && exchange.request.path === withPrefix(path))
    .map(toRead);

/** Every recorded successful read of one row: the path has `{…}` in place of values, as in `/assets/hosts/{id}/`. */
export const detailAnswers = (version: Version, template: string): RecordedRead[] => {
  const pattern = new RegExp(`^${withPrefix(template).replace(/\{[^}]*\}/g, '(?:[0-9a-f-]{36}|\\d+|self)')}$`);
  return loadExchanges(version)
    .filter((exchange) => isRead(exchange) && pattern.test(exchange.request.path))
    .map(toRead);
};

/**
 * JumpServer's own metadata of a list's fields (`OPTIONS`), those of its writes before those of its reads;
 * undefined where it was not recorded (before 4.10).
 */
const loadMetadata = (version: Version, path: string): Readonly<Record<string, JsonObject>> | undefined => {
  const found = loadExchanges(version).find(
    ({ request, response }) =>
      request.method === 'OPTIONS' && request.path === withPrefix(path) && response.status === 200,
  );
  const actions = isObject(found?.response.body) ? found.response.body.actions : undefined;
  if (!isObject(actions)) return undefined;
  const fields = [actions.GET, actions.PUT, actions.POST].flatMap((action) =>
    isObject(action) ? Object.entries(action) : [],
  );
  return Object.fromEntries(fields.flatMap(([name, field]) => (isObject(field) ? [[name, field]] : [])));
};

const isScalar = (value: Json | undefined): value is Choice['value'] => value !== null && typeof value !== 'object';

const toChoice = (choice: Json): Choice[] =>
  isObject(choice) && isScalar(choice.value) ? [{ value: choice.value, label: String(choice.label ?? '') }] : [];

/** The choices of each field of a list that has any, from the recorded `OPTIONS`; empty where none was recorded (before 4.10). */
export const loadChoices = (version: Version, path: string): Readonly<Record<string, readonly Choice[]>> =>
  Object.fromEntries(
    Object.entries(loadMetadata(version, path) ?? {}).flatMap(([name, field]) =>
      Array.isArray(field.choices) && field.choices.length > 0 ? [[name, field.choices.flatMap(toChoice)]] : [],
    ),
  );

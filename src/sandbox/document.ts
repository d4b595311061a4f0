import type { Field } from './field.ts';
import type { Resource } from './resource.ts';
import { pathOf } from './routes.ts';
import { fieldsOf, toSpan } from './rows.ts';
import type { Json, JsonObject, SandboxVersion } from './types.ts';
import { isIn } from './versions.ts';

/** A description of the server in one of the two languages its versions speak (api.md §6). */
interface Dialect {
  /** Reference to a named schema. */
  ref(name: string): JsonObject;
  /** Schema of a property. */
  property(field: Field): JsonObject;
  /** An operation with its parameters, body and answer. */
  operation(told: Operation): JsonObject;
}

interface Operation {
  id: string;
  tag: string;
  query: string[];
  body: string | null;
  status: string;
  /** Schema of the answer; null for none. */
  answer: JsonObject | null;
}

const NULLABLE = { nullable: true };
const text = { type: 'string' };
const choice: JsonObject = { type: 'object', properties: { value: text, label: text } };
const related: JsonObject = { type: 'object', properties: { id: text, name: text } };

const TYPES: Record<string, JsonObject> = {
  string: text,
  slug: text,
  choice: text,
  email: { type: 'string', format: 'email' },
  integer: { type: 'integer' },
  decimal: { type: 'number' },
  boolean: { type: 'boolean' },
  datetime: { type: 'string', format: 'date-time', ...NULLABLE },
  labeled_choice: choice,
  object_related_field: related,
  m2m_related_field: { type: 'array', items: related },
  list: { type: 'array', items: text },
  tree: { type: 'array', items: text },
  json: {},
  'nested object': { type: 'object' },
};

function withFlags(field: Field, schema: JsonObject): JsonObject {
  return {
    ...schema,
    ...(field.mode === 'ro' ? { readOnly: true } : {}),
    ...(field.mode === 'wo' ? { writeOnly: true } : {}),
  };
}

/** OpenAPI 3.0.3, as 4.10 writes it: every list a page, descriptions null, one bearer scheme. */
const openApi: Dialect = {
  ref: (name) => ({ $ref: `#/components/schemas/${name}` }),
  property: (field) => {
    if (field.name === 'id' && field.type === 'string') return { type: 'string', format: 'uuid' };
    return withFlags(field, TYPES[field.type] ?? text);
  },
  operation: ({ id, tag, query, body, status, answer }) => ({
    operationId: id,
    description: null,
    parameters: query.map((name) => ({
      in: 'query',
      name,
      schema: name === 'limit' || name === 'offset' ? { type: 'integer' } : text,
    })),
    tags: [tag],
    security: [{ Bearer: [] }],
    ...(body === null
      ? {}
      : { requestBody: { content: { 'application/json': { schema: openApi.ref(body) } }, required: true } }),
    responses: {
      [status]:
        answer === null
          ? { description: '' }
          : { content: { 'application/json': { schema: answer } }, description: '' },
    },
    summary: id,
  }),
};

const SWAGGER_TYPES: Record<string, JsonObject> = {
  ...TYPES,
  datetime: { type: 'string', format: 'date-time', 'x-nullable': true },
  labeled_choice: text,
  object_related_field: text,
  m2m_related_field: { type: 'array', items: text, uniqueItems: true },
};

/** Swagger 2.0, as older servers write it: choices and references are strings. */
const swagger: Dialect = {
  ref: (name) => ({ $ref: `#/definitions/${name}` }),
  property: (field) => {
    if (field.name === 'id' && field.type === 'string') return { type: 'string', format: 'uuid' };
    return withFlags(field, SWAGGER_TYPES[field.type] ?? text);
  },
  operation: ({ id, tag, query, body, status, answer }) => ({
    operationId: id,
    description: '',
    parameters: [
      ...query.map((name) => ({
        in: 'query',
        name,
        required: false,
        type: name === 'limit' || name === 'offset' ? 'integer' : 'string',
      })),
      ...(body === null ? [] : [{ name: 'data', in: 'body', required: true, schema: swagger.ref(body) }]),
    ],
    responses: { [status]: { description: '', ...(answer === null ? {} : { schema: answer }) } },
    tags: [tag],
    summary: id,
  }),
};

/** What no version describes, though it is there at run time. */
const HIDDEN = /executions|automations|change-secret|suggestions|index|copy-to|move-to/;
/** Apps whose paths 4.9's JSON document leaves out. */
const HIDDEN_4_9 = new Set(['ops', 'tickets', 'terminal', 'settings', 'rbac', 'authentication', 'common']);

function isTold(resource: Resource, version: SandboxVersion): boolean {
  const path = pathOf(resource, version);
  if (!isIn(version, toSpan(resource)) || HIDDEN.test(path)) return false;
  return version !== '4.9.0' || !HIDDEN_4_9.has(path.split('/')[0] ?? '');
}

const nameOf = (resource: Resource): string => resource.noun.replaceAll(/[^A-Za-z0-9]/g, '');

function schemaOf(dialect: Dialect, fields: readonly Field[]): JsonObject {
  const properties: JsonObject = {};
  for (const field of fields) properties[field.name] = dialect.property(field);
  const required = fields.filter((field) => field.required || field.mode === 'ro').map((field) => field.name);
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

function pageOf(item: JsonObject): JsonObject {
  const link = { type: 'string', format: 'uri', ...NULLABLE };
  return {
    type: 'object',
    properties: { count: { type: 'integer' }, next: link, previous: link, results: { type: 'array', items: item } },
  };
}

interface Draft {
  dialect: Dialect;
  version: SandboxVersion;
  prefix: string;
  paths: JsonObject;
  schemas: JsonObject;
}

function addResource(draft: Draft, resource: Resource): void {
  const { dialect, version, prefix, paths, schemas } = draft;
  const path = pathOf(resource, version);
  const name = nameOf(resource);
  const methods = resource.methods ?? 'LCRUDB';
  const tag = path.replace('/', '_');
  const id = (verb: string): string => `${tag.replaceAll('-', '_')}_${verb}`;
  const item = dialect.ref(name);
  schemas[name] = schemaOf(
    dialect,
    fieldsOf(resource, version, 'all').filter((field) => field.at !== 'L'),
  );
  schemas[`${name}List`] = schemaOf(dialect, fieldsOf(resource, version, 'L'));
  const page = `Paginated${name}ListList`;
  if (dialect === openApi) schemas[page] = pageOf(dialect.ref(`${name}List`));
  const list: JsonObject = {};
  const detail: JsonObject = {};
  const add = (to: JsonObject, method: string, verb: string, told: Partial<Operation>): void => {
    to[method] = dialect.operation({ id: id(verb), tag, query: [], body: null, status: '200', answer: item, ...told });
  };
  const query = [
    ...Object.keys(resource.filters ?? {}),
    'limit',
    'offset',
    'order',
    isIn(version, { since: '4.10.16' }) ? 'q' : 'search',
  ];
  const pageAnswer = dialect === openApi ? dialect.ref(page) : pageOf(dialect.ref(`${name}List`));
  if (methods.includes('L')) add(list, 'get', 'list', { query, answer: pageAnswer });
  if (methods.includes('C')) add(list, 'post', 'create', { body: name, status: '201' });
  if (methods.includes('R')) add(detail, 'get', 'retrieve', {});
  if (methods.includes('U')) {
    add(detail, 'put', 'update', { body: name });
    add(detail, 'patch', 'partial_update', { body: name });
  }
  if (methods.includes('D')) add(detail, 'delete', 'destroy', { status: '204', answer: null });
  if (Object.keys(list).length > 0) paths[`${prefix}/${path}/`] = list;
  if (Object.keys(detail).length > 0) paths[`${prefix}/${path}/{id}/`] = { ...detail, ...pathParameter(dialect) };
  addActions(draft, resource, tag);
}

function pathParameter(dialect: Dialect): JsonObject {
  const plain = { name: 'id', in: 'path', required: true };
  return { parameters: [dialect === openApi ? { ...plain, schema: text } : { ...plain, ...text }] };
}

function addActions(draft: Draft, resource: Resource, tag: string): void {
  const { dialect, version, prefix, paths } = draft;
  const base = `${prefix}/${pathOf(resource, version)}`;
  for (const action of resource.actions ?? []) {
    if (action.path === '' || !isIn(version, toSpan(action)) || HIDDEN.test(action.path)) continue;
    const path = `${base}/${action.path.replaceAll(/:([a-z]+)/g, '{$1}')}/`;
    const told = (paths[path] ?? {}) as JsonObject;
    for (const method of action.method.toLowerCase().split(' ')) {
      if (method === 'options') continue;
      const id = `${tag}_${action.path}_${method}`.replaceAll(/[^a-z]+/gi, '_');
      told[method] = dialect.operation({
        id,
        tag,
        query: [],
        body: null,
        status: method === 'post' ? '201' : '200',
        answer: dialect.ref(nameOf(resource)),
      });
    }
    if (Object.keys(told).length > 0) paths[path] = told;
  }
}

/** The document that a server of this version serves of itself at `/api/swagger.json`. */
export function describeApi(version: SandboxVersion, resources: readonly Resource[], origin: string): Json {
  const isOpen = isIn(version, { since: '4.10.16' });
  const dialect = isOpen ? openApi : swagger;
  const draft: Draft = { dialect, version, prefix: isOpen ? '/api/v1' : '', paths: {}, schemas: {} };
  for (const resource of resources) if (isTold(resource, version)) addResource(draft, resource);
  const info = { title: 'JumpServer API Docs', version: 'v1', description: 'An embedded stand-in' };
  if (isOpen) {
    const securitySchemes = { Bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } };
    return {
      openapi: '3.0.3',
      info,
      paths: draft.paths,
      components: { schemas: draft.schemas, securitySchemes },
      servers: [{ url: origin }],
    };
  }
  return {
    swagger: '2.0',
    info,
    host: new URL(origin).host,
    schemes: ['http'],
    basePath: '/api/v1',
    consumes: ['application/json'],
    produces: ['application/json'],
    securityDefinitions: { Bearer: { type: 'apiKey', name: 'Authorization', in: 'header' } },
    security: [{ Bearer: [] }],
    paths: draft.paths,
    definitions: draft.schemas,
  };
}

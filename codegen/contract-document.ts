/** The part of OpenAPI 3.0 that JumpServer's document uses, and small questions that every step asks of it. */

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [property: string]: Json };

/** The methods an operation can have; lower case, as in a document. */
export const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** One of the methods, as it stands in a document. */
export type Method = (typeof methods)[number];

/** The JSON types a schema can name. */
export type SchemaType = 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array';

/** A schema, or a reference to one. */
export interface Schema {
  $ref?: string;
  type?: SchemaType;
  format?: string;
  nullable?: boolean;
  readOnly?: boolean;
  writeOnly?: boolean;
  enum?: Json[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  default?: Json;
  title?: string;
  description?: string | null;
  /** The row shows this property only in its detail, or in its list under `format=json` (api.md §3.2). */
  'x-detail-only'?: true;
}

/** A parameter in the path or in the query. */
export interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  style?: string;
  explode?: boolean;
  schema?: Schema;
  description?: string | null;
}

/** The bodies that one request or answer can have, by media type. */
export interface Content {
  [mediaType: string]: { schema?: Schema };
}

/** What an operation takes as body. */
export interface RequestBody {
  $ref?: string;
  required?: boolean;
  content: Content;
  description?: string | null;
}

/** What an operation answers under one status. */
export interface Answer {
  description?: string | null;
  content?: Content;
}

/** One method of one path. */
export interface Operation {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: RequestBody;
  responses: Record<string, Answer>;
  description?: string | null;
  summary?: string | null;
  tags?: string[];
  deprecated?: boolean;
  /** The version from whose document this operation was taken, because this version's own leaves it out. */
  'x-from'?: string;
}

/** The operations of one path. */
export type PathItem = Partial<Record<Method, Operation>> & { parameters?: Parameter[] };

/** An OpenAPI 3.0 document. */
export interface Document {
  openapi: string;
  info: { title?: string; version?: string; description?: string | null };
  servers?: { url: string }[];
  paths: Record<string, PathItem>;
  components: { schemas: Record<string, Schema>; requestBodies?: Record<string, RequestBody> };
}

/** One operation with its place. */
export interface Located {
  method: Method;
  path: string;
  operation: Operation;
}

/** The media type of every body that we read or write. */
export const jsonType = 'application/json';

const prefix = '#/components/schemas/';

/** A reference to a component. */
export const toRef = (name: string): Schema => ({ $ref: `${prefix}${name}` });

/** The component that a schema refers to, also through a lone `allOf`; undefined when it stands inline. */
export const refName = (schema: Schema | undefined): string | undefined => {
  if (schema?.$ref !== undefined) return schema.$ref.slice(prefix.length);
  return schema?.allOf?.length === 1 ? refName(schema.allOf[0]) : undefined;
};

/** Follows a reference, also through a lone `allOf`. */
export const resolveSchema = (document: Document, schema: Schema | undefined): Schema | undefined => {
  const name = refName(schema);
  return name === undefined ? schema : resolveSchema(document, document.components.schemas[name]);
};

/** Every operation of a document, in its order. */
export const operationsOf = (document: Document): Located[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );

/** A path with its parameters' names left out: `/a/{id}/` and `/a/{pk}/` are the same route. */
export const toRoute = (path: string): string => path.replace(/\{[^}]*\}/g, '{}');

/** The operation that `"GET /assets/assets/"` names, whatever its path parameters are called. */
export const findOperation = (document: Document, name: string): Located | undefined => {
  const [verb = '', route = ''] = name.split(' ');
  const method = methods.find((candidate) => candidate.toUpperCase() === verb);
  if (method === undefined) return undefined;
  const path = route in document.paths ? route : findPath(document, route);
  const operation = path === undefined ? undefined : document.paths[path]?.[method];
  return path === undefined || operation === undefined ? undefined : { method, path, operation };
};

/** The document's own spelling of a path, whatever its parameters are called. */
export const findPath = (document: Document, path: string): string | undefined =>
  Object.keys(document.paths).find((candidate) => toRoute(candidate) === toRoute(path));

/** The successful statuses of an operation, smallest first. */
export const successStatuses = (operation: Operation): string[] =>
  Object.keys(operation.responses)
    .filter((status) => status.startsWith('2'))
    .sort();

/** The schema of an operation's first successful answer; undefined where it has no body. */
export const answerOf = (operation: Operation): Schema | undefined =>
  successStatuses(operation)
    .map((status) => operation.responses[status]?.content?.[jsonType]?.schema)
    .find((schema) => schema !== undefined);

/** The schema of an operation's body. */
export const bodyOf = (operation: Operation): Schema | undefined => operation.requestBody?.content[jsonType]?.schema;

/** True for a row of `{count, next, previous, results}` (api.md §3.1). */
export const isPage = (schema: Schema | undefined): boolean =>
  schema?.properties?.count !== undefined && schema.properties.results?.type === 'array';

/** How an answer carries its rows. */
export type Envelope = 'page' | 'array' | 'object';

/** What stands inside an answer: its rows' schema and the ways in which they come. */
export interface Rows {
  /** The rows' component, where they have one. */
  component: string | undefined;
  schema: Schema;
  envelopes: Envelope[];
}

/** Looks through pages, arrays and choices between them. */
export const rowsIn = (document: Document, answer: Schema | undefined): Rows | undefined => {
  const schema = resolveSchema(document, answer);
  if (answer === undefined || schema === undefined) return undefined;
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches !== undefined && refName(answer) === undefined) return mergeRows(document, branches);
  if (isPage(schema)) return inside(document, schema.properties?.results?.items, 'page');
  if (schema.type === 'array') return inside(document, schema.items, 'array');
  return inside(document, answer, 'object');
};

const inside = (document: Document, rows: Schema | undefined, envelope: Envelope): Rows | undefined => {
  const schema = resolveSchema(document, rows);
  return schema === undefined ? undefined : { component: refName(rows), schema, envelopes: [envelope] };
};

const mergeRows = (document: Document, branches: Schema[]): Rows | undefined => {
  const found = branches.flatMap((branch) => rowsIn(document, branch) ?? []);
  const [first] = found;
  return first && { ...first, envelopes: found.flatMap(({ envelopes }) => envelopes) };
};

/** The rows of `GET <path>`: what the graph's fields are checked against. Undefined where the path cannot be read. */
export const rowsOf = (document: Document, path: string): Rows | undefined => {
  const found = findOperation(document, `GET ${path}`);
  return found && rowsIn(document, answerOf(found.operation));
};

/** Repairs of what can be called: methods and routes that the document hides. */
import {
  answerOf,
  bodyOf,
  type Document,
  findPath,
  jsonType,
  type Method,
  methods,
  type Operation,
  operationsOf,
  type Parameter,
  type PathItem,
  resolveSchema,
  rowsIn,
  type Schema,
  toRef,
} from '../contract-document.ts';
import { detailOf, fieldsOf, isCollection, type Repair, type RepairContext, seen } from './context.ts';
import type { AnswerEvidence, FieldEvidence, RouteEvidence } from './evidence.ts';
import { mergeShapes } from './shape.ts';

/** A JSON answer. */
export const toAnswer = (schema: Schema): { content: { [type: string]: { schema: Schema } } } => ({
  content: { [jsonType]: { schema } },
});

/** The parameters that stand in a path. */
const pathParameters = (path: string): Parameter[] =>
  [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => ({
    name: name ?? '',
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const toMethod = (verb: string): Method | undefined => methods.find((method) => method.toUpperCase() === verb);

const statusOf = (method: Method, answer: AnswerEvidence | undefined): string => {
  if (answer !== undefined) return answer.status;
  if (method === 'delete') return '204';
  return method === 'post' ? '201' : '200';
};

/** The operation that a hidden method resembles most: a neighbour on its path, else the list's POST. */
const sibling = (item: PathItem): Operation | undefined => item.put ?? item.patch ?? item.post;

const hiddenOperation = (document: Document, path: string, method: Method, route: RouteEvidence): Operation => {
  const item = document.paths[path] ?? {};
  const model =
    sibling(item) ??
    sibling(detailOf(document, path) ? (document.paths[detailOf(document, path)?.path ?? ''] ?? {}) : {});
  const answer = answerOf(model ?? item.get ?? { responses: {} });
  const status = statusOf(method, route.answers?.[method.toUpperCase()]);
  const operation: Operation = { parameters: pathParameters(path), responses: { [status]: {} } };
  if (method === 'delete') return operation;
  const rows = rowsIn(document, answer);
  const own = rows?.component === undefined ? undefined : toRef(rows.component);
  const body = model === undefined ? own : bodyOf(model);
  if (body !== undefined)
    operation.requestBody = { required: true, content: { [jsonType]: { schema: structuredClone(body) } } };
  if (own !== undefined) operation.responses[status] = toAnswer(own);
  return operation;
};

const addHiddenMethods = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const [path, item] of Object.entries(document.paths)) {
    const route = seen(context, path);
    for (const verb of route?.allow ?? []) {
      const method = toMethod(verb);
      if (route === undefined || method === undefined || item[method] !== undefined) continue;
      item[method] = hiddenOperation(document, path, method, route);
      changes += 1;
    }
  }
  return changes;
};

/** `/accounts/gather-account-automations/{id}/` gives `GatherAccountAutomations`: all but the application's name. */
const toComponentName = (path: string): string => {
  const words = path.split('/').filter((word) => word !== '' && !word.startsWith('{'));
  return (words.length > 1 ? words.slice(1) : words)
    .flatMap((word) => word.split('-'))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
};

const scalarKinds: Record<string, Schema> = {
  string: { type: 'string' },
  slug: { type: 'string' },
  url: { type: 'string' },
  choice: { type: 'string' },
  datetime: { type: 'string', format: 'date-time' },
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  float: { type: 'number' },
  decimal: { type: 'number' },
};

const related: Schema = { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' } } };
const choice = (values: FieldEvidence['values']): Schema => ({
  type: 'object',
  properties: {
    value: {
      type: typeof values?.[0] === 'number' ? 'integer' : typeof values?.[0] === 'boolean' ? 'boolean' : 'string',
    },
    label: { type: 'string' },
  },
});

/** The schema of a field of which only JumpServer's metadata is known. */
export const fieldSchema = (field: FieldEvidence): Schema => {
  const flags = { ...(field.readOnly && { readOnly: true }), ...(field.writeOnly && { writeOnly: true }) };
  const inner = field.fields && toComponent(field.fields);
  if (field.kind === 'labeled_choice') return { ...choice(field.values), ...flags };
  if (field.kind === 'tree') return { type: 'array', items: choice(field.values), ...flags };
  if (field.kind === 'object_related_field') return { ...structuredClone(related), ...flags };
  if (field.kind === 'm2m_related_field') return { type: 'array', items: structuredClone(related), ...flags };
  if (field.kind === 'list') return { type: 'array', items: inner ?? {}, ...flags };
  if (field.kind === 'nested object') return { ...(inner ?? { type: 'object', additionalProperties: {} }), ...flags };
  if (inner !== undefined) return { type: 'array', items: inner, ...flags };
  return { ...scalarKinds[field.kind], ...flags };
};

const toComponent = (fields: Record<string, FieldEvidence>): Schema => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldSchema(field)])),
  required: Object.entries(fields).flatMap(([name, field]) => (field.required ? [name] : [])),
});

/** Adds what recorded values show to what metadata declares. */
const withShape = (component: Schema, shape: Schema | undefined): Schema => {
  if (shape?.properties === undefined) return component;
  const properties = { ...structuredClone(shape.properties), ...component.properties };
  for (const [name, seenShape] of Object.entries(shape.properties)) {
    if (Object.keys(component.properties?.[name] ?? {}).length === 0) properties[name] = structuredClone(seenShape);
  }
  return { ...component, type: 'object', properties };
};

const shapesOf = (route: RouteEvidence): Schema[] => [
  ...Object.values(route.answers ?? {}).flatMap(({ shape }) => shape ?? []),
  ...(route.detailed === undefined ? [] : [route.detailed]),
];

const addComponent = (document: Document, context: RepairContext, path: string, route: RouteEvidence): string => {
  const name = toComponentName(path);
  const fields = fieldsOf(context, path);
  const known =
    document.components.schemas[name] ?? (fields === undefined ? { type: 'object' as const } : toComponent(fields));
  const [first, ...rest] = shapesOf(route);
  document.components.schemas[name] = withShape(known, first && rest.reduce(mergeShapes, first));
  return name;
};

const toEnvelope = (rows: Schema, envelopes: readonly string[]): Schema => {
  const page: Schema = {
    type: 'object',
    properties: { count: { type: 'integer' }, results: { type: 'array', items: rows } },
  };
  const array: Schema = { type: 'array', items: rows };
  if (envelopes.includes('page')) return page;
  return envelopes.includes('array') ? array : rows;
};

const seenOperation = (rows: Schema | undefined, path: string, method: Method, route: RouteEvidence): Operation => {
  const verb = method.toUpperCase();
  const answer = route.answers?.[verb];
  const status = statusOf(method, answer);
  const operation: Operation = { parameters: pathParameters(path), responses: { [status]: {} } };
  const envelopes = answer?.envelopes ?? [];
  if (rows !== undefined && method !== 'delete') operation.responses[status] = toAnswer(toEnvelope(rows, envelopes));
  const body = route.bodies?.[verb];
  const writes = method === 'post' || method === 'put' || method === 'patch';
  if (writes && (body !== undefined || rows?.$ref !== undefined)) {
    const schema = rows?.$ref !== undefined ? rows : structuredClone(body ?? {});
    operation.requestBody = { required: true, content: { [jsonType]: { schema } } };
  }
  return operation;
};

const isObjectRow = (route: RouteEvidence): boolean => shapesOf(route).some(({ type }) => type === 'object');

const addHiddenRoutes = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const [path, route] of Object.entries(context.evidence.routes)) {
    if (route.answers === undefined || findPath(document, path) !== undefined) continue;
    const rows = isObjectRow(route) ? toRef(addComponent(document, context, path, route)) : shapesOf(route)[0];
    const allowed = (route.allow ?? Object.keys(route.answers)).flatMap((verb) => toMethod(verb) ?? []);
    document.paths[path] = Object.fromEntries(
      allowed.map((method) => [method, seenOperation(rows, path, method, route)]),
    );
    changes += 1;
  }
  return changes;
};

const addMissingBodies = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const { method, path, operation } of operationsOf(document)) {
    const route = seen(context, path);
    const shape = route?.bodies?.[method.toUpperCase()];
    if (shape === undefined || fitsBody(document, bodyOf(operation), shape)) continue;
    const isArray = route?.arrays?.includes(method.toUpperCase()) === true;
    const schema: Schema = isArray ? { type: 'array', items: structuredClone(shape) } : structuredClone(shape);
    operation.requestBody = { required: true, content: { [jsonType]: { schema } } };
    changes += 1;
  }
  return changes;
};

/** An action (a path that is not read) was sent properties that the document does not name; elsewhere unknown input is dropped in silence. */
const addSeenInputs = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const { method, path, operation } of operationsOf(document)) {
    const shape = seen(context, path)?.bodies?.[method.toUpperCase()];
    const target = resolveSchema(document, bodyOf(operation));
    if (shape?.properties === undefined || target?.properties === undefined || document.paths[path]?.get !== undefined)
      continue;
    const missing = Object.entries(shape.properties).filter(([name]) => target.properties?.[name] === undefined);
    for (const [name, property] of missing) target.properties[name] = structuredClone(property);
    changes += missing.length;
  }
  return changes;
};

/** At least one of the properties sent is one that the document declares, or nothing was sent. */
const fitsBody = (document: Document, body: Schema | undefined, shape: Schema): boolean => {
  const sent = Object.keys(shape.properties ?? {});
  if (shape.type === 'object' && sent.length === 0) return true;
  const declared = resolveSchema(document, rowsIn(document, body)?.schema)?.properties ?? {};
  return sent.some((name) => name in declared);
};

/** Where the document leaves out what can be called. */
export const routeRepairs: readonly Repair[] = [
  {
    name: 'hidden-methods',
    reason: 'every bulk operation, and the writes of some resources, are left out of the document',
    proof: 'api.md §4, §6; the Allow header of "list users"',
    apply: addHiddenMethods,
  },
  {
    name: 'hidden-routes',
    reason:
      'paths with executions, automations, resources/cache, index, permissions and others are left out of the document',
    proof: 'api.md §6; "list gather_account_automations", "dashboard index", "profile permissions"',
    apply: addHiddenRoutes,
  },
  {
    name: 'missing-bodies',
    reason: 'some operations take a body, or properties of it, that the document does not declare',
    proof: 'api.md §5.8, §6; "terminate session", "stash ids for bulk", "bulk create accounts again"',
    apply: (document, context) => addMissingBodies(document, context) + addSeenInputs(document, context),
  },
];

/** True for a list whose rows can be written in bulk: its path takes more than GET and POST. */
export const isBulk = (document: Document, context: RepairContext, path: string): boolean => {
  const item = document.paths[path];
  const isWritten = item?.put !== undefined || item?.patch !== undefined;
  const rows = rowsIn(document, item?.get && answerOf(item.get));
  const isList = isCollection(path) && rows !== undefined && !rows.envelopes.includes('object');
  return isList && isWritten && seen(context, path)?.allow?.includes('PATCH') !== false;
};

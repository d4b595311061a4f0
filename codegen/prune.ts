/** Reduces a document to what we use: the named operations and the schemas they reach, without prose, in one order. */
import {
  type Content,
  type Document,
  findOperation,
  type Located,
  type Operation,
  type Parameter,
  type PathItem,
  type Schema,
} from './contract-document.ts';

/** Everything a schema keeps; prose, examples, bounds and defaults (which hold translated texts and times) are dropped. */
const keptKeys = [
  '$ref',
  'type',
  'format',
  'nullable',
  'enum',
  'properties',
  'required',
  'items',
  'additionalProperties',
  'allOf',
  'anyOf',
  'oneOf',
  'x-detail-only',
] as const;

const pruneProperties = (properties: Record<string, Schema>): Record<string, Schema> =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, pruneSchema(schema)]));

const pruneSchema = (schema: Schema): Schema => {
  const kept: Schema = Object.fromEntries(
    keptKeys.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key]]])),
  );
  if (kept.nullable === false) delete kept.nullable;
  if (kept.required !== undefined) kept.required = [...kept.required].sort();
  if (kept.required?.length === 0) delete kept.required;
  if (kept.properties !== undefined) kept.properties = pruneProperties(kept.properties);
  if (kept.items !== undefined) kept.items = pruneSchema(kept.items);
  if (typeof kept.additionalProperties === 'object') kept.additionalProperties = pruneSchema(kept.additionalProperties);
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    const branches = kept[key];
    if (branches !== undefined) kept[key] = branches.map(pruneSchema);
  }
  return kept;
};

const pruneContent = (content: Content): Content =>
  Object.fromEntries(
    Object.entries(content).map(([type, { schema }]) => [
      type,
      schema === undefined ? {} : { schema: pruneSchema(schema) },
    ]),
  );

const pruneParameter = ({ name, in: place, style, explode, schema }: Parameter): Parameter => ({
  name,
  in: place,
  ...(place === 'path' && { required: true }),
  ...(style !== undefined && { style }),
  ...(explode !== undefined && { explode }),
  schema: pruneSchema(schema ?? { type: 'string' }),
});

const byPlaceAndName = (left: Parameter, right: Parameter): number =>
  `${left.in} ${left.name}` < `${right.in} ${right.name}` ? -1 : 1;

const pruneOperation = (operation: Operation): Operation => ({
  ...(operation.parameters?.length
    ? { parameters: operation.parameters.map(pruneParameter).sort(byPlaceAndName) }
    : {}),
  ...(operation.requestBody && {
    requestBody: {
      ...(operation.requestBody.required && { required: true }),
      content: pruneContent(operation.requestBody.content),
    },
  }),
  responses: Object.fromEntries(
    Object.entries(operation.responses).map(([status, { content }]) => [
      status,
      { description: '', ...(content === undefined ? {} : { content: pruneContent(content) }) },
    ]),
  ),
  ...(operation['x-from'] !== undefined && { 'x-from': operation['x-from'] }),
});

/** The components that a value refers to, at any depth of it. */
const referencesIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref.split('/').at(-1) ?? ''] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
};

/** The components that a value reaches, through other components too. */
export const reachedSchemas = (document: Document, value: unknown): Set<string> => {
  const reached = new Set<string>();
  const waiting = referencesIn(value);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    waiting.push(...referencesIn(document.components.schemas[name]));
  }
  return reached;
};

/** Sorts the keys of every object, whatever its depth; arrays keep their order. */
export const sortKeys = <Value>(value: Value): Value => {
  if (Array.isArray(value)) return value.map(sortKeys) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)])) as Value;
};

const toPaths = (located: readonly Located[]): Record<string, PathItem> => {
  const paths: Record<string, PathItem> = {};
  for (const { method, path, operation } of located) {
    paths[path] = { ...paths[path], [method]: pruneOperation(operation) };
  }
  return paths;
};

/** What pruning found: the small document, and the operations that the large one does not have. */
export interface Pruned {
  document: Document;
  missing: string[];
}

/** Keeps the operations named like `"GET /assets/assets/"` and what they reach. Pruning again changes nothing. */
export const pruneDocument = (document: Document, operations: readonly string[]): Pruned => {
  const found = new Map(operations.map((name) => [name, findOperation(document, name)]));
  const paths = toPaths([...found.values()].flatMap((located) => located ?? []));
  const schemas = [...reachedSchemas(document, paths)].flatMap((name): [string, Schema][] => {
    const schema = document.components.schemas[name];
    return schema === undefined ? [] : [[name, pruneSchema(schema)]];
  });
  const { openapi, info, servers } = document;
  const pruned: Document = {
    openapi,
    info: { title: info.title ?? 'JumpServer', version: info.version ?? 'v1' },
    ...(servers === undefined ? {} : { servers: servers.map(({ url }) => ({ url })) }),
    paths,
    components: { schemas: Object.fromEntries(schemas) },
  };
  return {
    document: sortKeys(pruned),
    missing: [...found].flatMap(([name, located]) => (located === undefined ? [name] : [])),
  };
};

/** The document as it is committed: the same bytes on every machine. One path, one component a line. */
export const printDocument = (document: Document): string => {
  const block = (entries: Record<string, unknown>, indent: string): string =>
    Object.entries(entries)
      .map(([name, value]) => `\n${indent}${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',');
  const { components, paths, ...rest } = sortKeys(document);
  const head = block({ info: rest.info, openapi: rest.openapi, servers: rest.servers ?? [] }, '  ');
  return `{${head},\n  "paths": {${block(paths, '    ')}\n  },\n  "components": {\n    "schemas": {${block(components.schemas, '      ')}\n    }\n  }\n}\n`;
};

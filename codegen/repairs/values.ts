/** Repairs of what a property holds when it is read: choices, related objects, dates, and whatever else rows showed. */
import {
  answerOf,
  type Document,
  type Json,
  refName,
  resolveSchema,
  rowsIn,
  type Schema,
} from '../contract-document.ts';
import { choices, choiceValues, enumsOfObjects, valuesSeen } from './choices.ts';
import {
  countSchemas,
  countWitnessed,
  detailOf,
  fieldsOf,
  findWitnesses,
  type Pair,
  type Repair,
  type RepairContext,
  type Witness,
} from './context.ts';
import { fieldSchema } from './routes.ts';
import { dateFormat, flagsOf, isChoice } from './shape.ts';

const isRelated = (shape: Schema): boolean =>
  shape.properties?.id !== undefined && !isChoice(shape) && Object.keys(shape.properties).length <= 8;

/** A property that the document calls a string (or one fixed object), where rows show an object of a fixed set of properties. */
const repairRelated = (document: Document, context: RepairContext): number =>
  countWitnessed(document, context, ({ schema, shape, replace }) => {
    if (!isRelated(shape) || refName(schema) !== undefined) return false;
    const before = JSON.stringify([schema.type, typesOf(schema)]);
    const next: Schema = { ...structuredClone(shape), ...flagsOf(schema) };
    replace(next);
    return before !== JSON.stringify([next.type, typesOf(next)]);
  });

const typesOf = (schema: Schema): [string, Json][] =>
  Object.entries(schema.properties ?? {})
    .map(([name, inner]): [string, Json] => [name, inner.type ?? null])
    .sort();

/** All properties of a related object come always; the document calls none of them required. */
const requireRelated = (document: Document): number =>
  countSchemas(document, (schema) => {
    if (schema.properties?.id === undefined || schema.required !== undefined || !isRelated(schema)) return false;
    if (Object.values(document.components.schemas).includes(schema)) return false;
    schema.required = Object.keys(schema.properties).sort();
    return true;
  });

const labels: Schema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      name: { type: 'string' },
      value: { type: 'string' },
      color: { type: 'string' },
    },
    required: ['id', 'name', 'value', 'color'],
  },
};

const repairLabels = (document: Document): number => {
  const schema = JSON.stringify(labels);
  return countSchemas(document, ({ properties }) => {
    if (properties?.labels?.type !== 'array' || JSON.stringify(properties.labels) === schema) return false;
    properties.labels = { ...structuredClone(labels), ...flagsOf(properties.labels) };
    return true;
  });
};

const phone: Schema = {
  type: 'object',
  properties: { code: { type: 'string' }, phone: { type: 'string' } },
  required: ['code', 'phone'],
  nullable: true,
};

const repairPhone = (document: Document): number =>
  countSchemas(document, ({ properties }) => {
    if (properties?.phone?.type !== 'string' || properties.username === undefined) return false;
    properties.phone = { ...structuredClone(phone), ...flagsOf(properties.phone) };
    return true;
  });

/** The strings in which dates are declared to be RFC 3339. */
const repairDeclaredDates = (document: Document): number =>
  countSchemas(document, (schema) => {
    if (schema.format !== 'date-time') return false;
    schema.format = dateFormat;
    return true;
  });

const repairSeenDates = (document: Document, context: RepairContext): number =>
  countWitnessed(document, context, ({ schema, shape, replace }) => {
    if (shape.format !== dateFormat || schema.format === dateFormat) return false;
    replace({ type: 'string', format: dateFormat, ...flagsOf(schema) });
    return true;
  });

const repairNulls = (document: Document, context: RepairContext): number =>
  countWitnessed(document, context, ({ schema, shape, replace }) => {
    if (shape.nullable !== true || schema.nullable === true) return false;
    const { $ref, ...rest } = schema;
    replace($ref === undefined ? { ...rest, nullable: true } : { allOf: [{ $ref }], nullable: true, ...flagsOf(rest) });
    return true;
  });

/** True when a value of this shape cannot be one of that schema. */
const contradicts = (document: Document, { schema, shape }: Pair): boolean => {
  const resolved = resolveSchema(document, schema);
  if (resolved === undefined) return true;
  if (shape.type === undefined && shape.anyOf === undefined) return false;
  if (resolved.type === undefined) return resolved.anyOf === undefined && resolved.oneOf === undefined;
  if (shape.type === undefined) return true;
  if (resolved.type === 'number' && shape.type === 'integer') return false;
  return resolved.type !== shape.type;
};

const repairTypes = (document: Document, context: RepairContext): number =>
  countWitnessed(document, context, (pair) => {
    if (isChoice(pair.shape) || !contradicts(document, pair)) return false;
    pair.replace({ ...structuredClone(pair.shape), ...flagsOf(pair.schema) });
    return true;
  });

const knowsItems = (schema: Schema): boolean => Object.keys(schema.items ?? {}).length > 0;

const repairItems = (document: Document, context: RepairContext): number =>
  countWitnessed(document, context, ({ schema, shape, replace }) => {
    if (schema.type !== 'array' || knowsItems(schema) || shape.items === undefined) return false;
    replace({ ...schema, items: structuredClone(shape.items) });
    return true;
  });

/** An object that may hold anything was seen to hold these properties, and may hold more. */
const repairOpenObjects = (document: Document, context: RepairContext): number =>
  countWitnessed(document, context, ({ schema, shape, replace }) => {
    const isOpen =
      schema.type === 'object' && schema.additionalProperties !== undefined && schema.properties === undefined;
    if (!isOpen || shape.properties === undefined || Object.keys(shape.properties).length === 0) return false;
    const { required: _, ...properties } = structuredClone(shape);
    replace({ ...properties, additionalProperties: {}, ...flagsOf(schema) });
    return true;
  });

const isTyped = (schema: Schema): boolean =>
  schema.type !== undefined || schema.anyOf !== undefined || schema.$ref !== undefined;

/** What is known of a property that rows show only as null: from the detail of the same list, or from metadata. */
const knownType = (document: Document, context: RepairContext, paths: readonly string[], property: string): Schema => {
  for (const path of paths) {
    const detail = rowsIn(
      document,
      detailOf(document, path)?.operation && answerOf(detailOf(document, path)?.operation ?? { responses: {} }),
    );
    const field = fieldsOf(context, path)?.[property];
    const found = detail?.schema.properties?.[property] ?? (field && fieldSchema(field));
    if (found !== undefined && isTyped(found)) return { ...structuredClone(found), nullable: true };
  }
  return { nullable: true };
};

const addInto = (document: Document, context: RepairContext, schema: Schema, { shape, paths }: Witness): number => {
  schema.properties ??= {};
  const fresh = Object.entries(shape.properties ?? {}).filter(
    ([property]) => schema.properties?.[property] === undefined,
  );
  for (const [property, inner] of fresh) {
    const known = isTyped(inner) ? structuredClone(inner) : knownType(document, context, paths, property);
    schema.properties[property] = { ...known, readOnly: true };
  }
  return fresh.length;
};

const addWitnessed = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const [component, witness] of findWitnesses(document, context)) {
    const schema = document.components.schemas[component];
    if (schema === undefined || !witness.own || witness.shape.type !== 'object') continue;
    changes += addInto(document, context, schema, witness);
  }
  return changes;
};

/** What a property holds, as read. The order matters: what is there first, then its kind, then its nulls. */
export const valueRepairs: readonly Repair[] = [
  {
    name: 'properties-seen',
    reason: 'rows carry properties that the document does not name',
    proof: 'api.md §6; "list users", "list asset_permissions"',
    apply: addWitnessed,
  },
  choices,
  {
    name: 'labels',
    reason: 'labels are objects with id, name, value and color; Swagger 2 says strings',
    proof: 'api.md §5.0; "list labels"',
    apply: repairLabels,
  },
  {
    name: 'related-objects',
    reason: 'a related object is {id, name, …}; Swagger 2 says string, and the id of a platform is an integer',
    proof: 'api.md §5.0, §6; "list assets"',
    apply: repairRelated,
  },
  {
    name: 'related-objects-whole',
    reason: 'the properties of a related object come always, and none is called required',
    proof: 'api.md §5.0; "list assets"',
    apply: requireRelated,
  },
  {
    name: 'phone',
    reason: 'a phone number is read as {code, phone}',
    proof: 'api.md §5.0, §6',
    apply: repairPhone,
  },
  {
    name: 'items',
    reason: 'the items of some arrays are not declared',
    proof: 'api.md §6; "list asset_permissions"',
    apply: repairItems,
  },
  {
    name: 'types-seen',
    reason: 'some properties hold something else than the document says',
    proof: 'api.md §6; "list platforms"',
    apply: repairTypes,
  },
  {
    name: 'dates-declared',
    reason: 'dates are called RFC 3339; they are JumpServer\'s own "2024/01/02 10:11:12 +0800"',
    proof: 'api.md §5.0, §6; "list users"',
    apply: repairDeclaredDates,
  },
  {
    name: 'dates-seen',
    reason: 'some dates are declared as plain strings',
    proof: 'api.md §5.0; "list sessions"',
    apply: repairSeenDates,
  },
  choiceValues,
  enumsOfObjects,
  valuesSeen,
  {
    name: 'open-objects',
    reason: 'objects of which the document says nothing hold properties that always look the same',
    proof: 'api.md §5.3; "list assets"',
    apply: repairOpenObjects,
  },
  {
    name: 'nulls',
    reason: 'many nullable properties are not marked',
    proof: 'api.md §6; "list users", "list assets"',
    apply: repairNulls,
  },
];

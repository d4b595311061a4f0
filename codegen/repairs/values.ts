/** Repairs of what a property holds when it is read: choices, related objects, dates, and whatever else rows showed. */
import { type Document, type Json, refName, resolveSchema, type Schema } from '../contract-document.ts';
import {
  countSchemas,
  countWitnessed,
  fieldsOf,
  findWitnesses,
  type Pair,
  type Repair,
  type RepairContext,
} from './context.ts';
import { fieldSchema } from './routes.ts';
import { dateFormat, isChoice, sortValues } from './shape.ts';

/** What a replaced schema keeps: who may read and write it, and whether it may be null. */
const flagsOf = ({ readOnly, writeOnly, nullable }: Schema): Schema => ({
  ...(readOnly && { readOnly }),
  ...(writeOnly && { writeOnly }),
  ...(nullable && { nullable }),
});

/** The wire values behind an enum: Swagger 2 documents list `{value, label}` there (with the server's own labels). */
const toWireValue = (value: Json): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value.value ?? null) : value;

/** All values that a schema allows, through references and alternatives. */
const enumOf = (document: Document, schema: Schema | undefined): Json[] => {
  const resolved = resolveSchema(document, schema);
  const branches = [...(resolved?.oneOf ?? []), ...(resolved?.anyOf ?? [])];
  const values = [...(resolved?.enum ?? []), ...branches.flatMap((branch) => enumOf(document, branch))];
  return values.map(toWireValue).filter((value) => value !== null && value !== '');
};

const choiceSchema = (value: Schema, values: Json[]): Schema => ({
  type: 'object',
  properties: { value: { ...value, ...(values.length > 0 && { enum: values }) }, label: { type: 'string' } },
  required: ['value', 'label'],
});

const valueType = (shape: Schema | undefined): Schema => {
  if (shape?.anyOf !== undefined) return { anyOf: shape.anyOf.map((branch) => valueType(branch)) };
  return shape?.type === undefined ? { type: 'string' } : { type: shape.type };
};

const repairChoices = (document: Document, context: RepairContext): number =>
  countWitnessed(document, context, ({ schema, shape, replace }) => {
    if (!isChoice(shape)) return false;
    const value = valueType(shape.properties?.value);
    const declared = isChoice(schema) ? enumOf(document, schema.properties?.value) : enumOf(document, schema);
    const seenValues = shape.properties?.value?.enum ?? [];
    const values = declared.length === 0 ? [] : sortValues([...declared, ...seenValues]);
    replace({ ...choiceSchema(value, values), ...flagsOf(schema) });
    return !isChoice(schema) || schema.properties?.value?.type !== value.type;
  });

/** The choice that a property holds, alone or in an array. */
const choiceIn = (schema: Schema | undefined): Schema | undefined => {
  if (isChoice(schema)) return schema;
  return isChoice(schema?.items) ? schema?.items : undefined;
};

const declaredValues = (context: RepairContext, lists: readonly string[], property: string): Json[] =>
  sortValues(lists.flatMap((path) => fieldsOf(context, path)?.[property]?.values ?? []));

const repairChoiceValues = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const [component, paths] of pathsOfComponents(document, context)) {
    for (const [property, schema] of Object.entries(document.components.schemas[component]?.properties ?? {})) {
      const value = choiceIn(schema)?.properties?.value;
      const values = declaredValues(context, paths, property);
      if (value === undefined || values.length === 0) continue;
      const known = sortValues([...values, ...(value.enum ?? [])]);
      if (value.enum?.length === known.length) continue;
      value.enum = known;
      if (value.anyOf === undefined)
        value.type = typeof values[0] === 'number' ? 'integer' : typeof values[0] === 'boolean' ? 'boolean' : 'string';
      changes += 1;
    }
  }
  return changes;
};

/** The routes whose metadata describes a component: those that answer with it. */
const pathsOfComponents = (document: Document, context: RepairContext): Map<string, string[]> => {
  const paths = new Map<string, string[]>();
  for (const [component, witness] of findWitnesses(document, context)) paths.set(component, witness.paths);
  return paths;
};

const isRelated = (shape: Schema): boolean =>
  shape.properties?.id !== undefined && !isChoice(shape) && Object.keys(shape.properties).length <= 8;

const withoutEmptyItems = (shape: Schema): Schema => structuredClone(shape);

/** A property that the document calls a string (or one fixed object), where rows show an object of a fixed set of properties. */
const repairRelated = (document: Document, context: RepairContext): number =>
  countWitnessed(document, context, ({ schema, shape, replace }) => {
    if (!isRelated(shape) || refName(schema) !== undefined) return false;
    const before = JSON.stringify([schema.type, typesOf(schema)]);
    const next: Schema = { ...withoutEmptyItems(shape), ...flagsOf(schema) };
    replace(next);
    return before !== JSON.stringify([next.type, typesOf(next)]);
  });

const typesOf = (schema: Schema): [string, Json][] =>
  Object.entries(schema.properties ?? {})
    .map(([name, inner]): [string, Json] => [name, inner.type ?? null])
    .sort();

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

/** Values that were seen beside those declared: later versions and administrators add some. */
const repairOpenEnums = (document: Document, context: RepairContext): number =>
  countWitnessed(document, context, ({ schema, shape, replace }) => {
    const isScalar = shape.type !== undefined && shape.type !== 'object' && shape.type !== 'array';
    if (
      !isScalar ||
      schema.enum === undefined ||
      shape.enum !== undefined ||
      schema.enum.every((value) => typeof value !== 'object')
    ) {
      return false;
    }
    replace({ ...schema, enum: sortValues(schema.enum.map(toWireValue)) });
    return true;
  });

const addInto = (schema: Schema, shape: Schema): number => {
  let changes = 0;
  schema.properties ??= {};
  for (const [property, inner] of Object.entries(shape.properties ?? {})) {
    if (schema.properties[property] !== undefined) continue;
    schema.properties[property] = { ...structuredClone(inner), readOnly: true };
    changes += 1;
  }
  return changes;
};

const addWitnessed = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const [component, witness] of findWitnesses(document, context)) {
    const schema = document.components.schemas[component];
    if (schema !== undefined && witness.own && witness.shape.type === 'object')
      changes += addInto(schema, witness.shape);
  }
  return changes;
};

/** Fields of JumpServer's metadata that neither the document nor the rows show: mostly inputs. */
const addDeclared = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const [path, route] of Object.entries(context.evidence.routes)) {
    const component = refName(document.paths[path]?.post?.requestBody?.content['application/json']?.schema);
    const schema = component === undefined ? undefined : document.components.schemas[component];
    for (const [name, field] of Object.entries(route.fields ?? {})) {
      if (schema?.properties === undefined || schema.properties[name] !== undefined || field.readOnly) continue;
      schema.properties[name] = fieldSchema(field);
      changes += 1;
    }
  }
  return changes;
};

/** What a property holds, as read. The order matters: what is there first, then its kind, then its nulls. */
export const valueRepairs: readonly Repair[] = [
  {
    name: 'properties-seen',
    reason: 'rows carry properties that the document does not name',
    proof: 'api.md §6; "list users", "list permissions"',
    apply: addWitnessed,
  },
  {
    name: 'fields-declared',
    reason: 'writes take fields that the document does not name',
    proof: 'api.md §3.2; "options users"',
    apply: addDeclared,
  },
  {
    name: 'choices',
    reason: 'a choice is {value, label}; Swagger 2 says string, and the value may be an integer or a boolean',
    proof: 'api.md §5.0, §6; "list users"',
    apply: repairChoices,
  },
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
    name: 'phone',
    reason: 'a phone number is read as {code, phone}',
    proof: 'api.md §5.0, §6',
    apply: repairPhone,
  },
  {
    name: 'items',
    reason: 'the items of some arrays are not declared',
    proof: 'api.md §6; "list permissions"',
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
  {
    name: 'choice-values',
    reason: 'the values of choices are not in the document, only in OPTIONS',
    proof: 'api.md §3.2, §6; "options users"',
    apply: repairChoiceValues,
  },
  {
    name: 'enums-of-objects',
    reason: 'Swagger 2 lists {value, label} where a bare value is sent and answered',
    proof: 'api.md §5.0, §6',
    apply: repairOpenEnums,
  },
  {
    name: 'nulls',
    reason: 'many nullable properties are not marked',
    proof: 'api.md §6; "list users", "list assets"',
    apply: repairNulls,
  },
];

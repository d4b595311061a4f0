/** Repairs of choices: `{value, label}` when read, the bare value when written, and which values there are. */
import {
  answerOf,
  bodyOf,
  type Document,
  type Json,
  operationsOf,
  refName,
  resolveSchema,
  rowsIn,
  type Schema,
} from '../contract-document.ts';
import { countSchemas, countWitnessed, fieldsOf, type Repair, type RepairContext } from './context.ts';
import type { FieldEvidence } from './evidence.ts';
import { flagsOf, isChoice, sortValues } from './shape.ts';

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

/** The metadata of a component's fields: of the lists that answer with it, or of the field that holds it. */
const fieldsOfComponents = (
  document: Document,
  context: RepairContext,
): Map<string, Record<string, FieldEvidence>[]> => {
  const found = new Map<string, Record<string, FieldEvidence>[]>();
  const enter = (component: string, fields: Record<string, FieldEvidence>): void => {
    const known = found.get(component) ?? [];
    if (known.includes(fields)) return;
    found.set(component, [...known, fields]);
    for (const [name, property] of Object.entries(document.components.schemas[component]?.properties ?? {})) {
      const held = refName(property) ?? refName(property.items);
      const inner = fields[name]?.fields;
      if (held !== undefined && inner !== undefined) enter(held, inner);
    }
  };
  for (const { path, operation } of operationsOf(document)) {
    const fields = fieldsOf(context, path);
    const components = [
      rowsIn(document, answerOf(operation))?.component,
      rowsIn(document, bodyOf(operation))?.component,
    ];
    for (const component of components) if (fields !== undefined && component !== undefined) enter(component, fields);
  }
  return found;
};

const scalarType = (value: Json | undefined): Schema => {
  if (typeof value === 'number') return { type: 'integer' };
  return { type: typeof value === 'boolean' ? 'boolean' : 'string' };
};

const addValues = (value: Schema, values: Json[]): boolean => {
  const known = sortValues([...values, ...(value.enum ?? [])]);
  if (values.length === 0 || value.enum?.length === known.length) return false;
  value.enum = known;
  if (value.anyOf === undefined) Object.assign(value, scalarType(values[0]));
  return true;
};

const repairChoiceValues = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const [component, metadata] of fieldsOfComponents(document, context)) {
    for (const [property, schema] of Object.entries(document.components.schemas[component]?.properties ?? {})) {
      const value = choiceIn(schema)?.properties?.value;
      const values = metadata.flatMap((fields) => fields[property]?.values ?? []);
      if (value !== undefined && addValues(value, values)) changes += 1;
    }
  }
  return changes;
};

/** Swagger 2 lists `{value, label}` (labels in the server's language) where a bare value is sent. */
const repairEnums = (document: Document): number =>
  countSchemas(document, (schema) => {
    if (schema.enum?.some((value) => typeof value === 'object' && value !== null) !== true) return false;
    schema.enum = sortValues(schema.enum.map(toWireValue).filter((value) => value !== null));
    return true;
  });

const isOfType = (value: Json, type: string | undefined): boolean =>
  type === undefined || scalarType(value).type === type;

/** Values seen beside those declared, the empty one among them; where metadata says 0 and 1 and rows say true and false, rows count. */
const repairSeenValues = (document: Document, context: RepairContext): number =>
  countWitnessed(document, context, ({ schema, shape }) => {
    const value = isChoice(schema) ? schema.properties?.value : undefined;
    const shown = shape.properties?.value;
    if (value?.enum === undefined || !isChoice(shape) || shown === undefined) return false;
    const before = JSON.stringify(value);
    if (shown.type !== undefined) value.type = shown.type;
    value.enum = sortValues([...value.enum, ...(shown.enum ?? [])].filter((each) => isOfType(each, shown.type)));
    if (value.enum.length === 0 || value.type === 'boolean') delete value.enum;
    return JSON.stringify(value) !== before;
  });

/** Choices: {value, label} in place of a string. */
export const choices: Repair = {
  name: 'choices',
  reason: 'a choice is {value, label}; Swagger 2 says string, and the value may be an integer or a boolean',
  proof: 'api.md §5.0, §6; "list users"',
  apply: repairChoices,
};

/** The wire values from OPTIONS. */
export const choiceValues: Repair = {
  name: 'choice-values',
  reason: 'the values of choices are not in the document, only in OPTIONS',
  proof: 'api.md §3.2, §6; "options users"',
  apply: repairChoiceValues,
};

/** Bare values where Swagger 2 lists objects. */
export const enumsOfObjects: Repair = {
  name: 'enums-of-objects',
  reason: 'Swagger 2 lists {value, label} where a bare value is sent and answered',
  proof: 'api.md §5.0, §6; "bulk create accounts again"',
  apply: repairEnums,
};

/** Values that only rows show. */
export const valuesSeen: Repair = {
  name: 'values-seen',
  reason: 'rows hold values that are declared nowhere, the empty one among them',
  proof: 'api.md §5.0; "list sessions"',
  apply: repairSeenValues,
};

/** Shapes: what values looked like, without the values. A shape is a schema, so a repair can put it into a document as it is. */
import type { Json, Schema } from '../contract-document.ts';

/** JumpServer's dates: `2024/01/02 10:11:12 +0800` (api.md §5.0). */
export const dateFormat = 'jumpserver-date-time';

const datePattern = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d [+-]\d{4}$/;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Objects whose keys are data (names of organisations, administrators' own fields): their keys are not part of a contract. */
const openObjects = new Set(['orgs_roles', 'custom_info', 'params', 'rel_snapshot', 'push_params', 'ansible_config']);

/** Choices whose values are ids of rows of one installation: no part of a contract either. */
export const installationChoices: ReadonlySet<string> = new Set(['res_type', 'content_type']);

/** The keys of every `{value, label}`. */
const choiceKeys = ['label', 'value'];

/** True for the shape of a choice (api.md §5.0, LabeledChoiceField). */
export const isChoice = (shape: Schema | undefined): boolean =>
  shape?.properties !== undefined && Object.keys(shape.properties).sort().join() === choiceKeys.join();

const stringShape = (value: string): Schema => {
  if (datePattern.test(value)) return { type: 'string', format: dateFormat };
  return uuidPattern.test(value) ? { type: 'string', format: 'uuid' } : { type: 'string' };
};

const objectShape = (value: { [property: string]: Json }, key: string): Schema => {
  const keys = Object.keys(value);
  if (keys.some((key) => uuidPattern.test(key))) {
    return { type: 'object', additionalProperties: keys.map((key) => shapeOf(value[key] ?? null)).reduce(mergeShapes) };
  }
  const properties = Object.fromEntries(keys.map((key) => [key, shapeOf(value[key] ?? null, key)]));
  const shape: Schema = { type: 'object', properties, required: keys.sort() };
  const isClosed = isChoice(shape) && !installationChoices.has(key);
  if (isClosed && properties.value?.type !== undefined) properties.value.enum = [value.value ?? null];
  return shape;
};

/** The shape of one value; `key` is the property that it stands in. */
export const shapeOf = (value: Json, key = ''): Schema => {
  if (value === null) return { nullable: true };
  if (typeof value === 'string') return stringShape(value);
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  if (Array.isArray(value)) {
    return value.length === 0
      ? { type: 'array' }
      : { type: 'array', items: value.map((item) => shapeOf(item)).reduce(mergeShapes) };
  }
  return openObjects.has(key) ? { type: 'object', additionalProperties: true } : objectShape(value, key);
};

const mergeProperties = (left: Schema, right: Schema): Schema => {
  const names = new Set([...Object.keys(left.properties ?? {}), ...Object.keys(right.properties ?? {})]);
  const properties = Object.fromEntries(
    [...names].sort().map((name) => [name, mergeOptional(left.properties?.[name], right.properties?.[name])]),
  );
  const required = (left.required ?? []).filter((name) => right.required?.includes(name)).sort();
  return { properties, required };
};

const mergeOptional = (left: Schema | undefined, right: Schema | undefined): Schema => {
  if (left === undefined || right === undefined) return left ?? right ?? {};
  return mergeShapes(left, right);
};

const mergeObjects = (left: Schema, right: Schema): Schema => {
  const open = left.additionalProperties ?? right.additionalProperties;
  if (open === undefined) return { type: 'object', ...mergeProperties(left, right) };
  const values = [left, right].flatMap((shape) =>
    typeof shape.additionalProperties === 'object' ? [shape.additionalProperties] : [],
  );
  return { type: 'object', additionalProperties: values.length === 2 ? values.reduce(mergeShapes) : open };
};

const mergeScalars = (left: Schema, right: Schema): Schema => {
  const merged: Schema = left.type === undefined ? {} : { type: left.type };
  if (left.format !== undefined && left.format === right.format) merged.format = left.format;
  if (left.enum !== undefined && right.enum !== undefined) merged.enum = sortValues([...left.enum, ...right.enum]);
  return merged;
};

/** Values without repetitions, in an order that does not depend on where they came from. */
export const sortValues = (values: Json[]): Json[] =>
  [...new Map(values.map((value) => [JSON.stringify(value), value]))]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, value]) => value);

const mergeAlike = (left: Schema, right: Schema): Schema => {
  if (left.type === 'object') return mergeObjects(left, right);
  if (left.type !== 'array') return mergeScalars(left, right);
  if (left.items === undefined && right.items === undefined) return { type: 'array' };
  return { type: 'array', items: mergeOptional(left.items, right.items) };
};

const isNumeric = (shape: Schema): boolean => shape.type === 'integer' || shape.type === 'number';

const branchesOf = ({ nullable, ...shape }: Schema): Schema[] => {
  if (shape.anyOf !== undefined) return shape.anyOf;
  return shape.type === undefined ? [] : [shape];
};

const addBranch = (branches: Schema[], branch: Schema): Schema[] => {
  const found = branches.findIndex((other) => other.type === branch.type || (isNumeric(other) && isNumeric(branch)));
  const other = branches[found];
  if (other === undefined) return [...branches, branch];
  const merged = other.type === branch.type ? mergeAlike(other, branch) : ({ type: 'number' } as const);
  return branches.with(found, merged);
};

/** The shape that fits whatever either of two fits. */
export const mergeShapes = (left: Schema, right: Schema): Schema => {
  const branches = [...branchesOf(left), ...branchesOf(right)]
    .reduce(addBranch, [])
    .sort((one, other) => ((one.type ?? '') < (other.type ?? '') ? -1 : 1));
  const merged = branches.length > 1 ? { anyOf: branches } : (branches[0] ?? {});
  return left.nullable === true || right.nullable === true ? { ...merged, nullable: true } : merged;
};

/** What a replaced schema keeps: who may read and write it, and whether it may be null. */
export const flagsOf = ({ readOnly, writeOnly, nullable }: Schema): Schema => ({
  ...(readOnly && { readOnly }),
  ...(writeOnly && { writeOnly }),
  ...(nullable && { nullable }),
});

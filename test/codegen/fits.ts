/** Checks a JSON value against a schema of a contract, and says where it does not fit. */
import { type Document, refName, type Schema } from '../../codegen/contract-document.ts';
import type { Json } from '../support/recordings.ts';

const datePattern = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d [+-]\d{4}$/;

const typeOf = (value: Json): string => {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

/** The places where a value does not fit a schema, as `results[].user: expected string, came null`; empty when it fits. */
export const misfits = (document: Document, schema: Schema, value: Json, place = ''): string[] => {
  if (value === null) return isNullable(document, schema) ? [] : [`${place}: null`];
  const name = refName(schema);
  if (name !== undefined && schema.allOf?.length !== 2) {
    const target = document.components.schemas[name];
    return target === undefined ? [`${place}: no component ${name}`] : misfits(document, target, value, place);
  }
  if (schema.allOf !== undefined) return misfits(document, merge(document, schema.allOf), value, place);
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches !== undefined) {
    const tries = branches.map((branch) => misfits(document, branch, value, place));
    return tries.sort((left, right) => faultWeight(left) - faultWeight(right))[0] ?? [];
  }
  const type = typeOf(value);
  if (schema.type !== undefined && schema.type !== type && !(schema.type === 'number' && type === 'integer')) {
    return [`${place}: ${schema.type} expected, ${type} came`];
  }
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [`${place}: ${JSON.stringify(value)} is not in its enum`];
  if (schema.format === 'jumpserver-date-time' && !datePattern.test(String(value))) return [`${place}: not a date`];
  if (Array.isArray(value)) return value.flatMap((item) => misfits(document, schema.items ?? {}, item, `${place}[]`));
  return typeof value === 'object' ? misfitsOfObject(document, schema, value, place) : [];
};

/** A value of another type fits worse than one with faults inside. */
const faultWeight = (faults: string[]): number =>
  faults.length + (faults.some((fault) => /^[^.[]*: /.test(fault)) ? 1000 : 0);

const merge = (document: Document, parts: Schema[]): Schema => {
  const schemas = parts.map((part) => document.components.schemas[refName(part) ?? ''] ?? part);
  return {
    type: 'object',
    properties: Object.assign({}, ...schemas.map(({ properties }) => properties)),
    required: schemas.flatMap(({ required }) => required ?? []),
  };
};

const isNullable = (document: Document, schema: Schema): boolean => {
  if (schema.nullable === true || Object.keys(schema).length === 0) return true;
  if (schema.type === undefined && schema.$ref === undefined && !schema.allOf && !schema.anyOf && !schema.oneOf)
    return true;
  const target = schema.$ref === undefined ? undefined : document.components.schemas[refName(schema) ?? ''];
  return target !== undefined && isNullable(document, target);
};

const misfitsOfObject = (
  document: Document,
  schema: Schema,
  value: { [property: string]: Json },
  place: string,
): string[] => {
  const missing = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${place}.${name}: missing`);
  const inner = Object.entries(value).flatMap(([name, item]) => {
    const property = schema.properties?.[name];
    if (property !== undefined) return misfits(document, property, item, `${place}.${name}`);
    const { additionalProperties: open } = schema;
    if (typeof open === 'object') return misfits(document, open, item, `${place}.*`);
    return open === true || schema.properties === undefined ? [] : [`${place}.${name}: unknown`];
  });
  return [...missing, ...inner];
};

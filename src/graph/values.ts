import type { ValueField } from '../generated/catalogue.ts';
import type { GraphContext } from './context.ts';
import { toIso, toSeconds } from './dates.ts';
import { brokenContract } from './errors.ts';
import { isRow, type Json } from './row.ts';

/** Where it is told that JumpServer gave a value which the enum does not know. */
export type Warned = Pick<GraphContext, 'warn'>;

/** Turns one JSON value of a row into the graph's. */
export type Convert = (value: Json, context: Warned) => Json;

/**
 * Makes the converter of a plain field. Null stays null, and so does the empty text of what is no text (a choice or a date that is not set);
 * anything out of the contract's shape is `UPSTREAM_CONTRACT`, and so is null where the schema promises a value.
 */
export function createConverter(
  field: ValueField,
  enums: Readonly<Record<string, Readonly<Record<string, string>>>>,
  coordinate: string,
): Convert {
  const convert = createLooseConverter(field, enums, coordinate);
  if (!field.required) return convert;
  return (value, context) => convert(value, context) ?? fail(noneOf(coordinate, field));
}

function noneOf(coordinate: string, { value }: ValueField): Error {
  return brokenContract(`${coordinate}: expected ${value} from JumpServer, got none.`);
}

function createLooseConverter(
  field: ValueField,
  enums: Readonly<Record<string, Readonly<Record<string, string>>>>,
  coordinate: string,
): Convert {
  const one = converterOf(field, enums, coordinate);
  const none = TEXTS.has(field.value) ? null : '';
  if (!field.list)
    return (value, context) => (value === null || value === undefined || value === none ? null : one(value, context));
  return (value, context) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value))
      throw brokenContract(`${coordinate}: expected a list from JumpServer, got ${typeof value}.`);
    return value.map((item) => one(item, context) ?? fail(noneOf(coordinate, field)));
  };
}

/** Kinds for which an empty text is a value. */
const TEXTS: ReadonlySet<string> = new Set(['String', 'ID', 'Secret', 'JSON']);

function converterOf(
  field: ValueField,
  enums: Readonly<Record<string, Readonly<Record<string, string>>>>,
  coordinate: string,
): Convert {
  const wrong = (value: unknown) =>
    brokenContract(`${coordinate}: expected ${field.value} from JumpServer, got ${typeof value}.`);
  switch (field.value) {
    case 'DateTime':
      return (value) => toIso(value) ?? fail(wrong(value));
    case 'Duration':
      return (value) => toSeconds(value) ?? fail(wrong(value));
    case 'Enum':
      return toEnum(field.enum ?? '', enums[field.enum ?? ''] ?? {});
    case 'Choice':
      return toChoice;
    case 'JSON':
      return (value) => value;
    case 'Int':
      return (value) => toInteger(value) ?? fail(wrong(value));
    case 'Float':
      return (value) => toNumber(value) ?? fail(wrong(value));
    case 'Boolean':
      return (value) => toBoolean(value) ?? fail(wrong(value));
    default:
      return (value) => toText(value) ?? fail(wrong(value));
  }
}

function fail(error: Error): never {
  throw error;
}

function toNumber(value: unknown): number | undefined {
  const plain = isRow(value) ? value['value'] : value;
  if (typeof plain === 'number') return plain;
  return typeof plain === 'string' && plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : undefined;
}

/** GraphQL's `Int` has 32 bits. */
function toInteger(value: unknown): number | undefined {
  const number = toNumber(value);
  return number !== undefined && (number | 0) === number ? number : undefined;
}

function toBoolean(value: unknown): boolean | undefined {
  const plain = isRow(value) ? value['value'] : value;
  return typeof plain === 'boolean' ? plain : undefined;
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return isRow(value) && 'value' in value ? String(value['value']) : undefined;
}

/** A choice reads as `{value, label}`; older servers give some as the bare value. */
function toChoice(value: unknown): { value: string; label: string } | null {
  const wire = isRow(value) ? value['value'] : value;
  if (wire === null || wire === undefined || wire === '') return null;
  return { value: String(wire), label: String(isRow(value) ? (value['label'] ?? wire) : wire) };
}

function toEnum(name: string, values: Readonly<Record<string, string>>): Convert {
  const byWire = new Map(Object.entries(values).map(([value, wire]) => [wire, value]));
  return (value, context) => {
    const wire = isRow(value) ? value['value'] : value;
    if (wire === null || wire === undefined || wire === '') return null;
    const known = byWire.get(String(wire));
    if (known === undefined) warnUnknown(context, name, String(wire));
    return known ?? 'UNKNOWN';
  };
}

function warnUnknown(context: Warned, name: string, wire: string): void {
  const message = `JumpServer gave "${wire}", which is no known ${name}; it reads as UNKNOWN.`;
  context.warn({ code: 'UNKNOWN_VALUE', message });
}

import type { Catalogue, InputField } from '../generated/catalogue.ts';
import { badInput } from './errors.ts';
import { toRowId } from './identity.ts';
import { isRow } from './row.ts';
import { Secret } from './secret.ts';

/** The `input` of a mutation (or an object inside it) as GraphQL gives it. */
export type Input = Readonly<Record<string, unknown>>;

/** What goes to JumpServer: secrets of the input may stand in it, revealed, so that nothing of it is an answer. */
export type Body = Readonly<Record<string, unknown>>;

/** The fields of an input type, by input name. Throws for a name that the catalogue lacks: a fault of the source SDL. */
export function inputFields(catalogue: Catalogue, type: string): Readonly<Record<string, InputField>> {
  const fields = catalogue.inputs[type];
  if (!fields) throw new Error(`the catalogue has no input "${type}"`);
  return fields;
}

/**
 * Writes an input as the JSON body that JumpServer takes: its names, bare ids, wire values. What is left out stays out; null clears.
 * What stands in an object of ours without a name upstream (`@from(name: "")`) goes beside the rest. Secrets are revealed here and nowhere else. Throws `BAD_USER_INPUT` that names the place for a malformed id.
 */
export function toBody(
  catalogue: Catalogue,
  type: string,
  input: Input,
  leaveOut: readonly string[] = [],
  place = 'input',
): Record<string, unknown> {
  const fields = inputFields(catalogue, type);
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    const field = fields[name];
    if (!field || value === undefined || leaveOut.includes(name)) continue;
    const wire = toWire(catalogue, field, value, `${place}.${name}`);
    if (field.to !== '') body[field.to] = wire;
    else if (isRow(wire)) Object.assign(body, wire);
  }
  return body;
}

/** An input without what is null in it: something new is given its default there, for there is nothing to clear. */
export function withoutNulls(catalogue: Catalogue, type: string, input: Input): Input {
  const fields = inputFields(catalogue, type);
  const given = Object.entries(input).filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, withoutNullsIn(catalogue, fields[name], value)]));
}

function withoutNullsIn(catalogue: Catalogue, field: InputField | undefined, value: unknown): unknown {
  if (field?.value !== 'Input') return value;
  const inOne = (item: unknown) => (isRow(item) ? withoutNulls(catalogue, field.input ?? '', item) : item);
  return Array.isArray(value) ? value.map(inOne) : inOne(value);
}

/** The JumpServer id in an `ID` of the input whose noun the SDL names. */
export function toReferenceId(catalogue: Catalogue, field: InputField, value: unknown, place: string): string {
  const noun = field.noun === undefined ? undefined : catalogue.nouns[field.noun];
  return noun ? toRowId(noun, String(value), place) : String(value);
}

function toWire(catalogue: Catalogue, field: InputField, value: unknown, place: string): unknown {
  if (!field.list) return value === null ? toCleared(field) : toOne(catalogue, field, value, place);
  if (value === null) return [];
  const items = Array.isArray(value) ? value : [value];
  return items.map((item, index) => toOne(catalogue, field, item, `${place}.${index}`));
}

/** JumpServer keeps texts empty rather than null; everything else that can be cleared takes null. */
function toCleared(field: InputField): '' | null {
  return field.value === 'String' ? '' : null;
}

function toOne(catalogue: Catalogue, field: InputField, value: unknown, place: string): unknown {
  if (value instanceof Secret) return value.reveal();
  switch (field.value) {
    case 'Input':
      return isRow(value) ? toBody(catalogue, field.input ?? '', value, [], place) : value;
    case 'Enum':
      return toWireValue(catalogue, field.enum ?? '', String(value), place);
    case 'ID':
      return toReference(catalogue, field, value, place);
    default:
      return value;
  }
}

function toReference(catalogue: Catalogue, field: InputField, value: unknown, place: string): string | number {
  const id = toReferenceId(catalogue, field, value, place);
  const isNumber = field.noun !== undefined && catalogue.nouns[field.noun]?.id === 'INT';
  return isNumber ? Number(id) : id;
}

/** Wire values that are numbers go as numbers. `UNKNOWN` is a word of ours that JumpServer can't take. */
function toWireValue(catalogue: Catalogue, name: string, value: string, place: string): string | number {
  const wire = catalogue.enums[name]?.[value];
  if (wire === undefined) throw badInput(`${place}: expected a known ${name}, got ${value}.`);
  return /^\d+$/.test(wire) ? Number(wire) : wire;
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
} from 'graphql';

/** The public schema. */
export const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
/** Its mutations. */
export const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

/** Looks like nothing that anybody else would write. */
export const CANARY = 'c4n4ry';
const canaryOf = (coordinate: string): string => `${CANARY}-${createHash('md5').update(coordinate).digest('hex')}`;

/** How a value is made up. */
export interface Planting {
  /** Secrets that stand in it are added. */
  readonly planted: Set<string>;
  /** What an `ID` is. */
  readonly id: string;
  /** Which optional fields are given too. */
  readonly takes: (field: GraphQLInputField, above: readonly string[]) => boolean;
}

/** A value of a type: what is required and what `takes` takes, every secret a canary. */
export function plant(
  type: GraphQLInputType,
  coordinate: string,
  planting: Planting,
  above: readonly string[] = [],
): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [plant(nullable.ofType, `${coordinate}.0`, planting, above)];
  if (isInputObjectType(nullable)) {
    const inside = [...above, nullable.name];
    const fields = Object.values(nullable.getFields()).filter(
      (field) => isRequiredInputField(field) || planting.takes(field, inside),
    );
    return Object.fromEntries(
      fields.map((field) => [field.name, plant(field.type, `${coordinate}.${field.name}`, planting, inside)]),
    );
  }
  if (isEnumType(nullable)) return nullable.getValues().find(({ name }) => name !== 'UNKNOWN')?.name;
  const { name } = getNamedType(nullable);
  if (name === 'Secret') {
    planting.planted.add(canaryOf(coordinate));
    return canaryOf(coordinate);
  }
  return name === 'ID' ? planting.id : (SCALARS[name] ?? 'planted');
}

const SCALARS: Readonly<Record<string, unknown>> = {
  Boolean: true,
  Int: 1,
  Float: 1,
  Duration: 1,
  DateTime: '2027-01-01T00:00:00Z',
  JSON: {},
};

/** Whether a secret can stand somewhere in a value of the type. */
export function leadsToSecret(type: GraphQLInputType, above: readonly string[] = []): boolean {
  const named = getNamedType(type);
  if (named.name === 'Secret') return true;
  if (!isInputObjectType(named) || above.includes(named.name)) return false;
  return Object.values(named.getFields()).some((field) => leadsToSecret(field.type, [...above, named.name]));
}

/** A literal of a value, as a document spells it. */
export function literal(value: unknown, type: GraphQLInputType): string {
  const nullable = getNullableType(type);
  if (isListType(nullable) && Array.isArray(value))
    return `[${value.map((item) => literal(item, nullable.ofType)).join(', ')}]`;
  if (isEnumType(nullable)) return String(value);
  if (isInputObjectType(nullable)) {
    const fields = nullable.getFields();
    const parts = Object.entries(value as object).map(([name, inner]) => {
      const field = fields[name];
      return field ? `${name}: ${literal(inner, field.type)}` : '';
    });
    return `{ ${parts.join(', ')} }`;
  }
  return JSON.stringify(value);
}

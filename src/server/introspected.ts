import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

/**
 * For how many rows a list of introspection counts, undefined for any other field. A type has as many fields as types have on average, so that
 * `types { fields { args } }` counts by what it brings, and aliases inside can't multiply the schema into gigabytes.
 */
export const countIntrospected = (
  schema: GraphQLSchema,
  typeName: string | undefined,
  field: string,
): number | undefined => {
  const known = reckoned.get(schema) ?? reckon(schema);
  reckoned.set(schema, known);
  return known.get(`${typeName}.${field}`);
};

/** As many rows as a type counts for: anybody may ask for it, and it is answered in one go. */
const WEIGHT = 10;

const reckoned = new WeakMap<GraphQLSchema, ReadonlyMap<string, number>>();

const reckon = (schema: GraphQLSchema): ReadonlyMap<string, number> => {
  const types = Object.values(schema.getTypeMap());
  const outputs = types.filter((type) => isObjectType(type) || isInterfaceType(type));
  const fields = outputs.flatMap((type) => Object.values(type.getFields()));
  const args = fields.flatMap((field) => field.args);
  const inputFields = types.filter(isInputObjectType).flatMap((type) => Object.values(type.getFields()));
  const enumValues = types.filter(isEnumType).flatMap((type) => type.getValues());
  return new Map([
    ['__Schema.types', types.length * WEIGHT],
    ['__Schema.directives', schema.getDirectives().length],
    ['__Type.fields', fields.length / types.length],
    ['__Type.inputFields', inputFields.length / types.length],
    ['__Type.enumValues', enumValues.length / types.length],
    ['__Field.args', args.length / fields.length],
  ]);
};

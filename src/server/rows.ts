import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
} from 'graphql';
import { createMemory } from '../graph/memory.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../graph/page.ts';
import { countIntrospected } from './introspected.ts';

/** An operation about to run. */
export interface RowQuestion {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * How many rows an operation may bring at most: the product of page sizes along each path, summed over all paths.
 * A connection of which only `totalCount` is selected brings none; what introspection lists counts as rows do.
 */
export const countRows = (question: RowQuestion): number =>
  counted(question.operation, question.variables, () => count(question));

const counted = createMemory<number>();

const count = ({ schema, document, operation, variables }: RowQuestion): number => {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const defaults = new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  );
  const scope = { schema, fragments, variables, defaults };
  return Math.ceil(countSelected([operation.selectionSet], schema.getRootType(operation.operation)?.name, scope));
};

interface Scope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What variables are that were not sent. */
  readonly defaults: ReadonlyMap<string, ValueNode | undefined>;
}

const countSelected = (sets: readonly SelectionSetNode[], typeName: string | undefined, scope: Scope): number => {
  const fields = new Map<string, Merged>();
  for (const set of sets) collect(set, typeName, scope, fields);
  return [...fields.values()].map((merged) => countField(merged, scope)).reduce((sum, rows) => sum + rows, 0);
};

/** The same field asked several times under one name (as fragments do) is one field. */
interface Merged {
  readonly field: FieldNode;
  readonly typeName: string | undefined;
  readonly below: SelectionSetNode[];
}

const collect = (
  set: SelectionSetNode,
  typeName: string | undefined,
  scope: Scope,
  into: Map<string, Merged>,
): void => {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = `${typeName}.${selection.alias?.value ?? selection.name.value}`;
      const merged = into.get(key) ?? { field: selection, typeName, below: [] };
      if (selection.selectionSet) merged.below.push(selection.selectionSet);
      into.set(key, merged);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? scope.fragments.get(selection.name.value) : selection;
    if (fragment) collect(fragment.selectionSet, fragment.typeCondition?.name.value ?? typeName, scope, into);
  }
};

const countField = ({ field, typeName, below }: Merged, scope: Scope): number => {
  const definition = findField(typeName, field.name.value, scope.schema);
  if (!definition || below.length === 0) return 0;
  const inside = countSelected(below, getNamedType(definition.type).name, scope);
  const page = countIntrospected(scope.schema, typeName, field.name.value) ?? pageOf(field, definition, below, scope);
  return page === undefined ? inside : page * (1 + inside);
};

const findField = (
  typeName: string | undefined,
  name: string,
  schema: GraphQLSchema,
): GraphQLField<unknown, unknown> | undefined => {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  const type = typeName === undefined ? undefined : schema.getType(typeName);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
};

const pageOf = (
  field: FieldNode,
  definition: GraphQLField<unknown, unknown>,
  below: readonly SelectionSetNode[],
  scope: Scope,
): number | undefined => {
  const argument = (name: string) => argumentOf(field, name, scope);
  const keys = argument('ids') ?? argument('representations');
  if (Array.isArray(keys)) return keys.length;
  const first = definition.args.find(({ name }) => name === 'first');
  if (!first) return undefined;
  if (below.every((set) => isCountOnly(set))) return 0;
  const asked = argument('first') ?? argument('last') ?? first.defaultValue;
  // More than a page holds is bad input, which the list itself says.
  return typeof asked === 'number' ? Math.min(MAX_PAGE, Math.max(0, asked)) : DEFAULT_PAGE;
};

const isCountOnly = (set: SelectionSetNode): boolean =>
  set.selections.every((selection) => selection.kind === Kind.FIELD && selection.name.value === 'totalCount');

const argumentOf = (field: FieldNode, name: string, { variables, defaults }: Scope): unknown => {
  const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
  if (value?.kind !== Kind.VARIABLE) return literalOf(value);
  const given = variables[value.name.value];
  return given === undefined ? literalOf(defaults.get(value.name.value)) : given;
};

const literalOf = (value: ValueNode | undefined): unknown => {
  if (value?.kind === Kind.INT) return Number(value.value);
  return value?.kind === Kind.LIST ? value.values : undefined;
};

import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNullableType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  typeFromAST,
} from 'graphql';
import { readingOf } from '../graph/reading.ts';
import { createComplete } from './execute-complete.ts';
import type { CompiledField, Selection } from './execute-run.ts';

/** What compiling stands on: the schema, the document's fragments, and the values that `@skip` and `@include` read. */
export interface Compiler {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  /** Told how many fields were compiled; parts of an operation are compiled when rows first reach them. */
  readonly onCompiled: (fields: number) => void;
}

/** Compiles what selection sets select of an object type (GraphQL specification §6.3.2). */
export const compileSelection = (
  compiler: Compiler,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): Selection => {
  const groups = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  for (const set of sets) collectFields(compiler, type, set, groups, visited);
  const fields = [...groups].flatMap(([key, nodes]) => compileField(compiler, type, key, nodes));
  compiler.onCompiled(fields.length);
  return { fields, create: createRecordType() };
};

/**
 * Records without prototype that still share one shape: a client may call a field `__proto__`,
 * and objects of `Object.create(null)` are slow to fill and to print.
 */
const createRecordType = (): (() => Record<string, unknown>) => {
  function Result() {}
  Result.prototype = Object.create(null);
  // A function is the only way to such objects, and TypeScript does not take it for a constructor.
  const Constructor = Result as unknown as new () => Record<string, unknown>;
  return () => new Constructor();
};

const collectFields = (
  compiler: Compiler,
  type: GraphQLObjectType,
  set: SelectionSetNode,
  groups: Map<string, FieldNode[]>,
  visited: Set<string>,
): void => {
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) {
      if (isIncluded(compiler, node)) addTo(groups, node.alias?.value ?? node.name.value, node);
      continue;
    }
    if (node.kind === Kind.FRAGMENT_SPREAD && visited.has(node.name.value)) continue;
    if (!isIncluded(compiler, node)) continue;
    if (node.kind === Kind.FRAGMENT_SPREAD) visited.add(node.name.value);
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? compiler.fragments[node.name.value] : node;
    if (fragment && applies(compiler, type, fragment)) {
      collectFields(compiler, type, fragment.selectionSet, groups, visited);
    }
  }
};

const addTo = (groups: Map<string, FieldNode[]>, key: string, node: FieldNode): void => {
  const group = groups.get(key);
  if (group) group.push(node);
  else groups.set(key, [node]);
};

const isIncluded = ({ conditions }: Compiler, node: SelectionNode): boolean => {
  if (!node.directives || node.directives.length === 0) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, conditions)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, conditions)?.['if'] !== false;
};

const applies = (
  { schema }: Compiler,
  type: GraphQLObjectType,
  { typeCondition }: Pick<FragmentDefinitionNode, 'typeCondition'> | { readonly typeCondition?: undefined },
): boolean => {
  if (!typeCondition) return true;
  const wanted = typeFromAST(schema, typeCondition);
  return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type));
};

const compileField = (
  compiler: Compiler,
  parent: GraphQLObjectType,
  key: string,
  nodes: readonly FieldNode[],
): CompiledField[] => {
  const definition = findField(compiler.schema, parent, nodes[0]?.name.value ?? '');
  if (!definition) return [];
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const isTypeName = definition === TypeNameMetaFieldDef;
  const read = isTypeName ? () => parent.name : readingOf(definition.resolve);
  const isLeaf = isLeafType(getNullableType(definition.type));
  return [
    {
      key,
      nodes,
      parent,
      definition,
      read,
      resolve: definition.resolve,
      complete: createComplete(definition.type, (type) => compileSelection(compiler, type, sets)),
      isNullable: !isNonNullType(definition.type),
      isLeaf,
      hasPath: (definition.resolve !== undefined && read === undefined) || !isLeaf,
    },
  ];
};

const findField = (
  schema: GraphQLSchema,
  parent: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined => {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (parent === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return parent.getFields()[name];
};

import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Execute, execute as executeByGraphql } from './execute.ts';
import { compileSelection } from './execute-compile.ts';
import { isPromise, noteError, type Run, runFields, runSerially, type Selection } from './execute-run.ts';

/** How much is kept compiled; the operations used longest ago are given up first. */
export interface CompiledExecuteOptions {
  readonly operations?: number;
  /** Compiled fields of all operations together, of about half a kilobyte each; {@link CHARACTERS} of text count as one. */
  readonly fields?: number;
}

/** An operation with what was worked out for it. */
interface Compiled {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  /** Variables that `@skip` and `@include` read. */
  readonly conditions: readonly string[];
  /** What is selected at the root, by the values of those variables. */
  readonly selections: Map<string, Selection>;
  fields: number;
}

/** Characters of a document's text, which its operations hold on to, that weigh as much as a field. */
const CHARACTERS = 128;
/** Combinations of conditions that are kept of one operation. */
const VARIANTS = 16;

/**
 * Creates an executor that works out once what graphql-js works out for each row: which fields stand where, with which arguments and types.
 * It answers what graphql-js answers, in data, errors and order, and generates no code: in a bastion, no text of a caller becomes a program.
 * What it does not do (subscriptions, types with `isTypeOf`, options of the executor) is left to graphql-js.
 */
export const createCompiledExecute = ({
  operations = 2_000,
  fields = 200_000,
}: CompiledExecuteOptions = {}): Execute => {
  const cache = new LRUCache<OperationDefinitionNode, Compiled>({ max: operations, maxSize: fields });
  const keep = (compiled: Compiled): void => {
    cache.set(compiled.operation, compiled, { size: weigh(compiled) });
  };
  const open = (args: ExecutionArgs, operation: OperationDefinitionNode): Compiled => {
    const known = cache.get(operation);
    if (known?.schema === args.schema) return known;
    const compiled = prepare(args, operation);
    keep(compiled);
    return compiled;
  };
  return (args) => {
    const operation = findOperation(args);
    if (!operation || !isOurs(args, operation)) return executeByGraphql(args);
    const compiled = open(args, operation);
    const before = compiled.fields;
    const result = executeCompiled(args, compiled);
    const weigh = (): void => {
      if (compiled.fields !== before && cache.peek(operation) === compiled) keep(compiled);
    };
    if (isPromise(result)) void result.then(weigh);
    else weigh();
    return result;
  };
};

const weigh = ({ fields, operation }: Compiled): number =>
  Math.max(1, fields + Math.floor((operation.loc?.source.body.length ?? 0) / CHARACTERS));

/** The operation to run; undefined where graphql-js has an error to tell. */
const findOperation = ({ document, operationName }: ExecutionArgs): OperationDefinitionNode | undefined => {
  const all = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operationName === null || operationName === undefined) return all.length === 1 ? all[0] : undefined;
  return all.findLast(({ name }) => name?.value === operationName);
};

const isOurs = (args: ExecutionArgs, { operation }: OperationDefinitionNode): boolean =>
  operation !== 'subscription' &&
  !args.fieldResolver &&
  !args.typeResolver &&
  !args.options &&
  !args.hideSuggestions &&
  isCompilable(args.schema);

const schemas = new WeakMap<GraphQLSchema, boolean>();

const isCompilable = (schema: GraphQLSchema): boolean => {
  const known = schemas.get(schema);
  if (known !== undefined) return known;
  const types = Object.values(schema.getTypeMap());
  const answer = !types.some((type) => isObjectType(type) && type.isTypeOf);
  schemas.set(schema, answer);
  return answer;
};

const prepare = ({ schema, document }: ExecutionArgs, operation: OperationDefinitionNode): Compiled => ({
  schema,
  operation,
  fragments: Object.fromEntries(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  ),
  conditions: conditionsOf(document),
  selections: new Map(),
  fields: 0,
});

const conditionsOf = (document: DocumentNode): readonly string[] => {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ arguments: given }) => {
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
};

type MaybePromise<T> = T | Promise<T>;

const executeCompiled = (args: ExecutionArgs, compiled: Compiled): MaybePromise<ExecutionResult> => {
  const { schema, operation, fragments } = compiled;
  const variables = getVariableValues(schema, operation.variableDefinitions ?? [], args.variableValues ?? {}, {
    maxErrors: 50,
  });
  if (variables.errors) return { errors: variables.errors };
  const run: Run = {
    schema,
    fragments,
    operation,
    rootValue: args.rootValue,
    contextValue: args.contextValue,
    variableValues: variables.coerced,
    errors: [],
    nulled: new Set(),
    args: new Map(),
  };
  try {
    const data = runRoot(run, compiled);
    if (!isPromise(data)) return toResult(run, data);
    return data.then(
      (settled) => toResult(run, settled),
      (error) => toFailure(run, error),
    );
  } catch (error) {
    return toFailure(run, error);
  }
};

const runRoot = (run: Run, compiled: Compiled): unknown => {
  const selection = selectionOf(run, compiled);
  return run.operation.operation === 'mutation'
    ? runSerially(run, selection, run.rootValue)
    : runFields(run, selection, run.rootValue, undefined);
};

const selectionOf = ({ schema, operation, fragments, variableValues }: Run, compiled: Compiled): Selection => {
  const { selections } = compiled;
  const conditions = Object.fromEntries(compiled.conditions.map((name) => [name, variableValues[name]]));
  const key = JSON.stringify(conditions);
  const known = selections.get(key);
  if (known) return known;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new TypeError(`there is no ${operation.operation} type`);
  if (selections.size >= VARIANTS) selections.clear();
  const onCompiled = (fields: number): void => {
    compiled.fields += fields;
  };
  const selection = compileSelection({ schema, fragments, conditions, onCompiled }, root, [operation.selectionSet]);
  selections.set(key, selection);
  return selection;
};

const toResult = ({ errors }: Run, data: unknown): ExecutionResult => {
  const settled = data as ExecutionResult['data'] & object;
  return errors.length === 0 ? { data: settled } : { errors, data: settled };
};

/** An error that no place on the way could hold: there is no data. */
const toFailure = (run: Run, error: unknown): ExecutionResult => {
  noteError(run, error as GraphQLError, undefined);
  return { errors: run.errors, data: null };
};

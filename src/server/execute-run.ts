import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  locatedError,
  type OperationDefinitionNode,
  responsePathAsArray,
} from 'graphql';
import type { GraphContext } from '../graph/context.ts';
import type { Read } from '../graph/reading.ts';
import type { Row } from '../graph/row.ts';

/** A place in the result, linked from the leaf upwards as in graphql-js. */
export type Path = GraphQLResolveInfo['path'];

/** One run of a compiled operation. */
export interface Run {
  readonly schema: GraphQLSchema;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly operation: OperationDefinitionNode;
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  readonly variableValues: Record<string, unknown>;
  readonly errors: GraphQLError[];
  /** Places that became null by an error: what fails below them later is not told any more. */
  readonly nulled: Set<Path | undefined>;
  /** Arguments by field: worked out once for all rows that stand at its place. */
  readonly args: Map<CompiledField, Record<string, unknown>>;
}

/** Turns what a field's resolver gave into what is answered. Leaves have no path. */
export type Complete = (run: Run, field: CompiledField, value: unknown, path: Path | undefined) => unknown;

/** A field as it is selected at one place, with everything worked out that depends neither on rows nor on variables. */
export interface CompiledField {
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly parent: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  /** The resolver's own reading, where it has one: called without arguments and place. */
  readonly read: Read | undefined;
  /** Without one the property of the field's name is read. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly complete: Complete;
  readonly isNullable: boolean;
  /** Whether its value is a scalar or enum, which is completed at once. */
  readonly isLeaf: boolean;
  /** Whether resolver or completion can look at the path. */
  readonly hasPath: boolean;
}

/** What is selected of one object type at one place. */
export interface Selection {
  readonly fields: readonly CompiledField[];
  /** An empty result; those of one selection share their shape. */
  create(): Record<string, unknown>;
}

/** Whether a value has to be waited for. */
export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** Runs the fields of an object side by side: answers the result, or a promise of it when a field has to be waited for. */
export const runFields = (run: Run, selection: Selection, source: unknown, path: Path | undefined): unknown => {
  const result = selection.create();
  // Most objects wait for nothing, so nothing is made for it.
  let pending: Pending | undefined;
  try {
    for (const field of selection.fields) {
      const value = runField(run, field, source, path);
      result[field.key] = value;
      if (field.isLeaf && field.read !== undefined) continue;
      if (isPromise(value)) pending = addPending(pending, field.key, value);
    }
  } catch (error) {
    if (!pending) throw error;
    // The others may fail too, and nobody else listens.
    return Promise.all(pending.promises).finally(() => {
      throw error;
    });
  }
  return pending ? fill(result, pending) : result;
};

/** Fields of an object that have to be waited for. */
interface Pending {
  readonly keys: string[];
  readonly promises: Promise<unknown>[];
}

const addPending = (known: Pending | undefined, key: string, promise: Promise<unknown>): Pending => {
  const pending = known ?? { keys: [], promises: [] };
  pending.keys.push(key);
  pending.promises.push(promise);
  return pending;
};

const fill = async (result: Record<string, unknown>, { keys, promises }: Pending): Promise<unknown> => {
  const values = await Promise.all(promises);
  for (let index = 0; index < keys.length; index++) result[keys[index] ?? ''] = values[index];
  return result;
};

/** Runs the fields of a mutation one after the other. */
export const runSerially = async (run: Run, selection: Selection, source: unknown): Promise<unknown> => {
  const result = selection.create();
  for (const field of selection.fields) result[field.key] = await runField(run, field, source, undefined);
  return result;
};

const runField = (run: Run, field: CompiledField, source: unknown, parent: Path | undefined): unknown => {
  if (field.read) return runReading(run, field, field.read, source, parent);
  const path = field.hasPath ? toPath(field, parent) : undefined;
  try {
    const value = field.resolve
      ? field.resolve(source, argsOf(run, field), run.contextValue, toInfo(run, field, path ?? toPath(field, parent)))
      : readProperty(run, field, source, parent);
    if (isPromise(value)) return wait(run, field, path ?? toPath(field, parent), value);
    const completed = field.complete(run, field, value, path);
    return isPromise(completed) ? catchAt(run, field, path ?? toPath(field, parent), completed) : completed;
  } catch (error) {
    return failAt(run, field.nodes, field.isNullable, path ?? toPath(field, parent), error);
  }
};

/** A field that is read at once: nothing to wait for before it is completed, and no place unless something stands below it. */
const runReading = (run: Run, field: CompiledField, read: Read, source: unknown, parent: Path | undefined): unknown => {
  const path = field.hasPath ? toPath(field, parent) : undefined;
  try {
    const completed = field.complete(run, field, read(source as Row, run.contextValue as GraphContext), path);
    return path && isPromise(completed) ? catchAt(run, field, path, completed) : completed;
  } catch (error) {
    return failAt(run, field.nodes, field.isNullable, path ?? toPath(field, parent), error);
  }
};

const toPath = (field: CompiledField, prev: Path | undefined): Path => ({
  prev,
  key: field.key,
  typename: field.parent.name,
});

/** Waits for what a resolver promised, then completes it. */
const wait = (run: Run, field: CompiledField, path: Path, promise: Promise<unknown>): Promise<unknown> => {
  const fail = (error: unknown) => failAt(run, field.nodes, field.isNullable, path, error);
  return promise.then((value) => {
    try {
      const completed = field.complete(run, field, value, path);
      return isPromise(completed) ? completed.then(undefined, fail) : completed;
    } catch (error) {
      return fail(error);
    }
  }, fail);
};

const catchAt = (run: Run, field: CompiledField, path: Path, promise: Promise<unknown>): Promise<unknown> =>
  promise.then(undefined, (error) => failAt(run, field.nodes, field.isNullable, path, error));

/** What stands at a place that failed: null, with the error noted; where null may not stand, the error goes on to the place above. */
export const failAt = (
  run: Run,
  nodes: readonly FieldNode[],
  isNullable: boolean,
  path: Path,
  thrown: unknown,
): null => {
  const error = locatedError(thrown, nodes, responsePathAsArray(path));
  if (!isNullable) throw error;
  noteError(run, error, path);
  return null;
};

/** Notes an error, unless the place or one above it is null already. */
export const noteError = (run: Run, error: GraphQLError, path: Path | undefined): void => {
  for (let place = path; place !== undefined; place = place.prev) if (run.nulled.has(place)) return;
  if (run.nulled.has(undefined)) return;
  run.nulled.add(path);
  run.errors.push(error);
};

const NO_ARGUMENTS: Record<string, unknown> = Object.freeze({});

const argsOf = (run: Run, field: CompiledField): Record<string, unknown> => {
  const { definition, nodes } = field;
  const [node] = nodes;
  if (definition.args.length === 0 || !node) return NO_ARGUMENTS;
  const known = run.args.get(field);
  if (known) return known;
  const args = getArgumentValues(definition, node, run.variableValues);
  run.args.set(field, args);
  return args;
};

/** Packages of gateways declare more of it than graphql-js gives, wherever they are installed. */
type OwnInfo = Omit<GraphQLResolveInfo, 'getAbortSignal' | 'getAsyncHelpers'>;

/** What resolvers are told of the place they stand at. */
export const toInfo = (run: Run, field: CompiledField, path: Path): GraphQLResolveInfo =>
  ({
    fieldName: field.definition.name,
    fieldNodes: field.nodes,
    returnType: field.definition.type,
    parentType: field.parent,
    path,
    schema: run.schema,
    fragments: run.fragments,
    rootValue: run.rootValue,
    operation: run.operation,
    variableValues: run.variableValues,
  }) satisfies OwnInfo as GraphQLResolveInfo;

/** The property of the field's name, called where it is a function. */
const readProperty = (run: Run, field: CompiledField, source: unknown, parent: Path | undefined): unknown => {
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  const object = source as Record<string, unknown>;
  const property = object[field.definition.name];
  if (typeof property !== 'function') return property;
  return property.call(object, argsOf(run, field), run.contextValue, toInfo(run, field, toPath(field, parent)));
};

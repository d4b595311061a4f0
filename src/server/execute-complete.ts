import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLBoolean,
  GraphQLError,
  GraphQLID,
  type GraphQLLeafType,
  type GraphQLList,
  type GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import {
  type CompiledField,
  type Complete,
  failAt,
  isPromise,
  type Path,
  type Run,
  runFields,
  type Selection,
  toInfo,
} from './execute-run.ts';

/** Answers what is selected below a field of an object type. */
export type Select = (type: GraphQLObjectType) => Selection;

/** Makes the completion of a type (GraphQL specification §6.4.3): what graphql-js decides for each value is decided once. */
export const createComplete = (type: GraphQLOutputType, select: Select): Complete => {
  if (isNonNullType(type)) return createNonNull(createComplete(type.ofType, select));
  if (isListType(type)) return createList(type, createComplete(type.ofType, select));
  if (isLeafType(type)) return createLeaf(type);
  if (isAbstractType(type)) return createAbstract(type, select);
  return createObject(type, select);
};

const createNonNull =
  (complete: Complete): Complete =>
  (run, field, value, path) => {
    const completed = complete(run, field, value, path);
    if (completed !== null) return completed;
    throw new Error(`Cannot return null for non-nullable field ${nameOf(field)}.`);
  };

const nameOf = ({ parent, definition }: CompiledField): string => `${parent.name}.${definition.name}`;

/** Values of these types are answered as they are, so that `serialize` need not be asked. */
const AS_IS: ReadonlyMap<GraphQLLeafType, string> = new Map<GraphQLLeafType, string>([
  [GraphQLString, 'string'],
  [GraphQLID, 'string'],
  [GraphQLBoolean, 'boolean'],
]);

const createLeaf = (type: GraphQLLeafType): Complete => {
  const asIs = AS_IS.get(type);
  return (_run, _field, value) => {
    if (asIs !== undefined && typeof value === asIs) return value;
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) return null;
    const serialized = type.serialize(value);
    if (serialized !== null && serialized !== undefined) return serialized;
    throw new Error(`Expected ${type.name} to be serialized, got ${serialized}.`);
  };
};

const createObject = (type: GraphQLObjectType, select: Select): Complete => {
  let selection: Selection | undefined;
  return (run, _field, value, path) => {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) return null;
    selection ??= select(type);
    return runFields(run, selection, value, path);
  };
};

const createList = (type: GraphQLList<GraphQLOutputType>, complete: Complete): Complete => {
  const isNullable = !isNonNullType(type.ofType);
  return (run, field, value, path) => {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) return null;
    const items: unknown[] = [];
    let isPending = false;
    try {
      for (const item of toIterable(value, field)) {
        const place = { prev: path, key: items.length, typename: undefined };
        const completed = runItem(run, field, complete, isNullable, item, place);
        items.push(completed);
        isPending ||= isPromise(completed);
      }
    } catch (error) {
      // Nobody else listens to those that are still on their way.
      for (const item of items) if (isPromise(item)) item.catch(() => undefined);
      throw error;
    }
    return isPending ? Promise.all(items) : items;
  };
};

const toIterable = (value: unknown, field: CompiledField): Iterable<unknown> => {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && value !== null && Symbol.iterator in value) return value as Iterable<unknown>;
  throw new GraphQLError(`Expected Iterable, but did not find one for field "${nameOf(field)}".`);
};

const runItem = (
  run: Run,
  field: CompiledField,
  complete: Complete,
  isNullable: boolean,
  item: unknown,
  path: Path,
): unknown => {
  try {
    const completed = isPromise(item)
      ? item.then((value) => complete(run, field, value, path))
      : complete(run, field, item, path);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, (error) => failAt(run, field.nodes, isNullable, path, error));
  } catch (error) {
    return failAt(run, field.nodes, isNullable, path, error);
  }
};

const createAbstract = (type: GraphQLAbstractType, select: Select): Complete => {
  const selections = new Map<unknown, Selection>();
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const selectionOf = (run: Run, field: CompiledField, name: unknown): Selection => {
    const known = selections.get(name) ?? select(toObjectType(run, type, name, field));
    selections.set(name, known);
    return known;
  };
  return (run, field, value, path) => {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) return null;
    const name = resolveType(value, run.contextValue, toInfo(run, field, toFieldPath(path)), type);
    return isPromise(name)
      ? name.then((settled) => runFields(run, selectionOf(run, field, settled), value, path))
      : runFields(run, selectionOf(run, field, name), value, path);
  };
};

/** The path of the field itself, from that of an item in its list. */
const toFieldPath = (path: Path | undefined): Path => {
  let place = path;
  while (place?.prev && place.typename === undefined) place = place.prev;
  return place as Path;
};

const toObjectType = (
  { schema }: Run,
  type: GraphQLAbstractType,
  name: unknown,
  field: CompiledField,
): GraphQLObjectType => {
  const found = typeof name === 'string' ? schema.getType(name) : undefined;
  if (isObjectType(found) && schema.isSubType(type, found)) return found;
  throw new GraphQLError(`Abstract type "${type.name}" has no such type of a value at field "${nameOf(field)}".`, {
    nodes: field.nodes,
  });
};

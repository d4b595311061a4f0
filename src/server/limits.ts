import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large an operation may be, judged by its text alone. */
export interface Limits {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
}

/** The size of a selection with its fragments spread out; `top` counts its own fields alone, `proofs` those of them that try a secret. */
interface Size {
  readonly top: number;
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
  readonly proofs: number;
}

const NOTHING: Size = { top: 0, depth: 0, fields: 0, aliases: 0, directives: 0, proofs: 0 };

/** Root fields that try a secret: several in one operation would be as many guesses for one request. */
const PROOFS = new Set(['login', 'verifyMfa', 'confirm', 'sendMfaCode']);

/**
 * Refuses an operation that is too deep or too broad, and guesses in a batch. The document must be valid: fragments without cycles.
 * @throws GraphQLError `DEPTH_LIMIT` or `COST_LIMIT`
 */
export const assertWithinLimits = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: Limits,
  isBatched: boolean,
): void => {
  const size = sizes.get(operation) ?? measureOperation(document, operation);
  sizes.set(operation, size);
  assertAtMost('DEPTH_LIMIT', 'levels of nested fields', size.depth, limits.depth);
  assertAtMost('COST_LIMIT', 'fields', size.fields, limits.fields);
  assertAtMost('COST_LIMIT', 'aliases', size.aliases, limits.aliases);
  assertAtMost('COST_LIMIT', 'directives', size.directives, limits.directives);
  assertAtMost('COST_LIMIT', 'root fields', size.top, limits.rootFields);
  if (isBatched) assertAtMost('COST_LIMIT', 'fields that prove who somebody is, in a batch', size.proofs, 0);
  assertAtMost('COST_LIMIT', 'fields that prove who somebody is', size.proofs, 1);
};

const sizes = new WeakMap<OperationDefinitionNode, Size>();

/** @throws GraphQLError that says what is allowed and what was asked */
export const assertAtMost = (code: string, what: string, asked: number, allowed: number): void => {
  if (asked > allowed)
    throw new GraphQLError(`The operation has ${asked} ${what}; ${allowed} are allowed.`, { extensions: { code } });
};

const measureOperation = (document: DocumentNode, operation: OperationDefinitionNode): Size => {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  return measure(operation.selectionSet, fragments, new Map());
};

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const measure = (set: SelectionSetNode | undefined, fragments: Fragments, known: Map<string, Size>): Size =>
  (set?.selections ?? []).map((selection) => measureSelection(selection, fragments, known)).reduce(add, NOTHING);

const measureSelection = (selection: SelectionNode, fragments: Fragments, known: Map<string, Size>): Size => {
  const directives = selection.directives?.length ?? 0;
  if (selection.kind === Kind.FRAGMENT_SPREAD)
    return add(measureFragment(selection.name.value, fragments, known), { ...NOTHING, directives });
  const below = measure(selection.selectionSet, fragments, known);
  if (selection.kind === Kind.INLINE_FRAGMENT) return add(below, { ...NOTHING, directives });
  // Introspection has its own bound on nesting in graphql-js, and the usual query of tools is deeper than ours.
  const isIntrospection = selection.name.value.startsWith('__');
  return {
    top: 1,
    depth: isIntrospection ? 1 : below.depth + 1,
    fields: below.fields + 1,
    aliases: below.aliases + (selection.alias ? 1 : 0),
    directives: below.directives + directives,
    proofs: PROOFS.has(selection.name.value) ? 1 : 0,
  };
};

const measureFragment = (name: string, fragments: Fragments, known: Map<string, Size>): Size => {
  const size = known.get(name) ?? measure(fragments.get(name)?.selectionSet, fragments, known);
  known.set(name, size);
  return size;
};

const add = (one: Size, other: Size): Size => ({
  top: one.top + other.top,
  depth: Math.max(one.depth, other.depth),
  fields: one.fields + other.fields,
  aliases: one.aliases + other.aliases,
  directives: one.directives + other.directives,
  proofs: one.proofs + other.proofs,
});

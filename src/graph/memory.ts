import type { OperationDefinitionNode } from 'graphql';

/** Remembers what depends on an operation's text and on those of its variables that decide about it: conditions, page sizes, numbers of ids. */
export type Memory<T> = (
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  make: () => T,
) => T;

/** Variants that are remembered of one operation; page sizes come from clients. */
const MAX_VARIANTS = 64;

/** Creates a memory; what it holds of an operation goes with the operation. */
export function createMemory<T>(): Memory<T> {
  const operations = new WeakMap<OperationDefinitionNode, Map<string, T>>();
  return (operation, variables, make) => {
    const variants = operations.get(operation) ?? new Map<string, T>();
    operations.set(operation, variants);
    const key = keyOf(operation, variables);
    const known = variants.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (variants.size >= MAX_VARIANTS) variants.clear();
    variants.set(key, made);
    return made;
  };
}

/** Only declared names count: with names of their own choice clients could make two different questions look alike. */
function keyOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): string {
  return variableDefinitions.map(({ variable }) => toKey(variables[variable.name.value])).join();
}

function toKey(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : '';
}

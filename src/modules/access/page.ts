import { toGraphFault } from '../../access/errors.ts';
import { badInput } from '../../graph/errors.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../../graph/page.ts';

/** Page arguments of connections that are read forwards alone: those of effective access and of reports. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** How many are wanted. Throws `BAD_USER_INPUT` for a size out of range. */
export function toSize({ first }: PageArguments): number {
  const size = first ?? DEFAULT_PAGE;
  if (size < 0 || size > MAX_PAGE) throw badInput(`first: expected 0 to ${MAX_PAGE}, got ${size}.`);
  return size;
}

/** Computes something of the engine when it is first asked for, and once; its errors become the graph's own. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    try {
      made ??= { value: make() };
      return made.value;
    } catch (error) {
      throw toGraphFault(error);
    }
  };
}

/** The `PageInfo` of a page that begins after a cursor. */
export function toPageInfo<Item>(
  { items, hasNextPage }: { readonly items: readonly Item[]; readonly hasNextPage: boolean },
  after: unknown,
  cursorOf: (item: Item) => string,
) {
  const [first, last] = [items[0], items.at(-1)];
  return {
    hasNextPage,
    hasPreviousPage: after !== undefined,
    startCursor: first === undefined ? null : cursorOf(first),
    endCursor: last === undefined ? null : cursorOf(last),
  };
}

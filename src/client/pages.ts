/** The part of a connection that paging needs; `nodes` or `edges` hold what is wanted. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null | undefined };
}

/** Reads a connection page after page, each when the one before has been consumed. `load` gets the cursor to go on after. */
export async function* walk<Node>(
  load: (after: string | null) => Promise<Page<Node> | null | undefined>,
): AsyncGenerator<Node> {
  let after: string | null = null;
  do {
    const page: Page<Node> | null | undefined = await load(after);
    if (!page) return;
    yield* page.nodes;
    after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
}

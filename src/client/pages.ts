import { ClientError } from './errors.ts';

/** The part of a connection that paging needs; `nodes` or `edges` hold what is wanted. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Reads a connection page after page, each when the one before has been consumed. `load` gets the cursor to go on after. */
export async function* walk<Node>(
  load: (after: string | null) => Promise<Page<Node> | null | undefined>,
): AsyncGenerator<Node> {
  let after: string | null = null;
  do {
    const page: Page<Node> | null | undefined = await load(after);
    if (!page) return;
    const next = nextOf(page, after);
    yield* page.nodes;
    after = next;
  } while (after !== null);
}

/** The cursor of the next page; null after the last. Throws for a document that can't be walked, which would else end early or never. */
function nextOf({ pageInfo }: Page<unknown>, after: string | null): string | null {
  if (pageInfo?.hasNextPage === false) return null;
  if (typeof pageInfo?.endCursor !== 'string')
    throw new ClientError('pages: the document has to select pageInfo { hasNextPage endCursor }.', undefined, []);
  if (pageInfo.endCursor !== after) return pageInfo.endCursor;
  throw new ClientError('pages: the document has to pass $after to its connection.', undefined, []);
}

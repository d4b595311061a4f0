import {
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  getSingularSelector,
  type OperationType,
  type ReaderFragment,
  type SingularReaderSelector,
} from 'relay-runtime';
import assetQuery, { type documentsAssetQuery } from './__generated__/documentsAssetQuery.graphql.ts';
import detailFragment, { type documentsDetail_asset$data } from './__generated__/documentsDetail_asset.graphql.ts';
import detailRefetchQuery, {
  type documentsDetailRefetchQuery,
} from './__generated__/documentsDetailRefetchQuery.graphql.ts';
import listFragment, { type documentsList_query$data } from './__generated__/documentsList_query.graphql.ts';
import listPaginationQuery, {
  type documentsListPaginationQuery,
} from './__generated__/documentsListPaginationQuery.graphql.ts';
import pageQuery, { type documentsPageQuery } from './__generated__/documentsPageQuery.graphql.ts';
import rowFragment, { type documentsRow_asset$data } from './__generated__/documentsRow_asset.graphql.ts';

/** The list as far as it has been read. */
export interface AssetList {
  readonly total: number;
  readonly rows: readonly documentsRow_asset$data[];
  readonly hasNext: boolean;
  readonly cursor: string | null;
}

/** Reads the first page, as `useLazyLoadQuery` would. */
export async function loadAssets(environment: Environment): Promise<AssetList> {
  await fetchQuery<documentsPageQuery>(environment, pageQuery, {}).toPromise();
  return readAssets(environment);
}

/** Reads the next page into the same connection, as `loadNext` of `usePaginationFragment` would. */
export async function loadMoreAssets(environment: Environment, cursor: string | null, count = 10): Promise<AssetList> {
  await fetchQuery<documentsListPaginationQuery>(environment, listPaginationQuery, { count, cursor }).toPromise();
  return readAssets(environment);
}

/** What the store holds of the list: pages that were read one after the other are one connection there. */
export function readAssets(environment: Environment): AssetList {
  const root = read<documentsPageQuery['response']>(environment, createOperationDescriptor(pageQuery, {}).fragment);
  const data = readFragment<documentsList_query$data>(environment, listFragment, root, pageQuery, {});
  return {
    total: data.assets?.totalCount ?? 0,
    rows: (data.assets?.edges ?? []).map(({ node }) =>
      readFragment<documentsRow_asset$data>(environment, rowFragment, node, pageQuery, {}),
    ),
    hasNext: data.assets?.pageInfo.hasNextPage ?? false,
    cursor: data.assets?.pageInfo.endCursor ?? null,
  };
}

/** An asset with its newest sessions. */
export interface AssetDetail {
  readonly name: string;
  readonly sessions: readonly string[];
  readonly cursor: string | null;
  readonly hasNext: boolean;
}

/** Reads one asset. */
export async function loadAsset(environment: Environment, id: string): Promise<AssetDetail> {
  await fetchQuery<documentsAssetQuery>(environment, assetQuery, { id }).toPromise();
  return readAsset(environment, id);
}

/** Reads more of its sessions by `node(id)`, the query that Relay made from the fragment. */
export async function loadMoreSessions(environment: Environment, id: string, cursor: string): Promise<AssetDetail> {
  const variables = { id, cursor, count: 5 };
  await fetchQuery<documentsDetailRefetchQuery>(environment, detailRefetchQuery, variables).toPromise();
  return readAsset(environment, id);
}

function readAsset(environment: Environment, id: string): AssetDetail {
  const operation = createOperationDescriptor(assetQuery, { id });
  const { asset } = read<documentsAssetQuery['response']>(environment, operation.fragment);
  const data = readFragment<documentsDetail_asset$data>(environment, detailFragment, asset, assetQuery, { id });
  return {
    name: data.name,
    sessions: (data.sessions?.edges ?? []).map(({ node }) => node.id),
    cursor: data.sessions?.pageInfo.endCursor ?? null,
    hasNext: data.sessions?.pageInfo.hasNextPage ?? false,
  };
}

function read<Data>(environment: Environment, selector: SingularReaderSelector): Data {
  return environment.lookup(selector).data as Data;
}

/** Reads a fragment where another selection points to it, as `useFragment` would. */
function readFragment<Data>(
  environment: Environment,
  fragment: ReaderFragment,
  reference: unknown,
  query: Parameters<typeof createOperationDescriptor>[0],
  variables: OperationType['variables'],
): Data {
  const owner = createOperationDescriptor(query, variables);
  const selector = getSingularSelector(fragment, reference);
  if (!selector) throw new Error(`nothing was read for ${fragment.name} of ${owner.request.node.params.name}`);
  return read<Data>(environment, selector as SingularReaderSelector);
}

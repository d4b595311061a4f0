import { graphql } from 'relay-runtime';

// What the compiler reads. In an application with React each of these stands in its component, and Relay's plugin for Babel, SWC or Vite
// puts the compiled artifact in its place; here nothing runs them, since `asset-list.ts` imports the artifacts themselves.

/** One row of the list. */
export const row = () => graphql`
  fragment documentsRow_asset on Asset {
    id
    name
    address
    isActive
    platform {
      id
      name
    }
  }
`;

/** A page of the list, and how to get the next one. */
export const list = () => graphql`
  fragment documentsList_query on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "documentsListPaginationQuery") {
    assets(first: $count, after: $cursor, filter: { category: HOST }) @connection(key: "documentsList_assets") {
      totalCount
      edges {
        node {
          ...documentsRow_asset
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`;

/** The page that shows the list. */
export const page = () => graphql`
  query documentsPageQuery {
    ...documentsList_query
  }
`;

/** An asset with its sessions, which can be read again by the asset's id alone. */
export const detail = () => graphql`
  fragment documentsDetail_asset on Asset
  @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "String" })
  @refetchable(queryName: "documentsDetailRefetchQuery") {
    name
    sessions(first: $count, after: $cursor) @connection(key: "documentsDetail_sessions") {
      edges {
        node {
          id
          startedAt
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`;

/** The page that shows one asset. */
export const asset = () => graphql`
  query documentsAssetQuery($id: ID!) {
    asset(id: $id) {
      id
      ...documentsDetail_asset
    }
  }
`;

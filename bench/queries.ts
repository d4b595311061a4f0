/** A question that the benchmark asks, written here. */
export interface BenchQuery {
  readonly title: string;
  /** For every server with Jumpgraph's names; the REST client and Mesh have their own forms of it. */
  readonly text: string;
}

/** The reference queries of the first issue, and those whose cost is promised besides. */
export const queries = {
  Q1: {
    title: '50 hosts with their accounts',
    text: '{ assets(first: 50, filter: { category: HOST }) { nodes { name accounts { nodes { username } } } } }',
  },
  Q2: {
    title: '100 assets with platform, nodes, zone, accounts',
    text: '{ assets(first: 100) { nodes { name platform { name category } nodes { path } zone { name } accounts { nodes { username } } } } }',
  },
  Q3: {
    title: '30 permissions with users, groups, assets, nodes',
    text: '{ permissions(first: 30) { nodes { name users { nodes { username email } } userGroups { nodes { name } } assets { nodes { name address } } nodes { nodes { path } } } } }',
  },
  Q4: {
    title: '60 users with groups, their sizes, permissions',
    text: '{ users(first: 60) { nodes { name groups { name users { totalCount } } permissions { nodes { name } } } } }',
  },
  Q5: {
    title: '100 newest sessions with user, asset, account',
    text: '{ sessions(first: 100, orderBy: [{ field: STARTED_AT, direction: DESC }]) { nodes { startedAt user { username email } asset { name address platform { name } } account { username } } } }',
  },
  tree: { title: 'the whole tree', text: '{ assetNodes(first: 1000) { nodes { name path } } }' },
  list: {
    title: '200 assets, ten plain fields',
    text: '{ assets(first: 200) { nodes { id uuid name address comment isActive createdAt category connectivity { value } platform { name } } } }',
  },
  small: { title: 'one page of three users', text: '{ users(first: 3) { nodes { name username email } } }' },
} as const satisfies Record<string, BenchQuery>;

/** Questions that only Jumpgraph answers, for the count of calls. */
export const ownQueries = {
  matrix: {
    title: 'the access matrix of the organisation, its first 100 pairs',
    text: '{ access { matrix(first: 100) { totalCount nodes { user { username } asset { name } actions } } } }',
  },
  statistics: {
    title: 'session statistics of two months, by day and protocol',
    text: '{ reports { sessionStatistics(range: { from: "2026-09-20T00:00:00Z", to: "2026-11-21T00:00:00Z" }, groupBy: [DAY, PROTOCOL]) { totalCount groups { label count } } } }',
  },
} as const satisfies Record<string, BenchQuery>;

/** The name of a question that every competitor answers. */
export type QueryName = keyof typeof queries;

/** All of them, in the order in which they are told. */
export const queryNames = Object.keys(queries) as QueryName[];

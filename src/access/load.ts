import { AccessError } from './errors.ts';
import type { AccessInputs, Timestamp } from './inputs.ts';
import {
  toAccessAsset,
  toAccessGroup,
  toAccessNode,
  toAccessPermission,
  toAccessUser,
  type UpstreamRow,
} from './rows.ts';

/** The five lists that decide effective access, as paths of the contract. */
export type AccessList =
  | '/users/users/'
  | '/users/groups/'
  | '/assets/nodes/'
  | '/assets/assets/'
  | '/perms/asset-permissions/';

/** One page of a list, and how many rows the list has altogether. */
export interface RowPage {
  readonly rows: readonly UpstreamRow[];
  readonly total: number;
}

/**
 * Reads whole lists as the caller, in pages of the query's `limit` or as large as the server allows. A list that is refused
 * must throw: the engine answers wholly or not at all.
 */
export interface AccessReader {
  list(path: AccessList, query: Readonly<Record<string, string>>): AsyncIterable<RowPage>;
}

/** Whose access is loaded, and the clock. */
export interface LoadOptions {
  readonly organization: string;
  readonly now: () => Timestamp;
}

/**
 * What is asked of each list. Every order is unique in its list, so that pages neither repeat nor skip rows (api.md §3.5).
 * Groups stand on the user rows, which cost the same with and without them; members of permissions need `format=json`
 * (api.md, Corrections). No `*_amount` is asked: each would cost a query per row (§8).
 */
const QUERIES = {
  '/users/users/': { fields: 'id,name,username,is_active,is_expired,date_expired,groups', order: 'username' },
  '/users/groups/': { fields: 'id,name', order: 'name' },
  '/assets/nodes/': { fields: 'id,key,value,full_value', order: 'key' },
  '/assets/assets/': { fields: 'id,name,address,category,is_active,nodes,labels', order: 'name' },
  '/perms/asset-permissions/': {
    fields:
      'id,name,users,user_groups,assets,nodes,accounts,protocols,actions,is_active,date_start,date_expired,created_by,from_ticket',
    format: 'json',
    order: 'name',
  },
} as const satisfies Record<AccessList, Readonly<Record<string, string>>>;

/** The most rows that a server gives in a page (api.md §3.1). */
const PAGE = 1000;

/** How often a list is read that changes between its pages. */
const READINGS = 3;

/**
 * Reads everything the engine needs in one call per 1,000 rows of each list: 1,000 users, 5,000 assets and 400 permissions
 * are 9 calls. `asOf` is the moment before the first call. Throws what the reader throws, and `AccessError` INCOMPLETE
 * when a list never held still.
 */
export async function loadAccessInputs(reader: AccessReader, options: LoadOptions): Promise<AccessInputs> {
  const asOf = options.now();
  const [users, groups, nodes, assets, permissions] = await Promise.all([
    readList(reader, '/users/users/', toAccessUser),
    readList(reader, '/users/groups/', toAccessGroup),
    readList(reader, '/assets/nodes/', toAccessNode),
    readList(reader, '/assets/assets/', toAccessAsset),
    readList(reader, '/perms/asset-permissions/', toAccessPermission),
  ]);
  return { organization: options.organization, asOf, users, groups, nodes, assets, permissions };
}

async function readList<Row extends { readonly id: string }>(
  reader: AccessReader,
  path: AccessList,
  toRow: (row: UpstreamRow) => Row,
): Promise<Row[]> {
  for (let reading = 0; reading < READINGS; reading += 1) {
    // A session keeps its answers, so another reading needs other pages.
    const pages = reader.list(path, { ...QUERIES[path], limit: String(PAGE - reading) });
    const rows = await readPages(pages, toRow);
    if (rows) return rows;
  }
  throw new AccessError('INCOMPLETE', `${path} changed each time while it was read`);
}

/** Rows of all pages; undefined when rows came or went meanwhile, which moves others from page to page, past what is read. */
async function readPages<Row extends { readonly id: string }>(
  pages: AsyncIterable<RowPage>,
  toRow: (row: UpstreamRow) => Row,
): Promise<Row[] | undefined> {
  const rows = new Map<string, Row>();
  let total = 0;
  for await (const page of pages) {
    total = Math.max(total, page.total);
    for (const row of page.rows.map(toRow)) rows.set(row.id, row);
  }
  return rows.size < total ? undefined : [...rows.values()];
}

import type { QueryName } from '../queries.ts';

/** The questions as Mesh's schema of JumpServer's document takes them; `row` is a relation that asks for the row itself. */
export const meshQueries: Readonly<Record<QueryName, string>> = {
  Q1: '{ assets_assets_list(limit: 50, category: "host") { results { name accountRows { results { username } } } } }',
  Q2: '{ assets_assets_list(limit: 100) { results { name platform { row { name } } nodes { row { full_value } } zone { name } accountRows { results { username } } } } }',
  Q3: '{ perms_asset_permissions_list(limit: 30, format: "json") { results { name users { row { username email } } user_groups { name } assets { row { name address } } nodes { row { full_value } } } } }',
  Q4: '{ users_users_list(limit: 60) { results { name groups { row { name } } permissionRows { results { name } } } } }',
  Q5: '{ terminal_sessions_list(limit: 100, order: "-date_start") { results { date_start userRow { username email } assetRow { name address platform { name } } accountRow { username } } } }',
  tree: '{ assets_nodes_list(limit: 1000) { results { name full_value } } }',
  list: '{ assets_assets_list(limit: 200) { results { id name address comment is_active date_created category { value } connectivity { value } platform { name } } } }',
  small: '{ users_users_list(limit: 3) { results { name username email } } }',
};

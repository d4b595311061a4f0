/** A query of the example, by what it shows. */
export type Queries = Readonly<Record<string, string>>;

/** Queries that Jumpgraph answers alone: through a gateway they have to answer the same. */
export const own: Queries = {
  'who is who': '{ users(first: 20) { totalCount nodes { id username email groups { name } systemRoles { name } } } }',
  'hosts with their accounts':
    '{ assets(first: 20, filter: { category: HOST }) { nodes { name address accounts { totalCount nodes { username } } } } }',
  'assets with what they stand on':
    '{ assets(first: 20) { nodes { uuid name platform { name charset { value } } zone { name } nodes { path } labels { name value } } } }',
  'who is granted what':
    '{ permissions(first: 10) { nodes { name actions users { nodes { username } } assets { nodes { name } } nodes { nodes { path } } } } }',
  'the newest sessions':
    '{ sessions(first: 10, orderBy: [{ field: STARTED_AT, direction: DESC }]) { nodes { startedAt protocol user { username } asset { name } } } }',
  'the tree': '{ assetNodes(first: 20) { nodes { path depth parent { path } assetsCount } } }',
  'one user by name': '{ user(username: "admin") { id name isActive permissions(first: 3) { nodes { name } } } }',
  'one asset by name':
    '{ asset(name: "app-0000") { id category host { info { cpuCount arch } } sessions(first: 2) { totalCount } } }',
  'platforms, which have numbers': '{ platforms(first: 5) { nodes { id number name protocols { name port } } } }',
  'zones with their gateways':
    '{ zones(first: 5) { nodes { name gateways { name } assets(first: 2) { nodes { name } } } } }',
  'a page from the end':
    '{ users(last: 3) { pageInfo { hasPreviousPage startCursor } edges { cursor node { name } } } }',
  'sizes alone': '{ users { totalCount } assets { totalCount } permissions { totalCount } }',
  'the same field twice, by aliases':
    '{ hosts: assets(filter: { category: HOST }) { totalCount } databases: assets(filter: { category: DATABASE }) { totalCount } }',
  'the caller and the server': '{ viewer { user { username } roleCodes } serverInfo { version edition } }',
  'what is not there': '{ user(username: "nobody-of-this-name") { name } asset(name: "app-0000") { name } }',
};

/** Queries over several subgraphs. */
export const joined: Queries = {
  'assets of the CMDB, by name':
    '{ configurationItems { tag costCenter asset { uuid name category platform { name } } } }',
  'assets of the network, by address': '{ ports { label asset { uuid name accountsCount } } }',
  'accounts of employees, by e-mail address': '{ employees { department user { username groups { name } } } }',
  'what the others know of assets':
    '{ assets(first: 5) { nodes { name configurationItem { costCenter } port { vlan } } } }',
  'departments of those who hold a permission':
    '{ permissions(first: 10) { nodes { name users { nodes { username employee { department } } } } } }',
};

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

const OTHER = 'Vale Robotics';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly organization: { readonly name: string };
}
interface AssetRow extends Named {
  readonly nodes: readonly Named[];
  readonly accounts: { readonly nodes: readonly Named[] };
  readonly permissions: { readonly totalCount: number; readonly nodes: readonly Named[] };
}
interface Rows {
  readonly assets: { readonly totalCount: number; readonly nodes: readonly AssetRow[] };
  readonly users: { readonly nodes: readonly { username: string; groups: readonly { name: string }[] }[] };
}

/** Rows with what hangs on them, of one organisation or of all. */
const ROWS = `assets(first: 300) { totalCount nodes { id name organization { name } nodes { id name organization { name } }
    accounts(first: 20) { nodes { id name organization { name } } }
    permissions(first: 20) { totalCount nodes { id name organization { name } } } } }
  users(first: 100) { nodes { username groups { name } } }`;

const organizationsOf = ({ assets }: Rows): ReadonlySet<string> =>
  new Set(
    assets.nodes.flatMap((asset) =>
      [asset, ...asset.nodes, ...asset.accounts.nodes, ...asset.permissions.nodes].map(
        ({ organization }) => organization.name,
      ),
    ),
  );

describe.each(SANDBOX_VERSIONS)('organisations on JumpServer %s', (version) => {
  let graph: TestGraph;
  let own: Rows;
  let other: Rows;
  const read = async (headers: Record<string, string>): Promise<Rows> => {
    const { data, errors } = await graph.query<Rows>(`{ ${ROWS} }`, {}, { headers });
    expect(errors).toBeUndefined();
    return data;
  };

  beforeAll(async () => {
    graph = await startGraph({ version });
    own = await read({});
    other = await read({ 'x-jms-org': OTHER });
  });
  afterAll(() => graph.close());

  it('have rows of their own, and so has everything that hangs on them', () => {
    expect([...organizationsOf(own)]).toEqual(['Default']);
    expect([...organizationsOf(other)]).toEqual([OTHER]);
    expect(other.assets.nodes.some(({ accounts }) => accounts.nodes.length > 0)).toBe(true);
    const ids = new Set(own.assets.nodes.map(({ id }) => id));
    expect(other.assets.nodes.filter(({ id }) => ids.has(id))).toEqual([]);
  });

  it('are the same by name, by JumpServer’s id and by the graph’s', async () => {
    const { data } = await graph.query<{
      viewer: { organizations: readonly { id: string; uuid: string; name: string }[] };
    }>('{ viewer { organizations { id uuid name } } }');
    const organization = data.viewer.organizations.find(({ name }) => name === OTHER);
    expect(await read({ 'x-jms-org': organization?.uuid ?? '' })).toEqual(other);
    for (const id of [OTHER, organization?.uuid, organization?.id]) {
      const entered = await graph.query<{ organization: Rows }>(
        `query($id: ID!) { organization(id: $id) { ${ROWS} } }`,
        { id },
      );
      expect(entered.data.organization).toEqual(other);
    }
  });

  it('stand side by side in one operation and never mix, whatever is loaded together', async () => {
    const query = `query($id: ID!) { ${ROWS} organization(id: $id) { ${ROWS} } again: organization(id: $id) { ${ROWS} } }`;
    const { data, errors, extensions } = await graph.query<Rows & { organization: Rows; again: Rows }>(query, {
      id: OTHER,
    });
    expect(errors).toBeUndefined();
    expect({ assets: data.assets, users: data.users }).toEqual(own);
    expect(data.organization).toEqual(other);
    expect(data.again).toEqual(other);
    // Assets, accounts, permissions, users and the tree of each; the organisation itself, and who the caller is there.
    expect(extensions.upstream.calls).toBeLessThanOrEqual(22);
  });

  it('have of roles, platforms and logs what they have, asked inside or by the header', async () => {
    const rows = `roles { nodes { name usersCount users { nodes { username } } } } platforms { nodes { name assets(first: 1) { totalCount } } }
      loginLogs(first: 3) { nodes { uuid } } passwordChangeLogs(first: 3) { nodes { uuid } } onlineUsers(first: 3) { nodes { uuid } }`;
    const inside = await graph.query<{ organization: object }>(`{ organization(id: "${OTHER}") { ${rows} } }`);
    const there = await graph.query<object>(`{ ${rows} }`, {}, { headers: { 'x-jms-org': OTHER } });
    const here = await graph.query<object>(`{ ${rows} }`);
    expect([inside.errors, there.errors]).toEqual([undefined, undefined]);
    expect(inside.data.organization).toEqual(there.data);
    expect(here.data).not.toEqual(there.data);
  });

  it('are read together through allOrganizations, each row with its own', async () => {
    const { data, errors } = await graph.query<{ allOrganizations: Rows }>(`{ allOrganizations { ${ROWS} } }`);
    expect(errors).toBeUndefined();
    const { assets } = data.allOrganizations;
    expect(assets.totalCount).toBe(own.assets.totalCount + other.assets.totalCount);
    const expected = new Map([...own.assets.nodes, ...other.assets.nodes].map((asset) => [asset.id, asset]));
    for (const { id, name, organization, accounts } of assets.nodes) {
      expect({ name, organization }).toEqual({
        name: expected.get(id)?.name,
        organization: expected.get(id)?.organization,
      });
      expect(new Set(accounts.nodes.map((account) => account.id))).toEqual(
        new Set(expected.get(id)?.accounts.nodes.map((account) => account.id)),
      );
    }
  });

  it.each([
    'assets(first: 2#) { pageInfo { endCursor } }',
    'access { matrix(first: 2#) { pageInfo { endCursor } } }',
  ])('do not take one another’s cursors: %s', async (list) => {
    const { data } = await graph.query(`{ ${list.replace('#', '')} }`);
    const [cursor] = /(?<="endCursor":")[^"]+/.exec(JSON.stringify(data)) ?? [];
    const next = `{ ${list.replace('#', `, after: "${cursor}"`)} }`;
    const here = await graph.query(next, {}, { headers: { 'x-jms-org': 'default' } });
    const there = await graph.query(next, {}, { headers: { 'x-jms-org': OTHER } });
    expect(here.errors).toBeUndefined();
    expect(there.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  it('do not know one another’s rows by id', async () => {
    const id = other.assets.nodes[0]?.id;
    const query = 'query($id: ID!) { node(id: $id) { id } asset(id: $id) { id } }';
    const here = await graph.query(query, { id });
    const there = await graph.query(query, { id }, { headers: { 'x-jms-org': OTHER } });
    expect([here.errors, here.data]).toEqual([undefined, { node: null, asset: null }]);
    expect(there.data).toEqual({ node: { id }, asset: { id } });
  });

  it('take writes where the caller stands, and none where nothing can be saved', async () => {
    const create = (name: string, organization: string) =>
      graph.query<{ createZone: { zone: Named | null; userErrors: readonly { code: string; message: string }[] } }>(
        'mutation($name: String!) { createZone(input: { name: $name }) { zone { id name organization { name } } userErrors { code message } } }',
        { name },
        { headers: { 'x-jms-org': organization } },
      );
    const made = await create('made in the other', OTHER);
    const refused = await create('made in all', 'ROOT');
    expect(made.data.createZone.zone?.organization.name).toBe(OTHER);
    expect(refused.data.createZone).toMatchObject({ zone: null, userErrors: [{ code: 'INVALID' }] });
    const { data } =
      await graph.query<Record<string, { nodes: readonly { name: string }[] }>>('{ zones { nodes { name } } }');
    expect(data['zones']?.nodes.map(({ name }) => name)).not.toContain('made in the other');
  });

  it('that do not exist are an error, never JumpServer’s default', async () => {
    const byHeader = await graph.query('{ assets { totalCount } }', {}, { headers: { 'x-jms-org': 'nowhere' } });
    const byField = await graph.query('{ organization(id: "nowhere") { assets { totalCount } } }');
    const codes = [byHeader, byField].map(({ errors }) => errors?.map(({ extensions }) => extensions.code));
    expect(codes).toEqual([['BAD_USER_INPUT'], ['BAD_USER_INPUT']]);
    expect(byHeader.errors?.[0]?.message).toContain('nowhere');
  });

  it('of which a caller has no rights stay closed', async () => {
    const headers = { authorization: 'Bearer sandbox-user' };
    const query = `{ organization(id: "${OTHER}") { assets { totalCount } } allOrganizations { users { totalCount } } }`;
    const { data, errors } = await graph.query(query, {}, { headers });
    expect(JSON.stringify(data)).not.toContain('totalCount');
    expect(errors?.every(({ extensions }) => ['FORBIDDEN', 'BAD_USER_INPUT'].includes(extensions.code))).toBe(true);
  });
});

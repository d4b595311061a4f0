import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
  await graph.query('{ serverInfo { version } }');
});
afterAll(() => graph.close());

describe('role bindings', () => {
  it('name user, role and organisation; a binding of the whole server has none', async () => {
    const { data, errors, extensions } = await graph.query<{ roleBindings: { totalCount: number; nodes: unknown[] } }>(
      '{ roleBindings(first: 100) { totalCount nodes { user { username email } role { name } scope organization { name } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.roleBindings.totalCount).toBe(120);
    expect(data.roleBindings.nodes[0]).toEqual({
      user: { username: 'admin', email: 'admin@harborvale.example' },
      role: { name: 'SystemAdmin' },
      scope: 'SYSTEM',
      organization: null,
    });
    expect(data.roleBindings.nodes[3]).toMatchObject({ scope: 'ORGANIZATION', organization: { name: 'Default' } });
    expect(extensions.upstream.calls).toBe(3);
  });

  it('of a user, of a role and of an organisation are the same bindings', async () => {
    const { data, errors } = await graph.query(
      `{ user(username: "dmitri.vermeer") { roleBindings { nodes { role { name } } } }
        role(id: "00000000-0000-0000-0000-000000000006") { bindings { totalCount } }
        organizations(filter: { name: "Default" }) { nodes { roleBindings { totalCount } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      user: { roleBindings: { nodes: [{ role: { name: 'User' } }, { role: { name: 'OrgUser' } }] } },
      role: { bindings: { totalCount: 2 } },
      organizations: { nodes: [{ roleBindings: { totalCount: 60 } }] },
    });
  });

  it('are refused to an ordinary user', async () => {
    const { errors } = await graph.query(
      '{ roleBindings { totalCount } }',
      {},
      { headers: { authorization: 'Bearer sandbox-user' } },
    );
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });
});

describe('what a role allows', () => {
  it('is read where roles of the server and of organisations have it', async () => {
    const { data, errors } = await graph.query(
      `{ server: role(id: "00000000-0000-0000-0000-000000000001") { name codes(first: 0) { totalCount } }
        organisation: role(id: "00000000-0000-0000-0000-000000000005") { name codes(first: 1) { totalCount nodes { code } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      server: { name: 'SystemAdmin', codes: { totalCount: 316 } },
      organisation: { name: 'OrgAdmin', codes: { totalCount: 266, nodes: [{ code: 'users.view_user' }] } },
    });
  });

  it('has codes that can be looked up', async () => {
    const { data, extensions } = await graph.query(
      '{ roleCodes(filter: { codename: "view_asset" }) { nodes { number code application model } } }',
    );
    expect(data['roleCodes']).toEqual({
      nodes: [{ number: 16, code: 'assets.view_asset', application: 'assets', model: 'asset' }],
    });
    expect(extensions.upstream.calls).toBe(1);
  });

  it('is held by users, whom it lists', async () => {
    const { data } = await graph.query(
      '{ role(id: "00000000-0000-0000-0000-000000000002") { name users { totalCount nodes { username } } } }',
    );
    expect(data['role']).toEqual({ name: 'SystemAuditor', users: { totalCount: 1, nodes: [{ username: 'auditor' }] } });
  });

  it.each([
    ['Default', ['admin', 'elif.drozd']],
    ['Vale Robotics', ['admin', 'greta.rossi']],
  ])('of organisations is held by those who hold it there: %s', async (organization, usernames) => {
    const { data, errors } = await graph.query<{ role: { usersCount: number; users: { nodes: object[] } } }>(
      '{ role(id: "00000000-0000-0000-0000-000000000005") { usersCount users { nodes { username } } } }',
      {},
      { headers: { 'x-jms-org': organization } },
    );
    expect(errors).toBeUndefined();
    expect(data.role.users.nodes).toEqual(usernames.map((username) => ({ username })));
    expect(data.role.usersCount).toBe(usernames.length);
  });
});

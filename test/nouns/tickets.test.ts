import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
  await graph.query('{ serverInfo { version } }');
});
afterAll(() => graph.close());

const asUser = { headers: { authorization: 'Bearer sandbox-user' } };

interface TicketRow {
  readonly __typename: string;
  readonly id: string;
  readonly uuid: string;
  readonly title: string;
}

const tickets = async () =>
  (await graph.query<{ tickets: { nodes: TicketRow[] } }>('{ tickets { nodes { __typename id uuid title } } }')).data
    .tickets.nodes;

describe('tickets', () => {
  it('tell their types from one list, in one call', async () => {
    const { data, errors, extensions } = await graph.query(
      '{ tickets { totalCount nodes { __typename title type state status approvalStep } } }',
    );
    expect(errors).toBeUndefined();
    expect(data['tickets']).toMatchObject({ totalCount: 5 });
    expect((data['tickets'] as { nodes: unknown[] }).nodes[0]).toEqual({
      __typename: 'ApplyAssetTicket',
      title: 'Access to app-0000',
      type: 'APPLY_ASSET',
      state: 'PENDING',
      status: 'OPEN',
      approvalStep: 1,
    });
    expect(extensions.upstream.calls).toBe(1);
  });

  it('give what only their type has in one call more for each type', async () => {
    const { data, errors, extensions } = await graph.query(
      `{ tickets(filter: { state: PENDING }) { nodes { title ... on ApplyAssetTicket {
        assets { name address } nodes { path } accounts actions permissionName
      } ... on CommandConfirmTicket { command } } } }`,
    );
    expect(errors).toBeUndefined();
    expect((data['tickets'] as { nodes: unknown[] }).nodes[0]).toEqual({
      title: 'Access to app-0000',
      assets: [{ name: 'app-0000', address: '10.20.0.0' }],
      nodes: [],
      accounts: ['deploy'],
      actions: ['CONNECT'],
      permissionName: 'Made of a ticket (Access to app-0000)',
    });
    expect(extensions.upstream.calls).toBe(3);
  });

  it('name applicant, assignees and who decided', async () => {
    const { data, errors } = await graph.query(
      `{ tickets(filter: { state: APPROVED }) { nodes { applicant { username email }
        approvals { level state assignees { username } assigneesText processor { username } } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data['tickets']).toEqual({
      nodes: [
        {
          applicant: { username: 'dmitri.vermeer', email: 'dmitri.vermeer@harborvale.example' },
          approvals: [
            {
              level: 1,
              state: 'APPROVED',
              assignees: [{ username: 'admin' }],
              assigneesText: ['Administrator(admin)'],
              processor: { username: 'admin' },
            },
          ],
        },
      ],
    });
  });

  it('are found by either id, as `ticket`, as `node`, and by an id of their own type', async () => {
    const [first] = await tickets();
    const { data, errors } = await graph.query(
      `query ($id: ID!, $uuid: ID!) {
        byGlobal: ticket(id: $id) { title __typename } byUuid: ticket(id: $uuid) { title applicant { username } }
        node(id: $id) { id __typename ... on ApplyAssetTicket { title applicant { username } accounts } }
      }`,
      { id: first?.id, uuid: first?.uuid },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      byGlobal: { title: 'Access to app-0000', __typename: 'ApplyAssetTicket' },
      byUuid: { title: 'Access to app-0000', applicant: { username: 'user' } },
      node: {
        id: first?.id,
        __typename: 'ApplyAssetTicket',
        title: 'Access to app-0000',
        applicant: { username: 'user' },
        accounts: ['deploy'],
      },
    });
  });

  it('can be filtered, also by who may decide', async () => {
    const { data, errors } = await graph.query(
      `query ($nobody: ID!) {
        closed: tickets(filter: { status: CLOSED }) { totalCount }
        command: tickets(filter: { type: COMMAND_CONFIRM }) { totalCount }
        nobody: tickets(filter: { applicant: $nobody }) { totalCount }
      }`,
      { nobody: '00000000-0000-0000-0000-00000000abcd' },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ closed: { totalCount: 3 }, command: { totalCount: 0 }, nobody: { totalCount: 0 } });
  });

  it('show an ordinary user what concerns them, with assets that they do not reach left out', async () => {
    const { data, errors } = await graph.query<{ tickets: { totalCount: number; nodes: TicketRow[] } }>(
      '{ tickets { totalCount nodes { title } } }',
      {},
      asUser,
    );
    expect(errors).toBeUndefined();
    expect(data.tickets).toEqual({
      totalCount: 2,
      nodes: [{ title: 'Access to app-0000' }, { title: 'Access to orders-db-0012' }],
    });
  });
});

describe('flows of tickets', () => {
  it('tell how many steps an approval has', async () => {
    const { data, errors, extensions } = await graph.query(
      '{ ticketFlows { nodes { type { value } approvalLevel } } }',
    );
    expect(errors).toBeUndefined();
    expect(data['ticketFlows']).toEqual({ nodes: [{ type: { value: 'apply_asset' }, approvalLevel: 1 }] });
    expect(extensions.upstream.calls).toBe(1);
  });
});

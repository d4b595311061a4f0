import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import {
  type Callers,
  failure,
  list,
  mutate,
  type Named,
  NOBODY,
  refusals,
  startCallers,
  writesOf,
} from './support.ts';

const FLOW = 'ticketFlow { id type { value } approvalLevel rules organization { isDefault } }';
const ADMINISTRATOR = '00000000-0000-0000-0000-000000000001';

/** What differs between servers: names came with 4.10.19, and types went. */
const naming = (version: string, name: string) => (version === '4.10.19' ? { name } : {});

describe.each(SANDBOX_VERSIONS)('ticket flows on JumpServer %s', (version) => {
  let graph: TestGraph;
  let users: string[];
  beforeAll(async () => {
    graph = await startGraph({ version });
    users = (await list(graph, 'users(first: 2)', 'uuid')).map(({ uuid }) => uuid);
  });
  afterAll(() => graph.close());
  beforeEach(() => graph.sandbox.clearLog());

  it('are created, changed and deleted, each by one write', async () => {
    const input = {
      ...naming(version, 'two steps'),
      type: 'APPLY_ASSET',
      rules: [{ users }, { systemRoles: [ADMINISTRATOR] }],
    };
    const created = await mutate(graph, 'createTicketFlow', input, FLOW);
    expect(created).toMatchObject({
      userErrors: [],
      ticketFlow: { type: { value: 'apply_asset' }, approvalLevel: 2, organization: { isDefault: true } },
    });
    const { id, rules } = created['ticketFlow'] as Named & { rules: object[] };
    expect(rules).toHaveLength(2);
    if (version !== '3.10.23')
      expect(rules).toMatchObject([
        { level: 1, users: { type: 'ids', ids: users } },
        { level: 2, users: { type: 'attrs', attrs: [{ name: 'system_roles', value: [ADMINISTRATOR] }] } },
      ]);
    expect(writesOf(graph)).toEqual(['POST /api/v1/tickets/flows/']);
    const again = await mutate(graph, 'createTicketFlow', input, FLOW);
    expect(refusals(again)).toEqual([version === '4.10.19' ? 'name DUPLICATE' : 'type DUPLICATE']);
    const change = { id, rules: [{ users: [users[0]] }] };
    const changed = await mutate(graph, 'updateTicketFlow', change, FLOW);
    expect(changed).toMatchObject({ userErrors: [], ticketFlow: { id, approvalLevel: 1 } });
    const gone = await mutate(graph, 'deleteTicketFlow', { id }, 'deletedIds');
    expect(gone).toMatchObject({ userErrors: [], deletedIds: [id] });
    expect(writesOf(graph)).toHaveLength(4);
    expect(refusals(await mutate(graph, 'deleteTicketFlow', { id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
    expect(refusals(await mutate(graph, 'updateTicketFlow', change, FLOW))).toEqual(['id NOT_FOUND']);
  });

  it('that are inherited are copied when they are changed', async () => {
    const [inherited] = await list(graph, 'ticketFlows', 'id');
    const input = { id: inherited?.id, ...naming(version, 'ours'), rules: [{ users: [users[0]] }] };
    const payload = await mutate(graph, 'updateTicketFlow', input, FLOW);
    expect(payload).toMatchObject({ userErrors: [], ticketFlow: { organization: { isDefault: true } } });
    expect((payload['ticketFlow'] as Named).id).not.toBe(inherited?.id);
    expect(await list(graph, 'ticketFlows', 'id')).toHaveLength(2);
  });
});

it('a ticket flow of a role is refused before 4.0, unless it is the administrators’', async () => {
  const graph = await startGraph({ version: '3.10.23' });
  const auditor = '00000000-0000-0000-0000-000000000002';
  const input = { type: 'LOGIN_CONFIRM', rules: [{ systemRoles: [auditor] }] };
  const payload = await mutate(graph, 'createTicketFlow', input, FLOW);
  expect(refusals(payload)).toEqual(['rules.0.systemRoles UNSUPPORTED_BY_SERVER']);
  expect(writesOf(graph)).toEqual([]);
  await graph.close();
});

it('what a server leaves out of a ticket flow is told', async () => {
  const old = await startCallers('4.9.0');
  const input = { name: 'ours', type: 'LOGIN_CONFIRM', rules: [{ systemRoles: [ADMINISTRATOR] }] };
  expect(refusals(await mutate(old.admin, 'createTicketFlow', input, FLOW))).toEqual(['name UNSUPPORTED_BY_SERVER']);
  await old.close();
  const newest = await startCallers('4.10.19');
  const [inherited] = await list(newest.admin, 'ticketFlows', 'id');
  expect(refusals(await mutate(newest.admin, 'createTicketFlow', input, FLOW))).toEqual(['type INVALID']);
  expect(await failure(newest.admin, 'deleteTicketFlow', { id: inherited?.id })).toBe('FORBIDDEN');
  await newest.close();
});

describe('ticket flows are refused', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.admin.sandbox.clearLog());

  it.each([
    [{ rules: [] }, ['rules REQUIRED']],
    [{ rules: [{}] }, ['rules.0.users REQUIRED']],
    [{ rules: [{ users: [NOBODY], systemRoles: [ADMINISTRATOR] }] }, ['rules.0.users INVALID']],
    [{ rules: [{ systemRoles: [ADMINISTRATOR] }, { users: [NOBODY] }] }, ['rules.1.users.0 NOT_FOUND']],
    [{ rules: [{ systemRoles: [NOBODY] }] }, ['rules.0.systemRoles.0 NOT_FOUND']],
  ])('for %o, and nothing is sent', async (given, expected) => {
    const payload = await mutate(callers.admin, 'createTicketFlow', { type: 'LOGIN_CONFIRM', ...given }, FLOW);
    expect(payload['ticketFlow']).toBeNull();
    expect(refusals(payload)).toEqual(expected);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('without a type', async () => {
    const input = { rules: [{ systemRoles: [ADMINISTRATOR] }] };
    expect(refusals(await mutate(callers.admin, 'createTicketFlow', input, FLOW))).toEqual(['type REQUIRED']);
  });

  it('to an ordinary user', async () => {
    const [flow] = await list(callers.admin, 'ticketFlows', 'id');
    const rules = [{ users: [(await list(callers.admin, 'users(first: 1)', 'id'))[0]?.id] }];
    expect(await failure(callers.user, 'createTicketFlow', { type: 'LOGIN_CONFIRM', rules })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'updateTicketFlow', { id: flow?.id })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'deleteTicketFlow', { id: flow?.id })).toBe('FORBIDDEN');
  });
});

describe('who would decide a ticket', () => {
  it('is for everybody who asks, in one call', async () => {
    const callers = await startCallers('4.10.19');
    const [told] = await list(callers.admin, 'users(first: 1)', 'id');
    const input = { name: 'ours', rules: [{ systemRoles: [ADMINISTRATOR] }], ccUsers: [told?.id] };
    await mutate(callers.admin, 'createTicketFlow', input, FLOW);
    const QUERY = '{ ticketFlowOptions { flowId name approvalLevel ccUsers { id } } }';
    await callers.user.query(QUERY);
    const { data, errors, extensions } = await callers.user.query<Record<string, object[]>>(QUERY);
    expect(errors).toBeUndefined();
    expect(data['ticketFlowOptions']).toContainEqual({
      flowId: expect.any(String),
      name: 'ours',
      approvalLevel: 1,
      ccUsers: [{ id: told?.id }],
    });
    expect(extensions.upstream.calls).toBe(1);
    const none = await callers.user.query('{ ticketFlowOptions(type: LOGIN_CONFIRM) { name } }');
    expect(none.data).toEqual({ ticketFlowOptions: [] });
    await callers.close();
  });

  it('is not told before 4.10.19', async () => {
    const graph = await startGraph();
    const { data, errors } = await graph.query('{ ticketFlowOptions { name } }');
    expect(data).toEqual({ ticketFlowOptions: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNSUPPORTED_BY_SERVER']);
    await graph.close();
  });
});

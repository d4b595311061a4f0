import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { failure, list, mutate, type Named, NOBODY, refusals, writesOf } from './support.ts';

/** Has the administrator write to everybody, the administrator too. */
const broadcast = async ({ sandbox }: TestGraph, subject: string) => {
  const answer = await sandbox.fetch(
    new Request('http://jumpserver.test/api/v1/notifications/site-messages/send/', {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' },
      body: JSON.stringify({ subject, message: 'soon', is_broadcast: true }),
    }),
  );
  expect(answer.status).toBe(200);
};
const unread = (graph: TestGraph) => list<Named>(graph, 'siteMessages(first: 50, filter: { isRead: false })', 'id');

describe.each(SANDBOX_VERSIONS)('messages on JumpServer %s', (version) => {
  let graph: TestGraph;
  let user: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ version });
    user = await startGraph({ sandbox: graph.sandbox, token: 'sandbox-user' });
    await broadcast(graph, 'one');
    await broadcast(graph, 'two');
  });
  afterAll(async () => {
    await graph.close();
    await user.close();
  });

  it('are marked as read by one write, those that are named; a repeat does no harm', async () => {
    const before = await unread(graph);
    expect(before.length).toBeGreaterThanOrEqual(2);
    const [first] = before;
    graph.sandbox.clearLog();
    for (let time = 0; time < 2; time++) {
      const payload = await mutate(graph, 'markMessagesRead', { ids: [first?.id] }, 'siteMessages { id isRead }');
      expect(payload).toMatchObject({ userErrors: [], siteMessages: [{ id: first?.id, isRead: true }] });
    }
    expect(writesOf(graph)).toHaveLength(2);
    expect(await unread(graph)).toEqual(before.slice(1));
  });

  it('of somebody else are not there', async () => {
    const [mine] = await unread(graph);
    graph.sandbox.clearLog();
    const payload = await mutate(user, 'markMessagesRead', { ids: [mine?.id, NOBODY] }, 'siteMessages { id }');
    expect(refusals(payload)).toEqual(['ids.0 NOT_FOUND', 'ids.1 NOT_FOUND']);
    expect(refusals(await mutate(user, 'markMessagesRead', { ids: [] }, 'siteMessages { id }'))).toEqual([
      'ids REQUIRED',
    ]);
    expect(writesOf(user)).toEqual([]);
  });

  it('are all marked by one write; both ways at once are refused', async () => {
    graph.sandbox.clearLog();
    for (let time = 0; time < 2; time++) {
      const payload = await mutate(graph, 'markMessagesRead', { all: true }, 'unreadMessagesCount');
      expect(payload).toMatchObject({ userErrors: [], unreadMessagesCount: 0 });
    }
    expect(writesOf(graph)).toEqual(Array(2).fill('PATCH /api/v1/notifications/site-messages/mark-as-read-all/'));
    expect(await unread(graph)).toEqual([]);
    const both = await mutate(graph, 'markMessagesRead', { all: true, ids: [NOBODY] }, 'unreadMessagesCount');
    expect(refusals(both)).toEqual(['ids INVALID']);
  });

  it('are sent by one write to those who are named; a repeat is another message', async () => {
    const { data } = await user.query<{ viewer: { user: { id: string } } }>('{ viewer { user { id } } }');
    const [before, others] = [await unread(user), await unread(graph)];
    graph.sandbox.clearLog();
    const input = { subject: 'Tonight', message: 'We restart.', users: [data.viewer.user.id] };
    for (let time = 1; time <= 2; time++) {
      expect(await mutate(graph, 'sendMessage', input, 'success')).toMatchObject({ success: true, userErrors: [] });
      expect(writesOf(graph)).toHaveLength(time);
      expect(await unread(user)).toHaveLength(before.length + time);
    }
    expect(await unread(graph)).toEqual(others);
    const everybody = { subject: 'Tonight', message: 'We restart.', isBroadcast: true };
    expect(await mutate(graph, 'sendMessage', everybody, 'success')).toMatchObject({ success: true });
    expect(await unread(graph)).toHaveLength(others.length + 1);
  });

  it('to nobody, to somebody unknown and without words are refused; an ordinary user sends none', async () => {
    const message = { subject: 'Tonight', message: 'We restart.' };
    const refused = async (more: object) =>
      refusals(await mutate(graph, 'sendMessage', { ...message, ...more }, 'success'));
    graph.sandbox.clearLog();
    expect(await refused({})).toEqual(['users REQUIRED']);
    expect(await refused({ users: [NOBODY] })).toEqual(['users.0 NOT_FOUND']);
    expect(await refused({ userGroups: [NOBODY] })).toEqual(['userGroups.0 NOT_FOUND']);
    expect(writesOf(graph)).toEqual([]);
    expect(await refused({ isBroadcast: true, subject: '' })).toEqual(['subject REQUIRED']);
    expect(await failure(user, 'sendMessage', { ...message, isBroadcast: true })).toBe('FORBIDDEN');
  });

  it('about what happens go to those who subscribe: one write', async () => {
    const [somebody] = await list(graph, 'users(first: 1)', 'id');
    const [group] = await list(graph, 'userGroups(first: 1)', 'id');
    const SUBSCRIPTION = 'messageSubscription { messageType receiveBackends users { id } userGroups { id } }';
    const input = {
      messageType: 'ServerPerformanceMessage',
      receiveBackends: ['email'],
      users: [somebody?.id],
      userGroups: [group?.id],
    };
    const shown = { ...input, users: [{ id: somebody?.id }], userGroups: [{ id: group?.id }] };
    graph.sandbox.clearLog();
    for (let time = 1; time <= 2; time++) {
      const payload = await mutate(graph, 'updateMessageSubscription', input, SUBSCRIPTION);
      expect(payload).toMatchObject({ userErrors: [], messageSubscription: shown });
      expect(writesOf(graph)).toHaveLength(time);
    }
    const { data } = await graph.query('{ messageSubscriptions { subscriptions { messageType receiveBackends } } }');
    expect(JSON.stringify(data)).toContain('{"messageType":"ServerPerformanceMessage","receiveBackends":["email"]}');
    const refused = async (more: object) =>
      refusals(await mutate(graph, 'updateMessageSubscription', { ...input, ...more }, SUBSCRIPTION));
    expect(await refused({ messageType: 'Nothing' })).toEqual(['messageType NOT_FOUND']);
    expect(await refused({ users: [NOBODY] })).toEqual(['users.0 NOT_FOUND']);
    expect(await refused({ userGroups: [group?.id, NOBODY] })).toEqual(['userGroups.1 NOT_FOUND']);
    expect(await failure(user, 'updateMessageSubscription', input)).toBe('FORBIDDEN');
  });

  it('come to everybody in the ways they choose: one write', async () => {
    user.sandbox.clearLog();
    for (let time = 1; time <= 2; time++) {
      const input = { messageBackends: ['site_msg'] };
      expect(await mutate(user, 'updateMessageBackends', input, 'messageBackends')).toMatchObject({
        userErrors: [],
        messageBackends: ['site_msg'],
      });
      expect(writesOf(user)).toHaveLength(time);
    }
    const { data } = await user.query('{ viewer { messageBackends } }');
    expect(data).toEqual({ viewer: { messageBackends: ['site_msg'] } });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { list, mutate, type Named, NOBODY, refusals, writesOf } from './support.ts';

/** Has the administrator write to everybody, the administrator too. */
const broadcast = async ({ sandbox }: TestGraph, subject: string) => {
  const answer = await sandbox.fetch(
    new Request('http://jumpserver.test/api/v1/notifications/site-messages/send/', {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' },
      body: JSON.stringify({ subject, message: 'soon', is_broadcast: true }),
    }),
  );
  expect(answer.status).toBe(201);
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
});

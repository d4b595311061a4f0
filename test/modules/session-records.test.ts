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

const SHARED = 'sessionSharing { id isActive expiresIn usersText session { id } creator { username } }';

describe.each(SANDBOX_VERSIONS)('records of sessions on JumpServer %s', (version) => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ version });
  });
  afterAll(() => graph.close());
  beforeEach(() => graph.sandbox.clearLog());

  it('are commented and deleted, each by one write', async () => {
    const [session] = await list(graph, 'sessions(first: 1, filter: { isFinished: true })', 'id');
    graph.sandbox.clearLog();
    const input = { id: session?.id, comment: 'looked through' };
    const payload = await mutate(graph, 'updateSession', input, 'session { id comment protocol }');
    expect(payload).toMatchObject({
      userErrors: [],
      session: { id: session?.id, comment: 'looked through', protocol: expect.any(String) },
    });
    const gone = await mutate(graph, 'deleteSession', { id: session?.id }, 'deletedIds');
    expect(gone).toMatchObject({ userErrors: [], deletedIds: [session?.id] });
    expect(writesOf(graph).map((write) => write.split(' ')[0])).toEqual(['PATCH', 'DELETE']);
    const again = await mutate(graph, 'deleteSession', { id: session?.id }, 'deletedIds');
    expect(refusals(again)).toEqual(['id NOT_FOUND']);
    expect(refusals(await mutate(graph, 'updateSession', input, 'session { id }'))).toEqual(['id NOT_FOUND']);
  });

  it('running ones are opened to others, and closed again', async () => {
    const [session] = await list(graph, 'sessions(first: 1, filter: { isFinished: false })', 'id');
    const users = await list<Named>(graph, 'users(first: 2)', 'id name');
    graph.sandbox.clearLog();
    const input = { session: session?.id, users: users.map(({ id }) => id), permission: 'READ_ONLY', expiresIn: 3600 };
    const payload = await mutate(graph, 'createSessionSharing', input, SHARED);
    expect(payload).toMatchObject({
      userErrors: [],
      sessionSharing: {
        isActive: true,
        expiresIn: 3600,
        usersText: users.map(({ name }) => name),
        session: { id: session?.id },
        creator: { username: 'admin' },
      },
    });
    expect(writesOf(graph)).toEqual(['POST /api/v1/terminal/session-sharings/']);
    const { id } = payload['sessionSharing'] as Named;
    const closed = await mutate(graph, 'updateSessionSharing', { id, isActive: false }, SHARED);
    expect(closed).toMatchObject({ userErrors: [], sessionSharing: { id, isActive: false, expiresIn: 3600 } });
    const again = await mutate(graph, 'createSessionSharing', input, SHARED);
    expect(again).toMatchObject({ userErrors: [], sessionSharing: { isActive: true } });
  });
});

describe('records of sessions are refused', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());

  it('where a session or an id is not there', async () => {
    const share = async (input: object) =>
      refusals(await mutate(callers.admin, 'createSessionSharing', input, 'sessionSharing { id }'));
    expect(await share({ session: NOBODY, users: [] })).toEqual(['session NOT_FOUND']);
    const [session] = await list(callers.admin, 'sessions(first: 1)', 'id');
    expect(await share({ session: session?.id, users: [NOBODY] })).toEqual(['users.0 NOT_FOUND']);
    const close = { id: NOBODY, isActive: false };
    const payload = await mutate(callers.admin, 'updateSessionSharing', close, 'sessionSharing { id }');
    expect(refusals(payload)).toEqual(['id NOT_FOUND']);
  });

  it('to an ordinary user', async () => {
    const [session] = await list(callers.admin, 'sessions(first: 1)', 'id');
    const { id } = session ?? {};
    expect(await failure(callers.user, 'updateSession', { id, comment: 'x' })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'deleteSession', { id })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'createSessionSharing', { session: id, users: [] })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'updateSessionSharing', { id: NOBODY, isActive: false })).toBe('FORBIDDEN');
  });
});

it('everybody may ask how many remote desktops run with an account, in one call', async () => {
  const callers = await startCallers();
  const [one] = await list<Named & { account: string; asset: Named }>(
    callers.admin,
    'sessions(first: 1, filter: { protocol: "rdp" })',
    'uuid account: accountText asset { id }',
  );
  // Its component would say so: no company has a remote desktop that runs.
  const address = `http://jumpserver.test/api/v1/terminal/sessions/${one?.uuid}/`;
  const headers = { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' };
  const body = JSON.stringify({ is_finished: false });
  const written = await callers.admin.sandbox.fetch(new Request(address, { method: 'PATCH', headers, body }));
  expect(written.status).toBe(200);
  const username = /\(([^()]*)\)$/.exec(one?.account ?? '')?.[1];
  const QUERY = 'query($id: ID!, $name: String!) { asset(id: $id) { remoteDesktopsCount(username: $name) } }';
  const { data, errors } = await callers.admin.query(QUERY, { id: one?.asset?.id, name: username });
  expect(errors).toBeUndefined();
  expect(data).toEqual({ asset: { remoteDesktopsCount: 1 } });
  const own = await callers.user.query<{ viewer: { assets: { nodes: { remoteDesktopsCount: number }[] } } }>(
    '{ viewer { assets(first: 1) { nodes { remoteDesktopsCount(username: "nobody") } } } }',
  );
  expect(own.data.viewer.assets.nodes).toEqual([{ remoteDesktopsCount: 0 }]);
  expect(own.extensions.upstream.calls).toBeLessThanOrEqual(4);
  await callers.close();
});

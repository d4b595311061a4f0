import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { failure, list, mutate, type Named, NOBODY, refusals, writesOf } from './support.ts';

const FROM = '2026-12-01T00:00:00Z';
const UNTIL = '2026-12-31T00:00:00Z';
const ASKED = 'assets { id } nodes { id } accounts actions startsAt expiresAt';

/** An administrator, who decides, and an ordinary user, who asks. */
const start = async (version: SandboxVersion) => {
  const admin = await startGraph({ version });
  const user = await startGraph({ sandbox: admin.sandbox, token: 'sandbox-user' });
  const assets = await list(admin, 'assets(first: 3)', 'id name');
  const ask = async (more: object = {}) => {
    const input = {
      title: 'please',
      assets: [assets[0]?.id],
      accounts: ['root'],
      actions: ['CONNECT', 'UPLOAD'],
      startsAt: FROM,
      expiresAt: UNTIL,
      ...more,
    };
    return mutate(user, 'requestAccess', input, `ticket { id uuid title type state status permissionName ${ASKED} }`);
  };
  const open = async () => (await ask()).ticket as Named;
  const close = async () => {
    await admin.close();
    await user.close();
  };
  return { admin, user, assets, ask, open, close };
};
type Scene = Awaited<ReturnType<typeof start>>;

const SETTLED = 'ticket { __typename id state status approvals { state processor { username } } }';
const permissionOf = async (graph: TestGraph, ticket: string) => {
  const document = 'query($id: ID!) { ticket(id: $id) { ... on ApplyAssetTicket { permissionName } } }';
  const { data } = await graph.query<{ ticket: { permissionName: string } }>(document, { id: ticket });
  const permissions = await list<Named & Record<string, unknown>>(
    graph,
    `permissions(filter: { name: ${JSON.stringify(data.ticket.permissionName)} })`,
    'name accounts actions startsAt expiresAt users { nodes { username } } assets { nodes { id } }',
  );
  return permissions;
};

describe.each(SANDBOX_VERSIONS)('tickets on JumpServer %s', (version) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await start(version);
  });
  afterAll(() => scene.close());

  it('a user asks, an administrator approves as it was asked, and the permission is there', async () => {
    const { admin, assets, ask } = scene;
    const payload = await ask();
    expect(payload).toMatchObject({
      userErrors: [],
      ticket: {
        title: 'please',
        type: 'APPLY_ASSET',
        state: 'PENDING',
        status: 'OPEN',
        assets: [{ id: assets[0]?.id }],
        accounts: ['root'],
        actions: ['CONNECT', 'UPLOAD'],
        startsAt: FROM,
        expiresAt: UNTIL,
      },
    });
    const { id } = payload.ticket as Named;
    expect(await permissionOf(admin, id)).toEqual([]);
    expect(await mutate(admin, 'approveTicket', { id }, SETTLED)).toMatchObject({
      userErrors: [],
      ticket: {
        __typename: 'ApplyAssetTicket',
        id,
        state: 'APPROVED',
        status: 'CLOSED',
        approvals: [{ state: 'APPROVED', processor: { username: 'admin' } }],
      },
    });
    expect(await permissionOf(admin, id)).toMatchObject([
      {
        accounts: ['root'],
        actions: ['CONNECT', 'UPLOAD'],
        startsAt: FROM,
        expiresAt: UNTIL,
        assets: { nodes: [{ id: assets[0]?.id }] },
      },
    ]);
  });

  it('an approver gives less than was asked for', async () => {
    const { admin, assets, open } = scene;
    const { id } = await open();
    const until = '2026-12-02T00:00:00Z';
    const input = { id, assets: [assets[1]?.id], accounts: ['@USER'], actions: ['CONNECT'], expiresAt: until };
    expect((await mutate(admin, 'approveTicket', input, SETTLED)).userErrors).toEqual([]);
    expect(await permissionOf(admin, id)).toMatchObject([
      {
        accounts: ['@USER'],
        actions: ['CONNECT'],
        startsAt: FROM,
        expiresAt: until,
        assets: { nodes: [{ id: assets[1]?.id }] },
      },
    ]);
  });

  it('one is rejected, one is taken back, both are spoken about', async () => {
    const { admin, user, open } = scene;
    const [first, second] = [await open(), await open()];
    const said = await mutate(
      admin,
      'commentTicket',
      { id: first.id, body: 'not now' },
      'ticketComment { body userText user { username } ticket { id } }',
    );
    expect(said).toMatchObject({
      userErrors: [],
      ticketComment: { body: 'not now', user: { username: 'admin' }, ticket: { id: first.id } },
    });
    const rejected = await mutate(
      admin,
      'rejectTicket',
      { id: first.id },
      'ticket { id state comments { nodes { body } } }',
    );
    expect(rejected.ticket).toEqual({ id: first.id, state: 'REJECTED', comments: { nodes: [{ body: 'not now' }] } });
    const closed = await mutate(user, 'closeTicket', { id: second.id }, 'ticket { state status }');
    expect(closed.ticket).toEqual({ state: 'CLOSED', status: 'CLOSED' });
    expect(await permissionOf(admin, first.id)).toEqual([]);
  });
});

describe('tickets', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await start('4.10.16');
  });
  afterAll(() => scene.close());
  beforeEach(() => scene.admin.sandbox.clearLog());

  it('one write opens, one approves', async () => {
    const { id, uuid } = await scene.open();
    expect(writesOf(scene.admin)).toEqual(['POST /api/v1/tickets/apply-asset-tickets/open/']);
    scene.admin.sandbox.clearLog();
    await mutate(scene.admin, 'approveTicket', { id }, 'ticket { id }');
    expect(scene.admin.sandbox.log.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/v1/tickets/tickets/',
      'GET /api/v1/tickets/apply-asset-tickets/',
      `PUT /api/v1/tickets/apply-asset-tickets/${uuid}/approve/`,
    ]);
  });

  it('settled once, they stay so: a repeat of any kind is a CONFLICT and sends nothing', async () => {
    const { id } = await scene.open();
    await mutate(scene.admin, 'rejectTicket', { id }, 'ticket { id }');
    scene.admin.sandbox.clearLog();
    for (const name of ['approveTicket', 'rejectTicket', 'closeTicket'])
      expect(refusals(await mutate(scene.admin, name, { id }, 'ticket { id }'))).toEqual(['id CONFLICT']);
    expect(writesOf(scene.admin)).toEqual([]);
  });

  it('that ask for nothing are refused before anything is sent', async () => {
    expect(refusals(await scene.ask({ assets: [], accounts: [] }))).toEqual(['accounts REQUIRED', 'assets REQUIRED']);
    expect(writesOf(scene.admin)).toEqual([]);
  });

  it('are refused by the field at fault', async () => {
    expect(refusals(await scene.ask({ title: '' }))).toEqual(['title REQUIRED']);
    expect(refusals(await scene.ask({ assets: [scene.assets[0]?.id, NOBODY] }))).toEqual(['assets.1 NOT_FOUND']);
    expect(refusals(await scene.ask({ nodes: [NOBODY] }))).toEqual(['nodes.0 NOT_FOUND']);
    const { id } = await scene.open();
    const approval = await mutate(scene.admin, 'approveTicket', { id, assets: [NOBODY] }, 'ticket { id }');
    expect(refusals(approval)).toEqual(['assets.0 NOT_FOUND']);
  });

  it('that nobody has are NOT_FOUND', async () => {
    for (const name of ['approveTicket', 'rejectTicket', 'closeTicket'])
      expect(refusals(await mutate(scene.admin, name, { id: NOBODY }, 'ticket { id }'))).toEqual(['id NOT_FOUND']);
  });

  it('are not decided by who asks, and not taken back by who decides', async () => {
    const { id } = await scene.open();
    expect(await failure(scene.user, 'approveTicket', { id })).toBe('FORBIDDEN');
    expect(await failure(scene.user, 'rejectTicket', { id })).toBe('FORBIDDEN');
    expect(await failure(scene.admin, 'closeTicket', { id })).toBe('FORBIDDEN');
  });

  it('comments without words are refused', async () => {
    const { id } = await scene.open();
    const payload = await mutate(scene.user, 'commentTicket', { id, body: '' }, 'ticketComment { body }');
    expect(refusals(payload)).toEqual(['body REQUIRED']);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { type Callers, list, mutate, type Named, startCallers } from '../modules/support.ts';

/** The sandbox's clock stands still: what is granted from the day before until the new year holds now. */
const NOW = Date.parse('2026-11-20T10:00:00Z');

interface Own {
  readonly viewer: {
    readonly user: Named;
    readonly assets: { readonly totalCount: number; readonly nodes: readonly Named[] };
    readonly nodes: readonly { readonly path: string }[];
    readonly favorites: { readonly nodes: readonly { readonly asset: Named | null }[] };
    readonly sessions: { readonly totalCount: number; readonly nodes: readonly { readonly userText: string }[] };
    readonly loginLogs: { readonly nodes: readonly { readonly username: string }[] };
    readonly tickets: { readonly nodes: readonly { readonly id: string; readonly state: string }[] };
  };
}

const OWN = `{ viewer { user { id username }
  assets(first: 200) { totalCount nodes { id name } } nodes { path } favorites { nodes { asset { id name } } }
  sessions(first: 50) { totalCount nodes { userText } } loginLogs(first: 50) { nodes { username } }
  tickets { nodes { id state } } } }`;

describe.each(SANDBOX_VERSIONS)('an ordinary user’s day on JumpServer %s', (version) => {
  let callers: Callers;
  /** An asset that nobody may reach yet. */
  let wanted: Named;
  const own = async () => {
    const { data, errors } = await callers.user.query<Own>(OWN);
    expect(errors?.map(({ path }) => path?.join('.'))).toBeUndefined();
    return data.viewer;
  };
  beforeAll(async () => {
    callers = await startCallers(createSandbox({ version, throttle: false, now: () => NOW }));
    const [platform] = await list(callers.admin, 'platforms(filter: { name: "Linux" })', 'id');
    const host = { name: 'day-host', address: '192.0.2.77', platform: platform?.id };
    wanted = (await mutate(callers.admin, 'createHost', host, 'asset { id uuid name }'))['asset'] as Named;
    const account = { asset: wanted.id, username: 'door', secret: 'x' };
    expect((await mutate(callers.admin, 'createAccount', account, 'account { id }')).userErrors).toEqual([]);
  });
  afterAll(() => callers.close());

  it('begins with what is theirs: assets, the tree above them, sessions and sign-ins of nobody else', async () => {
    const viewer = await own();
    expect(viewer.assets.totalCount).toBe(viewer.assets.nodes.length);
    expect(viewer.assets.totalCount).toBeGreaterThan(10);
    expect(viewer.assets.nodes.map(({ id }) => id)).not.toContain(wanted.id);
    expect(viewer.nodes.map(({ path }) => path)).toEqual(expect.arrayContaining(['/Default', '/Default/Trieste']));
    expect(viewer.sessions.totalCount).toBeGreaterThan(0);
    expect(viewer.sessions.nodes.every(({ userText }) => userText.endsWith('(user)'))).toBe(true);
    expect(viewer.loginLogs.nodes.length).toBeGreaterThan(0);
    expect(viewer.loginLogs.nodes.every(({ username }) => /^user$|\(user\)$/.test(username))).toBe(true);
  });

  it('goes on with a favourite, kept and taken away', async () => {
    const [asset] = (await own()).assets.nodes;
    const before = (await own()).favorites.nodes.length;
    expect((await mutate(callers.user, 'favoriteAsset', { id: asset?.id }, 'asset { id }')).userErrors).toEqual([]);
    expect((await own()).favorites.nodes.map(({ asset: one }) => one?.id)).toContain(asset?.id);
    expect((await mutate(callers.user, 'unfavoriteAsset', { id: asset?.id }, 'asset { id }')).userErrors).toEqual([]);
    expect((await own()).favorites.nodes).toHaveLength(before);
  });

  it('and ends on an asset that they asked for, an administrator approved, and a token opens', async () => {
    const asked = {
      title: 'please',
      assets: [wanted.id],
      accounts: ['door'],
      actions: ['CONNECT'],
      startsAt: '2026-11-19T00:00:00Z',
      expiresAt: '2026-12-31T00:00:00Z',
    };
    const request = await mutate(callers.user, 'requestAccess', asked, 'ticket { id state }');
    expect(request).toMatchObject({ userErrors: [], ticket: { state: 'PENDING' } });
    const { id } = request['ticket'] as Named;
    expect((await own()).assets.nodes.map((asset) => asset.id)).not.toContain(wanted.id);

    const approval = await mutate(callers.admin, 'approveTicket', { id }, 'ticket { id state }');
    expect(approval).toMatchObject({ userErrors: [], ticket: { id, state: 'APPROVED' } });
    const viewer = await own();
    expect(viewer.tickets.nodes).toContainEqual({ id, state: 'APPROVED' });
    expect(viewer.assets.nodes.map((asset) => asset.id)).toContain(wanted.id);

    const { data, errors } = await callers.user.query<{
      viewer: { asset: { accounts: { alias: string; username: string }[] } };
    }>('query ($id: ID!) { viewer { asset(id: $id) { accounts { alias username } } } }', { id: wanted.id });
    expect(errors).toBeUndefined();
    const [door] = data.viewer.asset.accounts;
    expect(door?.username).toBe('door');
    const way = { asset: wanted.id, account: door?.alias, protocol: 'ssh', connectMethod: 'web_cli' };
    const token = await mutate(callers.user, 'createConnectionToken', way, 'value connectionToken { id asset { id } }');
    expect(token).toMatchObject({ userErrors: [], connectionToken: { asset: { id: wanted.id } } });
    expect(String(token['value']).length).toBeGreaterThan(8);
  });
});

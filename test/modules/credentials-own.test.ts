import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_PASSWORD, SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { type Callers, list, mutate, type Named, NOBODY, refusals, startCallers, writesOf } from './support.ts';

const KEY = `ssh-ed25519 ${'A'.repeat(68)} me@example`;

describe.each(['4.9.0', '4.10.16', '4.10.19'] as const)('public SSH keys on JumpServer %s', (version) => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers(version);
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.user.sandbox.clearLog());
  const SHOWN = 'sshKey { id name isActive comment keyComment }';
  const create = (input: object) => mutate(callers.user, 'createSshKey', { publicKey: KEY, ...input }, SHOWN);

  it('are everybody’s own: added, changed and deleted by one write each', async () => {
    const made = await create({ name: 'laptop', comment: 'work' });
    const shown = { name: 'laptop', isActive: true, comment: 'work', keyComment: 'me@example' };
    expect(made).toMatchObject({ userErrors: [], sshKey: shown });
    const { id } = made['sshKey'] as Named;
    const changed = await mutate(callers.user, 'updateSshKey', { id, isActive: false, name: 'old laptop' }, SHOWN);
    expect(changed).toMatchObject({ userErrors: [], sshKey: { ...shown, name: 'old laptop', isActive: false } });
    const gone = await mutate(callers.user, 'deleteSshKey', { id }, 'deletedIds');
    expect(gone).toMatchObject({ userErrors: [], deletedIds: [id] });
    expect(writesOf(callers.user).map((write) => write.split(' ')[0])).toEqual(['POST', 'PATCH', 'DELETE']);
    expect(refusals(await mutate(callers.user, 'deleteSshKey', { id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
  });

  it('that are none, or have no name, are refused', async () => {
    expect(refusals(await create({ name: '' }))).toEqual(['name REQUIRED']);
    expect(refusals(await create({ name: 'none', publicKey: 'nonsense' }))).toEqual(['publicKey INVALID']);
    expect(refusals(await create({ name: 'none', publicKey: '' }))).toEqual(['publicKey REQUIRED']);
  });

  it('of somebody else are not there', async () => {
    const { id } = (await create({ name: 'mine' }))['sshKey'] as Named;
    const change = await mutate(callers.admin, 'updateSshKey', { id, isActive: false }, SHOWN);
    expect(refusals(change)).toEqual(['id NOT_FOUND']);
    expect(refusals(await mutate(callers.admin, 'deleteSshKey', { id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
  });
});

describe.each(['4.10.16', '4.10.19'] as const)('tokens of programs on JumpServer %s', (version) => {
  it('are taken back by their owner alone, once', async () => {
    const { admin, user, close } = await startCallers(version);
    const state = admin.sandbox.exportState();
    const owner = (state.tables['users'] ?? []).find(({ username }) => username === 'admin')?.id ?? null;
    const at = Date.now();
    const row = { id: 7, user: owner, scope: 'rw', created: at, updated: at, expires: at + 3_600_000 };
    admin.sandbox.load({ ...state, tables: { ...state.tables, 'access-tokens': [row] } });
    const rows = await list<Named & { scope: string }>(admin, 'oauthTokens(first: 5)', 'id scope');
    expect(rows).toMatchObject([{ scope: 'rw' }]);
    const input = { id: rows[0]?.id };
    expect(refusals(await mutate(user, 'revokeOauthToken', input, 'deletedIds'))).toEqual(['id NOT_FOUND']);
    admin.sandbox.clearLog();
    const revoked = await mutate(admin, 'revokeOauthToken', input, 'deletedIds');
    expect(revoked).toMatchObject({ userErrors: [], deletedIds: [input.id] });
    expect(writesOf(admin)).toEqual(['DELETE /api/v1/authentication/access-tokens/7/revoke/']);
    expect(await list(admin, 'oauthTokens(first: 5)', 'id')).toEqual([]);
    expect(refusals(await mutate(admin, 'revokeOauthToken', input, 'deletedIds'))).toEqual(['id NOT_FOUND']);
    await close();
  });
});

describe.each(SANDBOX_VERSIONS)('a password on JumpServer %s', (version) => {
  it('is tested by one write and told to nobody', async () => {
    const user = await startGraph({ version, token: 'sandbox-user' });
    for (let time = 0; time < 2; time++) {
      user.sandbox.clearLog();
      const right = await mutate(user, 'verifyPassword', { password: SANDBOX_PASSWORD }, 'success');
      expect(right).toMatchObject({ success: true, userErrors: [] });
      expect(writesOf(user)).toEqual(['POST /api/v1/authentication/password/verify/']);
    }
    const wrong = await mutate(user, 'verifyPassword', { password: 'wr0ng-secret' }, 'success');
    expect(wrong['success']).toBe(false);
    expect(refusals(wrong)).toEqual(['password INVALID']);
    expect(JSON.stringify([wrong, user.log])).not.toContain('wr0ng-secret');
    await user.close();
  });
});

describe.each(SANDBOX_VERSIONS)('a connection token on JumpServer %s', (version) => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers(version);
  });
  afterAll(() => callers.close());
  const SHOWN = 'connectionToken { id isReusable expiresAt }';

  /** A token of the ordinary user, whom a permission lets in. */
  const create = async (): Promise<Named> => {
    const { data } = await callers.user.query<{ viewer: { user: { id: string } } }>('{ viewer { user { id } } }');
    const [host] = await list(callers.admin, 'assets(first: 1, filter: { category: HOST })', 'id');
    const account = { asset: host?.id, username: 'again', secret: 'x' };
    const made = (await mutate(callers.admin, 'createAccount', account, 'account { id }'))['account'] as Named;
    const grant = {
      name: 'again',
      users: [data.viewer.user.id],
      assets: [host?.id],
      accounts: ['again'],
      actions: ['CONNECT'],
    };
    await mutate(callers.admin, 'grantPermission', grant, 'permission { id }');
    const input = { asset: host?.id, account: made.id, protocol: 'ssh', connectMethod: 'web_cli' };
    return (await mutate(callers.user, 'createConnectionToken', input, SHOWN))['connectionToken'] as Named;
  };

  it('is made good for more than once by its owner, by one write, as often as wanted', async () => {
    const { id } = await create();
    for (const isReusable of [true, true, false]) {
      callers.user.sandbox.clearLog();
      const payload = await mutate(callers.user, 'setConnectionTokenReusable', { id, isReusable }, SHOWN);
      expect(payload).toMatchObject({ userErrors: [], connectionToken: { id, isReusable } });
      expect(writesOf(callers.user)).toHaveLength(1);
    }
    const stranger = await mutate(callers.admin, 'setConnectionTokenReusable', { id, isReusable: true }, SHOWN);
    expect(refusals(stranger)).toEqual(['id NOT_FOUND']);
    const nobody = { id: NOBODY, isReusable: true };
    expect(refusals(await mutate(callers.user, 'setConnectionTokenReusable', nobody, SHOWN))).toEqual(['id NOT_FOUND']);
  });
});

it('older servers have neither public keys nor tokens of programs and say so', async () => {
  const old: TestGraph = await startGraph({ version: '3.10.23' });
  const run = async (name: string, input: object, shown: string) => refusals(await mutate(old, name, input, shown));
  const UNSUPPORTED = [' UNSUPPORTED_BY_SERVER'];
  expect(await run('createSshKey', { name: 'x', publicKey: KEY }, 'sshKey { id }')).toEqual(UNSUPPORTED);
  expect(await run('updateSshKey', { id: NOBODY, name: 'x' }, 'sshKey { id }')).toEqual(UNSUPPORTED);
  expect(await run('deleteSshKey', { id: NOBODY }, 'deletedIds')).toEqual(UNSUPPORTED);
  expect(await run('revokeOauthToken', { id: '7' }, 'deletedIds')).toEqual(UNSUPPORTED);
  await old.close();
});

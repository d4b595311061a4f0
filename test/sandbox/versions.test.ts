import { describe, expect, test } from 'vitest';
import { SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/index.ts';
import { startSandbox } from './ask.ts';

const servers = Object.fromEntries(SANDBOX_VERSIONS.map((version) => [version, startSandbox({ version })])) as Record<
  SandboxVersion,
  ReturnType<typeof startSandbox>
>;

const across = async (tell: (asked: ReturnType<typeof startSandbox>) => Promise<unknown>): Promise<unknown[]> =>
  Promise.all(SANDBOX_VERSIONS.map((version) => tell(servers[version])));

describe('the four servers differ', () => {
  test('in zones, which were domains', async () => {
    expect(await across(async ({ get }) => (await get('assets/zones/')).status)).toEqual([404, 404, 200, 200]);
    expect(await across(async ({ get }) => (await get('assets/domains/')).status)).toEqual([200, 200, 404, 404]);
    const key = async ({ get }: ReturnType<typeof startSandbox>): Promise<string[]> =>
      Object.keys((await get('assets/assets/?limit=1')).body.results[0]).filter((name) =>
        ['zone', 'domain'].includes(name),
      );
    expect(await across(key)).toEqual([['domain'], ['domain'], ['zone'], ['zone']]);
  });

  test('in how many rows come without a limit, and at most with one', async () => {
    expect(await across(async ({ get }) => (await get('accounts/accounts/?fields=id')).body.length)).toEqual([
      404, 424, 200, 200,
    ]);
    const most = async ({ get }: ReturnType<typeof startSandbox>): Promise<number> =>
      (
        await get(
          'terminal/commands/?limit=5000&command_storage_id=' +
            (
              await get('terminal/command-storages/?type=server')
            ).body[0].id,
        )
      ).body.results.length;
    expect(await across(most)).toEqual([1600, 1600, 1000, 1000]);
  });

  test('in what exists at all', async () => {
    const status = (path: string) => across(async ({ get }) => (await get(path)).status);
    expect(await status('assets/directories/')).toEqual([404, 200, 200, 200]);
    expect(await status('acls/data-masking-rules/')).toEqual([404, 404, 200, 200]);
    expect(await status('users/profile/permissions/')).toEqual([404, 404, 200, 200]);
    expect(await status('search/?q=app')).toEqual([404, 404, 200, 200]);
  });

  test('in the fingerprint of their public settings', async () => {
    const keys = [
      'LANGUAGES',
      'SECURITY_WATERMARK_COLOR',
      'SECURITY_ACCOUNT_SECRET_READ',
      'SECURITY_DISABLE_VIEW_SECRET',
    ];
    const print = async ({ get }: ReturnType<typeof startSandbox>): Promise<string> => {
      const { body } = await get('settings/public/');
      return keys.map((key) => (key in body ? '1' : '0')).join('');
    };
    expect(await across(print)).toEqual(['0000', '1000', '1110', '1101']);
  });

  test('in strictness about unknown types', async () => {
    const asked = (query: string) => across(async ({ get }) => (await get(`assets/assets/?limit=1&${query}`)).status);
    expect(await asked('type=nonsense')).toEqual([200, 200, 200, 400]);
  });

  test('in what a list row holds', async () => {
    const has = (path: string, name: string) =>
      across(async ({ get }) => name in (await get(`${path}?limit=1`)).body.results[0]);
    expect(await has('assets/assets/', 'accounts_amount')).toEqual([false, true, true, true]);
    expect(await has('users/users/', 'is_face_code_set')).toEqual([false, true, true, true]);
    expect(await has('users/users/', 'ukey_sn')).toEqual([false, false, false, true]);
    expect(await has('terminal/sessions/', 'replay_size')).toEqual([false, false, true, true]);
  });
});

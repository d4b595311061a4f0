import { describe, expect, test } from 'vitest';
import { compareVersions, features, isUpstreamError, toCapabilities } from '../../src/upstream/index.ts';
import { loadExchanges, type Version, versions } from '../support/recordings.ts';
import { createManualClock } from './support/clock.ts';
import { administrator, createStage, ordinaryUser, replay, type Script } from './support/server.ts';

/** Answers as that version did to an administrator, and to an ordinary user where that differs. */
const asUser =
  (version: Version): Script =>
  ({ path, headers }) => {
    if (headers.get('authorization') === administrator.authorization) return undefined;
    if (path === '/settings/public/') return replay(version, 'public settings as ordinary user');
    if (path === '/assets/zones/' && version.startsWith('4.10')) return replay(version, 'ordinary user lists assets');
    return undefined;
  };

const keysOf = (version: Version): readonly string[] => {
  const body = loadExchanges(version).find(({ name }) => name === 'public settings as administrator')?.response.body;
  return Object.keys(body ?? {});
};

const without =
  (...gone: readonly string[]) =>
  (keys: readonly string[]) =>
    keys.filter((key) => !gone.includes(key));

describe.each([
  ['an administrator', administrator],
  ['an ordinary user', ordinaryUser],
])('asked as %s', (_who, credentials) => {
  test.each(versions)('%s is recognised by its public settings', async (version) => {
    const stage = createStage(version, asUser(version));
    const capabilities = await stage.upstream.session({ credentials }).capabilities();
    expect(capabilities).toMatchObject({ version, edition: 'COMMUNITY' });
    expect(stage.sent()).toEqual(
      version === '4.9.0' ? ['GET /settings/public/', 'GET /assets/zones/'] : ['GET /settings/public/'],
    );
  });
});

test('what the recorded versions can do', () => {
  const table = versions.map((version) => {
    const { features: has, maxPage, unpagedCut, throttlePerMinute } = toCapabilities(version);
    return [version, features.filter((feature) => !has.has(feature)), maxPage, unpagedCut, throttlePerMinute];
  });
  const until4109 = [
    'lookupIn',
    'strictChoices',
    'favoriteFolders',
    'ticketFlowOptions',
    'savedReports',
    'throttle',
    'oauth',
    'qSearch',
    'dataMasking',
    'profilePermissions',
    'unpagedCut',
    'zones',
  ];
  expect(table).toEqual([
    [
      '3.10.23',
      [...until4109, 'attrRulesOnAccounts', 'directories', 'pam', 'labelObjects', 'ticketRuleUsers'],
      10_000,
      undefined,
      undefined,
    ],
    ['4.9.0', until4109, 10_000, undefined, undefined],
    ['4.10.16', ['lookupIn', 'strictChoices', 'favoriteFolders', 'ticketFlowOptions', 'savedReports'], 1000, 200, 180],
    ['4.10.19', [], 1000, 200, 4096],
  ]);
});

test('versions are compared as numbers', () => {
  expect(compareVersions('4.10.0', '4.9.0')).toBeGreaterThan(0);
  expect(compareVersions('4.10.16', '4.10.16')).toBe(0);
  expect(compareVersions('3.10.23', '4.0.0')).toBeLessThan(0);
  expect(toCapabilities('4.10.9').since('4.10.8')).toBe(true);
});

describe('detection', () => {
  test('is one flight for all who ask at once', async () => {
    const stage = createStage('4.10.19');
    const sessions = [administrator, ordinaryUser, administrator].map((credentials) =>
      stage.upstream.session({ credentials }),
    );
    await Promise.all(sessions.map((session) => session.capabilities()));
    expect(stage.sent()).toEqual(['GET /settings/public/']);
  });

  test('is not left to somebody whose sign-in fails', async () => {
    const stage = createStage('4.10.19', ({ headers }) =>
      headers.get('authorization') === 'Bearer expired' ? replay('4.10.19', 'public settings as nobody') : undefined,
    );
    const stranger = stage.upstream.session({ credentials: { authorization: 'Bearer expired' } }).capabilities();
    const caller = stage.upstream.session({ credentials: administrator }).capabilities();
    await expect(stranger).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await caller).toMatchObject({ version: '4.10.19' });
  });

  test('is repeated every hour, and finds an upgrade', async () => {
    const clock = createManualClock();
    let version: Version = '4.9.0';
    const stage = createStage(
      '4.9.0',
      ({ path }) => (path === '/settings/public/' ? replay(version, 'public settings as administrator') : undefined),
      { clock },
    );
    const detect = () => stage.upstream.session({ credentials: administrator }).capabilities();
    expect((await detect()).version).toBe('4.9.0');
    version = '4.10.19';
    await clock.advance(59 * 60_000);
    expect((await detect()).version).toBe('4.9.0');
    await clock.advance(61_000);
    expect((await detect()).version).toBe('4.10.19');
    expect(stage.sent()).toEqual(['GET /settings/public/', 'GET /assets/zones/', 'GET /settings/public/']);
  });

  test('asks an older server for today’s zones again after an hour, not for what it calls them', async () => {
    const clock = createManualClock();
    const stage = createStage('4.9.0', undefined, { clock });
    const detect = () => stage.upstream.session({ credentials: administrator }).capabilities();
    await detect();
    await clock.advance(3_600_001);
    expect((await detect()).version).toBe('4.9.0');
    expect(stage.sent().filter((call) => call === 'GET /assets/zones/')).toHaveLength(2);
  });

  test('keeps what is known when the server can not be asked again', async () => {
    const clock = createManualClock();
    let up = true;
    const stage = createStage('4.10.16', () => (up ? undefined : replay('4.10.16', 'ids with a malformed uuid')), {
      clock,
    });
    const detect = () => stage.upstream.session({ credentials: administrator }).capabilities();
    await detect();
    up = false;
    await clock.advance(3_600_001);
    expect((await detect()).version).toBe('4.10.16');
  });

  test.each([
    ['4.10.5: keys of 4.9, and zones', '4.9.0', (keys: string[]) => keys, true, '4.10.0'],
    ['4.0: languages alone', '4.9.0', without('TOOL_USER_ENABLED', 'LOKI_LOG_ENABLED', 'PRIVACY_MODE'), false, '4.0.0'],
    ['4.10.18: before the newest marks', '4.10.19', without('KOTL_ENABLED', 'FLOWER_ENABLED'), undefined, '4.10.16'],
    ['a later one with more keys', '4.10.19', (keys: string[]) => [...keys, 'ZZ_LATER'], undefined, '4.10.19'],
    [
      'a later one that has dropped marks',
      '4.10.19',
      without('KOTL_ENABLED', 'SECURITY_WATERMARK_COLOR', 'LANGUAGES'),
      true,
      '4.10.0',
    ],
    ['one without any mark and without zones', '3.10.23', without('COUNTRY_CALLING_CODES'), false, '3.10.23'],
  ] as const)('of a server between or after the recorded ones: %s', async (_what, like, change, zones, version) => {
    const settings = Object.fromEntries(change([...keysOf(like)]).map((key) => [key, false]));
    const stage = createStage(like, ({ path }) => {
      if (path === '/settings/public/') return Response.json(settings);
      return path === '/assets/zones/' && zones ? Response.json({ count: 0, results: [] }) : undefined;
    });
    const capabilities = await stage.upstream.session({ credentials: administrator }).capabilities();
    expect(capabilities.version).toBe(version);
    expect(stage.sent().includes('GET /assets/zones/')).toBe(zones !== undefined);
  });

  test('of something that is no JumpServer says so', async () => {
    const page = () =>
      new Response('<html>404 Not Found</html>', { status: 404, headers: { 'content-type': 'text/html' } });
    const stage = createStage('4.10.19', page);
    const error: unknown = await stage.upstream
      .session({ credentials: administrator })
      .capabilities()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'UPSTREAM_CONTRACT', hint: expect.stringContaining('JUMPSERVER_URL') });
  });

  test('is overridden by a configured version without asking anything', async () => {
    const stage = createStage('4.10.19', undefined, { version: '3.10.23' });
    expect(await stage.upstream.session({ credentials: administrator }).capabilities()).toMatchObject({
      version: '3.10.23',
    });
    expect(stage.sent()).toEqual([]);
  });

  test('needs a sign-in', async () => {
    const stage = createStage('4.10.19');
    const error: unknown = await stage.upstream
      .session({ credentials: {} })
      .api.GET('/users/users/')
      .catch((reason: unknown) => reason);
    expect(isUpstreamError(error, 'UNAUTHENTICATED')).toBe(true);
    expect(stage.sent()).toEqual([]);
  });
});

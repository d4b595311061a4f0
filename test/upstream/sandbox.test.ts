import { describe, expect, test } from 'vitest';
import { createSandbox, type FaultRule, SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import {
  createUpstream,
  type Session,
  type UpstreamErrorCode,
  type UpstreamOptions,
} from '../../src/upstream/index.ts';

const administrator = { authorization: 'Bearer sandbox-admin' };

/** The rows of a page or of a bare list. */
const rowsOf = <Row>(data: { readonly results: readonly Row[] } | readonly Row[] | undefined): readonly Row[] =>
  data === undefined ? [] : 'results' in data ? data.results : data;

const start = (options: Parameters<typeof createSandbox>[0] = {}, more: Partial<UpstreamOptions> = {}) => {
  const sandbox = createSandbox(options);
  const fetch = (url: string, init: RequestInit) => sandbox.fetch(new Request(url, init));
  const upstream = createUpstream({ url: 'http://sandbox.example', fetch, random: () => 0, ...more });
  return { sandbox, upstream, session: () => upstream.session({ credentials: administrator }) };
};

describe.each(SANDBOX_VERSIONS)('before a %s', (version) => {
  test('the version is recognised, and zones are zones', async () => {
    const { session } = start({ version });
    const open = session();
    expect((await open.capabilities()).version).toBe(version);
    const hosts = (query: object) =>
      open.api.GET('/assets/hosts/', { params: { query: { limit: 100, fields: ['id', 'zone'], ...query } } });
    const zone = rowsOf((await hosts({})).data).find((host) => host.zone)?.zone;
    expect(zone?.id).toMatch(/^[0-9a-f-]{36}$/);
    const inZone = rowsOf((await hosts({ zone: zone?.id })).data);
    expect(new Set(inZone.map((host) => host.zone?.id))).toEqual(new Set([zone?.id]));
    const zones = await open.api.GET('/assets/zones/', { params: { query: { limit: 100 } } });
    expect(rowsOf(zones.data).map(({ id }) => id)).toContain(zone?.id);
  });

  test('every credential finds the same version', async () => {
    for (const name of ['sandbox-admin', 'sandbox-auditor', 'sandbox-user']) {
      const { upstream } = start({ version });
      const capabilities = await upstream.session({ credentials: { authorization: `Bearer ${name}` } }).capabilities();
      expect([name, capabilities.version]).toEqual([name, version]);
    }
  });

  test('an organisation that is not there is refused', async () => {
    const { upstream } = start({ version });
    const lost = upstream.session({ credentials: administrator, organization: '11111111-1111-1111-1111-111111111111' });
    await expect(lost.api.GET('/users/users/')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect((await upstream.session({ credentials: administrator, organization: 'root' }).organization()).isRoot).toBe(
      true,
    );
  });
});

describe('a fault', () => {
  const read = (session: Session) => session.api.GET('/users/groups/', { params: { query: { limit: 5 } } });
  const write = (session: Session) => session.api.POST('/users/groups/', { body: { name: 'made by the test' } });

  type Outcome = UpstreamErrorCode | 'right';
  const matrix: readonly (readonly [
    FaultRule['fault']['kind'],
    FaultRule['fault'],
    once: Outcome,
    always: Outcome,
    write: Outcome,
    written: number,
  ])[] = [
    ['delay', { kind: 'delay', milliseconds: 20 }, 'right', 'right', 'right', 1],
    ['hang', { kind: 'hang' }, 'UPSTREAM_TIMEOUT', 'UPSTREAM_TIMEOUT', 'OUTCOME_UNKNOWN', 0],
    ['reset', { kind: 'reset' }, 'right', 'UPSTREAM_UNAVAILABLE', 'OUTCOME_UNKNOWN', 0],
    ['status', { kind: 'status', status: 503 }, 'right', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE', 0],
    ['status', { kind: 'status', status: 504 }, 'right', 'UPSTREAM_TIMEOUT', 'OUTCOME_UNKNOWN', 0],
    ['html', { kind: 'html', status: 500 }, 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE', 0],
    [
      'redirect',
      { kind: 'redirect', location: 'http://127.0.0.1:1/' },
      'UPSTREAM_CONTRACT',
      'UPSTREAM_CONTRACT',
      'UPSTREAM_CONTRACT',
      0,
    ],
    ['brokenJson', { kind: 'brokenJson' }, 'UPSTREAM_CONTRACT', 'UPSTREAM_CONTRACT', 'OUTCOME_UNKNOWN', 1],
    ['halfBody', { kind: 'halfBody' }, 'right', 'UPSTREAM_CONTRACT', 'OUTCOME_UNKNOWN', 1],
  ];

  const outcome = (call: Promise<unknown>): Promise<Outcome> =>
    call.then(
      () => 'right',
      (error) => error.code,
    );

  test.each(
    matrix,
  )('%s %j gives %s once, %s for ever, %s on a write', async (_kind, fault, once, always, onWrite, written) => {
    const { sandbox, session } = start(
      {},
      { version: '4.10.16', limits: { timeout: fault.kind === 'hang' ? 100 : 20_000 } },
    );
    const strike = (count: number) => {
      sandbox.faults.clear();
      sandbox.faults.add({ path: '/users/groups/', fault, count });
    };
    strike(1);
    expect(await outcome(read(session()))).toBe(once);
    strike(100);
    expect(await outcome(read(session()))).toBe(always);
    strike(1);
    sandbox.clearLog();
    expect(await outcome(write(session()))).toBe(onWrite);
    sandbox.faults.clear();
    const made = await session().api.GET('/users/groups/', {
      params: { query: { limit: 5, name: 'made by the test' } as object },
    });
    const names = rowsOf(made.data).filter(({ name }) => name === 'made by the test');
    expect(names).toHaveLength(written);
  });
});

test('sixty-four callers under the throttle are all served, and none more than the others', async () => {
  const users = Array.from({ length: 64 }, (_, index) => `caller-${index}`);
  const { upstream, sandbox } = start({
    tokens: Object.fromEntries(users.map((name) => [name, 'admin'])),
    throttle: false,
  });
  const reads = users.flatMap((name) =>
    Array.from({ length: 5 }, (_, offset) =>
      upstream
        .session({ credentials: { authorization: `Bearer ${name}` } })
        .api.GET('/users/groups/', { params: { query: { limit: 1, offset } } }),
    ),
  );
  const answers = await Promise.all(reads);
  expect(answers).toHaveLength(320);
  expect(sandbox.log.filter(({ status }) => status !== 200)).toEqual([]);
});

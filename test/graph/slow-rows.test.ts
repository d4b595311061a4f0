import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

const PLATFORMS = '{ platforms { nodes { name type { value } } } }';
const KEPT = { CACHE_TIME: '600' };

let graph: TestGraph;
afterEach(() => graph.close());

const ask = (query = PLATFORMS, headers: Record<string, string> = {}) => graph.query(query, {}, { headers });
const callsOf = async (query?: string, headers?: Record<string, string>) => {
  const { errors, extensions } = await ask(query, headers);
  expect(errors).toBeUndefined();
  return extensions.upstream.calls;
};
const OTHER = { authorization: 'Bearer other-admin' };
const start = async (config: Record<string, string> = KEPT) => {
  graph = await startGraph({ config, sandboxOptions: { tokens: { 'other-admin': 'admin' } } });
  await graph.query('{ serverInfo { version } }');
};

describe('rows that change rarely and belong to nobody', () => {
  it.each([
    ['platforms', PLATFORMS, 1],
    ['public settings', '{ publicSettings { maxIdleMinutes } }', 1],
    ['roles', '{ roles { nodes { name displayName scope isBuiltin } } }', 1],
  ])('%s are read once for a caller, also by later operations', async (_name, query, calls) => {
    await start();
    const { data } = await ask(query);
    const again = await ask(query);
    expect(again.data).toEqual(data);
    expect(again.extensions.upstream.calls).toBe(0);
    await graph.close();
    await start({ CACHE_TIME: '0' });
    expect([await callsOf(query), await callsOf(query)]).toEqual([calls, calls]);
  });

  it('are never answered to a caller who may not read them', async () => {
    const sandbox = createSandbox({ throttle: false });
    const fetch = async (request: Request) =>
      request.url.includes('/assets/platforms/') && request.headers.get('authorization') === 'Bearer sandbox-auditor'
        ? Response.json({ detail: 'You do not have permission to perform this action.' }, { status: 403 })
        : sandbox.fetch(request);
    graph = await startGraph({ sandbox, fetch, config: KEPT });
    expect(await callsOf()).toBeGreaterThan(0);
    expect(await callsOf()).toBe(0);
    const { errors } = await ask(PLATFORMS, { authorization: 'Bearer sandbox-auditor' });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });

  it.each([
    ['with other credentials', OTHER],
    ['in another language', { 'accept-language': 'zh' }],
    ['in another organisation', { 'x-jms-org': 'ROOT' }],
  ])('are read again %s', async (_name, headers) => {
    await start();
    await ask('{ serverInfo { version } viewer { user { id } } }', headers);
    await ask();
    expect(await callsOf(PLATFORMS, headers)).toBeGreaterThan(0);
    expect(await callsOf(PLATFORMS, headers)).toBe(0);
  });

  it('are read again after a write, whoever wrote', async () => {
    await start();
    await ask(PLATFORMS, OTHER);
    expect(await callsOf(PLATFORMS, OTHER)).toBe(0);
    const { errors } = await ask('mutation { createLabel(input: { name: "a", value: "b" }) { label { id } } }');
    expect(errors).toBeUndefined();
    expect(await callsOf(PLATFORMS, OTHER)).toBe(1);
  });

  it('are read again when their time is over', async () => {
    await start({ CACHE_TIME: '1' });
    await ask();
    await sleep(1100);
    expect(await callsOf()).toBe(1);
  });

  it('do not hold what changes with other rows', async () => {
    await start();
    const query = '{ roles { nodes { name usersCount } } platforms { nodes { assets { totalCount } } } }';
    const first = await callsOf(query);
    expect(await callsOf(query)).toBe(first - 1);
  });

  it('spare a page of users the call for the names of their roles', async () => {
    await start();
    const query = '{ users(first: 20) { nodes { username systemRoles { name scope } } } }';
    expect([await callsOf(query), await callsOf(query)]).toEqual([2, 1]);
    await ask('{ roles { nodes { name } } }');
    await ask('mutation { createLabel(input: { name: "a", value: "b" }) { label { id } } }');
    expect(await callsOf(query)).toBe(2);
    const counted = '{ roles { nodes { name usersCount } } }';
    expect([await callsOf(counted), await callsOf(counted)]).toEqual([1, 1]);
  });

  it('do not carry the organisation of one operation into another', async () => {
    await start();
    const query = '{ allOrganizations { assets(first: 5) { nodes { name platform { name category } } } } }';
    const first = await ask(query);
    expect(first.errors).toBeUndefined();
    const again = await ask(query);
    expect(again.data).toEqual(first.data);
    expect(again.extensions.upstream.calls).toBe(1);
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { costOf } from '../../src/sandbox/latency.ts';
import { startSandbox } from './ask.ts';

const { sandbox, get, remove } = startSandbox();
afterEach(() => sandbox.faults.clear());

const request = (path: string): Request =>
  new Request(`http://sandbox.test/api/v1/${path}`, { headers: { authorization: 'Bearer sandbox-admin' } });

describe('a fault', () => {
  test('strikes only where its rule fits, and as often as it says', async () => {
    sandbox.faults.add({
      path: 'users/groups',
      method: 'GET',
      skip: 1,
      count: 2,
      fault: { kind: 'status', status: 503 },
    });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await get('users/groups/')).status);
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
    expect((await get('users/users/')).status).toBe(200);
  });

  test('of a rate strikes evenly', async () => {
    sandbox.faults.add({ rate: 0.25, fault: { kind: 'html' } });
    const statuses: number[] = [];
    for (let i = 0; i < 8; i += 1) statuses.push((await get('users/groups/')).status);
    expect(statuses).toEqual([200, 200, 200, 502, 200, 200, 200, 502]);
  });

  test('can be taken away again', async () => {
    const take = sandbox.faults.add({ fault: { kind: 'status', status: 500 } });
    take();
    expect((await get('users/groups/')).status).toBe(200);
  });

  test('can reset the line', async () => {
    sandbox.faults.add({ fault: { kind: 'reset' } });
    await expect(sandbox.fetch(request('users/groups/'))).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  test('can hang until the caller gives up', async () => {
    sandbox.faults.add({ fault: { kind: 'hang' } });
    const gone = new AbortController();
    const answer = sandbox.fetch(new Request(request('users/groups/'), { signal: gone.signal }));
    gone.abort(new Error('no patience'));
    await expect(answer).rejects.toThrow('no patience');
  });

  test('can break JSON, send half of a body, or another content type', async () => {
    const remove = sandbox.faults.add({ fault: { kind: 'brokenJson' } });
    expect((await get('users/groups/')).body).toBeNull();
    remove();
    const half = sandbox.faults.add({ fault: { kind: 'halfBody' } });
    const response = await sandbox.fetch(request('users/groups/'));
    await expect(response.text()).rejects.toThrow('terminated');
    half();
    sandbox.faults.add({ fault: { kind: 'contentType', type: 'text/plain' } });
    expect((await get('users/groups/')).headers.get('content-type')).toBe('text/plain');
  });

  test('can answer stale, lose a row between pages, and edit what comes', async () => {
    sandbox.faults.add({ path: 'users/groups', fault: { kind: 'vanishingRow' } });
    expect((await get('users/groups/?limit=4')).body.results).toHaveLength(4);
    expect((await get('users/groups/?limit=4&offset=4')).body.results).toHaveLength(3);
    sandbox.faults.clear();
    sandbox.faults.add({ path: 'users/groups', fault: { kind: 'stale' } });
    const before = await get('users/groups/?limit=1');
    await remove(`users/groups/${before.body.results[0].id}/`);
    expect((await get('users/groups/?limit=1')).body).toEqual(before.body);
    sandbox.faults.clear();
    expect((await get('users/groups/?limit=1')).body.count).toBe(before.body.count - 1);
    sandbox.faults.add({ fault: { kind: 'edit', edit: (body) => ({ ...Object(body), count: 'many' }) } });
    expect((await get('users/groups/?limit=1')).body.count).toBe('many');
  });

  test('can redirect, or answer by script', async () => {
    sandbox.faults.add({ path: 'a', count: 1, fault: { kind: 'redirect', location: 'http://elsewhere.test/' } });
    const answer = await get('assets/assets/');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'http://elsewhere.test/']);
    sandbox.faults.add({ fault: { kind: 'answer', respond: () => new Response('{}', { status: 418 }) } });
    expect((await get('assets/assets/')).status).toBe(418);
  });
});

test('latency costs what a real server takes for the call and its rows', () => {
  const cost = (path: string, rows: number): number => Math.round(costOf(new URL(`http://x/api/v1/${path}`), rows));
  expect(cost('users/users/?limit=100', 100)).toBe(316);
  expect(cost('terminal/sessions/?limit=1000&fields=id,user_id', 1000)).toBe(157);
  expect(cost('perms/asset-permissions/?limit=400&format=json', 400)).toBe(1252);
});

test('a body without end begins at once, here and on a port, and ends with its reader', async () => {
  const served = createSandbox();
  served.faults.add({ fault: { kind: 'endless' } });
  const { url, close } = await served.listen({ port: 0 });
  const there = await fetch(`${url}/api/v1/users/groups/`);
  const answers = [await served.fetch(request('users/groups/')), there];
  for (const answer of answers) {
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    expect(String.fromCharCode(...(first?.value?.slice(0, 5) ?? []))).toBe('[0,0,');
    await reader?.cancel();
  }
  await close();
  expect(served.log.map(({ status }) => status)).toEqual([200, 200]);
});

test('a sandbox serves on a port, and a reset there drops the line', async () => {
  const served = createSandbox();
  const { url, close } = await served.listen({ port: 0 });
  const headers = { authorization: 'Bearer sandbox-admin' };
  const answer = await fetch(`${url}/api/v1/orgs/orgs/current/`, { headers });
  expect(await answer.json()).toMatchObject({ name: 'Default' });
  served.faults.add({ fault: { kind: 'reset' } });
  await expect(fetch(`${url}/api/v1/orgs/orgs/current/`, { headers })).rejects.toThrow('fetch failed');
  await close();
});

import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

const PERMISSIONS = '/perms/asset-permissions/';
const PLATFORMS = '/assets/platforms/';
const USERS = '/users/users/';

let graph: TestGraph;
afterEach(() => graph.close());

/** A graph whose JumpServer answers lists of users only after it was asked for something else. */
async function startWaiting(until: string): Promise<TestGraph> {
  const sandbox = createSandbox({ throttle: false });
  const signals = new EventEmitter();
  const asked = once(signals, 'asked');
  const fetch = async (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith(until)) signals.emit('asked');
    if (pathname.endsWith(USERS)) await asked;
    return sandbox.fetch(request);
  };
  return startGraph({ sandbox, fetch, config: { OPERATION_TIMEOUT: '2000' } });
}

it('what stands below one relation does not wait for a slower one beside it, nor one list for another', async () => {
  graph = await startWaiting(PLATFORMS);
  const { errors, extensions } = await graph.query(
    `{ sessions(first: 20) { nodes { user { email } asset { platform { type { value } } } } }
       users(first: 3) { nodes { name } } }`,
  );
  expect(errors).toBeUndefined();
  expect(extensions.upstream.calls).toBe(5 + 1);
});

describe('what needs none of the rows of a list is read beside it', () => {
  it('the permissions of a page of users', async () => {
    graph = await startWaiting(PERMISSIONS);
    const { data, errors, extensions } = await graph.query<{
      users: { nodes: { permissions: { nodes: object[] } }[] };
    }>('{ users(first: 60) { nodes { name permissions { nodes { name } } } } }');
    expect(errors).toBeUndefined();
    expect(data.users.nodes.some(({ permissions }) => permissions.nodes.length > 0)).toBe(true);
    expect(extensions.upstream.calls).toBeLessThanOrEqual(2 + 2);
  });

  it.each([
    ['a page that fills', 'first: 60', 2],
    [
      'a page with fewer rows than expected, which the same reading serves',
      'first: 60, filter: { username: "admin" }',
      2,
    ],
    ['a page of two users, who are asked for one by one', 'first: 2', 3],
    ['a page without rows, which costs the one call that was guessed', 'first: 60, filter: { username: "nobody" }', 2],
  ])('%s', async (_name, args, calls) => {
    graph = await startGraph();
    await graph.query('{ serverInfo { version } }');
    const answer = await graph.query(`{ users(${args}) { nodes { name permissions { nodes { name } } } } }`);
    expect(answer.errors).toBeUndefined();
    expect(answer.extensions.upstream.calls).toBe(calls);
  });

  it('nothing is read for a number that stands on the row', async () => {
    graph = await startGraph();
    await graph.query('{ serverInfo { version } }');
    const { extensions } = await graph.query('{ userGroups(first: 60) { nodes { name users { totalCount } } } }');
    expect(extensions.upstream.calls).toBe(1);
  });

  it('a faulty argument is told once, where it stands', async () => {
    graph = await startGraph();
    const { errors } = await graph.query(
      '{ users(first: 10) { nodes { permissions(first: 5000) { nodes { name } } } } }',
    );
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
  });

  it('a caller whose calls are nearly used up is not charged for a guess', async () => {
    const sandbox = createSandbox({ throttle: true });
    graph = await startGraph({ sandbox });
    for (let call = 0; call < 165; call++) await graph.query('{ zones(first: 1) { nodes { name } } }');
    const { errors, extensions } = await graph.query(
      '{ users(first: 60, filter: { username: "nobody" }) { nodes { permissions { nodes { name } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(extensions.upstream.calls).toBe(1);
  });
});

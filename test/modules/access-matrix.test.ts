import { describe, expect, it } from 'vitest';
import { createSandbox, SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

interface Page {
  readonly totalCount: number;
  readonly nodes: readonly { readonly user: { readonly uuid: string }; readonly asset: { readonly uuid: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

const MATRIX = `query($after: String, $filter: AccessMatrixFilter) { access { matrix(first: 400, after: $after, filter: $filter) {
  totalCount nodes { user { uuid } asset { uuid } } pageInfo { hasNextPage endCursor } } } }`;

/** All pairs of a filter, page after page, as `user asset`. */
async function readPairs(graph: TestGraph, filter: object = {}): Promise<string[]> {
  const pairs: string[] = [];
  for (let after: string | null = null; ; ) {
    const answer: { data: { access: { matrix: Page } } } = await graph.query(MATRIX, { after, filter });
    const { nodes, pageInfo, totalCount } = answer.data.access.matrix;
    pairs.push(...nodes.map(({ user, asset }) => `${user.uuid} ${asset.uuid}`));
    if (!pageInfo.hasNextPage) {
      expect(pairs).toHaveLength(totalCount);
      return pairs;
    }
    after = pageInfo.endCursor;
  }
}

/** What JumpServer itself says each user reaches (api.md §5.10). */
async function askJumpServer(graph: TestGraph): Promise<string[]> {
  const ask = async (path: string): Promise<{ id: string }[]> => {
    const headers = { authorization: 'Bearer sandbox-admin' };
    const response = await graph.sandbox.fetch(new Request(`http://jumpserver.test/api/v1${path}`, { headers }));
    const body = (await response.json()) as { results: { id: string }[] };
    return body.results;
  };
  const users = await ask('/users/users/?limit=1000&fields=id');
  const pairs = await Promise.all(
    users.map(async (user) => {
      const assets = await ask(`/perms/users/${user.id}/assets/?limit=1000&fields=id`);
      return assets.map((asset) => `${user.id} ${asset.id}`);
    }),
  );
  return pairs.flat();
}

describe('the matrix of a generated company', () => {
  const companies = SANDBOX_VERSIONS.flatMap((version) => [2, 3, 5, 7].map((seed) => ({ version, seed })));

  it.each(companies)('is what JumpServer $version answers user by user (seed $seed)', async ({ version, seed }) => {
    const sandbox = createSandbox({ version, seed, users: 14, assets: 40 + 11 * seed, sessions: 1, throttle: false });
    const graph = await startGraph({ sandbox });
    const [ours, theirs] = [await readPairs(graph), await askJumpServer(graph)];
    expect(ours.length).toBeGreaterThan(20);
    expect([...ours].sort()).toEqual([...theirs].sort());
    await graph.close();
  });
});

describe.each(SANDBOX_VERSIONS)('a label of assets on JumpServer %s', (version) => {
  it('may be named by either id, in words, or by its name', async () => {
    const graph = await startGraph({ version });
    type Label = { id: string; uuid: string; name: string; value: string };
    const { data } = await graph.query<{
      labels: { nodes: Label[] };
      assets: { nodes: { uuid: string; labels: Label[] }[] };
    }>('{ labels { nodes { id uuid name value } } assets(first: 1000) { nodes { uuid labels { name value } } } }');
    const carriers = (isWanted: (label: Label) => boolean) =>
      new Set(data.assets.nodes.filter(({ labels }) => labels.some(isWanted)).map(({ uuid }) => uuid));
    const everything = await readPairs(graph);
    const among = (assets: ReadonlySet<string>) => everything.filter((pair) => assets.has(pair.split(' ')[1] ?? ''));
    for (const { id, uuid, name, value } of data.labels.nodes) {
      const wanted = among(carriers((label) => label.name === name && label.value === value));
      for (const label of [id, uuid, uuid.toUpperCase(), `${name}:${value}`])
        expect(await readPairs(graph, { label })).toEqual(wanted);
      const named = among(carriers((label) => label.name === name));
      for (const label of [name, `${name}:*`]) expect(await readPairs(graph, { label })).toEqual(named);
    }
    expect(among(carriers(() => true)).length).toBeGreaterThan(0);
    const asset = await graph.query('{ assets(first: 1) { nodes { id } } }');
    const [{ id: other }] = (asset.data as { assets: { nodes: [{ id: string }] } }).assets.nodes;
    const refused = await graph.query(MATRIX, { filter: { label: other } });
    expect(refused.errors?.map(({ extensions: { code } }) => code)).toEqual(['BAD_USER_INPUT']);
    await graph.close();
  });
});

describe('a company of 1,000 users, 5,000 assets and 400 permissions', () => {
  it('is read in at most 12 calls, and its next page in none', async () => {
    const sandbox = createSandbox({ users: 1000, assets: 5000, sessions: 1, throttle: false });
    await grantUpTo(400, sandbox);
    const graph = await startGraph({ sandbox });
    const first = await graph.query<{ access: { matrix: Page } }>(MATRIX);
    expect(first.errors).toBeUndefined();
    expect(first.extensions.upstream.calls).toBeLessThanOrEqual(12);
    expect(first.data.access.matrix.totalCount).toBeGreaterThan(500_000);
    const after = first.data.access.matrix.pageInfo.endCursor;
    const next = await graph.query<{ access: { matrix: Page } }>(MATRIX, { after });
    expect([next.data.access.matrix.nodes.length, next.extensions.upstream.calls]).toEqual([400, 0]);
    await graph.close();
  });
});

/** Adds permissions until there are so many, with the first users and the tree's nodes. */
async function grantUpTo(count: number, sandbox: ReturnType<typeof createSandbox>): Promise<void> {
  const headers = { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' };
  const ask = async (path: string, body?: object) => {
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
    return (await sandbox.fetch(new Request(`http://jumpserver.test/api/v1${path}`, init))).json();
  };
  const idsOf = async (path: string) =>
    ((await ask(`${path}?limit=200`)) as { results: { id: string }[] }).results.map(({ id }) => id);
  const [users, nodes] = [await idsOf('/users/users/'), await idsOf('/assets/nodes/')];
  const { count: there } = (await ask('/perms/asset-permissions/?limit=1')) as { count: number };
  const more = Array.from({ length: count - there }, (_, at) => ({
    name: `more ${at}`,
    users: [users[at % users.length]],
    nodes: [nodes[at % nodes.length]],
    accounts: ['@ALL'],
    actions: ['connect'],
  }));
  await ask('/perms/asset-permissions/', more);
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

/** JumpServer leaves out a filter without a value and takes `*` for any: either would answer every row. */
describe.each(['3.10.23', '4.10.16'] as const)('a filter that JumpServer would not obey, on %s', (version) => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ version });
    await graph.query('{ serverInfo { version } }');
  });
  afterAll(() => graph.close());

  it.each([
    ['permissions', 'name', '""'],
    ['sessions', 'protocol', '"  "'],
    ['loginLogs', 'username', '""'],
    ['assets', 'label', '""'],
    ['assets', 'typeIn', '["linux", "*"]'],
    ['users', 'usernameIn', '["*"]'],
  ])('%s by %s: %s is bad input, and nothing is sent', async (root, filter, value) => {
    const { data, errors, extensions } = await graph.query(
      `{ ${root}(filter: { ${filter}: ${value} }) { totalCount } }`,
    );
    expect(data[root]).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain(`filter.${filter}: expected`);
    expect(extensions.upstream.calls).toBe(0);
  });

  it('an empty text that can be looked for finds the rows that have it', async () => {
    const { data, errors } = await graph.query(
      '{ none: users(filter: { username: "" }) { totalCount } some: assets(filter: { name: "" }) { totalCount } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ none: { totalCount: 0 }, some: { totalCount: 0 } });
  });
});

interface Accounts {
  readonly totalCount: number;
  readonly nodes: readonly { readonly uuid: string; readonly name: string }[];
  readonly pageInfo: { readonly endCursor: string | null };
}

describe('more values than one address can hold (8 kB, as nginx has it)', () => {
  let graph: TestGraph;
  let assets: readonly string[];
  beforeAll(async () => {
    const sandbox = createSandbox({ throttle: false });
    graph = await startGraph({
      sandbox,
      fetch: async (request) =>
        request.url.length > 8000 ? new Response('Request-URI Too Large', { status: 414 }) : sandbox.fetch(request),
    });
    const { data } = await graph.query<{ assets: { nodes: { uuid: string }[] } }>(
      '{ assets(first: 1000) { nodes { uuid } } }',
    );
    assets = data.assets.nodes.map(({ uuid }) => uuid);
  });
  afterAll(() => graph.close());

  it('are asked in parts, whose rows make one list: in order, each once, page after page', async () => {
    const QUERY = `query($assets: [ID!], $after: String, $first: Int!) {
      accounts(first: $first, after: $after, filter: { assetIn: $assets }) {
        totalCount nodes { uuid name } pageInfo { endCursor }
      }
    }`;
    const read = async (first: number, after: string | null): Promise<Accounts> => {
      const answer = await graph.query<{ accounts: Accounts }>(QUERY, { assets, first, after });
      expect(answer.errors).toBeUndefined();
      expect(answer.extensions.upstream.calls).toBeLessThanOrEqual(2);
      return answer.data.accounts;
    };
    const whole = await read(1000, null);
    expect(assets.length).toBeGreaterThan(200);
    expect(whole.totalCount).toBe(424);
    const pages: Accounts['nodes'][number][] = [];
    for (let after: string | null = null; pages.length < whole.totalCount; ) {
      const page = await read(150, after);
      pages.push(...page.nodes);
      after = page.pageInfo.endCursor;
    }
    expect(pages).toEqual(whole.nodes);
    expect(new Set(pages.map(({ uuid }) => uuid)).size).toBe(424);
    expect(pages.map(({ name }) => name)).toEqual(pages.map(({ name }) => name).sort());
  });

  it('work below other lists, and from the end', async () => {
    const { data, errors, extensions } = await graph.query(
      `query($assets: [ID!]) {
        platforms { nodes { assets(first: 1, filter: { isActive: true }) { nodes { accounts(filter: { assetIn: $assets }) { totalCount } } } } }
        accounts(last: 1, filter: { assetIn: $assets }) { nodes { name } }
      }`,
      { assets },
    );
    expect(errors).toBeUndefined();
    expect(data['accounts']).toEqual({ nodes: [{ name: expect.any(String) }] });
    expect(extensions.upstream.calls).toBeLessThanOrEqual(16);
  });

  it('of a rule are listed too', async () => {
    const made = await graph.query(
      `mutation($assets: [ID!]) { createLoginAssetAcl(input: {
        name: "all of them", priority: 9, action: "reject", users: { all: true }, assets: { ids: $assets }, accounts: ["@ALL"]
      }) { loginAssetAcl { assets(first: 1) { totalCount } } userErrors { message } } }`,
      { assets },
    );
    const loginAssetAcl = { assets: { totalCount: assets.length } };
    expect(made.data).toEqual({ createLoginAssetAcl: { loginAssetAcl, userErrors: [] } });
  });

  it('one value that is too long by itself is bad input', async () => {
    const { errors } = await graph.query(
      'query($names: [String!]) { assets(filter: { nameIn: $names }) { totalCount } }',
      {
        names: ['x'.repeat(5000)],
      },
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

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

  it('one value given twice is one value', async () => {
    const { data } = await graph.query<{ assets: { nodes: { uuid: string }[] } }>(
      '{ assets(first: 1) { nodes { uuid } } }',
    );
    const [asset] = data.assets.nodes;
    const query = 'query($assets: [ID!]) { accounts(filter: { assetIn: $assets }) { totalCount } }';
    const once = await graph.query(query, { assets: [asset?.uuid] });
    const twice = await graph.query(query, { assets: [asset?.uuid, asset?.uuid.toUpperCase()] });
    expect([once.errors, twice.data]).toEqual([undefined, once.data]);
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

  it('are put in the order asked, by a choice too', async () => {
    const QUERY = `query($names: [String!]) {
      assets(first: 1000, filter: { nameIn: $names }, orderBy: [{ field: CONNECTIVITY, direction: DESC }]) { nodes { name connectivity { value } } }
    }`;
    type Found = { assets: { nodes: { name: string; connectivity: { value: string } }[] } };
    const { data: all } = await graph.query<Found>('{ assets(first: 1000) { nodes { name } } }');
    const names = all.assets.nodes.map(({ name }) => name);
    const few = await graph.query<Found>(QUERY, { names });
    const many = await graph.query<Found>(QUERY, { names: [...names, ...names.map((name) => `no ${name}`)] });
    expect(many.extensions.upstream.calls).toBeGreaterThan(few.extensions.upstream.calls);
    expect(many.data).toEqual(few.data);
    expect(new Set(few.data.assets.nodes.map(({ connectivity }) => connectivity.value)).size).toBeGreaterThan(1);
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

/** Filters that no field of the row shows, and what JumpServer is asked for the same. `{group}` stands for a group's id. */
const HIDDEN: readonly (readonly [list: string, filter: string, path: string, since: string])[] = [
  ['users', 'excludeGroup: "{group}"', 'users/users/?exclude_group_id={group}', '3.10.0'],
  ['users', 'label: "sort:one"', 'users/users/?labels=sort:one', '4.0.0'],
  ['userGroups', 'label: "sort:*"', 'users/groups/?labels=sort:*', '4.0.0'],
  ['permissions', 'label: "sort:one"', 'perms/asset-permissions/?labels=sort:one', '4.0.0'],
  ['accounts', 'label: "sort:one"', 'accounts/accounts/?labels=sort:one', '4.0.0'],
  ['assets', 'excludePlatform: "1"', 'assets/assets/?exclude_platform=1', '3.10.0'],
  ['assets', 'gatewayEnabled: true', 'assets/assets/?gateway_enabled=true&domain_enabled=true', '3.10.0'],
  ['assets', 'pingEnabled: false', 'assets/assets/?ping_enabled=false', '3.10.0'],
  ['assets', 'changeSecretEnabled: true', 'assets/assets/?change_secret_enabled=true', '3.10.0'],
  ['accounts', 'type: "linux"', 'accounts/accounts/?type=linux', '3.10.0'],
  ['accounts', 'assetName: "app-0000"', 'accounts/accounts/?asset_name=app-0000', '4.9.0'],
  ['accounts', 'address: "10.20.0.0"', 'accounts/accounts/?address=10.20.0.0', '3.10.0'],
  ['accounts', 'hasSecret: false', 'accounts/accounts/?has_secret=false', '3.10.0'],
  ['permissions', 'account: "@ALL"', 'perms/asset-permissions/?accounts=@ALL', '3.10.0'],
];

describe.each(['3.10.23', '4.10.16'] as const)('a filter by what no row shows, on %s', (version) => {
  let graph: TestGraph;
  const ids: Record<string, string> = {};
  const rest = async (method: string, path: string, body?: object) => {
    const headers = { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const response = await graph.sandbox.fetch(new Request(`http://jumpserver.test/api/v1/${path}`, init));
    return (await response.json()) as { count: number; results: { id: string }[] };
  };
  beforeAll(async () => {
    graph = await startGraph({ version });
    for (const list of ['users/users/', 'users/groups/', 'perms/asset-permissions/', 'accounts/accounts/']) {
      const { results } = await rest('GET', `${list}?limit=1`);
      ids[list] = results[0]?.id ?? '';
      await rest('PATCH', `${list}${ids[list]}/`, { labels: ['sort:one'] });
    }
  });
  afterAll(() => graph.close());

  it.each(HIDDEN)('%s(filter: { %s })', async (list, filter, path, since) => {
    const withGroup = (text: string) => text.replaceAll('{group}', ids['users/groups/'] ?? '');
    const { data, errors, extensions } = await graph.query<Record<string, { totalCount: number; nodes: object[] }>>(
      `{ ${list}(first: 1000, filter: { ${withGroup(filter)} }) { totalCount nodes { id: uuid } } }`,
    );
    if (since > '4' && version === '3.10.23') {
      expect(errors?.[0]?.extensions.code).toBe('UNSUPPORTED_BY_SERVER');
      return;
    }
    expect(errors).toBeUndefined();
    const { count, results } = await rest('GET', `${withGroup(path)}&limit=1000&order=name,date_created,date_joined`);
    const whole = await rest('GET', `${path.split('?')[0]}?limit=1`);
    expect(data[list]?.totalCount).toBe(count);
    expect(data[list]?.nodes).toEqual(results.map(({ id }) => ({ id })));
    expect([count > 0, count < whole.count]).toEqual([true, true]);
    expect(extensions.upstream.calls).toBeLessThanOrEqual(3);
  });

  it.each([
    ['permissions', 'account: "root,@ALL"'],
    ['assets', 'protocol: "ssh,rdp"'],
  ])('%s(filter: { %s }) is bad input: JumpServer would take either', async (list, filter) => {
    const { errors } = await graph.query(`{ ${list}(filter: { ${filter} }) { totalCount } }`);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

interface Users {
  readonly users: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly username: string }[];
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly username: string } }[];
    readonly pageInfo: PageInfo;
  } | null;
}

interface Rows {
  readonly nodes: readonly { readonly uuid: string }[];
  readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
}

const PAGE = `query Page($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $filter: UserFilter, $orderBy: [UserOrder!]) {
  users(first: $first, after: $after, last: $last, before: $before, offset: $offset, filter: $filter, orderBy: $orderBy) {
    totalCount nodes { username } edges { cursor node { username } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

/** Asks for one page and answers it; a refusal fails the test. */
async function page(graph: TestGraph, variables: object): Promise<NonNullable<Users['users']>> {
  const { data, errors } = await graph.query<Users>(PAGE, { ...variables });
  expect(errors).toBeUndefined();
  if (!data.users) throw new Error('there is no page');
  return data.users;
}

const names = (users: NonNullable<Users['users']>) => users.nodes.map(({ username }) => username);

/** Walks forward with pages of a size, and does something between two pages. */
async function walk(
  graph: TestGraph,
  first: number,
  between: (walked: number) => Promise<void> = async () => undefined,
): Promise<string[]> {
  const walked: string[] = [];
  let after: string | null = null;
  do {
    const users: NonNullable<Users['users']> = await page(graph, { first, after });
    walked.push(...names(users));
    after = users.pageInfo.hasNextPage ? users.pageInfo.endCursor : null;
    if (after) await between(walked.length);
  } while (after);
  return walked;
}

async function rest(graph: TestGraph, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' };
  const request = new Request(`http://jumpserver.test/api/v1${path}`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const response = await graph.sandbox.fetch(request);
  return response.status === 204 ? null : response.json();
}

describe('a list', () => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph();
  });
  afterAll(() => graph.close());

  it('gives every row once, whatever the size of its pages', async () => {
    const whole = names(await page(graph, { first: 1000 }));
    expect(new Set(whole).size).toBe(whole.length);
    expect(await walk(graph, 7)).toEqual(whole);
    expect(await walk(graph, 1)).toEqual(whole);
  });

  it('walks backward over the same rows in the same order', async () => {
    const whole = names(await page(graph, { first: 1000 }));
    const walked: string[] = [];
    let before: string | null = null;
    do {
      const users: NonNullable<Users['users']> = await page(graph, { last: 9, before });
      walked.unshift(...names(users));
      before = users.pageInfo.hasPreviousPage ? users.pageInfo.startCursor : null;
    } while (before);
    expect(walked).toEqual(whole);
  });

  // Bindings made at one moment, accounts of one name made at one moment, commands of two storages.
  it.each([
    ['roleBindings', 13],
    ['accounts', 74],
    ['commands', 350],
  ])('of %s walks backward over rows that stand equal in its order, each once', async (root, last) => {
    const read = async (text: string) => {
      const { data, errors } = await graph.query<Record<string, Rows>>(
        `{ ${root}(${text}) { nodes { uuid } pageInfo { hasPreviousPage startCursor } } }`,
      );
      expect(errors).toBeUndefined();
      return data[root] as Rows;
    };
    const walked: string[] = [];
    for (let before = ''; ; ) {
      const { nodes, pageInfo } = await read(`last: ${last}${before}`);
      walked.unshift(...nodes.map(({ uuid }) => uuid));
      if (!pageInfo.hasPreviousPage) break;
      before = `, before: "${pageInfo.startCursor}"`;
    }
    const rows = [...(await read('first: 1000')).nodes, ...(await read('first: 1000, offset: 1000')).nodes];
    expect(walked).toEqual(rows.map(({ uuid }) => uuid));
  });

  it('says where a page stands', async () => {
    const { totalCount, pageInfo, edges } = await page(graph, { first: 3 });
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor,
      endCursor: edges[2]?.cursor,
    });
    const tail = await page(graph, { last: 3 });
    expect([tail.pageInfo.hasNextPage, tail.pageInfo.hasPreviousPage, tail.totalCount]).toEqual([
      false,
      true,
      totalCount,
    ]);
  });

  it('takes an offset for tables with page numbers', async () => {
    const whole = names(await page(graph, { first: 30 }));
    expect(names(await page(graph, { first: 10, offset: 10 }))).toEqual(whole.slice(10, 20));
  });

  it('gives no rows and the count for first: 0, in one call', async () => {
    const { data, extensions } = await graph.query<Users>(
      '{ users(first: 0) { totalCount nodes { username } pageInfo { hasNextPage } } }',
    );
    expect(data.users?.nodes).toEqual([]);
    expect(data.users?.totalCount).toBeGreaterThan(10);
    expect(extensions.upstream.calls).toBe(1);
  });

  it.each([
    [{ first: 1001 }, 'first: expected 0 to 1000, got 1001.'],
    [{ last: 1001 }, 'last: expected 0 to 1000, got 1001.'],
    [{ first: 2_000_000_000 }, 'first: expected 0 to 1000, got 2000000000.'],
    [{ first: -1 }, 'first: expected 0 to 1000, got -1.'],
    [{ first: 1, last: 1 }, 'expected first or last, got both.'],
    [{ offset: -5 }, 'offset: expected 0 or more, got -5.'],
    [{ after: 'nonsense' }, 'after: expected a cursor of this list, got "nonsense".'],
    [{ before: 'x' }, 'before: expected with last, got it without.'],
  ])('refuses %j and says why', async (variables, message) => {
    graph.sandbox.clearLog();
    const { errors } = await graph.query<Users>(PAGE, variables);
    expect(errors?.map((error) => [error.extensions.code, error.message])).toEqual([['BAD_USER_INPUT', message]]);
    expect(graph.sandbox.log).toEqual([]);
  });

  it('refuses a cursor that was tampered with, and sends nothing', async () => {
    const { pageInfo } = await page(graph, { first: 2 });
    const [mark, , id] = Buffer.from(String(pageInfo.endCursor), 'base64url').toString().split(':');
    graph.sandbox.clearLog();
    for (const offset of ['9'.repeat(400), '9'.repeat(22), '-1', '1e3']) {
      const cursor = Buffer.from(`${mark}:${offset}:${id}`).toString('base64url');
      for (const request of [
        { first: 2, after: cursor },
        { last: 2, before: cursor },
      ])
        expect((await graph.query(PAGE, request)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    expect(graph.sandbox.log).toEqual([]);
  });

  it('refuses a cursor of another filter or order', async () => {
    const { pageInfo } = await page(graph, { first: 2 });
    for (const other of [{ filter: { isActive: true } }, { orderBy: [{ field: 'EMAIL', direction: 'ASC' }] }]) {
      const { errors } = await graph.query<Users>(PAGE, { first: 2, after: pageInfo.endCursor, ...other });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('a list that changes between two pages', () => {
  it('repeats no row when others come in before the cursor', async () => {
    const graph = await startGraph();
    const whole = names(await page(graph, { first: 1000 }));
    let added = 0;
    const walked = await walk(graph, 8, async () => {
      added += 1;
      await rest(graph, 'POST', '/users/users/', {
        name: `AAA ${added}`,
        username: `aaa-${added}`,
        email: `aaa${added}@corp.example`,
      });
    });
    await graph.close();
    expect(added).toBeGreaterThan(3);
    expect(walked).toEqual(whole);
  });

  it('leaves no row out when others are deleted before the cursor', async () => {
    const graph = await startGraph();
    const whole = names(await page(graph, { first: 1000 }));
    const gone: string[] = [];
    const walked = await walk(graph, 10, async () => {
      const username = whole.find((name) => !gone.includes(name) && name !== 'admin');
      if (!username) return;
      const found = (await rest(graph, 'GET', `/users/users/?username=${username}&limit=1`)) as {
        results: { id: string }[];
      };
      await rest(graph, 'DELETE', `/users/users/${found.results[0]?.id}/`);
      gone.push(username);
    });
    await graph.close();
    expect(gone.length).toBeGreaterThan(3);
    expect(walked).toEqual(whole);
  });
});

describe('rows of many parents', () => {
  it('are cut for each parent, with its own total and page info, within the budget', async () => {
    const graph = await startGraph();
    const inner =
      'accounts(first: 1, orderBy: [{ field: NAME, direction: DESC }]) { totalCount nodes { name } pageInfo { hasNextPage } }';
    const { data, extensions } = await graph.query<{
      assets: { nodes: readonly { id: string; accounts: Record<string, unknown> }[] };
    }>(`{ assets(first: 40) { nodes { id ${inner} } } }`);
    expect(extensions.upstream.calls).toBeLessThanOrEqual(4);
    for (const { id, accounts } of data.assets.nodes.slice(0, 12)) {
      const single = await graph.query<{ asset: { accounts: object } }>(`{ asset(id: "${id}") { ${inner} } }`);
      expect(single.data.asset.accounts).toEqual(accounts);
    }
    await graph.close();
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogue, type Field } from '../../src/generated/catalogue.ts';
import { createSandbox, type Json } from '../../src/sandbox/index.ts';
import { createRandom, pick } from '../oracle/random.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { isObject, type JsonObject } from '../support/recordings.ts';

/** How the server at hand differs from the sandbox: what it makes of each answer, and the most rows that it gives at a time. */
interface Difference {
  readonly change?: (answer: Json) => Json;
  readonly pageSize?: number;
  /** Rows that are equal in the order asked stand otherwise on later pages: a database promises nothing about them. */
  readonly shufflesEquals?: boolean;
}

let graph: TestGraph;
let difference: Difference = {};

/** The sandbox, but different. */
async function answer(sandbox: ReturnType<typeof createSandbox>, request: Request): Promise<Response> {
  const { change, pageSize, shufflesEquals } = difference;
  const url = new URL(request.url);
  if (shufflesEquals && url.searchParams.has('order')) return shuffled(sandbox, request, url);
  const limit = Number(url.searchParams.get('limit'));
  if (pageSize !== undefined && limit > pageSize) url.searchParams.set('limit', String(pageSize));
  const response = await sandbox.fetch(new Request(url, request));
  const isOwn = /settings\/public|orgs\/current/.test(url.pathname);
  if (!change || isOwn || !response.ok || response.status === 204) return response;
  const { status, headers } = response;
  return new Response(JSON.stringify(change(await response.json())), { status, headers });
}

/** A page of the list in which rows of equal places are the other way round unless it is the first page. */
async function shuffled(sandbox: ReturnType<typeof createSandbox>, request: Request, url: URL): Promise<Response> {
  const columns = (url.searchParams.get('order') ?? '').split(',').map((column) => column.replace('-', ''));
  const [limit, offset] = ['limit', 'offset'].map((name) => Number(url.searchParams.get(name) ?? 0));
  const whole = new URL(url);
  for (const name of ['fields', 'offset']) whole.searchParams.delete(name);
  whole.searchParams.set('limit', '1000');
  const answer = await (await sandbox.fetch(new Request(whole, request))).json();
  const placeOf = (row: JsonObject | undefined) => JSON.stringify(columns.map((name) => row?.[name]));
  const runs: JsonObject[][] = [];
  for (const row of answer.results as readonly JsonObject[]) {
    const run = runs.at(-1);
    if (run && placeOf(run[0]) === placeOf(row)) run.push(row);
    else runs.push([row]);
  }
  const all = runs.flatMap((run) => (offset ? run.reverse() : run));
  return Response.json({ ...answer, results: all.slice(offset, (offset ?? 0) + (limit ?? 0)) });
}

beforeAll(async () => {
  const begun = Date.now();
  const sandbox = createSandbox({ throttle: false, now: () => begun });
  graph = await startGraph({ sandbox, fetch: (request) => answer(sandbox, request) });
  await graph.query('{ serverInfo { version } }');
  for (const [root, question] of questions) {
    const { data, errors } = await askAs({}, question);
    const faults = new Set(errors?.map(({ extensions, message }) => `${extensions.code} ${message}`));
    if (data[root]) answers.set(root, { list: data[root], faults });
  }
  expect(answers.size).toBeGreaterThan(45);
});
afterAll(() => graph.close());

/** Changes every object of an answer, inside out. */
function everywhere(value: Json, change: (object: JsonObject) => Json): Json {
  if (Array.isArray(value)) return value.map((item) => everywhere(item, change));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, everywhere(item, change)])));
}

/** Changes every row of an answer. */
function rows(value: Json, change: (row: JsonObject) => Json): Json {
  if (Array.isArray(value)) return value.map((row) => (isObject(row) ? change(row) : row));
  if (isObject(value) && Array.isArray(value['results'])) return { ...value, results: rows(value['results'], change) };
  return value;
}

/** Changes every property of an object. */
function properties(object: JsonObject, change: (value: Json, name: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

const isChoice = (object: JsonObject) => Object.keys(object).sort().join() === 'label,value';
const isTime = (value: Json) => typeof value === 'string' && /^\d{4}\/\d\d\/\d\d /.test(value);

function selectionOf([name, field]: readonly [string, Field]): string[] {
  if (field.kind === 'value')
    return field.value === 'JSON' ? [] : [field.value === 'Choice' ? `${name} { value }` : name];
  if (field.kind === 'ref') return [`${name} { id }`];
  return field.kind === 'members' ? [`${name}(first: 9) { totalCount nodes { id } }`] : [];
}

/** One question for each list of the graph: all its plain fields and references. */
const questions = Object.entries(catalogue.roots)
  .filter(([, { list }]) => list)
  .map(([root, { noun }]) => {
    const fields = Object.entries(catalogue.nouns[noun]?.fields ?? {}).flatMap(selectionOf);
    return [root, `{ ${root}(first: 6) { totalCount nodes { id ${fields.join(' ')} } } }`] as const;
  });

type List = { readonly totalCount: number; readonly nodes: readonly JsonObject[] } | null;

const askAs = async (other: Difference, question: string) => {
  difference = other;
  return graph.query<Record<string, List>>(question);
};

/** What the sandbox answers as it is; lists that it does not have are left out. */
const answers = new Map<string, { readonly list: List; readonly faults: ReadonlySet<string> }>();

/** Every list that the sandbox has, as it is and as that other server gives it. */
async function compare(
  other: Difference,
  check: (root: string, before: List, after: List, faults: Set<string>) => void,
) {
  for (const [root, question] of questions) {
    const known = answers.get(root);
    if (!known) continue;
    const { data, errors } = await askAs(other, question);
    const faults = errors?.map(({ extensions, message }) => `${extensions.code} ${message}`) ?? [];
    check(root, known.list, data[root] ?? null, new Set(faults.filter((fault) => !known.faults.has(fault))));
  }
}

/** A value that the schema promises can't be made up: that alone is told, by the field's name. */
const withoutLacks = (faults: ReadonlySet<string>) =>
  [...faults].filter(
    (fault) => !/^UPSTREAM_CONTRACT \w+\.\w+: expected [\w ]+ from JumpServer, got none\.$/.test(fault),
  );

it('properties that nobody knows, bare choices and numbers as texts change nothing', async () => {
  const more = { zz_later: { value: 1, label: 'x' }, zz_list: [1, 2], zz_none: null };
  const change = (answer: Json) =>
    rows(
      everywhere(answer, (object) => (isChoice(object) ? (object['value'] ?? null) : object)),
      (row) => ({
        ...properties(row, (value) => (typeof value === 'number' ? String(value) : value)),
        ...more,
      }),
    );
  await compare({ change }, (root, before, after, faults) => {
    expect([root, ...faults]).toEqual([root]);
    expect(after, root).toEqual(before);
  });
});

it('choices that nobody knows and empty dates leave every row in its list', async () => {
  const isCategory = (value: Json) => Object.values(catalogue.enums['AssetCategory'] ?? {}).includes(String(value));
  const isType = (value: Json) => Object.values(catalogue.enums['TicketType'] ?? {}).includes(String(value));
  const change = (answer: Json) =>
    everywhere(answer, (object) => {
      const { value = null } = object;
      if (isChoice(object) && typeof value === 'string' && !isCategory(value) && !isType(value))
        return { value: 'zz-later', label: 'Later' };
      return properties(object, (item) => (isTime(item) ? '' : item));
    });
  await compare({ change }, (root, before, after, faults) => {
    expect([root, ...withoutLacks(faults)]).toEqual([root]);
    if (after)
      expect([root, ...after.nodes.map(({ id }) => id)]).toEqual([root, ...(before?.nodes ?? []).map(({ id }) => id)]);
  });
});

it('null where a value is promised is told as a broken contract, never as a fault of ours', async () => {
  const change = (answer: Json) =>
    rows(answer, (row) => properties(row, (value, name) => (name === 'id' || name === 'asset' ? value : null)));
  await compare({ change }, (root, before, after, faults) => {
    expect([root, ...withoutLacks(faults)]).toEqual([root]);
    if (after) expect([root, after.nodes.length]).toEqual([root, before?.nodes.length]);
  });
});

/** What a property should never hold. */
const ODD: readonly Json[] = [null, '', 'zz', 7, -1, 1e15, true, {}, [], [null], ['x'], { value: 'zz', label: 'zz' }];

it.each([
  1, 2, 3,
])('whatever stands in a row, the field says so or shows it: never a fault of ours (seed %i)', async (seed) => {
  const random = createRandom(seed);
  const change = (answer: Json) =>
    rows(answer, (row) =>
      properties(row, (value, name) =>
        name === 'id' || name === 'asset' || random() > 0.1 ? value : pick(random, ODD),
      ),
    );
  await compare({ change }, (root, before, after, faults) => {
    expect([
      root,
      ...[...faults].filter((fault) => !/^(UPSTREAM_CONTRACT|UNSUPPORTED_BY_SERVER) \w+\.\w+: /.test(fault)),
    ]).toEqual([root]);
    if (after) expect([root, after.nodes.length]).toEqual([root, before?.nodes.length]);
  });
});

it.each([
  ['a page', '{ assets(first: 100) { totalCount pageInfo { hasNextPage } nodes { name } } }'],
  ['rows by their ids', '{ sessions(first: 100) { nodes { user { username } asset { address } } } }'],
  ['rows that point to many', '{ assets(first: 60) { nodes { name accounts { totalCount nodes { username } } } } }'],
  ['rows that are read whole', '{ users(first: 60) { nodes { username permissions { nodes { name } } } } }'],
  ['the end of a list', '{ accounts(last: 90) { nodes { name } } }'],
])('a server that gives fewer rows at a time than it is asked for: %s is whole all the same', async (_what, question) => {
  const before = await askAs({}, question);
  const after = await askAs({ pageSize: 25 }, question);
  expect(after.errors).toBeUndefined();
  expect(after.data).toEqual(before.data);
});

it('members that are named by their ids alone are members too', async () => {
  const question = `{ permissions(first: 20) { nodes { users { totalCount nodes { username } } nodes { nodes { path } }
    userGroups { nodes { id } } } } }`;
  const toId = (value: Json) =>
    Array.isArray(value) ? value.map((one) => (isObject(one) ? (one['id'] ?? null) : one)) : value;
  const change = (answer: Json) =>
    rows(answer, (row) =>
      properties(row, (value, name) => (/^(users|user_groups|assets|nodes)$/.test(name) ? toId(value) : value)),
    );
  const before = await askAs({}, question);
  const after = await askAs({ change }, question);
  expect(after.errors).toBeUndefined();
  expect(after.data).toEqual(before.data);
});

it('an account for many assets of which the answer leaves one out: that one is told', async () => {
  const { data } = await graph.query<Record<string, List>>(
    '{ assets(first: 2, filter: { category: HOST }) { nodes { id } } }',
  );
  const input = { assets: data['assets']?.nodes.map(({ id }) => id), username: 'left-out', secretType: 'PASSWORD' };
  difference = { change: (answer) => (Array.isArray(answer) ? answer.slice(1) : answer) };
  const made = await graph.query<Record<string, { accounts: object[]; userErrors: object[] }>>(
    `mutation ($input: CreateAccountsInput!) { createAccounts(input: $input) { accounts { username }
      userErrors { field code row } } }`,
    { input },
  );
  expect(made.data['createAccounts']).toEqual({
    accounts: [{ username: 'left-out' }],
    userErrors: [{ field: ['assets', '0'], code: 'OUTCOME_UNKNOWN', row: 0 }],
  });
});

it('a list that comes as something else is an error, not an empty list', async () => {
  difference = { change: () => ({ nothing: true }) };
  const { data, errors } = await graph.query('{ viewer { nodes { name } } search(text: "app") { name } }');
  expect(data).toEqual({ viewer: { nodes: null }, search: null });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_CONTRACT', 'UPSTREAM_CONTRACT']);
});

it.each([
  'env',
  '59777508-25ce-4cb0-8683-78753b89bbf6',
  'env:prod,team:web',
  ':x',
  '',
])('a label that JumpServer would fail at or read otherwise is refused: %s', async (label) => {
  difference = {};
  const { errors, extensions } = await graph.query(
    'query ($label: String) { assets(filter: { label: $label }) { totalCount } }',
    { label },
  );
  expect(errors?.[0]).toMatchObject({
    extensions: { code: 'BAD_USER_INPUT' },
    message: expect.stringContaining('filter.label'),
  });
  expect(extensions.upstream.calls).toBe(0);
});

it.each([
  'gatheredAccounts',
  'passwordChangeLogs',
])('%s have an order in which no rows are equal: page after page gives each of them once', async (root) => {
  difference = { shufflesEquals: true };
  const found: unknown[] = [];
  let total = 0;
  for (let after: unknown = null; found.length === 0 || after; ) {
    const { data, errors } = await graph.query<
      Record<string, { nodes: { id: string }[]; totalCount: number; pageInfo: JsonObject }>
    >(
      `query ($after: String) { ${root}(first: 3, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    expect(errors).toBeUndefined();
    const page = data[root];
    found.push(...(page?.nodes ?? []).map(({ id }) => id));
    total = page?.totalCount ?? 0;
    after = page?.pageInfo['hasNextPage'] ? page.pageInfo['endCursor'] : null;
  }
  expect([found.length, new Set(found).size]).toEqual([total, total]);
});

it('a name that two rows have, as in several organisations at once, names neither', async () => {
  const twin = 'aaaaaaaa-0000-4000-8000-000000000001';
  const change = (answer: Json) =>
    isObject(answer) && Array.isArray(answer['results'])
      ? {
          ...answer,
          count: 2,
          results: answer['results'].flatMap((row) => (isObject(row) ? [row, { ...row, id: twin }] : [])),
        }
      : answer;
  const { data, errors } = await askAs({ change }, '{ asset(name: "app-0000") { name } }');
  expect(data['asset']).toBeNull();
  expect(errors?.map(({ extensions }) => [extensions.code, extensions['count']])).toEqual([['CONFLICT', 2]]);
});

it.each([
  ['4.9.0', '4.0.0'],
  ['4.10.16', '4.10.5'],
] as const)('a %s that is taken for %s answers the same: every list of the graph', async (version, taken) => {
  const begun = Date.now();
  const sandbox = createSandbox({ version, throttle: false, now: () => begun });
  const [exact, other] = await Promise.all([
    startGraph({ sandbox }),
    startGraph({ sandbox, config: { JUMPSERVER_VERSION: taken } }),
  ]);
  for (const [root, question] of questions) {
    const [before, after] = [await exact.query(question), await other.query(question)];
    expect([root, after.data]).toEqual([root, before.data]);
  }
  await Promise.all([exact.close(), other.close()]);
});

it('a count that is no number is a broken contract by the name of its field', async () => {
  const change = (answer: Json) => everywhere(answer, (object) => ('total' in object ? { total: 'many' } : object));
  const { errors } = await askAs({ change }, '{ viewer { unreadMessagesCount } }');
  expect(errors?.map(({ extensions, message }) => [extensions.code, message])).toEqual([
    ['UPSTREAM_CONTRACT', 'Viewer.unreadMessagesCount: expected a number from JumpServer, got none.'],
  ]);
});

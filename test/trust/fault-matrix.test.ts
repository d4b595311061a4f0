import { describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { type GraphAnswer, startGraph, type TestGraph } from '../support/graph.ts';
import { FAULTS, LEAKS, strike } from './faults.ts';

/** A place where JumpServer is asked, the path that fails, and how its right answer is known. */
interface Place {
  readonly path: RegExp;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

const PLACES: Readonly<Record<string, Place>> = {
  list: { path: /\/assets\/zones\//, query: '{ zones(first: 5) { totalCount nodes { name } } }' },
  relation: {
    path: /\/assets\/platforms\//,
    query: '{ assets(first: 3, filter: { category: HOST }) { nodes { name platform { name isInternal } } } }',
  },
  entity: {
    path: /\/users\/users\//,
    query: 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { username email } } }',
    variables: { of: [{ __typename: 'User', username: 'admin' }] },
  },
  report: {
    path: /\/terminal\/sessions\//,
    query:
      '{ reports { sessionStatistics(range: { from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" }, groupBy: [DAY]) { totalCount } } }',
  },
};

async function start(sandbox: Sandbox): Promise<TestGraph> {
  return startGraph({ sandbox, config: { OPERATION_TIMEOUT: '6', JUMPSERVER_VERSION: '4.10.16' } });
}

const newSandbox = () => createSandbox({ throttle: false, assets: 20, users: 10, sessions: 20 });
const codesOf = ({ errors = [] }: GraphAnswer<unknown>) => errors.map(({ extensions }) => extensions.code);

describe.concurrent.each(Object.entries(PLACES))('a %s', (_place, { path, query, variables }) => {
  it.each(FAULTS)('under $name is right or says what failed', async ({ faults, read }) => {
    const sandbox = newSandbox();
    const graph = await start(sandbox);
    const truth = await graph.query(query, variables);
    expect(truth.errors).toBeUndefined();
    strike(sandbox, { path }, faults);
    const answer = await graph.query(query, variables);
    if (read === 'right') {
      expect({ data: answer.data, errors: answer.errors }).toEqual({ data: truth.data, errors: undefined });
    } else {
      expect(read).toEqual(expect.arrayContaining(codesOf(answer)));
      expect(answer.errors?.length).toBeGreaterThan(0);
    }
    expect(JSON.stringify(answer)).not.toMatch(LEAKS);
    expect(sandbox.log.every(({ method }) => method === 'GET')).toBe(true);
    await graph.close();
  });
});

interface Payload {
  readonly userGroup: object | null;
  readonly userErrors: readonly { readonly code: string }[];
}

/** A write tells what became of it in its payload, unless nothing could be asked at all. */
const toldBy = (answer: GraphAnswer<{ createUserGroup: Payload | null }>): string[] => [
  ...codesOf(answer),
  ...(answer.data?.createUserGroup?.userErrors ?? []).map(({ code }) => code),
];

const CREATE =
  'mutation ($input: CreateUserGroupInput!) { createUserGroup(input: $input) { userGroup { name } userErrors { code } } }';

describe.concurrent('a mutation', () => {
  it.each(FAULTS)('under $name is done, or not, or unknown, and never sent twice', async ({ faults, write }) => {
    const sandbox = newSandbox();
    const graph = await start(sandbox);
    strike(sandbox, { path: /\/users\/groups\//, method: 'POST' }, faults);
    const answer = await graph.query<{ createUserGroup: Payload | null }>(CREATE, {
      input: { name: 'new' },
    });
    await graph.close();
    const made = (sandbox.exportState().tables['user-groups'] ?? []).filter(({ name }) => name === 'new').length;
    const sent = sandbox.log.filter(({ method }) => method === 'POST');
    // A 429 refuses before anything is done, so what was refused may be sent again.
    expect(sent.filter(({ status }) => status !== 429).length).toBeLessThanOrEqual(1);
    expect(made).toBeLessThanOrEqual(1);
    expect(JSON.stringify(answer)).not.toMatch(LEAKS);
    if (write === 'right') {
      expect(toldBy(answer)).toEqual([]);
      expect([answer.data.createUserGroup?.userGroup, made]).toEqual([{ name: 'new' }, 1]);
      return;
    }
    expect(write).toEqual(expect.arrayContaining(toldBy(answer)));
    expect(toldBy(answer)).toHaveLength(1);
    if (made === 1) expect(toldBy(answer)).toEqual(['OUTCOME_UNKNOWN']);
  });
});

describe('between two pages', () => {
  const PAGE =
    'query ($after: String) { assets(first: 5, after: $after) { totalCount nodes { uuid } pageInfo { hasNextPage endCursor } } }';
  interface Page {
    readonly assets: {
      readonly nodes: { uuid: string }[];
      readonly pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }

  async function readAll(graph: TestGraph, from: string | null = null): Promise<string[]> {
    const found: string[] = [];
    let after = from;
    for (let page = 0; page < 100; page++) {
      const answer: GraphAnswer<Page> = await graph.query<Page>(PAGE, { after });
      expect(answer.errors).toBeUndefined();
      found.push(...answer.data.assets.nodes.map(({ uuid }) => uuid));
      if (!answer.data.assets.pageInfo.hasNextPage) return found;
      after = answer.data.assets.pageInfo.endCursor;
    }
    throw new Error('the pages do not end');
  }

  it('a row that goes and one that comes move nothing past the reader', async () => {
    const sandbox = newSandbox();
    const graph = await start(sandbox);
    const before = await readAll(graph);
    const first = await graph.query<Page>(PAGE);
    const [gone] = first.data.assets.nodes;
    const headers = { authorization: 'Bearer sandbox-admin' };
    const address = `http://jumpserver.test/api/v1/assets/assets/${gone?.uuid}/`;
    expect((await sandbox.fetch(new Request(address, { method: 'DELETE', headers }))).status).toBe(204);
    const rest = await readAll(graph, first.data.assets.pageInfo.endCursor);
    const seen = [...first.data.assets.nodes.map(({ uuid }) => uuid), ...rest];
    expect(seen).toEqual(before);
    await graph.close();
  });

  it.each([
    [
      'a report',
      '{ reports { sessionStatistics(range: { from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" }, groupBy: [DAY]) { totalCount } } }',
      /\/terminal\/sessions\//,
      [],
    ],
    [
      'a relation',
      '{ assetNodes(first: 30) { nodes { path assetsCount } } }',
      /\/assets\/assets\//,
      ['UPSTREAM_CONTRACT'],
    ],
  ])('%s that misses rows is right or says so, and never short', async (_place, query, path, outcome) => {
    const sandbox = createSandbox({ throttle: false, assets: 1_100, users: 10, sessions: 1_100 });
    const graph = await start(sandbox);
    const truth = await graph.query(query);
    expect(truth.errors).toBeUndefined();
    sandbox.faults.add({ path, fault: { kind: 'vanishingRow' } });
    const answer = await graph.query(query);
    expect([...new Set(codesOf(answer))]).toEqual(outcome);
    if (outcome.length === 0) expect(answer.data).toEqual(truth.data);
    expect(JSON.stringify(answer)).not.toMatch(LEAKS);
    sandbox.faults.clear();
    expect((await graph.query(query)).data).toEqual(truth.data);
    await graph.close();
  });

  it('a restart changes nothing: the next page goes on where the last one ended', async () => {
    const sandbox = newSandbox();
    const graph = await start(sandbox);
    const whole = await readAll(graph);
    const first = await graph.query<Page>(PAGE);
    sandbox.load(sandbox.exportState());
    sandbox.faults.add({ fault: { kind: 'reset' }, count: 1 });
    const next = await graph.query<Page>(PAGE, { after: first.data.assets.pageInfo.endCursor });
    expect(next.data.assets.nodes.map(({ uuid }) => uuid)).toEqual(whole.slice(5, 10));
    await graph.close();
  });
});

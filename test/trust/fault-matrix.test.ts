import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox, type FaultRule, type Sandbox } from '../../src/sandbox/index.ts';
import { type GraphAnswer, startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
afterEach(() => graph.close());

type Fault = FaultRule['fault'];

/** What a cell must show: the right answer, or the right code. */
type Outcome = 'right' | readonly string[];

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

const UNAVAILABLE = ['UPSTREAM_UNAVAILABLE'];
const CONTRACT = ['UPSTREAM_CONTRACT'];
const throttled = (headers: Record<string, string>): Fault => ({
  kind: 'status',
  status: 429,
  body: { detail: 'slow down', code: 'throttled' },
  headers,
});

/** What goes wrong, how often, and what reads and writes make of it. A write that may have arrived is never sent again. */
const FAULTS: readonly {
  readonly name: string;
  readonly fault: Fault;
  readonly count?: number;
  readonly read: Outcome;
  readonly write: Outcome;
}[] = [
  { name: 'delay', fault: { kind: 'delay', milliseconds: 150 }, read: 'right', write: 'right' },
  { name: 'hang', fault: { kind: 'hang' }, read: ['UPSTREAM_TIMEOUT'], write: ['OUTCOME_UNKNOWN'] },
  {
    name: '429 once with Retry-After',
    fault: throttled({ 'retry-after': '1' }),
    count: 1,
    read: 'right',
    write: 'right',
  },
  { name: '429 once without Retry-After', fault: throttled({}), count: 1, read: 'right', write: 'right' },
  {
    name: '429 beyond the deadline',
    fault: throttled({ 'retry-after': '600' }),
    read: ['UPSTREAM_THROTTLED'],
    write: ['UPSTREAM_THROTTLED'],
  },
  {
    name: '500 as HTML',
    fault: { kind: 'html', status: 500 },
    read: UNAVAILABLE,
    write: ['OUTCOME_UNKNOWN', ...UNAVAILABLE],
  },
  { name: '502 once', fault: { kind: 'html', status: 502 }, count: 1, read: 'right', write: ['OUTCOME_UNKNOWN'] },
  {
    name: '503 for ever',
    fault: { kind: 'status', status: 503 },
    read: UNAVAILABLE,
    write: ['OUTCOME_UNKNOWN', ...UNAVAILABLE],
  },
  { name: '504', fault: { kind: 'html', status: 504 }, read: ['UPSTREAM_TIMEOUT'], write: ['OUTCOME_UNKNOWN'] },
  { name: 'reset once', fault: { kind: 'reset' }, count: 1, read: 'right', write: ['OUTCOME_UNKNOWN'] },
  { name: 'reset for ever', fault: { kind: 'reset' }, read: UNAVAILABLE, write: ['OUTCOME_UNKNOWN'] },
  { name: 'half body', fault: { kind: 'halfBody' }, read: CONTRACT, write: ['OUTCOME_UNKNOWN'] },
  { name: 'broken JSON', fault: { kind: 'brokenJson' }, read: CONTRACT, write: ['OUTCOME_UNKNOWN'] },
  { name: 'HTML with status 200', fault: { kind: 'html', status: 200 }, read: CONTRACT, write: ['OUTCOME_UNKNOWN'] },
  {
    name: 'redirect',
    fault: { kind: 'redirect', location: 'http://elsewhere.test/' },
    read: CONTRACT,
    write: ['OUTCOME_UNKNOWN', ...CONTRACT],
  },
  { name: 'slow drip in time', fault: { kind: 'drip', milliseconds: 1, bytes: 4096 }, read: 'right', write: 'right' },
  {
    name: 'slow drip',
    fault: { kind: 'drip', milliseconds: 400, bytes: 1 },
    read: ['UPSTREAM_TIMEOUT'],
    write: ['OUTCOME_UNKNOWN'],
  },
  { name: 'clock skew', fault: { kind: 'clockSkew', milliseconds: -86_400_000 }, read: 'right', write: 'right' },
];

async function start(sandbox: Sandbox): Promise<TestGraph> {
  graph = await startGraph({ sandbox, config: { OPERATION_TIMEOUT: '3', JUMPSERVER_VERSION: '4.10.16' } });
  return graph;
}

const newSandbox = () => createSandbox({ throttle: false, assets: 20, users: 10, sessions: 20 });
const codesOf = ({ errors = [] }: GraphAnswer<unknown>) => errors.map(({ extensions }) => extensions.code);
const LEAKS = /jumpserver\.test|\/api\/v1|ECONNRESET|elsewhere\.test|Bad gateway|sandbox-admin|node_modules/;

describe.each(Object.entries(PLACES))('a %s', (_place, { path, query, variables }) => {
  it.each(FAULTS)('under $name is right or says what failed', async ({ fault, count, read }) => {
    const sandbox = newSandbox();
    await start(sandbox);
    const truth = await graph.query(query, variables);
    expect(truth.errors).toBeUndefined();
    sandbox.faults.add({ path, fault, ...(count && { count }) });
    const answer = await graph.query(query, variables);
    if (read === 'right') {
      expect({ data: answer.data, errors: answer.errors }).toEqual({ data: truth.data, errors: undefined });
    } else {
      expect(read).toEqual(expect.arrayContaining(codesOf(answer)));
      expect(answer.errors?.length).toBeGreaterThan(0);
    }
    expect(JSON.stringify(answer)).not.toMatch(LEAKS);
    expect(sandbox.log.every(({ method }) => method === 'GET')).toBe(true);
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

describe('a mutation', () => {
  it.each(FAULTS)('under $name is done, or not, or unknown, and never sent twice', async ({ fault, count, write }) => {
    const sandbox = newSandbox();
    await start(sandbox);
    sandbox.faults.add({ path: /\/users\/groups\//, method: 'POST', fault, ...(count && { count }) });
    const answer = await graph.query<{ createUserGroup: Payload | null }>(CREATE, {
      input: { name: 'new' },
    });
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

  async function readAll(): Promise<string[]> {
    const found: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 100; page++) {
      const answer: GraphAnswer<Page> = await graph.query<Page>(PAGE, { after });
      expect(answer.errors).toBeUndefined();
      found.push(...answer.data.assets.nodes.map(({ uuid }) => uuid));
      if (!answer.data.assets.pageInfo.hasNextPage) return found;
      after = answer.data.assets.pageInfo.endCursor;
    }
    throw new Error('the pages do not end');
  }

  it('a vanishing row brings nothing twice and no end without end', async () => {
    const sandbox = newSandbox();
    await start(sandbox);
    sandbox.faults.add({ path: /\/assets\/assets\//, fault: { kind: 'vanishingRow' } });
    const found = await readAll();
    expect(new Set(found).size).toBe(found.length);
  });

  it('a restart changes nothing: the next page goes on where the last one ended', async () => {
    const sandbox = newSandbox();
    await start(sandbox);
    const whole = await readAll();
    const first = await graph.query<Page>(PAGE);
    sandbox.load(sandbox.exportState());
    sandbox.faults.add({ fault: { kind: 'reset' }, count: 1 });
    const next = await graph.query<Page>(PAGE, { after: first.data.assets.pageInfo.endCursor });
    expect(next.data.assets.nodes.map(({ uuid }) => uuid)).toEqual(whole.slice(5, 10));
  });
});

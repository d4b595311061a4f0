import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/generated/catalogue.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { execute } from '../../src/server/execute.ts';
import { createCompiledExecute } from '../../src/server/execute-compiled.ts';
import { generateOperation, listRoots, type Samples } from '../oracle/generate.ts';
import { createRandom, pick, type Random } from '../oracle/random.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

const SEED = 20_261_207;
/** The sandbox's clock stands still, so that both executors see the same durations. */
const NOW = Date.parse('2026-11-20T10:00:00Z');
const BATCH = 100;

/** JumpServer's answer to a read that it refuses. */
const REFUSAL = { detail: 'You do not have permission to perform this action.', code: 'permission_denied' };

/** Refuses a share of the reads, always the same ones. */
const isRefused = (url: string, share: number): boolean =>
  (createHash('md5').update(url).digest()[0] ?? 0) / 256 < share;

/** How the executors are asked: everything answered, every tenth read refused, and a caller who may see little. */
const WORLDS = [
  { name: 'where everything is answered', share: 0, token: 'sandbox-admin', count: 1200 },
  { name: 'where JumpServer refuses reads here and there', share: 0.1, token: 'sandbox-admin', count: 600 },
  { name: 'for an ordinary user', share: 0, token: 'sandbox-user', count: 300 },
] as const;

/** Sizes and conditions of an operation as variables, which is how clients send them. */
function withVariables(text: string, random: Random): { text: string; variables: Record<string, unknown> } {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const put = (type: string, value: unknown): string => {
    const name = `v${declared.length}`;
    declared.push(`$${name}: ${type}`);
    variables[name] = value;
    return `$${name}`;
  };
  const body = text
    .replace(/first: (\d+)/g, (whole, size) => (random() < 0.3 ? `first: ${put('Int', Number(size))}` : whole))
    .replace(/if: true/g, () => `if: ${put('Boolean!', random() < 0.7)}`);
  const head = declared.length > 0 ? `(${declared.join(', ')})` : '';
  return { text: body.replace('query Generated', `query Generated${head}`), variables };
}

function withoutRequestId(answer: object): unknown {
  return JSON.parse(JSON.stringify(answer, (name, value) => (name === 'requestId' || name === 'upstream' ? 0 : value)));
}

describe.each(WORLDS)('generated reads, run compiled and by graphql-js, give the same data, errors and order $name', ({
  share,
  token,
  count,
}) => {
  const sandbox = createSandbox({ throttle: false, now: () => NOW, assets: 50, users: 20, sessions: 60, logSize: 10 });
  const samples: Record<string, Samples[string]> = {};
  const nouns = new Set(Object.values(catalogue.roots).map(({ noun }) => noun));
  const roots = listRoots(nouns);
  let compiled: TestGraph;
  let reference: TestGraph;

  beforeAll(async () => {
    const fetch = async (request: Request) =>
      share > 0 && isRefused(request.url, share) && !request.url.includes('/settings/')
        ? Response.json(REFUSAL, { status: 403 })
        : sandbox.fetch(request);
    const options = { sandbox, token, fetch, config: { MAX_UPSTREAM_CALLS: '2000', LOG_LEVEL: 'silent' } };
    compiled = await startGraph({ ...options, execute: createCompiledExecute() });
    reference = await startGraph({ ...options, execute });
    for (const name of nouns) samples[name] = [];
  });
  afterAll(async () => {
    await compiled.close();
    await reference.close();
  });

  it.each(Array.from({ length: count / BATCH }, (_, index) => index))('batch %i', async (batch) => {
    for (let index = 0; index < BATCH; index++) {
      const seed = SEED + batch * 1000 + index;
      const random = createRandom(seed);
      const material = { nouns, samples, version: '4.10.16' };
      const operation = generateOperation(random, pick(random, roots), material, 1 + Math.floor(random() * 3));
      const { text, variables } = withVariables(operation.text, random);
      const wanted = await reference.query(text, variables);
      const got = await compiled.query(text, variables);
      expect(withoutRequestId(got), `seed ${seed}: ${text}`).toEqual(withoutRequestId(wanted));
      expect(JSON.stringify(got.data), `seed ${seed}: order`).toBe(JSON.stringify(wanted.data));
    }
  });

  it('references of a gateway, known, unknown, malformed and ambiguous ones', async () => {
    const { data } = await reference.query<Record<string, { nodes: { __typename: string; id: string }[] }>>(
      '{ assets(first: 5) { nodes { __typename id } } users(first: 5) { nodes { __typename id } } platforms(first: 3) { nodes { __typename id } } }',
    );
    const known = Object.values(data ?? {}).flatMap((connection) => connection?.nodes ?? []);
    const representations = [
      ...known,
      { __typename: 'User', username: 'admin' },
      { __typename: 'Asset', uuid: '00000000-0000-4000-8000-00000000dead' },
      { __typename: 'Asset', id: 'nonsense' },
      { __typename: 'User' },
      { __typename: 'Nobody', id: '1' },
    ];
    const text = `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename
      ... on Asset { name platform { name } accounts(first: 3) { nodes { username asset { address } } } }
      ... on User { username groups { name users { totalCount } } } ... on Platform { number name } } _service { sdl } }`;
    const wanted = await reference.query(text, { representations });
    expect(withoutRequestId(await compiled.query(text, { representations }))).toEqual(withoutRequestId(wanted));
    expect(wanted.errors?.length).toBeGreaterThan(0);
  });
});

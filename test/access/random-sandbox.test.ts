import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessInputs } from '../../src/access/inputs.ts';
import { createSandbox, SANDBOX_VERSIONS, type SandboxState } from '../../src/sandbox/index.ts';
import { mutate } from '../modules/support.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { accountActions, allPairs, type PlainPair } from './brute-force.ts';
import { organizations } from './random-organization.ts';
import { HELD_ACCOUNTS, toRealistic, toState } from './random-sandbox.ts';

/** Organisations tried on each of the four versions. */
const RUNS = 60;

const ACTIONS = ['CONNECT', 'UPLOAD', 'DOWNLOAD', 'COPY', 'PASTE', 'DELETE', 'SHARE'];

interface Named {
  readonly uuid: string;
}

interface Described {
  readonly actions: readonly string[];
  readonly expiresAt: string;
  readonly paths: readonly { permission: Named; viaGroup: Named | null; viaNode: Named | null }[];
}

const DESCRIBED = 'actions expiresAt paths { permission { uuid } viaGroup { uuid } viaNode { uuid } }';

interface Pair extends Described {
  readonly user: Named;
  readonly asset: Named;
}

describe.each(SANDBOX_VERSIONS)('random organisations in JumpServer %s', (version) => {
  it('have the matrix, checks and ways of a brute force, and what JumpServer answers of each user', async () => {
    const sandbox = createSandbox({ version, users: 1, assets: 1, sessions: 1, throttle: false });
    const graph = await startGraph({ sandbox });
    const base = sandbox.exportState();
    const met = { pairs: 0, organizations: 0 };
    await fc.assert(
      fc.asyncProperty(organizations, async (random) => {
        const inputs = toRealistic(random, Math.floor(Date.now() / 1000) * 1000);
        sandbox.load(toState(base, inputs));
        await forget(graph, base);
        const wanted = allPairs(inputs, inputs.asOf);
        expect(await readMatrix(graph)).toEqual(wanted.map(describePair).sort(byPair));
        expect(await readChecks(graph, wanted.slice(0, 12))).toEqual(wanted.slice(0, 12).map(describeWays));
        expect(await askJumpServer(graph, inputs)).toEqual(wanted.map(({ user, asset }) => `${user} ${asset}`).sort());
        const sample = wanted.slice(0, 4);
        expect(await askAccounts(graph, sample)).toEqual(sample.map((pair) => accountsByHand(inputs, pair)));
        met.pairs += wanted.length;
        met.organizations += 1;
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(met.organizations).toBe(RUNS);
    expect(met.pairs).toBeGreaterThan(10 * RUNS);
    await graph.close();
  }, 120_000);
});

/** A write through the graph, after which nothing that was read before is kept. */
async function forget(graph: TestGraph, { tables }: SandboxState): Promise<void> {
  const admin = tables['users']?.find(({ username }) => username === 'admin')?.id;
  const payload = await mutate(graph, 'updateUser', { id: admin, comment: 'here' }, 'user { id }');
  expect(payload.userErrors).toEqual([]);
}

async function ask<T>(graph: TestGraph, selection: string): Promise<T> {
  const { data, errors } = await graph.query<{ access: T }>(`{ access { ${selection} } }`);
  expect(errors).toBeUndefined();
  return data.access;
}

async function readMatrix(graph: TestGraph): Promise<object[]> {
  const selection = `matrix(first: 1000) { totalCount nodes { user { uuid } asset { uuid } ${DESCRIBED} } }`;
  const { matrix } = await ask<{ matrix: { totalCount: number; nodes: Pair[] } }>(graph, selection);
  expect(matrix.nodes).toHaveLength(matrix.totalCount);
  return matrix.nodes.map((pair) => ({ user: pair.user.uuid, asset: pair.asset.uuid, ...waysOf(pair) })).sort(byPair);
}

async function readChecks(graph: TestGraph, pairs: readonly PlainPair[]): Promise<object[]> {
  if (pairs.length === 0) return [];
  const checks = pairs.map(
    ({ user, asset }, at) => `c${at}: check(user: "${user}", asset: "${asset}") { ${DESCRIBED} }`,
  );
  return Object.values(await ask<Record<string, Described>>(graph, checks.join(' '))).map(waysOf);
}

function waysOf({ actions, expiresAt, paths }: Described) {
  const ways = paths.map(
    ({ permission, viaGroup, viaNode }) => `${permission.uuid}>${viaGroup?.uuid ?? '-'}>${viaNode?.uuid ?? '-'}`,
  );
  return { actions, expiresAt, paths: ways.sort() };
}

function describePair(pair: PlainPair) {
  return { user: pair.user, asset: pair.asset, ...describeWays(pair) };
}

function describeWays({ actions, expiresAt, paths }: PlainPair) {
  const end = new Date(expiresAt ?? Number.NaN).toISOString().replace('.000Z', 'Z');
  return { actions: toWords(actions), expiresAt: end, paths };
}

function toWords(set: number): string[] {
  return ACTIONS.filter((_action, bit) => (set & (1 << bit)) !== 0);
}

function byPair(left: { user: string; asset: string } | object, right: object): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

/** Every pair by what JumpServer lists of each user (api.md §5.10). */
async function askJumpServer(graph: TestGraph, { users }: AccessInputs): Promise<string[]> {
  const pairs = await Promise.all(
    users.map(async ({ id }) => {
      const { results } = await fromJumpServer<{ results: { id: string }[] }>(
        graph,
        `${id}/assets/?limit=1000&fields=id`,
      );
      return results.map((asset) => `${id} ${asset.id}`);
    }),
  );
  return pairs.flat().sort();
}

/** What JumpServer lets each pair do with each account that the asset holds. */
function askAccounts(graph: TestGraph, pairs: readonly PlainPair[]): Promise<object[]> {
  return Promise.all(
    pairs.map(async ({ user, asset }) => {
      type Account = { id: string; username: string; actions: { value: string }[] };
      const path = `${user}/assets/${asset}/`;
      const { permed_accounts } = await fromJumpServer<{ permed_accounts: Account[] }>(graph, path);
      return Object.fromEntries(
        HELD_ACCOUNTS.map((name) => {
          const account = permed_accounts.find(({ username }) => username === name);
          const words = account?.actions.map(({ value }) => value.toUpperCase()) ?? [];
          return [name, ACTIONS.filter((action) => words.includes(action))];
        }),
      );
    }),
  );
}

function accountsByHand(inputs: AccessInputs, { user, asset }: PlainPair) {
  return Object.fromEntries(
    HELD_ACCOUNTS.map((name) => [name, toWords(accountActions(inputs, user, asset, name, inputs.asOf))]),
  );
}

async function fromJumpServer<T>({ sandbox }: TestGraph, path: string): Promise<T> {
  const headers = { authorization: 'Bearer sandbox-admin' };
  const answer = await sandbox.fetch(new Request(`http://jumpserver.test/api/v1/perms/users/${path}`, { headers }));
  return (await answer.json()) as T;
}

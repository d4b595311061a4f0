import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/generated/catalogue.ts';
import { SANDBOX_VERSIONS, type Sandbox } from '../../src/sandbox/index.ts';
import type { TestGraph } from '../support/graph.ts';
import { mutations } from './inputs.ts';
import { BY_STEPS, GROWING, isDoneByGet, repeatOf, SKIPPING, UNLIKE, UNREAD } from './outcomes.ts';
import { createStage, isLacking, type Outcome, runConfirmed, type Scene, type Stage } from './stage.ts';

/** Tables of what was done, which grow with every call. */
const LOGS = new Set(['operate-logs', 'login-logs']);

/** How many rows each of a sandbox's tables holds. */
const countRows = (sandbox: Sandbox): Readonly<Record<string, number>> => {
  const { tables, logs = {} } = sandbox.exportState();
  const added = Object.entries(logs).map(([name, { rows }]) => [name, rows.length] as const);
  const kept = Object.entries(tables).map(([name, rows]) => [name, rows.length] as const);
  return Object.fromEntries([...kept, ...added].filter(([name]) => !LOGS.has(name)));
};

/** Tables that hold more rows than before. */
const grown = (before: Readonly<Record<string, number>>, sandbox: Sandbox): string[] =>
  Object.entries(countRows(sandbox)).flatMap(([name, count]) => (count > (before[name] ?? 0) ? [name] : []));

/** The object that a mutation wrote, as anybody reads it later; undefined where the noun can't be asked for by id. */
const readAgain = async (graph: TestGraph, { written }: Scene, { payload }: Outcome) => {
  const { id } = payload[written?.name ?? ''] as { id: string };
  const document = `query($id: ID!) { node(id: $id) { ... on ${written?.noun} { id ${written?.selection} } } }`;
  return (await graph.query<{ node: object | null }>(document, { id })).data.node;
};

const readDeleted = async (graph: TestGraph, ids: readonly string[]) =>
  (await graph.query<{ nodes: unknown[] }>('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).data.nodes;

/** Mutations that some server did. */
const done = new Set<string>();

describe.each(SANDBOX_VERSIONS)('every mutation on %s', (version) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage(version, 'ENTERPRISE');
  });
  afterAll(() => stage.close());

  const cases = mutations.filter(({ name }) => !(name in BY_STEPS));
  it.each(
    cases.map((mutation) => [mutation.name, mutation] as const),
  )('%s is done by one call, is there afterwards, and can be repeated or says why not', async (name, mutation) => {
    const scene = await stage.set(mutation);
    const { graph, input, selection, written } = scene;
    const first = await runConfirmed(graph, mutation, input, selection);
    if (isLacking(first.refusals)) return;
    done.add(name);
    expect(first).toMatchObject({ refusals: [], writes: isDoneByGet(name) ? 0 : 1 });

    if (written) {
      const shown = { id: expect.any(String), ...written.expected };
      expect(first.payload[written.name]).toMatchObject(shown);
      if (!UNREAD.has(written.noun)) expect(await readAgain(graph, scene, first)).toMatchObject(shown);
    }
    const { deletedIds } = first.payload as { deletedIds?: string[] };
    if (deletedIds) expect(await readDeleted(graph, deletedIds)).toEqual(deletedIds.map(() => null));

    const rows = countRows(graph.sandbox);
    const again = await runConfirmed(graph, mutation, input, selection);
    expect(again.refusals.join()).toBe(repeatOf(mutation, version));
    expect(grown(rows, graph.sandbox)).toEqual(GROWING[name] ?? []);
    if (SKIPPING.has(name))
      expect(again.payload).toMatchObject({ created: 0, skipped: first.payload['created'], failed: 0 });
    else if (again.refusals.length === 0 && !(name in GROWING)) expect(again.payload).toEqual(first.payload);
  });
});

describe('every mutation', () => {
  it('was done by one of the servers', () => {
    const names = mutations.map(({ name }) => name).filter((name) => !(name in BY_STEPS));
    expect(names.filter((name) => !done.has(name))).toEqual([]);
  });

  it.each(Object.entries(BY_STEPS))('%s has a test of its steps in %s', (name, file) => {
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toContain(name);
  });

  it('that the tables name is there', () => {
    const names = new Set(mutations.map(({ name }) => name));
    const named = [...Object.keys(BY_STEPS), ...Object.keys(GROWING), ...SKIPPING, ...UNLIKE];
    expect(named.filter((name) => !names.has(name))).toEqual([]);
    expect([...UNREAD].filter((noun) => !(noun in catalogue.nouns))).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { fuzz, sendBytes } from './fuzz/fuzz.ts';

interface Corpus {
  readonly operations: readonly { readonly status: number; readonly codes: readonly string[]; readonly body: object }[];
  readonly requests: readonly { readonly status: string; readonly text: string }[];
}
const corpus = JSON.parse(readFileSync(new URL('fuzz/corpus.json', import.meta.url), 'utf8')) as Corpus;

describe('the corpus: one of each kind of answer that fuzzing has found, with what it has to be', () => {
  let graph: TestGraph;
  beforeAll(async () => {
    // The editor is there only where it was built.
    const config = { MAX_UPSTREAM_CALLS: '100', OPERATION_TIMEOUT: '15', QUERY_EDITOR: 'off' };
    graph = await startGraph({ config, sandboxOptions: { assets: 30, users: 15, sessions: 30 } });
  });
  afterAll(() => graph.close());

  it.each(corpus.operations)('$status $codes', async ({ status, codes, body }) => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer sandbox-admin' };
    const answer = await fetch(`${graph.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
    const { errors = [] } = (await answer.json()) as { errors?: { extensions: { code: string } }[] };
    const found = [...new Set(errors.map(({ extensions }) => extensions.code))].sort();
    expect([answer.status, found]).toEqual([status, codes]);
  });

  it.each(corpus.requests)('broken HTTP: $status', async ({ status, text }) => {
    expect(await sendBytes(graph.url, text, 5_000)).toMatch(new RegExp(`^HTTP/1\\.[01] ${status}`));
  });
});

it('2,000 operations and 500 broken requests: no crash, no failure of our own, no leak', async () => {
  const seed = 20_261_122;
  const { faults, statuses, codes, heap } = await fuzz({ operations: 2_000, requests: 500, seed });
  expect(faults, `seed ${seed}`).toEqual([]);
  expect(statuses['200']).toBeGreaterThan(500);
  // Each operation's time and memory are bounded in `fuzz`; what stays is bounded here, in megabytes.
  expect(heap).toHaveLength(10);
  expect(Math.max(...heap)).toBeLessThan(500);
  expect(Object.keys(codes)).toEqual(
    expect.arrayContaining([
      'GRAPHQL_PARSE_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'COST_LIMIT',
      'BAD_USER_INPUT',
      'BAD_REQUEST',
    ]),
  );
}, 300_000);

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocuments } from '../../codegen/documents.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { createVariables } from './questions.ts';

/** Those of the sign-in carry secrets and challenges: test/client shows them. */
const documents = readDocuments('.').filter(({ audience }) => audience !== 'sign-in');

it('there are thirty questions at least, for frontends, auditors and reporting', () => {
  expect(documents.length).toBeGreaterThanOrEqual(30);
  expect(new Set(documents.map(({ audience }) => audience))).toEqual(new Set(['frontends', 'auditors', 'reporting']));
});

describe.each(SANDBOX_VERSIONS)('on JumpServer %s', (version) => {
  let graph: TestGraph;
  let variables: Awaited<ReturnType<typeof createVariables>>;
  beforeAll(async () => {
    graph = await startGraph({ version });
    variables = await createVariables(graph);
  });
  afterAll(() => graph.close());

  it.each(documents)('$name: $sentence ($calls calls)', async ({ name, text, calls, lacking }) => {
    const { data, errors, extensions } = await graph.query(text, variables[name]);
    const gaps = version.startsWith('3.') ? lacking : [];
    const codes = new Set((errors ?? []).map((error) => error.extensions.code));
    expect([...codes]).toEqual(gaps.length > 0 ? ['UNSUPPORTED_BY_SERVER'] : []);
    for (const gap of gaps) expect(errors?.map(({ message }) => message).join()).toContain(`${gap}: `);
    if (gaps.length === 0) expect(Object.values(data)).not.toContain(null);
    expect(extensions.upstream.calls).toBeLessThanOrEqual(calls);
  });
});

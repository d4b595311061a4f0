import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('an empty text that can be looked for finds the rows that have it', async () => {
    const { data, errors } = await graph.query(
      '{ none: users(filter: { username: "" }) { totalCount } some: assets(filter: { name: "" }) { totalCount } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ none: { totalCount: 0 }, some: { totalCount: 0 } });
  });
});

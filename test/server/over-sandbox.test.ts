import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.close());

const QUERY = '{ users(first: 2) { nodes { username } } }';

describe('the whole server over a sandbox', () => {
  it('answers a signed-in caller and tells the cost', async () => {
    const { status, data, errors, extensions } = await graph.query(QUERY);
    expect([status, errors, Object.keys(extensions.upstream)]).toEqual([
      200,
      undefined,
      ['calls', 'bytes', 'milliseconds', 'retries'],
    ]);
    expect(data).toMatchObject({
      users: { nodes: [{ username: expect.any(String) }, { username: expect.any(String) }] },
    });
  });

  it.each([
    ['no credentials', { authorization: '' }],
    ['a wrong token', { authorization: 'Bearer nobody' }],
    ['a private token that nobody has', { authorization: `Token ${'0'.repeat(40)}` }],
  ])('does not know a caller with %s', async (_, headers) => {
    const { errors } = await graph.query(QUERY, {}, { headers });
    expect(errors?.map(({ extensions: { code } }) => code)).toEqual(['UNAUTHENTICATED']);
  });

  it('refuses an unknown organisation instead of answering for Default', async () => {
    const { errors } = await graph.query(QUERY, {}, { headers: { 'x-jms-org': 'Nowhere' } });
    expect(errors?.map(({ extensions: { code } }) => code)).toEqual(['BAD_USER_INPUT']);
  });

  it('tells every error the id under which it is logged, and nothing of upstream', async () => {
    const { errors } = await graph.query(QUERY, {}, { headers: { authorization: 'Bearer nobody' } });
    expect(errors?.[0]?.extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(errors)).not.toMatch(/api\/v1|jumpserver\.test|stack/);
    expect(JSON.stringify(graph.log)).not.toContain('nobody');
  });

  it('stops asking JumpServer when an operation has used up its calls', async () => {
    const small = await startGraph({ config: { MAX_UPSTREAM_CALLS: '1' } });
    const { errors } = await small.query(
      '{ users(first: 2) { nodes { username } } assets(first: 2) { nodes { name } } }',
    );
    await small.close();
    expect(errors?.map(({ extensions: { code } }) => code)).toContain('COST_LIMIT');
  });

  it('gives the schema to tools', async () => {
    const { data } = await graph.query('{ __schema { queryType { name } } __type(name: "Asset") { kind } }');
    expect(data).toEqual({ __schema: { queryType: { name: 'Query' } }, __type: { kind: 'OBJECT' } });
  });
});

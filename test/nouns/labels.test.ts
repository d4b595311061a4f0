import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
  await graph.query('{ serverInfo { version } }');
});
afterAll(() => graph.close());

it('a label leads to the things that it is bound to, whatever their kind', async () => {
  const { data, errors, extensions } = await graph.query(
    `{ labels { nodes { name value resourcesCount resources(first: 1) { totalCount nodes { resourceText resource {
      __typename ... on User { username } ... on Asset { address } } } } } } }`,
  );
  expect(errors).toBeUndefined();
  expect((data['labels'] as { nodes: unknown[] }).nodes.slice(0, 3)).toEqual([
    {
      name: 'class',
      value: 'gold',
      resourcesCount: 8,
      resources: {
        totalCount: 8,
        nodes: [{ resourceText: 'Sandbox User(user)', resource: { __typename: 'User', username: 'user' } }],
      },
    },
    { name: 'class', value: 'silver', resourcesCount: 0, resources: { totalCount: 0, nodes: [] } },
    {
      name: 'owner',
      value: 'shop',
      resourcesCount: 22,
      resources: {
        totalCount: 22,
        nodes: [{ resourceText: 'cache-0141(10.20.0.141)', resource: { __typename: 'Asset', address: '10.20.0.141' } }],
      },
    },
  ]);
  expect(extensions.upstream.calls).toBe(5);
});

it('the number of things alone costs nothing: it stands on the label', async () => {
  const { extensions } = await graph.query('{ labels { nodes { resources { totalCount } } } }');
  expect(extensions.upstream.calls).toBe(1);
});

it('bindings are refused to an ordinary user', async () => {
  const { errors } = await graph.query(
    '{ labeledResources { totalCount } }',
    {},
    { headers: { authorization: 'Bearer sandbox-user' } },
  );
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
});

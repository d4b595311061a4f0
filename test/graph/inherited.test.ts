import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { startGraph } from '../support/graph.ts';

interface Listed {
  readonly totalCount: number;
  readonly nodes: readonly { readonly name: string }[];
}
interface Parent {
  readonly id: string;
  readonly asked: Listed;
}

/** What is widened along the tree: the list of parents, the root of one, and the relation. */
const WIDENED = [
  ['assets', 'asset', 'permissions(first: 5, includeInherited: true)'],
  ['assets', 'asset', 'permissions(last: 3, includeInherited: true)'],
  ['assetNodes', 'assetNode', 'permissions(first: 20, includeInherited: true)'],
  ['assetNodes', 'assetNode', 'assets(first: 3, includeDescendants: true)'],
  ['assetNodes', 'assetNode', 'assets(first: 3, filter: { category: HOST }, includeDescendants: true)'],
] as const;

describe.each(['3.10.23', '4.10.16', '4.10.19'] as const)('what is given along the tree, on %s', (version) => {
  it('is read for many parents at once, and is what JumpServer says of each', async () => {
    const graph = await startGraph({ version });
    await graph.query('{ serverInfo { version } }');
    for (const [many, one, field] of WIDENED) {
      const { data, errors, extensions } = await graph.query<Record<string, { nodes: Parent[] }>>(
        `{ ${many}(first: 40) { nodes { id asked: ${field} { totalCount nodes { name } } } } }`,
      );
      expect(errors).toBeUndefined();
      // the parents, the tree, and the other rows
      expect(extensions.upstream.calls, field).toBeLessThanOrEqual(3);
      const parents = data[many]?.nodes ?? [];
      expect(new Set(parents.map(({ asked }) => asked.totalCount)).size, field).toBeGreaterThan(1);
      for (const parent of parents.slice(0, 12)) {
        const single = await graph.query<Record<string, { asked: Listed }>>(
          `{ ${one}(id: "${parent.id}") { asked: ${field} { totalCount nodes { name } } } }`,
        );
        expect(parent.asked, field).toEqual(single.data[one]?.asked);
      }
    }
    await graph.close();
  });
});

describe('the tree and those who may not read it', () => {
  it('asks for each parent', async () => {
    const sandbox = createSandbox({ throttle: false });
    const forbidden = () => Response.json({ detail: 'no' }, { status: 403 });
    const graph = await startGraph({
      sandbox,
      fetch: async (request) => (request.url.includes('/assets/nodes/') ? forbidden() : sandbox.fetch(request)),
    });
    const { data, errors } = await graph.query<{ assets: { nodes: Parent[] } }>(
      '{ assets(first: 5) { nodes { id asked: permissions(includeInherited: true) { totalCount nodes { name } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.assets.nodes.some(({ asked }) => asked.totalCount > 0)).toBe(true);
    await graph.close();
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Callers, failure, list, mutate, NOBODY, refusals, startCallers, writesOf } from './support.ts';

interface Node {
  readonly id: string;
  readonly uuid: string;
  readonly path: string;
}

let callers: Callers;
let root: Node;
let assets: Node[];

beforeAll(async () => {
  callers = await startCallers();
  [root] = (await list<Node>(callers.admin, 'assetNodes(first: 1)', 'id uuid path')) as [Node];
  assets = await list<Node>(callers.admin, 'assets(first: 3)', 'id uuid');
});
afterAll(() => callers.close());
beforeEach(() => callers.admin.sandbox.clearLog());

const NODE = 'assetNode { id uuid path depth parent { path } assetsCount }';
let count = 0;
const create = async (parent: string = root.id): Promise<Node> => {
  count += 1;
  const payload = await mutate(callers.admin, 'createAssetNode', { parent, name: `node-${count}` }, NODE);
  callers.admin.sandbox.clearLog();
  return payload.assetNode as Node;
};
const placesOf = async (asset: Node | undefined) => {
  const { data } = await callers.admin.query<{ asset: { nodePaths: string[] } }>(
    'query($id: ID!) { asset(id: $id) { nodePaths } }',
    { id: asset?.id },
  );
  return data.asset.nodePaths;
};

describe('createAssetNode', () => {
  it('creates below a node, and below the root when none is named', async () => {
    const parent = await create();
    const below = await mutate(callers.admin, 'createAssetNode', { parent: parent.id, name: 'below' }, NODE);
    expect(below).toMatchObject({
      assetNode: { path: `${parent.path}/below`, depth: 2, parent: { path: parent.path }, assetsCount: 0 },
      userErrors: [],
    });
    expect(writesOf(callers.admin)).toEqual([`POST /api/v1/assets/nodes/${parent.uuid}/children/`]);
    const top = await mutate(callers.admin, 'createAssetNode', { name: 'top' }, NODE);
    expect(top.assetNode).toMatchObject({ path: `${root.path}/top`, depth: 1 });
  });

  it('tells a repeat at name and an unknown parent at parent', async () => {
    const { id } = await create();
    await mutate(callers.admin, 'createAssetNode', { parent: id, name: 'twice' }, NODE);
    const refused = async (input: object) => refusals(await mutate(callers.admin, 'createAssetNode', input, NODE));
    expect(await refused({ parent: id, name: 'twice' })).toEqual(['name DUPLICATE']);
    expect(await refused({ parent: NOBODY, name: 'lost' })).toEqual(['parent NOT_FOUND']);
  });

  it.each(['createAssetNode', 'renameAssetNode'])('%s takes no name that a path can’t hold', async (name) => {
    const { id } = await create();
    callers.admin.sandbox.clearLog();
    const of = name === 'createAssetNode' ? { parent: id } : { id };
    const refused = async (text: string) => refusals(await mutate(callers.admin, name, { ...of, name: text }, NODE));
    expect(await refused(' ')).toEqual(['name REQUIRED']);
    expect(await refused('a/b')).toEqual(['name INVALID']);
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('renameAssetNode', () => {
  it('renames, and the path follows', async () => {
    const { id } = await create();
    const { assetNode } = await mutate(callers.admin, 'renameAssetNode', { id, name: 'renamed' }, NODE);
    expect(assetNode).toMatchObject({ path: `${root.path}/renamed` });
  });

  it('tells an unknown node, and the root, whose name is fixed', async () => {
    const refused = async (id: string) =>
      (await mutate(callers.admin, 'renameAssetNode', { id, name: 'x' }, NODE)).userErrors.map(({ code }) => code);
    expect(await refused(NOBODY)).toEqual(['NOT_FOUND']);
    expect(await refused(root.id)).toEqual(['INVALID']);
  });
});

describe('moveAssetNode', () => {
  it('moves a node with everything below it', async () => {
    const [from, to] = [await create(), await create()];
    const below = await create(from.id);
    callers.admin.sandbox.clearLog();
    const { assetNode } = await mutate(callers.admin, 'moveAssetNode', { id: from.id, parent: to.id }, NODE);
    expect(assetNode).toMatchObject({ parent: { path: to.path } });
    expect(writesOf(callers.admin)).toEqual([`PUT /api/v1/assets/nodes/${to.uuid}/children/add/`]);
    const { data } = await callers.admin.query<{ assetNode: { ancestors: object[] } }>(
      'query($id: ID!) { assetNode(id: $id) { ancestors { uuid } } }',
      { id: below.id },
    );
    expect(data.assetNode.ancestors).toEqual([{ uuid: root.uuid }, { uuid: to.uuid }, { uuid: from.uuid }]);
  });

  it('refuses a cycle and the root before anything is sent; where it stands already there is nothing to do', async () => {
    const node = await create();
    const below = await create(node.id);
    callers.admin.sandbox.clearLog();
    const refused = async (id: string, parent: string) =>
      refusals(await mutate(callers.admin, 'moveAssetNode', { id, parent }, NODE));
    expect(await refused(node.id, below.id)).toEqual(['parent INVALID']);
    expect(await refused(node.id, node.id)).toEqual(['parent INVALID']);
    expect(await refused(root.id, node.id)).toEqual(['id INVALID']);
    expect(await refused(below.id, node.id)).toEqual([]);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('tells unknown nodes, and somebody else who works on the tree', async () => {
    const [node, other] = [await create(), await create()];
    const refused = async (id: string, parent: string) =>
      refusals(await mutate(callers.admin, 'moveAssetNode', { id, parent }, NODE));
    expect(await refused(NOBODY, node.id)).toEqual(['id NOT_FOUND']);
    expect(await refused(node.id, NOBODY)).toEqual(['parent NOT_FOUND']);
    const busy = { detail: 'Somebody else is doing this.', code: 'someone_else_is_doing_this' };
    const fault = { kind: 'status', status: 409, body: busy } as const;
    const undo = callers.admin.sandbox.faults.add({ method: 'PUT', fault });
    expect(await refused(node.id, other.id)).toEqual([' CONFLICT']);
    undo();
  });
});

describe('deleteAssetNode', () => {
  it('deletes once; a repeat is NOT_FOUND', async () => {
    const { id } = await create();
    const gone = await mutate(callers.admin, 'deleteAssetNode', { id }, 'deletedIds');
    expect(gone.deletedIds).toEqual([id]);
    expect(refusals(await mutate(callers.admin, 'deleteAssetNode', { id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
  });

  it('a node with assets, and the root, are FORBIDDEN by rule, not for want of rights', async () => {
    const { id } = await create();
    await mutate(callers.admin, 'addAssetsToNode', { id, assets: [assets[0]?.id] }, NODE);
    for (const node of [id, root.id]) {
      const payload = await mutate(callers.admin, 'deleteAssetNode', { id: node }, 'deletedIds');
      expect(payload).toMatchObject({ deletedIds: [], userErrors: [{ field: [], code: 'FORBIDDEN' }] });
    }
  });
});

describe('ensureAssetNodePath', () => {
  it('creates what is missing, and finds it the next time without a write', async () => {
    const path = `${root.path}/ensured/a/b`;
    const first = await mutate(callers.admin, 'ensureAssetNodePath', { path }, NODE);
    expect(first.assetNode).toMatchObject({ path, depth: 3, parent: { path: `${root.path}/ensured/a` } });
    callers.admin.sandbox.clearLog();
    const again = await mutate(callers.admin, 'ensureAssetNodePath', { path: path.toLowerCase() }, NODE);
    expect(again.assetNode).toEqual(first.assetNode);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it.each(['/Elsewhere/a', '/Default//a', ''])('refuses %s before anything is sent', async (path) => {
    expect(refusals(await mutate(callers.admin, 'ensureAssetNodePath', { path }, NODE))).toEqual(['path INVALID']);
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('assets of a node', () => {
  it('come, stay in their other nodes, move, and go', async () => {
    const node = await create();
    const before = await placesOf(assets[1]);
    const input = { id: node.id, assets: [assets[1]?.id] };
    const added = await mutate(callers.admin, 'addAssetsToNode', input, NODE);
    expect(added).toMatchObject({ assetNode: { assetsCount: 1 }, userErrors: [] });
    expect((await placesOf(assets[1])).sort()).toEqual([...before, node.path].sort());
    await mutate(callers.admin, 'moveAssetsToNode', input, NODE);
    expect(await placesOf(assets[1])).toEqual([node.path]);
    const removed = await mutate(callers.admin, 'removeAssetsFromNode', input, NODE);
    expect(removed.assetNode).toMatchObject({ assetsCount: 0 });
    expect(await placesOf(assets[1])).toEqual([root.path]);
    expect(writesOf(callers.admin)).toEqual(
      ['add', 'replace', 'remove'].map((step) => `PUT /api/v1/assets/nodes/${node.uuid}/assets/${step}/`),
    );
  });

  it.each([
    'addAssetsToNode',
    'removeAssetsFromNode',
    'moveAssetsToNode',
  ])('%s tells unknown assets by place, an unknown node at id, and none at all, and writes nothing', async (name) => {
    const { id } = await create();
    const refused = async (input: object) => refusals(await mutate(callers.admin, name, input, NODE));
    expect(await refused({ id, assets: [assets[0]?.id, NOBODY] })).toEqual(['assets.1 NOT_FOUND']);
    expect(await refused({ id, assets: [] })).toEqual(['assets REQUIRED']);
    expect(writesOf(callers.admin)).toEqual([]);
    expect(await refused({ id: NOBODY, assets: [assets[0]?.id] })).toEqual(['id NOT_FOUND']);
  });
});

describe('an ordinary user', () => {
  it.each([
    ['createAssetNode', () => ({ name: 'mine' })],
    ['renameAssetNode', (id: string) => ({ id, name: 'mine' })],
    ['moveAssetNode', (id: string) => ({ id, parent: root.id })],
    ['deleteAssetNode', (id: string) => ({ id })],
    ['ensureAssetNodePath', () => ({ path: '/Default/mine' })],
    ['addAssetsToNode', (id: string) => ({ id, assets: [assets[0]?.id] })],
    ['removeAssetsFromNode', (id: string) => ({ id, assets: [assets[0]?.id] })],
    ['moveAssetsToNode', (id: string) => ({ id, assets: [assets[0]?.id] })],
  ])('may not %s', async (name, toInput) => {
    const { id } = await create();
    expect(await failure(callers.user, name, toInput(id))).toBe('FORBIDDEN');
  });
});

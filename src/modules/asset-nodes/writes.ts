import type { Resolver } from '../../graph/resolve.ts';
import { isRow, type Row } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { done, mutation, type Outcome, refuse, required, type Write } from '../../graph/write.ts';
import { knownRow, knownRows } from '../../graph/write-known.ts';
import { remove, someReferences, update } from '../../graph/write-plain.ts';
import { isUpstreamError } from '../../upstream/index.ts';
import { ensureAssetNodePath } from './ensure-path.ts';

/** JumpServer would call a node without a name "New node", and a slash stands between the names of a path. */
function assertName(write: Write): void {
  const name = String(write.input['name']);
  if (name.trim() === '') refuse([required(['name'], 'A node needs a name.')]);
  if (name.includes('/'))
    refuse([
      { field: ['name'], code: 'INVALID', message: 'A slash stands between the names of a path, never in one.' },
    ]);
}

const createAssetNode = mutation(async (write) => {
  assertName(write);
  const body = write.newBody(['parent']);
  if (write.input['parent'] === undefined || write.input['parent'] === null)
    return done(write, 'AssetNode', await named(write, () => write.send('POST /assets/nodes/', { body })));
  const parent = await knownRow(write, 'AssetNode', 'parent');
  const path = { id: String(parent['id']) };
  return done(
    write,
    'AssetNode',
    await named(write, () => write.send('POST /assets/nodes/{id}/children/', { path, body })),
  );
});

/** A sibling of that name is refused with the code "error" alone (recorded "create child node duplicate"). */
async function named(write: Write, send: () => Promise<unknown>): Promise<unknown> {
  try {
    return await send();
  } catch (error) {
    const isTaken =
      isUpstreamError(error) && error.status === 400 && isRow(error.body) && error.body['code'] === 'error';
    if (!isTaken) throw error;
    const told = write.tell(error, { field: ['name'] }) ?? [];
    return refuse(told.map((each) => ({ ...each, code: 'DUPLICATE' })));
  }
}

/** JumpServer does not look for cycles (api.md §5.6): a node moved below itself would be lost. */
const moveAssetNode = mutation(async (write) => {
  const [node, parent] = await Promise.all([
    knownRow(write, 'AssetNode', 'id', ['id', 'key']),
    knownRow(write, 'AssetNode', 'parent', ['id', 'key']),
  ]);
  const [key, above] = [String(node['key']), String(parent['key'])];
  if (!key.includes(':')) refuse([{ field: ['id'], code: 'INVALID', message: 'The root can’t be moved.' }]);
  if (above === key || above.startsWith(`${key}:`))
    refuse([{ field: ['parent'], code: 'INVALID', message: 'A node can’t stand below itself.' }]);
  if (above !== key.slice(0, key.lastIndexOf(':'))) await move(write, node, parent);
  return { assetNode: { id: node['id'] } };
});

async function move(write: Write, node: Row, parent: Row): Promise<void> {
  const path = { id: String(parent['id']) };
  await write.send('PUT /assets/nodes/{id}/children/add/', { path, body: { nodes: [node['id']] } });
}

type Membership =
  | 'PUT /assets/nodes/{id}/assets/add/'
  | 'PUT /assets/nodes/{id}/assets/remove/'
  | 'PUT /assets/nodes/{id}/assets/replace/';

/** Sends the assets; JumpServer's answer lists every asset of the node and is left aside. */
async function changeMembers(write: Write, operation: Membership): Promise<Outcome> {
  const references = someReferences(write, 'assets');
  const id = write.id('id');
  await knownRows(write, 'Asset', 'assets');
  await write.send(operation, { path: { id }, body: { assets: references.map((reference) => reference.id) } });
  return { assetNode: { id } };
}

/** JumpServer does not look whether the node is there before it begins. */
function runTask(action: 'test' | 'refresh'): Resolver {
  return mutation(async (write) => {
    const { id } = await knownRow(write, 'AssetNode', 'id');
    const answer = await write.send('POST /assets/nodes/{id}/tasks/', { path: { id: String(id) }, body: { action } });
    return { assetNode: { id }, taskId: isRow(answer) ? answer['task'] : null };
  });
}

const countNodeAssets = mutation(async (write) => {
  const answer = await write.send('POST /assets/nodes/check_assets_amount_task/', { body: {} });
  return { taskId: isRow(answer) ? answer['task'] : null };
});

/** Writes of the asset tree. */
export const assetNodeWrites = {
  Mutation: {
    createAssetNode,
    renameAssetNode: update('AssetNode', (_body, write) => assertName(write)),
    moveAssetNode,
    deleteAssetNode: remove('AssetNode'),
    ensureAssetNodePath,
    addAssetsToNode: mutation((write) => changeMembers(write, 'PUT /assets/nodes/{id}/assets/add/')),
    removeAssetsFromNode: mutation((write) => changeMembers(write, 'PUT /assets/nodes/{id}/assets/remove/')),
    moveAssetsToNode: mutation((write) => changeMembers(write, 'PUT /assets/nodes/{id}/assets/replace/')),
    testAssetNode: runTask('test'),
    refreshAssetNode: runTask('refresh'),
    countNodeAssets,
  },
} satisfies Resolvers;

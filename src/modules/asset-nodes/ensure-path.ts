import type { Row } from '../../graph/row.ts';
import { done, mutation, refuse } from '../../graph/write.ts';

/** The node at a path: found in the tree, or created with whatever is missing above it. A repeat finds what the first time made. */
export const ensureAssetNodePath = mutation(async (write) => {
  const rows = await write.scope.reader.scan('AssetNode', ['id', 'key', 'full_value']);
  const path = toPath(String(write.input['path']), rows);
  const found = rows.find((row) => row['full_value'] === path);
  if (found) return { assetNode: { id: found['id'] } };
  return done(write, 'AssetNode', await write.send('POST /assets/nodes/', { body: { full_value: path } }));
});

/** The path in the spelling of the tree's root. Throws a refusal when it does not begin there or a step has no name. */
function toPath(text: string, rows: readonly Row[]): string {
  const steps = text
    .replace(/^\/|\/$/g, '')
    .split('/')
    .map((step) => step.trim());
  const roots = rows.filter((row) => !String(row['key']).includes(':')).map((row) => String(row['full_value']));
  const root = roots.find((path) => path.toLowerCase() === `/${steps[0]?.toLowerCase()}`);
  if (!root) {
    const message = `Expected a path that begins with ${roots.join(' or ')}, got ${JSON.stringify(text.slice(0, 200))}.`;
    refuse([{ field: ['path'], code: 'INVALID', message }]);
  }
  if (steps.some((step) => step === ''))
    refuse([{ field: ['path'], code: 'INVALID', message: 'Every step of the path needs a name.' }]);
  return [root, ...steps.slice(1)].join('/');
}

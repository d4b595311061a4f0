import type { Resolver } from '../../graph/resolve.ts';
import { isRow } from '../../graph/row.ts';
import { mutation } from '../../graph/write.ts';
import { knownRows } from '../../graph/write-known.ts';
import { someReferences } from '../../graph/write-plain.ts';

/** A mutation that sets JumpServer to work on assets in the background. */
export function runTask(action: 'test' | 'refresh'): Resolver {
  return mutation(async (write) => {
    const references = someReferences(write, 'ids');
    await knownRows(write, 'Asset', 'ids');
    const ids = references.map(({ id }) => id);
    const answer = await write.send('POST /assets/assets/tasks/', { body: { action, assets: ids } });
    return { assets: ids.map((id) => ({ id })), taskId: isRow(answer) ? answer['task'] : null };
  });
}

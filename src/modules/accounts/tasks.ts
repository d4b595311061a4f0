import type { Resolver } from '../../graph/resolve.ts';
import { isRow } from '../../graph/row.ts';
import { mutation } from '../../graph/write.ts';
import { knownRows } from '../../graph/write-known.ts';
import { someReferences } from '../../graph/write-plain.ts';

/** A mutation that sets JumpServer to work on accounts in the background. */
export function runTask(action: 'verify' | 'push'): Resolver {
  return mutation(async (write) => {
    const ids = someReferences(write, 'ids').map(({ id }) => id);
    await knownRows(write, 'Account', 'ids');
    const answer = await write.send('POST /accounts/accounts/tasks/', { body: { action, accounts: ids } });
    return { accounts: ids.map((id) => ({ id })), taskId: isRow(answer) ? answer['task'] : null };
  });
}

/** Gives the accounts made from a template its secret, in the background. */
export const syncAccountTemplate = mutation(async (write) => {
  const id = write.id('id');
  const answer = await write.send(write.operation('PATCH'), { path: { id }, body: {} });
  return { accountTemplate: { id }, taskId: isRow(answer) ? answer['task'] : null };
});

/** Makes JumpServer forget secrets. It leaves unknown ids out without a word, so they are looked up first. */
export const clearAccountSecrets = mutation(async (write) => {
  const ids = someReferences(write, 'ids').map(({ id }) => id);
  await knownRows(write, 'Account', 'ids');
  await write.send('PATCH /accounts/accounts/clear-secret/', { body: { account_ids: ids } });
  return { accounts: ids.map((id) => ({ id })) };
});

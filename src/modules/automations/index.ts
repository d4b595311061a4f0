import type { Resolver } from '../../graph/resolve.ts';
import { isRow } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { mutation, type Perform, payloadField } from '../../graph/write.ts';
import { knownRow } from '../../graph/write-known.ts';
import { create, remove, update } from '../../graph/write-plain.ts';
import { licensed, licensedWrites } from '../licensed.ts';
import { changeMembers } from './members.ts';

/**
 * Runs an automation: JumpServer makes an execution of it and names the task (recorded "run a gather automation"). 3.10 calls a backup's `plan`
 * (its own document); JumpServer leaves out the name that it does not know.
 */
function runRow(noun: string): Perform {
  return async (write) => {
    const { id } = await knownRow(write, noun, 'id');
    const answer = await write.send(write.operation('POST'), {
      body: { automation: id, ...(noun === 'AccountBackup' && { plan: id }) },
    });
    return { [payloadField(write.info, noun)]: { id }, taskId: isRow(answer) ? answer['task'] : null };
  };
}

const run = (noun: string): Resolver => mutation(runRow(noun));

/** The community edition changes secrets up to 4.0 at least, and not from 4.9 on (recorded rows). */
const SINCE = '4.0.0';
const changeSecret = licensedWrites('ChangeSecret', { since: SINCE });

/** Writes of what is done to accounts without anybody watching. */
export const automations = {
  Mutation: {
    createGatherAccount: create('GatherAccount'),
    updateGatherAccount: update('GatherAccount'),
    deleteGatherAccount: remove('GatherAccount'),
    runGatherAccount: run('GatherAccount'),
    createAccountBackup: create('AccountBackup'),
    updateAccountBackup: update('AccountBackup'),
    deleteAccountBackup: remove('AccountBackup'),
    runAccountBackup: run('AccountBackup'),
    createPushAccount: create('PushAccount'),
    updatePushAccount: update('PushAccount'),
    deletePushAccount: remove('PushAccount'),
    runPushAccount: run('PushAccount'),
    createChangeSecret: changeSecret.create,
    updateChangeSecret: changeSecret.update,
    deleteChangeSecret: changeSecret.remove,
    runChangeSecret: mutation(licensed(runRow('ChangeSecret'), SINCE)),
    addToGatherAccount: mutation(changeMembers('GatherAccount', 'add')),
    removeFromGatherAccount: mutation(changeMembers('GatherAccount', 'remove')),
    addToPushAccount: mutation(changeMembers('PushAccount', 'add')),
    removeFromPushAccount: mutation(changeMembers('PushAccount', 'remove')),
    addToChangeSecret: mutation(licensed(changeMembers('ChangeSecret', 'add'), SINCE)),
    removeFromChangeSecret: mutation(licensed(changeMembers('ChangeSecret', 'remove'), SINCE)),
    addToCheckAccount: mutation(licensed(changeMembers('CheckAccount', 'add'))),
    removeFromCheckAccount: mutation(licensed(changeMembers('CheckAccount', 'remove'))),
  },
} satisfies Resolvers;

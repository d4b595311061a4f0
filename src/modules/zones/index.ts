import { isRow } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { mutation } from '../../graph/write.ts';
import { create, remove, update } from '../../graph/write-plain.ts';
import { nameAccounts } from '../assets/accounts.ts';

const testGateway = mutation(async (write) => {
  const id = write.id('id');
  const answer = await write.send(write.operation('POST'), { path: { id }, body: write.body(['id']) });
  return { gateway: { id }, taskId: isRow(answer) ? answer['task'] : null };
});

/** Writes of zones and the gateways that lead into them. */
export const zones = {
  Mutation: {
    createZone: create('Zone'),
    updateZone: update('Zone'),
    deleteZone: remove('Zone'),
    createGateway: create('Gateway', nameAccounts),
    updateGateway: update('Gateway'),
    deleteGateway: remove('Gateway'),
    testGateway,
  },
} satisfies Resolvers;

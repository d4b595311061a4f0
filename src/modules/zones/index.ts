import type { Resolvers } from '../../graph/schema.ts';
import { create, remove, update } from '../../graph/write-plain.ts';
import { nameAccounts } from '../assets/accounts.ts';

/** Writes of zones and the gateways that lead into them. */
export const zones: Resolvers = {
  Mutation: {
    createZone: create('Zone'),
    updateZone: update('Zone'),
    deleteZone: remove('Zone'),
    createGateway: create('Gateway', nameAccounts),
    updateGateway: update('Gateway'),
    deleteGateway: remove('Gateway'),
  },
};

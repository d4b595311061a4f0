import type { Resolvers } from '../../graph/schema.ts';
import { create, remove, update } from '../../graph/write-plain.ts';

/** Writes of what leads users to the components. */
export const terminal: Resolvers = {
  Mutation: {
    createEndpointRule: create('EndpointRule'),
    updateEndpointRule: update('EndpointRule'),
    deleteEndpointRule: remove('EndpointRule'),
  },
};

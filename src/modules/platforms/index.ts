import type { Resolvers } from '../../graph/schema.ts';
import { create, remove, update } from '../../graph/write-plain.ts';

/** Writes of platforms. */
export const platforms: Resolvers = {
  Mutation: {
    createPlatform: create('Platform'),
    updatePlatform: update('Platform'),
    deletePlatform: remove('Platform'),
  },
};

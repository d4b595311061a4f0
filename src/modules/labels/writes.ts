import type { Resolvers } from '../../graph/schema.ts';
import { create, remove, update } from '../../graph/write-plain.ts';
import { bindLabel } from './bind.ts';
import { unbindLabel } from './unbind.ts';

/** Writes of labels and of what carries them. */
export const labelWrites: Resolvers = {
  Mutation: {
    createLabel: create('Label'),
    updateLabel: update('Label'),
    deleteLabel: remove('Label'),
    bindLabel,
    unbindLabel,
  },
};

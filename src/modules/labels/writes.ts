import type { Resolvers } from '../../graph/served.ts';
import { create, remove, update } from '../../graph/write-plain.ts';
import { bindLabel } from './bind.ts';
import { unbindLabel } from './unbind.ts';

/** Writes of labels and of what carries them. */
export const labelWrites = {
  Mutation: {
    createLabel: create('Label'),
    updateLabel: update('Label'),
    deleteLabel: remove('Label'),
    bindLabel,
    unbindLabel,
  },
} satisfies Resolvers;

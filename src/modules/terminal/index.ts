import type { Resolvers } from '../../graph/served.ts';
import { mutation, refuse, type Write } from '../../graph/write.ts';
import { kept } from '../../graph/write-kept.ts';
import { changeRow, create, createRow, remove, removeRow, update } from '../../graph/write-plain.ts';
import { createStorage, testStorage } from './storages.ts';

/** JumpServer's own endpoint. It answers a delete of it like any other, and keeps it. */
const DEFAULT_ENDPOINT = '00000000-0000-0000-0000-000000000001';

const keepDefault = (write: Write) => {
  if (write.id('id') === DEFAULT_ENDPOINT)
    refuse([{ field: ['id'], code: 'FORBIDDEN', message: 'JumpServer keeps its default endpoint.' }]);
};

/** Writes of the components, of where they keep what they record, and of what leads users to them. */
export const terminal = {
  Mutation: {
    createEndpoint: mutation(kept('Endpoint', createRow('Endpoint'))),
    updateEndpoint: mutation(kept('Endpoint', changeRow('Endpoint'))),
    deleteEndpoint: mutation(async (write) => {
      keepDefault(write);
      return removeRow('Endpoint')(write);
    }),
    createEndpointRule: create('EndpointRule'),
    updateEndpointRule: update('EndpointRule'),
    deleteEndpointRule: remove('EndpointRule'),
    createCommandStorage: createStorage('CommandStorage'),
    updateCommandStorage: mutation(kept('CommandStorage', changeRow('CommandStorage'))),
    deleteCommandStorage: remove('CommandStorage'),
    testCommandStorage: testStorage('CommandStorage', 'GET /terminal/command-storages/{id}/test-connective/'),
    createReplayStorage: createStorage('ReplayStorage'),
    updateReplayStorage: mutation(kept('ReplayStorage', changeRow('ReplayStorage'))),
    deleteReplayStorage: remove('ReplayStorage'),
    testReplayStorage: testStorage('ReplayStorage', 'GET /terminal/replay-storages/{id}/test-connective/'),
    updateTerminal: update('Terminal'),
    deleteTerminal: remove('Terminal'),
  },
} satisfies Resolvers;

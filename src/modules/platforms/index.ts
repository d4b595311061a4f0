import type { Resolvers } from '../../graph/served.ts';
import { mutation } from '../../graph/write.ts';
import { create, remove, update } from '../../graph/write-plain.ts';

const syncPlatformProtocols = mutation(async (write) => {
  const id = write.id('id');
  await write.send('POST /assets/assets/sync-platform-protocols/', { body: { platform_id: Number(id) } });
  return { platform: { id: Number(id) } };
});

/** Writes of platforms. */
export const platforms = {
  Mutation: {
    createPlatform: create('Platform'),
    updatePlatform: update('Platform'),
    deletePlatform: remove('Platform'),
    syncPlatformProtocols,
  },
} satisfies Resolvers;

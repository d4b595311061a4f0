import type { Resolvers } from '../../graph/served.ts';
import { mutation, refuse } from '../../graph/write.ts';
import { create, remove, removeMany, update } from '../../graph/write-plain.ts';
import { nameAccounts } from './accounts.ts';
import { favoriteAsset, unfavoriteAsset } from './favorites.ts';
import { runTask } from './tasks.ts';
import { updateAsset } from './update.ts';

/** JumpServer has no read of these names but the caller's own list of assets. */
const setOwnAssetName = mutation(async (write) => {
  const id = write.id('id');
  await write.send('POST /assets/my-asset/', { body: { ...write.body(['id']), asset: id } }).catch((error: unknown) => {
    refuse((write.tell(error) ?? []).map((told) => (told.code === 'NOT_FOUND' ? { ...told, field: ['id'] } : told)));
    throw error;
  });
  return { asset: { id } };
});

const createAsset = create('Asset', nameAccounts);

/** Writes of assets: created and changed through the address of their category, deleted through the common one. */
export const assets = {
  Mutation: {
    createHost: createAsset,
    createDevice: createAsset,
    createDatabase: createAsset,
    createCloud: createAsset,
    createWeb: createAsset,
    createDirectory: createAsset,
    createGpt: createAsset,
    createCustom: createAsset,
    updateAsset,
    deleteAssets: removeMany('Asset'),
    testAssets: runTask('test'),
    refreshAssets: runTask('refresh'),
    favoriteAsset,
    unfavoriteAsset,
    createFavoriteFolder: create('FavoriteFolder'),
    updateFavoriteFolder: update('FavoriteFolder'),
    deleteFavoriteFolder: remove('FavoriteFolder'),
    setOwnAssetName,
  },
} satisfies Resolvers;

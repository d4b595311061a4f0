import type { Resolvers } from '../../graph/schema.ts';
import { create, removeMany } from '../../graph/write-plain.ts';
import { nameAccounts } from './accounts.ts';
import { favoriteAsset, unfavoriteAsset } from './favorites.ts';
import { runTask } from './tasks.ts';
import { updateAsset } from './update.ts';

const createAsset = create('Asset', nameAccounts);

/** Writes of assets: created and changed through the address of their category, deleted through the common one. */
export const assets: Resolvers = {
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
  },
};

import type { Resolvers } from '../../graph/served.ts';
import { importAssets } from './assets.ts';
import { importPermissions } from './permissions.ts';
import { importUsers } from './users.ts';

/** Imports of many rows. */
export const imports = { Mutation: { importAssets, importPermissions, importUsers } } satisfies Resolvers;

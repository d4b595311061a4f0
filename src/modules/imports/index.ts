import type { Resolvers } from '../../graph/schema.ts';
import { importAssets } from './assets.ts';
import { importPermissions } from './permissions.ts';
import { importUsers } from './users.ts';

/** Imports of many rows. */
export const imports: Resolvers = { Mutation: { importAssets, importPermissions, importUsers } };

import type { Resolvers } from '../../graph/schema.ts';
import { create, removeMany, update } from '../../graph/write-plain.ts';
import { addToPermission, removeFromPermission } from './change.ts';
import { extendPermissions } from './extend.ts';
import { assertGrants, assertStillGrants } from './rules.ts';

/** Writes of permissions. */
export const permissions: Resolvers = {
  Mutation: {
    grantPermission: create('Permission', assertGrants),
    updatePermission: update('Permission', assertStillGrants),
    addToPermission,
    removeFromPermission,
    extendPermissions,
    setPermissionActive: update('Permission'),
    revokePermissions: removeMany('Permission'),
  },
};

import type { Resolvers } from '../../graph/served.ts';
import { changeRow, createRow, removeRows } from '../../graph/write-plain.ts';
import { addToPermission, removeFromPermission } from './change.ts';
import { extendPermissions } from './extend.ts';
import { granting } from './granting.ts';
import {
  findRevoked,
  planAddition,
  planExtension,
  planGrant,
  planRemoval,
  planRevocation,
  planUpdate,
} from './planned.ts';
import { assertGrants, assertStillGrants } from './rules.ts';

/** Writes of permissions. */
export const permissions = {
  Mutation: {
    grantPermission: granting(planGrant, createRow('Permission', assertGrants)),
    updatePermission: granting(planUpdate, changeRow('Permission', assertStillGrants)),
    addToPermission: granting(planAddition, addToPermission),
    removeFromPermission: granting(planRemoval, removeFromPermission),
    extendPermissions: granting(planExtension, extendPermissions),
    setPermissionActive: granting(planUpdate, changeRow('Permission')),
    revokePermissions: granting(planRevocation, removeRows('Permission'), findRevoked),
  },
} satisfies Resolvers;

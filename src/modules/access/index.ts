import type { GraphContext } from '../../graph/context.ts';
import type { Resolver } from '../../graph/resolve.ts';
import { type Row, tagRow } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { check } from './check.ts';
import { changes, diff, pairsOf } from './diff.ts';
import { matrix } from './matrix.ts';
import { assetsOfGrant, assetsOfUser, assetsThroughGroup, usersOfAsset, usersOfGrant } from './reached.ts';
import { related } from './related.ts';
import { toAssetRow, toGroupRow, toNodeRow, toPermissionRow, toUserRow } from './rows.ts';

const user = related('User', 'user', toUserRow);
const asset = related('Asset', 'asset', toAssetRow);
const nodes: Resolver = (connection) => connection['nodes'];
const node: Resolver = (edge) => edge['node'];

/** Effective access: who can reach what, and why. */
export const access = {
  Query: { access: () => ({}) },
  Organization: {
    access: (row: Row, _args: object, context: GraphContext) => tagRow({}, context.enter(String(row['id']))),
  },
  Access: { check, matrix, diff },
  AccessDecision: { user, asset },
  AccessPair: { user, asset },
  AccessPath: {
    permission: related('Permission', 'permission', toPermissionRow),
    viaGroup: related('UserGroup', 'viaGroup', toGroupRow),
    viaNode: related('AssetNode', 'viaNode', toNodeRow),
  },
  AccessDiff: { gained: pairsOf('gained'), lost: pairsOf('lost'), changed: changes },
  AccessImpact: { redundantWith: related('Permission', 'redundantWith', toPermissionRow) },
  AccessAssetConnection: { nodes },
  AccessAssetEdge: { node },
  AccessUserConnection: { nodes },
  AccessUserEdge: { node },
  User: { assets: assetsOfUser },
  UserGroup: { assets: assetsThroughGroup },
  Asset: { users: usersOfAsset },
  Permission: { effectiveUsers: usersOfGrant, effectiveAssets: assetsOfGrant },
} satisfies Resolvers;

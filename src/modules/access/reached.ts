import type { AccessPair } from '../../access/check.ts';
import { explainPair } from '../../access/check.ts';
import type { AccessAsset, AccessUser } from '../../access/inputs.ts';
import { createMatrix } from '../../access/matrix.ts';
import {
  assetsOfGroup,
  assetsOfPermission,
  type Reach,
  reachOfGroup,
  reachToAsset,
  reachToUser,
  usersOfPermission,
} from '../../access/reach.ts';
import type { PairPosition } from '../../access/sequence.ts';
import type { AssetUsersArgs, UserAssetsArgs } from '../../generated/resolvers.ts';
import { badInput } from '../../graph/errors.ts';
import { relatedId } from '../../graph/row.ts';
import { readFilter, within } from './filter.ts';
import { type PageArguments, toSize } from './page.ts';
import { fromReachedCursor, type Kind, toReachedConnection } from './reached-page.ts';
import { toAssetRow, toUserRow } from './rows.ts';
import { type Scene, withEngine } from './scene.ts';

const USERS: Kind<AccessUser> = { noun: 'User', toRow: toUserRow };
const ASSETS: Kind<AccessAsset> = { noun: 'Asset', toRow: toAssetRow };

/** `User.assets`. */
export const assetsOfUser = pairSide('user', ASSETS, ({ asset }) => asset);

/** `Asset.users`. */
export const usersOfAsset = pairSide('asset', USERS, ({ user }) => user);

/** `UserGroup.assets`. */
export const assetsThroughGroup = listed(
  ASSETS,
  ({ engine }, group) => assetsOfGroup(engine, group),
  ({ engine }, group, asset) => reachOfGroup(engine, group, asset),
);

/** `Permission.effectiveUsers`. */
export const usersOfGrant = listed(
  USERS,
  ({ engine }, permission) => usersOfPermission(engine, permission),
  ({ engine }, permission, user) => reachToUser(engine, permission, user),
);

/** `Permission.effectiveAssets`. */
export const assetsOfGrant = listed(
  ASSETS,
  ({ engine }, permission) => assetsOfPermission(engine, permission),
  ({ engine }, permission, asset) => reachToAsset(engine, permission, asset),
);

/** One side of the matrix: the pairs of a row, shown by their other side. */
function pairSide<Known extends { readonly id: string }>(
  side: 'user' | 'asset',
  kind: Kind<Known>,
  otherOf: (pair: AccessPair) => Known,
) {
  return withEngine(async (source, args: UserAssetsArgs | AssetUsersArgs, scene) => {
    const id = relatedId(source) ?? '';
    const asked = await readFilter(args.filter, scene);
    const filter = within(asked, side === 'user' ? { user: id } : { asset: id });
    const matrix = createMatrix(scene.engine, filter);
    const question = ['reached', scene.engine.inputs.organization, filter];
    const last = fromReachedCursor(question, args);
    const after = last === undefined ? undefined : positionOf(side, id, last);
    const toReach = (pair: AccessPair): Reach => ({
      actions: pair.actions,
      expiresAt: pair.expiresAt,
      paths: explainPair(scene.engine, pair.user.id, pair.asset.id, matrix.at),
    });
    const read = () => {
      const { items, hasNextPage } = matrix.page(toSize(args), after);
      return { items: items.map((pair) => ({ known: otherOf(pair), reach: () => toReach(pair) })), hasNextPage };
    };
    return toReachedConnection({ kind, question, after: last, read, total: matrix.total }, scene);
  });
}

function positionOf(side: 'user' | 'asset', own: string, other: string): PairPosition {
  return side === 'user' ? { user: own, asset: other } : { user: other, asset: own };
}

/** A list that the engine gives whole. */
function listed<Known extends { readonly id: string }>(
  kind: Kind<Known>,
  list: (scene: Scene, id: string) => readonly Known[],
  toReach: (scene: Scene, id: string, known: Known) => Reach,
) {
  return withEngine((source, args: PageArguments, scene) => {
    const id = relatedId(source) ?? '';
    const question = [scene.info.parentType.name, scene.info.fieldName, scene.engine.inputs.organization, id];
    return toWholeConnection(
      { kind, question, all: list(scene, id), toReach: (known) => toReach(scene, id, known) },
      args,
      scene,
    );
  });
}

/** What a connection is cut from when all of it is known. */
export interface WholeList<Known> {
  readonly kind: Kind<Known>;
  /** What is asked: its cursors are good for nothing else. */
  readonly question: unknown;
  readonly all: readonly Known[];
  readonly toReach: (known: Known) => Reach;
}

/** One page of such a list. */
export function toWholeConnection<Known extends { readonly id: string }>(
  { kind, question, all, toReach }: WholeList<Known>,
  args: PageArguments,
  scene: Scene,
) {
  const after = fromReachedCursor(question, args);
  const start = after === undefined ? 0 : afterPlace(all, after);
  const read = () => {
    const page = all.slice(start, start + toSize(args));
    const items = page.map((known) => ({ known, reach: () => toReach(known) }));
    return { items, hasNextPage: start + page.length < all.length };
  };
  return toReachedConnection({ kind, question, after, read, total: () => all.length }, scene);
}

/** Where a list goes on after an id. Throws `BAD_USER_INPUT` when that row is gone. */
function afterPlace(all: readonly { readonly id: string }[], id: string): number {
  const place = all.findIndex((known) => known.id === id);
  if (place < 0) throw badInput('after: what this cursor stands on is gone; start from the first page.');
  return place + 1;
}

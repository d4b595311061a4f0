import type { AccessCause } from './causes.ts';
import { type AccessPair, type AccessPath, explainPair } from './check.ts';
import type { AccessEngine } from './engine.ts';

/** Why a pair is reached in one reading and not, or otherwise, in another. */
export interface Attribution {
  /** What changed of the things on the ways of the pair. */
  readonly causes: readonly AccessCause[];
  /** Names of the permissions on its ways: where nothing changed, their time began or ended. */
  readonly permissions: readonly string[];
}

/** Makes what names the changes behind pairs of one reading; `causes` are all differences between that and the other. */
export function createAttribution(
  engine: AccessEngine,
  causes: readonly AccessCause[],
): (pair: Pick<AccessPair, 'user' | 'asset'>) => Attribution {
  const byId = new Map(causes.map((cause) => [cause.id, cause]));
  return ({ user, asset }) => {
    const paths = explainPair(engine, user.id, asset.id);
    const places = engine.directory.assets[engine.context.assetAt.get(asset.id) ?? -1]?.nodes ?? [];
    const ids = paths.flatMap((path) => idsOnWay(path, user.id, asset.id, places));
    return {
      causes: [...new Set(ids)].flatMap((id) => byId.get(id) ?? []),
      permissions: [...new Set(paths.map(({ permission }) => permission.name))],
    };
  };
}

/** Everything that a way goes over. Nodes between a granted one and the asset's own move with it, so those two tell of them. */
function idsOnWay(
  { permission, viaGroup, viaNode }: AccessPath,
  user: string,
  asset: string,
  places: readonly string[],
) {
  const left = viaGroup ? [user, viaGroup.id] : [user];
  return [permission.id, ...left, ...(viaNode ? [asset, viaNode.id, ...places] : [asset])];
}

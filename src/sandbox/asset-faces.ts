import { CATEGORIES, TYPES } from './choices.ts';
import { toChoice } from './fields.ts';
import type { Face } from './related-fields.ts';
import type { JsonObject, Row, SandboxVersion } from './types.ts';
import { rowOf, type World } from './world.ts';

/** A platform as it is embedded in assets. */
export const platformFace: Face = (row, look) =>
  look.world.version === '3.10.23'
    ? { id: row.id, name: row.name ?? '' }
    : { id: row.id, name: row.name ?? '', type: row.type ?? '' };

const zoneWord = (version: SandboxVersion): string =>
  version === '3.10.23' || version === '4.9.0' ? 'domain' : 'zone';

/** The automation flags of an asset, which are its platform's. */
export function autoConfig(world: World, platform: Row | undefined): JsonObject {
  if (platform === undefined) return {};
  const automation = (platform.automation ?? {}) as JsonObject;
  const { id: _, ansible_enabled, ansible_config, ...rest } = automation;
  return {
    su_enabled: platform.su_enabled ?? false,
    [`${zoneWord(world.version) === 'domain' ? 'domain' : 'gateway'}_enabled`]: platform.gateway_enabled ?? false,
    ansible_enabled: ansible_enabled ?? false,
    id: automation.id ?? platform.id,
    ansible_config: ansible_config ?? {},
    ...rest,
    platform: platform.id,
  };
}

/** An asset as it is embedded in gathered accounts. */
export const gatheredAssetFace: Face = (row, look) => {
  const platform = rowOf(look.world, 'platforms', row.platform);
  return {
    id: row.id,
    name: row.name ?? '',
    address: row.address ?? '',
    type: toChoice(row.type, TYPES),
    category: toChoice(row.category, CATEGORIES),
    platform: platform === undefined ? null : platformFace(platform, look),
  };
};

/** An asset as it is embedded in accounts: a kilobyte each (api.md, Corrections). */
export const accountAssetFace: Face = (row, look) => {
  const auto_config = autoConfig(look.world, rowOf(look.world, 'platforms', row.platform));
  return { ...gatheredAssetFace(row, look), auto_config };
};

import { ApiError, says } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import type { Input } from '../resource.ts';
import { listOf } from '../rows.ts';
import { rootNode } from '../tree.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { isIn } from '../versions.ts';
import { idsOf, textOf } from '../world.ts';
import { findNode } from './asset-filters.ts';
import type { Part } from './asset-parts.ts';

/** Refuses an asset that makes no sense. */
export function checkAsset(part: Part, input: Input): void {
  const { x, given, values, faults, row } = input;
  if (part.category === null) return;
  const platforms = x.world.store.table('platforms');
  if (row === null && (given.platform === undefined || given.platform === null)) {
    for (const name of Object.keys(faults)) delete faults[name];
    if (x.world.version === '4.10.19') faults.Platform = [says.noObject('None')];
    else faults.platform = says.noPlatform;
    return;
  }
  const key = values.platform ?? row?.platform ?? null;
  const platform = typeof key === 'number' ? platforms.get(key) : undefined;
  if (platform === undefined) {
    if (isLoose(x)) faults.protocols ??= { platform: says.noPlatform };
    return;
  }
  if (values.platform !== undefined && isMismatch(part, platform, x)) {
    faults.platform = { platform: `Wrong platform here: ${textOf(platform.name)}` };
  }
  checkProtocols(input, platform);
  if (Object.keys(faults).length > 0) return;
  if (row === null || values.platform !== undefined) {
    values.category = platform.category ?? null;
    values.type = platform.type ?? null;
  }
  if (row === null && isLoose(x)) values.kept_as = part.category;
  if (row === null) completeNew(input, platform);
}

/** Before 4.9 an asset may have a platform of another category; it stays where it was created. */
const isLoose = (x: Exchange): boolean => x.world.version === '3.10.23';

function isMismatch(part: Part, platform: Row, x: Exchange): boolean {
  if (isLoose(x)) return false;
  if (part.category === 'gateway') return !textOf(platform.name).startsWith('Gateway');
  return part.category !== 'gpt' && platform.category !== part.category;
}

function checkProtocols(input: Input, platform: Row): void {
  const { values, faults, row, partial, bulk } = input;
  const offered = listOf(platform.protocols).map((one) => one as JsonObject);
  if (values.protocols === undefined || (listOf(values.protocols).length === 0 && row === null)) {
    if (row !== null && partial) return;
    if (row === null && !bulk) values.protocols = defaultProtocols(offered);
    else if (faults.protocols === undefined) {
      const told = `A protocol is required: ${textOf(primaryOf(offered)?.name)}`;
      faults.protocols = input.x.world.version === '4.10.19' ? [says.required] : { protocols: told };
    }
    return;
  }
  const names = new Set(offered.map((one) => textOf(one.name)));
  const wrong = listOf(values.protocols).find((one) => !names.has(textOf((one as JsonObject).name)));
  if (wrong !== undefined && faults.protocols === undefined) {
    values.protocols = listOf(values.protocols).filter((one) => names.has(textOf((one as JsonObject).name)));
  }
}

const primaryOf = (offered: readonly JsonObject[]): JsonObject | undefined =>
  offered.find((one) => one.primary === true) ?? offered[0];

/** The protocols an asset gets that names none: those its platform has by default. */
function defaultProtocols(offered: readonly JsonObject[]): Json[] {
  return offered
    .filter((one) => one.primary === true || one.default === true || one.required === true)
    .map((one) => ({ name: one.name ?? '', port: one.port ?? 0 }));
}

function completeNew(input: Input, _platform: Row): void {
  const { x, values, extra } = input;
  if (idsOf(values.nodes).length === 0 && extra.nodes_display === undefined) {
    const asked = x.query.get('node_id');
    const node = asked === null ? null : findNode(x, asked);
    values.nodes = [node?.id ?? rootNode(x.world, x.org)?.id ?? ''].filter((one) => one !== '');
  }
  values.gathered_info ??= {};
}

/** Deletes what an asset takes with it: accounts, grants, favourites. */
export function forgetAsset(row: Row, x: Exchange): void {
  const { store } = x.world;
  for (const table of ['accounts', 'permission-assets', 'favorite-assets']) {
    for (const one of store.table(table).where('asset', row.id)) store.table(table).remove(one.id);
  }
}

/**
 * Two faults of arrays: only the last asset keeps its protocols (all versions), and nested accounts are refused once
 * everything else has passed (until 4.10.19).
 */
export function spoilArray(inputs: readonly Input[]): void {
  const isOld = inputs.some(({ x }) => isIn(x.world.version, { until: '4.10.19' }));
  if (isOld && inputs.some(({ given }) => listOf(given.accounts).length > 0)) {
    throw new ApiError(400, { asset: says.required });
  }
  for (const { values } of inputs.slice(0, -1)) values.protocols = [];
}

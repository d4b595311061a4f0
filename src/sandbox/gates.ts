import { forbidden } from './errors.ts';
import type { Endpoint } from './front.ts';
import { demand } from './rights.ts';
import type { Json, SandboxVersion } from './types.ts';
import { isIn } from './versions.ts';
import type { World } from './world.ts';

/** Whether a server serves a thing at all; it refuses everybody otherwise, its metadata included (api.md §1.7). */
export type Gate = (world: World) => boolean;

const settingOf = (world: World, name: string): Json | undefined => {
  const [row] = world.store.table('settings-public').all();
  return row?.[name];
};

/** Whether the server has an enterprise licence, as its public settings tell. */
export const isLicensed: Gate = (world) =>
  settingOf(world, 'XPACK_ENABLED') === true && settingOf(world, 'XPACK_LICENSE_IS_VALID') !== false;

/** What wants a licence from a version on. */
export const licensedSince =
  (since: SandboxVersion): Gate =>
  (world) =>
    isIn(world.version, { until: since }) || isLicensed(world);

/** Whether commands may be run on assets; switched off as servers come. */
export const runsCommands: Gate = (world) => settingOf(world, 'SECURITY_COMMAND_EXECUTION') === true;

/** The endpoint behind its gate. */
export function gated(endpoint: Endpoint, gate: Gate | undefined): Endpoint {
  if (gate === undefined) return endpoint;
  return {
    ...endpoint,
    perm: 'any',
    run: (x) => {
      if (!gate(x.world)) throw forbidden();
      demand(x, endpoint.perm);
      return endpoint.run(x);
    },
  };
}

import type { Exchange } from '../exchange.ts';
import type { Field } from '../field.ts';
import type { SandboxVersion } from '../types.ts';
import type { View, World } from '../world.ts';

import type { Part } from './asset-parts.ts';

/**
 * Once a worker has served a detail, the lists of the same serializer class carry `spec_info` and `gathered_info` too
 * (api.md §5.3). These classes had leaked already on the servers that were recorded.
 */
const LEAKED: Record<SandboxVersion, readonly string[]> = {
  '3.10.23': ['base', 'host', 'database', 'web'],
  '4.9.0': ['base', 'host', 'database', 'web'],
  '4.10.16': ['base', 'host', 'database'],
  '4.10.19': [],
};

function hasLeaked(world: World, leak: string): boolean {
  return LEAKED[world.version].includes(leak) || world.memory.leaks.has(leak);
}

/** The fields that a view tells: lists leave out those that have not leaked. */
export function hideUnleaked(part: Part, fields: readonly Field[], x: Exchange, view: View): readonly Field[] {
  if (view === 'D') {
    if (x.world.version !== '4.10.16') x.world.memory.leaks.add(part.leak);
    return fields;
  }
  if (view === 'W' || hasLeaked(x.world, part.leak)) return fields;
  return fields.filter(({ name }) => name !== 'spec_info' && (name !== 'gathered_info' || part.leak === 'host'));
}

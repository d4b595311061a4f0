import { CHUNK } from './chunk.ts';
import type { Plan, Reach } from './plan.ts';

/** How many calls to JumpServer an operation needs at least and at most, as far as its plan can tell. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** Counts the calls of a plan. `lower` are the calls that are made whatever the rows are; `upper` what the worst rows would cost. */
export function boundsOf({ reaches }: Pick<Plan, 'reaches'>, maxPage: number): Bounds {
  return { lower: leastCalls(reaches), upper: reaches.reduce((sum, reach) => sum + mostCalls(reach, maxPage), 0) };
}

/**
 * Each different root list is a call of its own; what stands below it may have no parents. Arguments of variables may all have the same
 * value, and one list by several names is one call. An empty `…In` asks nothing.
 */
export function leastCalls(reaches: readonly Reach[]): number {
  const lists = reaches.filter(({ kind, asks }) => kind === 'list' && asks !== undefined && !asks.includes('[]'));
  const different = new Map<string, Set<string>>();
  for (const { field, asks = '' } of lists) {
    const written = different.get(field) ?? new Set();
    if (!asks.includes('$')) written.add(asks);
    different.set(field, written);
  }
  return [...different.values()].reduce((sum, { size }) => sum + Math.max(1, size), 0);
}

/** A moved cursor costs two further calls; a batch that does not fit is followed by a call for each parent. */
export function mostCalls({ kind, parents, rows }: Reach, maxPage: number): number {
  switch (kind) {
    case 'list':
      return parents * (Math.ceil(Math.max(1, rows) / maxPage) + 3);
    case 'one':
      return parents;
    case 'ids':
    case 'part':
      return Math.ceil((parents * Math.max(1, rows)) / CHUNK) + 1;
    case 'reverse':
      return parents + Math.ceil(parents / CHUNK) * 2;
    case 'custom':
      return parents + 2;
  }
}

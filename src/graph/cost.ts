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
 * value, one list by several names is one call, and a number of rows may come with the rows. An empty `…In` asks nothing.
 */
export function leastCalls(reaches: readonly Reach[]): number {
  const lists = reaches.filter(({ kind, asks }) => kind === 'list' && asks !== undefined && !asks.includes('[]'));
  const fields = new Set(lists.map(({ field }) => field));
  return [...fields].reduce((sum, field) => sum + leastOf(lists.filter((list) => list.field === field)), 0);
}

/** The fewest calls of lists of one field. */
function leastOf(lists: readonly Reach[]): number {
  const full = lists.filter(({ rows }) => rows > 0);
  const asked = (full.length > 0 ? full : lists).flatMap(({ asks = '' }) => (asks.includes('$') ? [] : [asks]));
  return Math.max(1, new Set(asked).size);
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

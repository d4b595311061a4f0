import { CHUNK } from './chunk.ts';
import type { Plan, Reach } from './plan.ts';

/** How many calls to JumpServer an operation needs at least and at most, as far as its plan can tell. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** Counts the calls of a plan. `lower` are the calls that are made whatever the rows are; `upper` what the worst rows would cost. */
export function boundsOf(plan: Plan, maxPage: number): Bounds {
  const roots = plan.reaches.filter(({ kind }) => kind === 'list' || kind === 'one');
  const upper = plan.reaches.reduce((sum, reach) => sum + mostCalls(reach, maxPage), 0);
  return { lower: roots.reduce((sum, reach) => sum + leastCalls(reach, maxPage), 0), upper };
}

function leastCalls(reach: Reach, maxPage: number): number {
  return reach.kind === 'list' ? Math.max(1, Math.ceil(Math.min(reach.rows, 1) / maxPage)) : 1;
}

/** A moved cursor costs two further calls; a batch that does not fit is followed by a call for each parent. */
function mostCalls({ kind, parents, rows }: Reach, maxPage: number): number {
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

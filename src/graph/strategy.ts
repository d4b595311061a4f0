import { CHUNK } from './chunk.ts';
import { type Measured, paceIn } from './pace.ts';

/** How the rows that point to parents are fetched. */
export type Strategy = 'single' | 'rule' | 'lookup' | 'scan';

/** What the choice depends on. */
export interface StrategyQuestion {
  readonly parents: number;
  /** Rows wanted of each parent. */
  readonly perParent: number;
  readonly can: { readonly rule: boolean; readonly lookup: boolean; readonly scan: boolean };
  /** What each way took lately. */
  readonly measured?: (way: Strategy) => Measured | undefined;
  /** Whether the caller has calls to spare. */
  readonly canSpare?: boolean;
}

/** From this many parents on, reading all rows of the organisation once is tried instead of a call for each. */
export const SCAN_FROM = 4;

/** Milliseconds that are never worth another way. */
const FAST = 250;
/** So many times as fast another way must be. */
const FASTER = 2;
/** Calls of one caller that run at a time. */
const AT_A_TIME = 6;

/**
 * Chooses how to fetch (architecture.md §5): by calls, and where another way takes about as many, by what both were measured to take. A look
 * at the first page's count may still send a batch back to `single`.
 */
export function chooseStrategy(question: StrategyQuestion): Strategy {
  const usual = fewestCalls(question);
  return muchFaster(question, usual) ?? usual;
}

/** One parent → one call; a filter for many keys where the server has one; else one reading of all rows where that can be fewer calls. */
function fewestCalls({ parents, perParent, can }: StrategyQuestion): Strategy {
  if (parents <= 1) return 'single';
  if (can.rule) return 'rule';
  if (can.lookup && perParent * parents > parents) return 'lookup';
  if (can.scan && parents >= SCAN_FROM) return 'scan';
  return 'single';
}

/** Another way for several parents that takes at most one call more and is known to be much faster than the usual one, known to be slow. */
function muchFaster(question: StrategyQuestion, usual: Strategy): Strategy | undefined {
  const { parents, perParent, can, canSpare = false } = question;
  const slow = estimate(question, usual);
  if (!slow || parents <= 1 || slow.milliseconds < FAST) return undefined;
  const others = (['rule', 'lookup', 'scan', 'single'] as const).filter(
    (way) => way !== usual && (way === 'single' || (can[way] && (way !== 'lookup' || perParent > 1))),
  );
  return others
    .flatMap((way) => ({ way, ...estimate(question, way) }))
    .filter(({ calls = Number.POSITIVE_INFINITY }) => calls <= slow.calls + (canSpare ? 1 : 0))
    .filter(({ milliseconds = Number.POSITIVE_INFINITY }) => milliseconds * FASTER <= slow.milliseconds)
    .sort((left, right) => (left.milliseconds ?? 0) - (right.milliseconds ?? 0))[0]?.way;
}

/** Calls and milliseconds of a way; undefined where too few reads were measured. */
function estimate({ parents, measured }: StrategyQuestion, way: Strategy) {
  const known = measured?.(way);
  const each = paceIn(known);
  if (!known || each === undefined) return undefined;
  const calls = way === 'single' ? parents : way === 'scan' ? known.pages : Math.ceil(parents / CHUNK);
  return { calls, milliseconds: Math.ceil(calls / AT_A_TIME) * each };
}

/** Rows of the first page of a batch: twice what is wanted, between 100 and a page. */
export function firstPageSize(parents: number, perParent: number, maxPage: number): number {
  return Math.min(maxPage, Math.max(100, 2 * parents * Math.max(1, perParent)));
}

/** Whether going on with a batch takes no more calls than asking for each parent. */
export function batchFits(count: number, got: number, parents: number, maxPage: number): boolean {
  return Math.ceil(Math.max(0, count - got) / maxPage) < parents;
}

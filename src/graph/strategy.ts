/** How the rows that point to parents are fetched. */
export type Strategy = 'single' | 'rule' | 'lookup' | 'scan';

/** What the choice depends on. */
export interface StrategyQuestion {
  readonly parents: number;
  /** Rows wanted of each parent. */
  readonly perParent: number;
  readonly can: { readonly rule: boolean; readonly lookup: boolean; readonly scan: boolean };
}

/** From this many parents on, reading all rows of the organisation once is tried instead of a call for each. */
export const SCAN_FROM = 4;

/**
 * Chooses how to fetch (architecture.md §5): one parent → one call; a filter for many keys where the server has one;
 * else one reading of all rows where that can be fewer calls. A look at the first page's count may still send it back to `single`.
 */
export function chooseStrategy({ parents, perParent, can }: StrategyQuestion): Strategy {
  if (parents <= 1) return 'single';
  if (can.rule) return 'rule';
  if (can.lookup && perParent * parents > parents) return 'lookup';
  if (can.scan && parents >= SCAN_FROM) return 'scan';
  return 'single';
}

/** Rows of the first page of a batch: twice what is wanted, between 100 and a page. */
export function firstPageSize(parents: number, perParent: number, maxPage: number): number {
  return Math.min(maxPage, Math.max(100, 2 * parents * Math.max(1, perParent)));
}

/** Whether going on with a batch takes no more calls than asking for each parent. */
export function batchFits(count: number, got: number, parents: number, maxPage: number): boolean {
  return Math.ceil(Math.max(0, count - got) / maxPage) < parents;
}

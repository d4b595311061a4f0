/** How rows were asked for: a root list, by ids or a field that tells them, a part, or rows that point to parents in one of four ways. */
export type Way = 'list' | 'ids' | 'find' | 'part' | 'single' | 'rule' | 'lookup' | 'scan';

/** One read of the kit. Equal reads of one operation are one call to JumpServer all the same. */
export interface TracedRead {
  readonly noun: string;
  readonly way: Way;
  readonly rows: number;
  readonly milliseconds: number;
}

import type { Row } from '../graph/row.ts';

/** Something that happened, as a subscription tells it. A row of the graph: its plain fields are read by their names. */
export interface LiveEvent {
  /** The same for whoever is told. */
  readonly id: string;
  /** Where its subscriber's stream stands after it. */
  readonly cursor: string;
  /** ISO 8601. */
  readonly occurredAt: string;
  /** What it happened to, as the poller read it. */
  readonly row: Row;
}

/** A row that a stream found. */
export interface Found {
  /** Tells the event from all others of the stream; the same as long as it is the same event. */
  readonly key: string;
  /** Milliseconds since the epoch, as exact as JumpServer shows it: whole seconds. */
  readonly at: number;
  readonly row: Row;
  /** It tells how far the stream has come, but is no event. */
  readonly quiet?: boolean;
}

/** What one look found. */
export interface Look {
  /** Oldest first. */
  readonly found: readonly Found[];
  /** From when rows were asked for; everything when undefined. */
  readonly from: number | undefined;
  /** When it was done, in milliseconds since the epoch. */
  readonly now: number;
}

/** One subscriber's place in a stream: decides what of a look is new to it. */
export interface Follower {
  /** From when it needs rows; undefined before its first look. */
  from(): number | undefined;
  /** Takes a look and answers its events, oldest first. The first look of a follower without a cursor has none. */
  take(look: Look): readonly LiveEvent[];
}

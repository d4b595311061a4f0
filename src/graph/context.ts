import type { Catalogue } from '../generated/catalogue.ts';
import type { Session } from '../upstream/index.ts';
import type { Plan } from './plan.ts';
import type { Reader } from './read.ts';
import type { Seal } from './seal.ts';
import type { TracedRead } from './trace.ts';

/** Something the caller should know though the operation was served; goes to `extensions.warnings`. */
export type GraphWarning = {
  readonly code: string;
  readonly message: string;
  readonly path?: readonly string[];
};

/** The graph itself, one object for each JumpServer: what outlives an operation is kept beside it in a `WeakMap`. */
export interface Home {
  /** Counts the writes made through this graph: what was read before the last one may be stale. */
  writes: number;
}

/** One organisation's view within an operation: loaders of one scope never answer for another. */
export interface Scope {
  readonly session: Session;
  readonly reader: Reader;
}

/** What every resolver gets: made new for each operation. */
export interface GraphContext {
  readonly requestId: string;
  readonly catalogue: Catalogue;
  /** The request's own organisation. */
  readonly scope: Scope;
  /** The caller's session in the request's own organisation. */
  readonly session: Session;
  /** Another organisation (id or name) of the same caller; the same one answers the same scope. */
  enter(organization: string): Scope;
  /** Notes a warning once. */
  warn(warning: GraphWarning): void;
  readonly warnings: readonly GraphWarning[];
  /** Seals what a client carries from one request to the next. */
  readonly seal: Seal;
  /** The graph that the operation runs in. */
  readonly home: Home;
  /** Where reads are noted when the operation is explained. */
  readonly trace?: readonly TracedRead[] | undefined;
  /** Milliseconds that each way to the rows of a noun took lately. */
  measured(noun: string): Readonly<Record<string, number>>;
  /** The operation's plan; made when it is first asked for. */
  plan: Plan | undefined;
}

import type { Readable, Writable } from 'node:stream';
import type { Config } from '../config.ts';
import type { GraphSource } from '../server/create-graph.ts';

/** Where a command reads and writes; its own terminal unless a test stands in. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
  /** Messages and progress: never mixed with what is written to `output`. */
  readonly messages: Writable & { readonly isTTY?: boolean };
}

/** The JumpServer that a command works on. */
export interface CommandSource extends GraphSource {
  /** An `Authorization` header for the embedded sandbox, where nobody has signed in. */
  readonly authorization?: string;
}

/** What every command gets from outside. */
export interface Surroundings {
  readonly config: Config;
  readonly source: CommandSource;
  readonly terminal: Terminal;
  readonly now: () => number;
  /** Aborts when the command is to end. */
  readonly signal: AbortSignal;
  /** Where `jumpgraph login` keeps tokens. */
  readonly credentialsFile: string;
}

/** Exit codes: done; done, and a condition of `--fail-on` is met; asked wrongly; not done. */
export const EXIT = { done: 0, found: 1, usage: 2, failed: 3 } as const;

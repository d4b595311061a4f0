import { inspect } from 'node:util';
import type { Json } from './row.ts';

/**
 * A value without a secret of an input in it, however deep: with one, its type is that of nothing. So is that of what is unknown, as the
 * values of inputs and of the bodies made of them are: only JumpServer's JSON and types of our own may be told.
 */
export type Untainted<T> = unknown extends T
  ? never
  : T extends Secret
    ? never
    : T extends Promise<infer Value>
      ? Promise<Untainted<Value>>
      : T extends Json | ((...args: never[]) => unknown)
        ? T
        : T extends object
          ? { readonly [K in keyof T]: Untainted<T[K]> }
          : T;

/** A secret from an input. It shows itself to nobody by accident: text, JSON and inspection give a placeholder. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself, for the request body of the one write it was given for. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

import { inspect } from 'node:util';

/** An object without a secret of an input in it, however deep: with one, its type is that of nothing. */
export type Untainted<T> = T extends Secret
  ? never
  : T extends (...args: never[]) => unknown
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

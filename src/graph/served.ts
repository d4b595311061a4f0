import type { GraphQLFieldResolver } from 'graphql';
import type { Resolvers as Declared } from '../generated/resolvers.ts';
import type { GraphContext } from './context.ts';
import type { Untainted } from './secret.ts';

/** The arguments of a field, by the public SDL. */
type ArgumentsOf<Type extends keyof Declared, Field extends keyof NonNullable<Declared[Type]>> =
  Extract<NonNullable<Declared[Type]>[Field], (...parameters: never) => unknown> extends (
    source: never,
    args: infer Arguments,
    ...rest: never
  ) => unknown
    ? Arguments
    : never;

/** Hand-written resolvers, by the types and fields of the public SDL and with their arguments. What a module serves the kit does not. */
export type Resolvers = {
  readonly [Type in keyof Declared]?: {
    readonly [Field in keyof NonNullable<Declared[Type]>]?: GraphQLFieldResolver<
      never,
      GraphContext,
      ArgumentsOf<Type, Field>
    >;
  };
};

declare const checked: unique symbol;

/** Modules that {@link served} let through: a schema is made of no others. */
export type Served = readonly Resolvers[] & { readonly [checked]: true };

/** Places of a module whose resolvers answer a secret, or something of unknown kind, which could be one. */
type Refused<Module> = Module extends unknown
  ? { [Type in keyof Module & string]: RefusedOf<Type, Module[Type]> }[keyof Module & string]
  : never;

type RefusedOf<Type extends string, Fields> = {
  [Field in keyof Fields & string]: Fields[Field] extends (...parameters: never) => infer Result
    ? [Awaited<Result>] extends [Untainted<Awaited<Result>>]
      ? never
      : `${Type}.${Field}`
    : never;
}[keyof Fields & string];

/** Hand-written resolvers for the schema. Where one would tell a secret, it does not compile: a second argument is missed, named after the place. */
export function served<Modules extends readonly Resolvers[]>(
  modules: Modules,
  ..._refused: [Refused<Modules[number]>] extends [never] ? [] : [at: Refused<Modules[number]>]
): Served {
  return modules as Modules & Served;
}

import type { GraphQLResolveInfo } from 'graphql';
import type { AccessEngine } from '../../access/engine.ts';
import { engineOf } from '../../access/engines.ts';
import { toGraphFault } from '../../access/errors.ts';
import type { GraphContext, Scope } from '../../graph/context.ts';
import { planOf, type Resolver } from '../../graph/resolve.ts';
import { type Row, scopeOf, tagForeign } from '../../graph/row.ts';
import type { Untainted } from '../../graph/secret.ts';

/** What a resolver of effective access works with: the engine, and where rows it names are completed. */
export interface Scene {
  readonly engine: AccessEngine;
  readonly scope: Scope;
  readonly context: GraphContext;
  readonly info: GraphQLResolveInfo;
  /** Marks an object of ours with the organisation it belongs to, for the objects below it. */
  mark<Marked extends object>(row: Marked): Marked;
}

/** An answer of our own; with a secret in it, or something of unknown kind, it does not compile. */
export type Telling<T> = (T & Untainted<T>) | Promise<T & Untainted<T>>;

/** Makes a resolver that needs the engine of its source's organisation; what the engine refuses is told in the graph's codes. */
export function withEngine<T, Arguments, Source = Row>(
  resolve: (source: Source, args: Arguments, scene: Scene) => Telling<T>,
): Resolver<T, Source, Arguments> {
  return (source, args, context, info) =>
    inGraphWords(async () => {
      planOf(context, info);
      const scope = scopeOf(source, context.scope);
      const engine = await engineOf(context.home, scope.session);
      return resolve(source, args, toScene(engine, scope, context, info));
    });
}

/** The scene around an engine that is there already. */
export function toScene(engine: AccessEngine, scope: Scope, context: GraphContext, info: GraphQLResolveInfo): Scene {
  return { engine, scope, context, info, mark: (row) => tagForeign(row, scope, context) };
}

/** Runs something of the engine; its errors become the graph's own. */
export async function inGraphWords<Answer>(run: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    throw toGraphFault(error);
  }
}
